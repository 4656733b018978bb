"""Works that a name or a person names by id: obeyed, and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mediacensus.match.distances import measure

if TYPE_CHECKING:
    from mediacensus.match.inquiry import Inquiry
    from mediacensus.match.works import Work
    from mediacensus.tmdb.source import WorkKind

_OTHER_TITLE: Final = 0.3
"""From this distance on an id's title is worth a remark."""
_OTHER_YEAR: Final = 0.6


def find_named(inquiry: Inquiry) -> tuple[Work | None, list[str]]:
    """Return the work that the query's ids name, and what is to be said about it.

    The first id that TMDB knows counts: its own, then IMDb's, then TheTVDB's.
    """
    reasons: list[str] = []
    for service, number in inquiry.query.ids:
        work = _look_up_tmdb(inquiry, number) if service == "tmdb" else _find(inquiry, service, number)
        if work is not None:
            return work, [*reasons, f"named by {service} id {number}", *misfits(inquiry, work)]
        reasons.append(f"TMDB has nothing with the {service} id {number} that stands in the name")
    return None, reasons


def find_pinned(inquiry: Inquiry, decision: str) -> tuple[Work | None, list[str]]:
    """Return the work that a person pinned, ``movie:603``, and what is to be said about it."""
    kind, _, number = decision.partition(":")
    kinds: tuple[WorkKind, ...] = ("movie",) if kind == "movie" else ("tv",)
    work = _first(inquiry, _kinds(inquiry) if kind == "tmdb" else kinds, int(number))
    if work is None:
        return None, [f"TMDB has no {decision}, which is pinned; correct it with: mediacensus pin"]
    return work, [f"pinned as {decision}"]


def misfits(inquiry: Inquiry, work: Work) -> list[str]:
    """Say what speaks against a work that is named by id."""
    distances, text = measure(inquiry.query, work)
    said = []
    if inquiry.query.title and distances["title"] >= _OTHER_TITLE:
        said.append(f"but its nearest title is {text!r}")
    if distances.get("year", 0.0) >= _OTHER_YEAR:
        said.append(f"but it is of {work.year or 'no year'}, the name says {inquiry.query.year}")
    if distances.get("kind"):
        said.append(f"but it is a {'movie' if work.kind == 'movie' else 'series'}")
    return said


def _look_up_tmdb(inquiry: Inquiry, number: str) -> Work | None:
    return _first(inquiry, _kinds(inquiry), int(number)) if number.isdecimal() else None


def _kinds(inquiry: Inquiry) -> tuple[WorkKind, ...]:
    """A movie's number may be a series' as well, so the name's own kind alone counts, where it has one."""
    return ("movie", "tv") if inquiry.query.kind is None else (inquiry.query.kind,)


def _first(inquiry: Inquiry, kinds: tuple[WorkKind, ...], tmdb_id: int) -> Work | None:
    found = (inquiry.look_up(kind, tmdb_id, with_names=True) for kind in kinds)
    return next((work for work in found if work is not None), None)


def _find(inquiry: Inquiry, service: str, number: str) -> Work | None:
    """Return the movie or series of another database's id; an episode's id leads to its series."""
    answer = inquiry.source.find(f"{service}_id", number)
    found: dict[WorkKind, int] = {}
    for kind, key, field in (
        ("movie", "movie_results", "id"),
        ("tv", "tv_results", "id"),
        ("tv", "tv_episode_results", "show_id"),
    ):
        for row in answer.get(key) or ():
            if row.get(field) is not None:
                found.setdefault("movie" if kind == "movie" else "tv", int(row[field]))
    preferred = [kind for kind in (inquiry.query.kind, "movie", "tv") if kind in found]
    if not preferred or preferred[0] is None:
        return None
    return inquiry.look_up(preferred[0], found[preferred[0]], with_names=True)
