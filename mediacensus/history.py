"""Earlier runs of a catalog: their records, and the one a run can be held against."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mediacensus.catalog import RUN_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mediacensus.catalog import Catalog

_OF_NO_ACCOUNT = frozenset({"catalog", "fresh", "roots"})
"""Parameters that change nothing about what a run does; roots are compared as they were resolved."""


def iter_runs(catalog: Catalog) -> Iterator[dict[str, Any]]:
    """Yield the records of published runs, the newest first, read one by one.

    A record that cannot be read is passed over: an old run must not stop a new one.
    """
    for snapshot in catalog.iter_snapshots():
        run = read_run(snapshot)
        if run is not None:
            yield run


def read_run(snapshot: Path) -> dict[str, Any] | None:
    """Return the record of a snapshot's run; None where it cannot be read."""
    try:
        run = json.loads((snapshot / RUN_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return run if isinstance(run, dict) and "run_id" in run else None


def find_comparable(
    catalog: Catalog, roots: tuple[str, ...], parameters: dict[str, Any]
) -> dict[str, Any] | None:
    """Return the record of the last run over the same roots with the same parameters, if there is one.

    A parameter that only one of the two versions knew is taken to have had its default.
    """
    for run in iter_runs(catalog):
        if run.get("roots") == list(roots) and _is_alike(run.get("parameters", {}), parameters):
            return run
    return None


def _is_alike(before: dict[str, Any], now: dict[str, Any]) -> bool:
    shared = before.keys() & now.keys() - _OF_NO_ACCOUNT
    return all(before[name] == now[name] for name in shared)


def run_row(run: dict[str, Any]) -> dict[str, Any]:
    """Return what a list of runs tells of one; None where an older version did not record it."""
    files, rates = run.get("files", {}), run.get("rates", {})
    return {
        "run_id": run["run_id"],
        "started_at": run.get("started_at"),
        "media_files": files.get("media"),
        "entries": files.get("cataloged"),
        "failures": run.get("failures"),
        "notices": run.get("notices"),
        "walk_files_per_second": rates.get("walk_files_per_second"),
        "parse_files_per_second": rates.get("parse_files_per_second"),
        "wall_seconds": run.get("wall_seconds"),
        "roots": run.get("roots", []),
    }


def compare_rows(rows: list[dict[str, Any]], before: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Return rows of figure and value with the value of an earlier run and the difference.

    Args:
        rows: this run's, as ``report.summary_rows`` gives them.
        before: the earlier run's; None where there is none.

    >>> compare_rows([{"figure": "failures", "value": 3}], [{"figure": "failures", "value": 4}])
    [{'figure': 'failures', 'value': 3, 'before': 4, 'change': '-1 (-25.0 %)'}]
    """
    earlier = {row["figure"]: row["value"] for row in before or ()}
    return [
        row
        | {
            "before": earlier.get(row["figure"]),
            "change": _change(earlier.get(row["figure"]), row["value"]),
        }
        for row in rows
    ]


def _change(before: Any, now: Any) -> str | None:
    """Return the difference of two numbers, and what share of the first it is; None for other values."""
    if not isinstance(before, int | float) or not isinstance(now, int | float):
        return None
    difference = now - before
    if not difference:
        return "none"
    number = f"{difference:+,}" if isinstance(difference, int) else f"{difference:+,.1f}"
    return f"{number} ({difference / before:+.1%})".replace("%", " %") if before else number
