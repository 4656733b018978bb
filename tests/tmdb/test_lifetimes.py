"""How long answers are good for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mediacensus.tmdb.lifetimes import LONGEST, is_empty, lifetime_of

_FOUND: dict[str, Any] = {"results": [{"id": 603}]}
_EMPTY: dict[str, Any] = {"page": 1, "results": [], "total_results": 0}


@pytest.mark.parametrize(
    ("answer", "empty"),
    [
        (None, True),
        (_EMPTY, True),
        (_FOUND, False),
        ({"movie_results": [], "tv_results": []}, True),
        ({"movie_results": [], "tv_results": [{"id": 1}]}, False),
        ({"id": 1396, "seasons": []}, False),
        ({"id": 1396, "results": []}, False),
    ],
)
def test_empty_answers_are_known(answer: dict[str, Any] | None, empty: bool) -> None:
    """Nothing found, in whatever shape TMDB says it, is told from a work without some list."""
    assert is_empty(answer) is empty


@pytest.mark.parametrize(("times", "days"), [(1, 1), (2, 7), (3, 30), (9, 30)])
def test_nothing_found_is_believed_longer_each_time(times: int, days: int) -> None:
    """An empty answer is good for a day, then a week, then a month."""
    assert lifetime_of(_EMPTY, times, 0.5) == timedelta(days=days)


def test_lifetimes_are_spread_and_bounded() -> None:
    """Answers of one run do not expire together, and none outlives what TMDB's terms allow."""
    spread = {lifetime_of(_FOUND, 0, jitter / 10) for jitter in range(11)}

    assert len(spread) == 11
    assert max(spread) <= LONGEST == timedelta(days=180)
    assert min(spread) >= timedelta(days=20)


def test_a_running_series_is_asked_about_again_soon() -> None:
    """Details of a series that is still made are good for days, not for a month."""
    assert lifetime_of({"id": 1, "in_production": True}, 0, 1.0) < timedelta(days=4)
