"""Confidence is calibrated, and precision holds on the project's own titles."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from mediacensus.match.confidence import THRESHOLD, confidence_of
from profiling.match_accuracy import Counting, iter_outcomes
from profiling.match_names import iter_movie_names, iter_series_names

if TYPE_CHECKING:
    from tests.tmdb.catalogue import TitleSet


@given(st.floats(-2, 1), st.floats(-2, 1))
def test_more_certain_is_never_less_confident(one: float, other: float) -> None:
    """The mapping rises, stays below certainty, and has steps on both sides of the threshold."""
    assert confidence_of(min(one, other)) <= confidence_of(max(one, other)) < 1
    assert confidence_of(-1) < THRESHOLD <= confidence_of(1)


def test_accepted_matches_of_our_own_titles_are_right(titles: TitleSet) -> None:
    """Of names made of the project's own titles, in all forms, 995 in 1,000 accepted ones are right."""
    names = [*iter_movie_names(titles), *iter_series_names(titles, counted=True)]

    outcomes = list(iter_outcomes(names, Counting(titles)))

    accepted = [each for each in outcomes if each.is_accepted]
    wrong = [each.name.path for each in accepted if not each.is_right]
    assert len(accepted) >= 0.9 * len(outcomes)  # this set is made of titles that are hard to tell apart
    assert len(wrong) <= 0.005 * len(accepted), wrong


def test_the_nearest_candidates_come_first(titles: TitleSet) -> None:
    """Candidates are in the order of their distances, and none is surer than the first."""
    for outcome in iter_outcomes(iter_movie_names(titles, 5), Counting(titles)):
        assert outcome.resolution is not None
        candidates = outcome.resolution.candidates
        assert all(one.distance <= other.distance for one, other in pairwise(candidates))
        assert all(each.confidence <= candidates[0].confidence for each in candidates)
