"""From the works that were offered to a decision: the nearest, its lead, how sure that is, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mediacensus.match.confidence import THRESHOLD, confidence_of
from mediacensus.match.distances import measure, total
from mediacensus.match.model import Candidate
from mediacensus.match.titles import SAME

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mediacensus.match.works import Work
    from mediacensus.queries import Query

MARGIN: Final = 0.05
"""How much nearer than its runner-up a work must be."""
DOMINANCE_BY_VOTES: Final = 200
"""So many times a rival's votes make up for the margin."""
DOMINANCE_BY_POPULARITY: Final = 30
"""The same where TMDB counts no votes; popularity spans less."""
MOST_CANDIDATES: Final = 6

_UNDATED: Final = {"movie": 0.03, "tv": 0.02}
"""What a name without a year costs: its title alone speaks for the work. Names of series rarely have one."""
_CROWDED: Final = 0.04
"""What it costs that TMDB has more works with these words than were seen."""
_DOMINATED: Final = 0.03
"""What it costs that a rival is just as near, if hardly known."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The candidates, the nearest first, and what speaks against the first of them."""

    candidates: tuple[Candidate, ...]
    is_accepted: bool
    certainty: float | None
    confidence: float | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Ranked:
    work: Work
    distances: dict[str, float]
    distance: float
    text: str


def judge(query: Query, works: Iterable[Work], *, is_crowded: bool) -> Verdict:
    """Decide whether one of the works is what was asked for.

    Args:
        query: what the names say.
        works: what TMDB offered, in its order, which counts where all else is equal.
        is_crowded: whether TMDB has more works with these words than were seen.
    """
    ranked = sorted((_rank(query, work) for work in works), key=_order)
    if not ranked:
        return Verdict((), False, None, None, ("TMDB has no work with these words",))
    best = ranked[0]
    rivals = [each for each in ranked[1:] if each.distance - best.distance < MARGIN]
    serious = [each for each in rivals if not _dominates(best.work, each.work)]
    certainty, reasons = _certainty(query, best, rivals, serious)
    if is_crowded and query.year is None and not _is_best_known(best, ranked):
        certainty -= _CROWDED
        reasons.append("TMDB has more works with these words than were looked at")
    confidence = confidence_of(certainty)
    return Verdict(
        candidates=tuple(_candidate(query, best, each, confidence) for each in ranked[:MOST_CANDIDATES]),
        is_accepted=confidence >= THRESHOLD and not serious,
        certainty=round(certainty, 4),
        confidence=confidence,
        reasons=tuple(reasons),
    )


def _rank(query: Query, work: Work) -> _Ranked:
    distances, text = measure(query, work)
    return _Ranked(work, distances, total(distances), text)


def _order(ranked: _Ranked) -> tuple[float, float]:
    return round(ranked.distance, 3), -ranked.work.popularity


def _is_best_known(best: _Ranked, ranked: list[_Ranked]) -> bool:
    """Tell whether no work seen is better known; TMDB shows those first, so none unseen is either."""
    return all(each.work.popularity <= best.work.popularity for each in ranked)


def _dominates(one: Work, other: Work) -> bool:
    """Tell whether a work is so much better known that the other is hardly ever meant.

    Only ratios are compared: TMDB's scale of popularity was changed more than once.
    """
    if one.vote_count or other.vote_count:
        return one.vote_count + 1 >= DOMINANCE_BY_VOTES * (other.vote_count + 1)
    return one.popularity >= DOMINANCE_BY_POPULARITY * max(other.popularity, 0.1)


def _certainty(
    query: Query, best: _Ranked, rivals: list[_Ranked], serious: list[_Ranked]
) -> tuple[float, list[str]]:
    """Return how near the best is, less what makes it doubtful, and these doubts in words."""
    certainty, reasons = 1 - best.distance, list(_iter_misfits(query, best))
    if "year" not in best.distances:
        certainty -= _UNDATED[best.work.kind]
    if rivals:
        certainty -= _DOMINATED
    if serious:
        lead = serious[0].distance - best.distance
        certainty -= 0.5 * (1 - lead / MARGIN)
        named = ", ".join(f"{each.work.link} ({each.work.year or 'no year'})" for each in serious[:3])
        missing = " and the name gives no year" if query.year is None else ""
        reasons.append(f"{len(serious)} more fit as well{missing}: {named}")
    return certainty, reasons


def _iter_misfits(query: Query, ranked: _Ranked) -> Iterable[str]:
    """Yield in words what keeps a work from fitting."""
    work, distances = ranked.work, ranked.distances
    if distances["title"] > SAME:
        yield f"its nearest title is {ranked.text!r}"
    if distances.get("year"):
        yield f"it is of {work.year or 'no year'}, the name says {query.year}"
    if distances.get("country"):
        known = ", ".join(work.countries) or "a country TMDB does not name"
        yield f"it comes from {known}, the name says {', '.join(query.countries)}"
    if distances.get("kind"):
        yield f"it is a {'movie' if work.kind == 'movie' else 'series'}, the name is read as another kind"
    if distances.get("episodes"):
        yield "it does not have all seasons and episodes that the names tell of"


def _candidate(query: Query, best: _Ranked, ranked: _Ranked, confidence: float) -> Candidate:
    work = ranked.work
    behind = ranked.distance - best.distance
    return Candidate(
        kind=work.kind,
        tmdb_id=work.tmdb_id,
        title=work.title,
        original_title=work.original_title,
        year=work.year,
        popularity=work.popularity,
        vote_count=work.vote_count,
        matched_text=ranked.text,
        distances=tuple((name, round(value, 3)) for name, value in ranked.distances.items()),
        distance=round(ranked.distance, 3),
        confidence=confidence
        if ranked is best
        else round(min(confidence_of(1 - ranked.distance - behind), 1 - confidence, confidence), 4),
        reasons=tuple(_iter_misfits(query, ranked)),
    )
