"""Whether a change made anything worse: ``python -m profiling.compare [COMMIT]``.

Compares the rows of ``runs.jsonl`` that a commit has (by default that of the last row) with those before
it, kind by kind and case by case, on one machine. Figures that vary differ when a permutation test on ranks
finds it at a level of 5 %, however large or small the difference is; exact ones when they are not equal;
ratios measured in turns by the interval of their median, and against a limit where the row sets one. With
too few rows for a verdict the answer is that nobody can tell. Ends with code 1 where anything got worse.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from profiling.rows import LARGER, RUNS, read
from profiling.verdicts import WORSE, judge_exact, judge_ratios, judge_rows, median_interval

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Row = dict[str, Any]


def iter_verdicts(before: Sequence[Row], after: Sequence[Row]) -> Iterator[tuple[str, str, str]]:
    """Yield what was compared, its medians, and a verdict, for rows of one kind and case.

    Args:
        before: rows of earlier commits.
        after: rows of the commit that is judged; one at least.
    """
    for name in after[-1].get("figures", {}):
        yield _compared(name, "figures", (before, after))
    for name in after[-1].get("exact", {}):
        yield _compared(name, "exact", (before, after))
    for name, ratios in after[-1].get("ratios", {}).items():
        limit = after[-1].get("limits", {}).get(name)
        yield f"{name} (in turns)", _told_ratio(ratios), _judge_turns(name, ratios, limit, (before, after))


def _compared(name: str, part: str, rows: tuple[Sequence[Row], Sequence[Row]]) -> tuple[str, str, str]:
    old, new = ([float(row[part][name]) for row in each if name in row.get(part, {})] for each in rows)
    sign = -1 if name.endswith(LARGER) else 1
    judge = judge_rows if part == "figures" else judge_exact
    verdict = judge([sign * value for value in old], [sign * value for value in new])
    return name, " -> ".join(f"{median(values):,.4g}" for values in (old, new) if values), verdict


def _judge_turns(
    name: str, ratios: Sequence[float], limit: float | None, rows: tuple[Sequence[Row], Sequence[Row]]
) -> str:
    """Judge turns of before and after by themselves, and those against something else by earlier rows."""
    if limit is not None or rows[1][-1]["kind"] == "paired":
        return judge_ratios(ratios, limit)
    old, new = (
        [median(row["ratios"][name]) for row in each if name in row.get("ratios", {})] for each in rows
    )
    return judge_rows(old, new)


def _told_ratio(ratios: Sequence[float]) -> str:
    interval = median_interval(ratios)
    told = f" ({interval[0]:.4g} to {interval[1]:.4g} at 95 %)" if interval else ""
    return f"{median(ratios):.4g}{told}, {len(ratios)} turns"


def _alike(row: Row) -> tuple[str, str, str, int]:
    """Return what two rows must share to be compared."""
    return (row["kind"], json.dumps(row["case"], sort_keys=True), row["machine"], row["cores"])


def main() -> None:
    """Print a line a figure, and end with code 1 where one got worse."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("commit", nargs="?", help="whose rows to judge; by default the last row's")
    parser.add_argument("--runs", type=Path, default=RUNS)
    chosen = parser.parse_args()
    rows = read(chosen.runs)
    commit = chosen.commit or rows[-1]["commit"]
    first = next((i for i, row in enumerate(rows) if row["commit"] == commit), len(rows))
    is_worse = False
    for alike in sorted({_alike(row) for row in rows[first:] if row["commit"] == commit}):
        before = [row for row in rows[:first] if _alike(row) == alike]
        after = [row for row in rows if row["commit"] == commit and _alike(row) == alike]
        print(f"{alike[0]} {alike[1]}")
        for name, told, verdict in iter_verdicts(before, after):
            is_worse |= verdict == WORSE
            print(f"    {name}: {told}: {verdict}")
    sys.exit(is_worse)


if __name__ == "__main__":
    main()
