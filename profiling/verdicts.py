"""Whether figures differ, or nobody can tell: by ranks over rows, and over ratios measured in turns."""

from __future__ import annotations

from itertools import combinations, islice
from math import comb
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LEVEL = 0.05
"""How often a difference may be seen where there is none."""
_PERMUTATIONS = 20_000
"""All of them where there are no more, else so many drawn at random."""

WORSE, BETTER, NO_DIFFERENCE = "worse", "better", "no difference shown"
_FEWEST_TURNS = 6
"""Of which all six have to be on one side: a chance of 1 in 32, on either of the two."""


def chance_of(before: Sequence[float], after: Sequence[float]) -> float:
    """Return how likely ranks as high as those of ``after`` are, if nothing has changed.

    >>> chance_of([1.0, 2.0, 3.0], [4.0, 5.0, 6.0])
    0.05
    """
    pooled = [*before, *after]
    ranks = [
        sum(other < value for other in pooled) + sum(other <= value for other in pooled) for value in pooled
    ]
    seen = sum(ranks[len(before) :])
    drawn = list(_iter_draws(ranks, len(after)))
    return sum(sum(draw) >= seen for draw in drawn) / len(drawn)


def _iter_draws(ranks: list[int], size: int) -> Iterator[Sequence[int]]:
    if comb(len(ranks), size) <= _PERMUTATIONS:
        yield from combinations(ranks, size)
        return
    random = Random(0)
    yield from islice(iter(lambda: random.sample(ranks, size), None), _PERMUTATIONS)


def judge_rows(before: Sequence[float], after: Sequence[float]) -> str:
    """Return a verdict on figures that are better when smaller: by a permutation test on ranks.

    >>> judge_rows([5.0], [9.0])
    'cannot tell: 1 and 1 rows can show nothing'
    >>> judge_rows([5.0, 5.1, 5.2, 5.3], [9.0, 9.1, 9.2])
    'worse'
    """
    if not before or not after or 1 / comb(len(before) + len(after), len(after)) > LEVEL:
        return f"cannot tell: {len(before)} and {len(after)} rows can show nothing"
    if chance_of(before, after) <= LEVEL:
        return WORSE
    return BETTER if chance_of(after, before) <= LEVEL else NO_DIFFERENCE


def judge_exact(before: Sequence[float], after: Sequence[float]) -> str:
    """Return a verdict on figures that are the same in every run of the same code, so that one row shows all.

    >>> judge_exact([3.0, 4.0], [4.0])
    'no difference shown'
    >>> judge_exact([4.0], [4.1])
    'worse'
    """
    if not before or not after:
        return f"cannot tell: {len(before)} and {len(after)} rows can show nothing"
    if after[-1] == before[-1]:
        return NO_DIFFERENCE
    return WORSE if after[-1] > before[-1] else BETTER


def median_interval(values: Sequence[float]) -> tuple[float, float] | None:
    """Return between which two values the median lies, at 95 %; None with too few values for that.

    By their ranks, since each value is above the median with a chance of a half, whatever their spread.

    >>> median_interval([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    (1.0, 6.0)
    """
    count = len(values)
    left_out, chance = -1, 2 / 2**count  # that all lie on one side
    while chance <= LEVEL:
        left_out += 1
        chance += 2 * comb(count, left_out + 1) / 2**count
    ordered = sorted(values)
    return None if left_out < 0 else (ordered[left_out], ordered[-1 - left_out])


def judge_ratios(ratios: Sequence[float], limit: float | None = None) -> str:
    """Return a verdict on ratios of after to before, measured in turns; with a limit, on whether it is kept.

    >>> judge_ratios([1.1, 1.2])
    'cannot tell: 2 turns can show nothing, 6 are needed'
    >>> judge_ratios([1.01, 1.02, 1.03, 1.02, 1.01, 1.04])
    'worse'
    >>> judge_ratios([0.99, 1.01, 1.00, 1.00, 1.01, 0.98], limit=1.02)
    'within the limit'
    """
    interval = median_interval(ratios)
    if interval is None:
        return f"cannot tell: {len(ratios)} turns can show nothing, {_FEWEST_TURNS} are needed"
    low, high = interval
    if limit is not None:
        if high <= limit:
            return "within the limit"
        return WORSE if low > limit else f"cannot tell whether it is within the limit of {limit}"
    if low > 1:
        return WORSE
    return BETTER if high < 1 else NO_DIFFERENCE
