"""Whether a change made a census slower: ``python -m profiling.compare [COMMIT]``.

Compares the rows of ``runs.jsonl`` that a commit has (by default that of the last row) with those before
it, size by size. A difference counts when a permutation test on ranks finds it at a level of 5 %, however
large or small it is; with too few rows for that the answer is that nobody can tell, and how many are
missing. Ends with code 1 where anything got worse.
"""

from __future__ import annotations

import argparse
import json
import sys
from itertools import combinations, islice
from math import comb
from pathlib import Path
from random import Random
from statistics import median
from typing import TYPE_CHECKING, Any

from profiling.census_at_size import RUNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LEVEL = 0.05
_PERMUTATIONS = 20_000
"""All of them where there are no more, else so many drawn at random."""

FIGURES: dict[str, Callable[[dict[str, Any]], float]] = {
    "wall seconds": lambda row: float(row["wall_seconds"]),
    "working seconds": lambda row: float(row["working_seconds"]),
    "CPU seconds": lambda row: float(row["cpu_seconds"]),
    "MiB above idle": lambda row: float(row["above_idle_mebibytes"]["tree"]),
}
"""The figures compared, all of which are better when smaller."""


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


def compare(before: Sequence[float], after: Sequence[float]) -> str:
    """Return a verdict: worse, better, no difference shown, or that nobody can tell yet.

    >>> compare([5.0], [9.0])
    'cannot tell: 1 and 1 rows can show nothing'
    >>> compare([5.0, 5.1, 5.2, 5.3], [9.0, 9.1, 9.2])
    'worse'
    """
    if not before or not after or 1 / comb(len(before) + len(after), len(after)) > LEVEL:
        return f"cannot tell: {len(before)} and {len(after)} rows can show nothing"
    if chance_of(before, after) <= LEVEL:
        return "worse"
    return "better" if chance_of(after, before) <= LEVEL else "no difference shown"


def _alike(row: dict[str, Any]) -> tuple[Any, ...]:
    """Return what two rows must share to be compared."""
    return (row["files"], row["server"], row["machine"], row["cores"])


def main() -> None:
    """Print a line a figure, and end with code 1 where one got worse."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("commit", nargs="?", help="whose rows to judge; by default the last row's")
    parser.add_argument("--runs", type=Path, default=RUNS)
    chosen = parser.parse_args()
    rows = [json.loads(line) for line in chosen.runs.read_text(encoding="utf-8").splitlines()]
    commit = chosen.commit or rows[-1]["commit"]
    first = next((i for i, row in enumerate(rows) if row["commit"] == commit), len(rows))
    is_worse = False
    for alike in sorted({_alike(row) for row in rows[first:] if row["commit"] == commit}, key=str):
        before = [row for row in rows[:first] if _alike(row) == alike]
        after = [row for row in rows if row["commit"] == commit and _alike(row) == alike]
        for name, figure in FIGURES.items():
            old, new = [figure(row) for row in before], [figure(row) for row in after]
            verdict = compare(old, new)
            is_worse |= verdict == "worse"
            medians = " -> ".join(f"{median(values):.1f}" for values in (old, new) if values)
            print(f"{alike[0]:>9,} files, server {alike[1]}: {name} {medians}: {verdict}")
    sys.exit(is_worse)


if __name__ == "__main__":
    main()
