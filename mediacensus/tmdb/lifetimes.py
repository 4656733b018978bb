"""How long an answer is good for.

TMDB's terms allow 6 months. What was found changes rarely; what was not found may be entered any day, and
the longer it has been missing the less likely it is.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mediacensus.tmdb.source import Answer

FOUND: Final = timedelta(days=30)
RUNNING: Final = timedelta(days=3)
"""For a series that is still made: its next episode is entered this week."""
NOT_FOUND: Final = (timedelta(days=1), timedelta(days=7), timedelta(days=30))
"""After the first, the second and every later time in a row."""
LONGEST: Final = timedelta(days=180)
"""Of anything, by TMDB's terms of use."""

_SPREAD: Final = 0.25
"""Lifetimes differ by so much either way, so that what was asked in one run does not expire in one."""


def is_empty(answer: Answer | None) -> bool:
    """Tell whether an answer says that there is nothing: no such id, or lists with nothing in them."""
    if answer is None:
        return True
    lists = [value for name, value in answer.items() if name == "results" or name.endswith("_results")]
    return "id" not in answer and bool(lists) and not any(lists)


def lifetime_of(answer: Answer | None, empty_times: int, jitter: float) -> timedelta:
    """Return how long an answer is good for.

    Args:
        answer: as it came.
        empty_times: how often in a row it was empty, this time included.
        jitter: from 0 to 1.
    """
    if is_empty(answer):
        base = NOT_FOUND[min(max(empty_times, 1), len(NOT_FOUND)) - 1]
    else:
        base = RUNNING if answer is not None and answer.get("in_production") else FOUND
    return min(base * (1 + _SPREAD * (2 * jitter - 1)), LONGEST)
