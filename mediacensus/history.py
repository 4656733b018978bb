"""Earlier runs of a catalog: their records, and the one a run can be held against."""

from __future__ import annotations

import json
from itertools import islice
from statistics import median
from typing import TYPE_CHECKING, Any

from mediacensus.catalog import RUN_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from mediacensus.catalog import Catalog

_OF_NO_ACCOUNT = frozenset({"catalog", "fresh", "roots"})
"""Parameters that change nothing about what a run does; roots are compared as they were resolved."""
_COMPARED_RUNS = 5
"""How many earlier runs a run is held against: one may have been disturbed, most of five were not."""
_EXACT_FROM = 10
"""Smaller numbers are told with three decimals, as durations are recorded."""


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
) -> list[dict[str, Any]]:
    """Return the records of the last runs over the same roots with the same parameters, the newest first.

    A parameter that only one of the two versions knew is taken to have had its default.
    """
    alike = (
        run
        for run in iter_runs(catalog)
        if run.get("roots") == list(roots) and _is_alike(run.get("parameters", {}), parameters)
    )
    return list(islice(alike, _COMPARED_RUNS))


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


def compare_rows(rows: list[dict[str, Any]], earlier: Sequence[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return rows of figure and value with those of earlier runs: the last one's, and what is usual.

    Args:
        rows: this run's, as ``report.summary_rows`` gives them.
        earlier: those of earlier runs, the newest first.

    >>> compare_rows([{"figure": "failures", "value": 3}], [[{"figure": "failures", "value": 4}]])
    [{'figure': 'failures', 'value': 3, 'before': 4, 'change': '-1 (-25.0 %)', 'usual': 4}]
    """
    values = [{row["figure"]: row["value"] for row in each} for each in earlier]
    return [row | _against([each.get(row["figure"]) for each in values], row["value"]) for row in rows]


def _against(earlier: list[Any], now: Any) -> dict[str, Any]:
    """Return the last of earlier values, the difference, and the middle one of their numbers."""
    before = earlier[0] if earlier else None
    numbers = [each for each in earlier if isinstance(each, int | float)]
    usual = round(median(numbers), 3) if numbers and isinstance(now, int | float) else None
    return {"before": before, "change": _change(before, now), "usual": usual}


def _change(before: Any, now: Any) -> str | None:
    """Return the difference of two numbers, and what share of the first it is; None for other values.

    >>> _change(2.073, 1.362), _change(15608, 19632), _change(8.0, 8.0)
    ('-0.711 (-34.3 %)', '+4,024 (+25.8 %)', 'none')
    """
    if not isinstance(before, int | float) or not isinstance(now, int | float):
        return None
    difference = now - before
    if not difference:
        return "none"
    decimals = 0 if isinstance(difference, int) else 3 if abs(now) < _EXACT_FROM else 1
    number = f"{difference:+,.{decimals}f}"
    return f"{number} ({difference / before:+.1%})".replace("%", " %") if before else number
