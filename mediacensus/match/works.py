"""Works as TMDB's answers tell of them; any field may be missing or null there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from mediacensus.match.model import Episode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mediacensus.tmdb.source import Answer, WorkKind

MOST_APPENDED = 20
"""What TMDB appends to one answer at most; a season counts as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A movie or a series, as far as it is known: a row of a search, or with its details."""

    kind: WorkKind
    tmdb_id: int
    title: str
    original_title: str
    year: int | None
    popularity: float = 0.0
    vote_count: int = 0
    countries: tuple[str, ...] = ()
    other_titles: tuple[str, ...] = ()
    """Alternative and translated titles; known only with details."""
    is_detailed: bool = False
    season_lengths: tuple[tuple[int, int], ...] = ()
    """(season, episodes) of a series with details."""
    season_starts: tuple[tuple[int, date], ...] = ()
    episodes: tuple[Episode, ...] = ()

    @property
    def shown_titles(self) -> tuple[str, ...]:
        """The titles that a row of a search shows."""
        return (self.title,) if self.title == self.original_title else (self.title, self.original_title)

    @property
    def link(self) -> str:
        """As people pin it: ``movie:603``."""
        return f"{self.kind}:{self.tmdb_id}"


def iter_works(answer: Answer, kind: WorkKind | None) -> Iterator[Work]:
    """Yield the movies and series of a search's answer.

    Args:
        answer: of ``/search``.
        kind: what was searched for; None for ``/search/multi``, whose people are passed over.
    """
    for row in answer.get("results") or ():
        found = kind or row.get("media_type")
        if found in ("movie", "tv") and row.get("id") is not None:
            yield work_of(row, found)


def work_of(row: Mapping[str, Any], kind: WorkKind) -> Work:
    """Return the work that a row, or an answer with details, tells of."""
    name, released = ("title", "release_date") if kind == "movie" else ("name", "first_air_date")
    title = row.get(name) or row.get(f"original_{name}") or ""
    day = parse_date(row.get(released))
    return Work(
        kind=kind,
        tmdb_id=int(row["id"]),
        title=title,
        original_title=row.get(f"original_{name}") or title,
        year=None if day is None else day.year,
        popularity=float(row.get("popularity") or 0),
        vote_count=int(row.get("vote_count") or 0),
        countries=tuple(row.get("origin_country") or ()),
    )


def with_details(details: Answer, kind: WorkKind) -> Work:
    """Return the work that an answer of ``/movie/…`` or ``/tv/…`` tells of, with what is appended to it."""
    seasons = [each for each in details.get("seasons") or () if each.get("season_number") is not None]
    starts = [(each["season_number"], parse_date(each.get("air_date"))) for each in seasons]
    return replace(
        work_of(details, kind),
        other_titles=tuple(dict.fromkeys(_iter_other_titles(details))),
        is_detailed=True,
        season_lengths=tuple((each["season_number"], each.get("episode_count") or 0) for each in seasons),
        season_starts=tuple((season, day) for season, day in starts if day is not None),
        episodes=tuple(iter_episodes(details)),
    )


def _iter_other_titles(details: Answer) -> Iterator[str]:
    """Yield alternative titles (``titles`` of a movie, ``results`` of a series), then translated ones."""
    alternatives = details.get("alternative_titles") or {}
    for each in (*(alternatives.get("titles") or ()), *(alternatives.get("results") or ())):
        yield each.get("title") or ""
    for each in (details.get("translations") or {}).get("translations") or ():
        data = each.get("data") or {}
        yield data.get("title") or data.get("name") or ""


def iter_episodes(details: Answer) -> Iterator[Episode]:
    """Yield the episodes of the seasons that are appended to a series."""
    for name, season in details.items():
        if name.startswith("season/") and isinstance(season, dict):
            number = int(name.partition("/")[2])
            for each in season.get("episodes") or ():
                if each.get("episode_number") is not None:
                    day = parse_date(each.get("air_date"))
                    yield Episode(number, each["episode_number"], each.get("name") or None, day)


def parse_date(text: str | None) -> date | None:
    """Return a day as TMDB writes it; None for what is none, ``""`` or ``null``."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
