"""What matching answers: a decision, how sure it is, and what it was made of."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mediacensus.tmdb.source import WorkKind

MATCH_VERSION: Final = 1
"""Bumped whenever a decision may change, so that stored ones are known to be old."""

MatchStatus = Literal["accepted", "review", "no match", "lookup failed", "not looked up"]
"""``review``: a person decides. ``lookup failed``: TMDB gave no answer, so nothing is known; ask again.

``no match`` is TMDB's own answer, or a person's; never what an error became.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A work that TMDB offered, and how far it is from what was asked."""

    kind: WorkKind
    tmdb_id: int
    title: str
    original_title: str
    year: int | None
    popularity: float
    vote_count: int
    matched_text: str
    """The title that came nearest: the shown, the original, an alternative or a translated one."""
    distances: tuple[tuple[str, float], ...]
    """By name, from 0 (the same) to 1; only what could be compared."""
    distance: float
    """The distances by their weights, from 0 to 1."""
    confidence: float
    """Of every 100 works with this value so many are right, were this one accepted."""
    reasons: tuple[str, ...] = ()

    @property
    def link(self) -> str:
        """As people pin it: ``movie:603``."""
        return f"{self.kind}:{self.tmdb_id}"


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode as TMDB has it."""

    season: int
    number: int
    title: str | None
    air_date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The answer to one query."""

    status: MatchStatus
    confidence: float | None = None
    """Of the accepted candidate, or of the nearest one; None where there is none."""
    certainty: float | None = None
    """What the confidence was read from: how near the nearest is, less what makes it doubtful."""
    kind: WorkKind | None = None
    tmdb_id: int | None = None
    """Only of what was accepted."""
    matched_title: str | None = None
    matched_year: int | None = None
    reasons: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    """The nearest first, a handful."""
    episodes: tuple[Episode, ...] = ()
    """Of the seasons that were seen, in order; empty for movies."""
    dated: tuple[tuple[date, int, int], ...] = ()
    """Air dates seen that TMDB's data leads to one (season, episode)."""
    counted: tuple[tuple[int, int, int], ...] = ()
    """Absolute numbers seen that TMDB's data leads to one (season, episode)."""
    match_version: int = MATCH_VERSION

    def to_json(self) -> dict[str, Any]:
        """Return the resolution as plain JSON values."""
        told: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__}
        told["candidates"] = [asdict(each) for each in self.candidates]
        told["episodes"] = [[e.season, e.number, e.title, _text(e.air_date)] for e in self.episodes]
        told["dated"] = [[_text(day), season, episode] for day, season, episode in self.dated]
        return told

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Resolution:
        """Return the resolution that ``to_json`` described, before or after a trip through JSON text."""
        values = dict(told)
        values["reasons"] = tuple(told["reasons"])
        values["candidates"] = tuple(map(_candidate, told["candidates"]))
        values["episodes"] = tuple(Episode(s, n, t, _date(day)) for s, n, t, day in told["episodes"])
        values["dated"] = tuple((date.fromisoformat(day), s, n) for day, s, n in told["dated"])
        values["counted"] = tuple(map(tuple, told["counted"]))
        return cls(**values)


def _candidate(told: Mapping[str, Any]) -> Candidate:
    distances = tuple((name, value) for name, value in told["distances"])
    return Candidate(**dict(told) | {"distances": distances, "reasons": tuple(told["reasons"])})


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
