"""From a query to a resolution: what TMDB is asked, in which order, and when that is enough."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from mediacensus.errors import TmdbError, TmdbRefusedError
from mediacensus.folding import fold, in_other_numerals, in_plain_vowels
from mediacensus.match.confidence import confidence_of
from mediacensus.match.distances import measure, total
from mediacensus.match.inquiry import Inquiry
from mediacensus.match.model import Resolution
from mediacensus.match.named import find_named, find_pinned, misfits
from mediacensus.match.series import counted_places, dated_places
from mediacensus.queries import NO_WORK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mediacensus.match.verdict import Verdict
    from mediacensus.match.works import Work
    from mediacensus.queries import Query
    from mediacensus.readings import Reading
    from mediacensus.tmdb.source import TmdbSource, WorkKind

_MOST_WORDINGS: Final = 4
"""Other wordings of a title that are asked where the first finds nothing that fits."""
_AS_IT_STANDS: Final = 0.98
"""How certain a decision must be that is made among the works of one year: a filter hides rivals."""
_MOST_CHECKS: Final = 4
"""Calls with details that a decision may need before it stands."""


def resolve(query: Query, source: TmdbSource) -> Resolution:
    """Return what TMDB has for a query.

    A question that gets no answer makes the resolution ``lookup failed``, never ``no match``.

    Args:
        query: what the names say.
        source: who answers.

    Raises:
        TmdbRefusedError: TMDB answers nothing at all, so that there is no use in asking on.
    """
    try:
        inquiry = Inquiry(query, source)
        if query.decision is not None:
            return _pinned(inquiry, query.decision)
        return _named(inquiry) if query.ids else _searched(inquiry)
    except TmdbRefusedError:
        raise
    except TmdbError as error:
        return Resolution(status="lookup failed", reasons=(str(error),))


def _pinned(inquiry: Inquiry, decision: str) -> Resolution:
    if decision == NO_WORK:
        return Resolution(status="no match", reasons=("pinned as no work that TMDB has",))
    work, reasons = find_pinned(inquiry, decision)
    if work is None:
        return Resolution(status="review", reasons=tuple(reasons))
    return _accepted(inquiry, work, 1.0, reasons)


def _named(inquiry: Inquiry) -> Resolution:
    work, reasons = find_named(inquiry)
    if work is not None:
        fits = not misfits(inquiry, work)
        distance = total(measure(inquiry.query, work)[0])
        return _accepted(inquiry, work, 1.0 if fits else confidence_of(1 - distance), reasons)
    verdict = _asked(inquiry) if inquiry.query.title else inquiry.verdict()
    return _open(verdict, "review", reasons)


def _searched(inquiry: Inquiry) -> Resolution:
    verdict = _asked(inquiry)
    nearest = inquiry.nearest()
    if nearest is None:
        return _open(verdict, "no match", ())
    if verdict.is_accepted and verdict.confidence is not None:
        accepted = _accepted(inquiry, nearest, verdict.confidence, verdict.reasons)
        return replace(accepted, certainty=verdict.certainty)
    return _open(verdict, "review", ())


def _asked(inquiry: Inquiry) -> Verdict:
    """Ask on until a decision can be made, or nothing more is worth asking."""
    steps = {"movie": _iter_movie_steps, "tv": _iter_series_steps, None: _iter_open_steps}
    for floor in steps[inquiry.query.kind](inquiry):
        verdict = inquiry.verdict()
        if verdict.is_accepted and (verdict.certainty or 0) >= floor and _stands(inquiry):
            break
    return inquiry.verdict()


def _stands(inquiry: Inquiry) -> bool:
    """Ask what could still speak against an acceptance: the series' seasons, a better known namesake."""
    for _ in range(_MOST_CHECKS):
        nearest = inquiry.nearest()
        if nearest is None or not inquiry.verdict().is_accepted:
            return False
        namesake = next(_iter_namesakes(inquiry, nearest), None)
        if namesake is not None and inquiry.rescue(namesake):
            continue
        if nearest.kind == "movie" or nearest.is_detailed:
            return True
        inquiry.look_up("tv", nearest.tmdb_id, with_names=False)
    return inquiry.verdict().is_accepted


def _iter_namesakes(inquiry: Inquiry, nearest: Work) -> Iterator[Work]:
    """Yield better known works that may have the same title where TMDB does not show it."""
    if inquiry.query.year is None:
        yield from (work for work in inquiry.iter_hidden() if work.popularity > nearest.popularity)


def _iter_movie_steps(inquiry: Inquiry) -> Iterator[float]:
    """Ask step by step, and yield how certain a decision must be that is made before the next one."""
    query = inquiry.query
    inquiry.search("movie", query.title, query.year)
    yield 0.0 if query.year is None else _AS_IT_STANDS
    if query.year is not None:
        hidden = next(inquiry.iter_hidden(), None)
        if hidden is not None:
            inquiry.rescue(hidden)
            yield 0.0
        inquiry.search("movie", query.title)
        yield 0.0
    yield from _iter_last_steps(inquiry, "movie")
    if not inquiry.works:
        inquiry.search("tv", query.title)
        yield 0.0


def _iter_series_steps(inquiry: Inquiry) -> Iterator[float]:
    """The year is left out at first: databases differ by one, and a filter would hide the rivals."""
    query = inquiry.query
    inquiry.search("tv", query.title)
    yield 0.0
    if query.year is not None and inquiry.is_crowded and not inquiry.fits_by_title():
        inquiry.search("tv", query.title, query.year)
        yield 0.0
    yield from _iter_last_steps(inquiry, "tv")


def _iter_open_steps(inquiry: Inquiry) -> Iterator[float]:
    query = inquiry.query
    inquiry.search("multi", query.title)
    yield 0.0
    for title in (*query.alternative_titles, *(title for title, _ in query.readings)):
        inquiry.search("multi", title)
        yield 0.0
    while inquiry.settle_next():
        yield 0.0


def _iter_last_steps(inquiry: Inquiry, kind: WorkKind) -> Iterator[float]:
    for title, year in islice(_iter_wordings(inquiry), _MOST_WORDINGS):
        inquiry.search(kind, title, year)
        yield 0.0
    while inquiry.settle_next():
        yield 0.0


def _iter_wordings(inquiry: Inquiry) -> Iterator[Reading]:
    """Yield other ways to write or read the title; the last ones only while TMDB knows nothing at all."""
    query = inquiry.query
    yield from ((title, query.year) for title in query.alternative_titles)
    if inquiry.fits_by_title():
        return  # too many fit, and other wordings only find more
    yield from query.readings
    yield from ((title, query.year) for title in in_other_numerals(query.title))
    plain, words = in_plain_vowels(fold(query.title)), query.title.split()
    if not inquiry.works and plain != fold(query.title):
        yield plain, query.year
    if not inquiry.works and len(words) > 2:
        yield " ".join(words[: (len(words) + 1) // 2]), query.year


def _accepted(inquiry: Inquiry, work: Work, confidence: float, reasons: Sequence[str]) -> Resolution:
    query = inquiry.query
    if work.kind == "tv":
        work = inquiry.complete(work)
    return Resolution(
        status="accepted",
        confidence=confidence,
        kind=work.kind,
        tmdb_id=work.tmdb_id,
        matched_title=work.title,
        matched_year=work.year,
        reasons=tuple(reasons),
        candidates=inquiry.verdict().candidates,
        episodes=work.episodes,
        dated=dated_places(query.air_dates, work.episodes),
        counted=counted_places(query.absolute_episodes, work),
    )


def _open(verdict: Verdict, status: str, reasons: Sequence[str]) -> Resolution:
    """Return a resolution without a decision."""
    return Resolution(
        status="review" if status == "review" else "no match",
        confidence=verdict.confidence,
        certainty=verdict.certainty,
        reasons=(*reasons, *verdict.reasons),
        candidates=verdict.candidates,
    )
