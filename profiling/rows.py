"""Rows of ``runs.jsonl``: one a measurement, with what was measured, where, and by which versions.

::

    kind        which command's measurement it is
    at commit   when, and of which commit
    machine cores processor versions
    case        what has to be equal for two rows to be compared
    figures     what varies from run to run, such as seconds
    exact       what does not: counts, shares of names that are right
    ratios      what was measured in turns with something else, a ratio a turn; below 1 is better
    limits      what a ratio must not exceed, where that is set
    reference   somebody else's figure for the same work, and where it is from

Names carry their units. A figure is better when smaller, unless its name ends in one of ``LARGER``.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mediacensus import __version__
from mediacensus.release import PARSER_VERSION

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

RUNS = Path(__file__).with_name("runs.jsonl")
LARGER = ("_per_second", "_percent", "_hits")
"""Endings of what is better when larger."""
_PACKAGES = ("prefect", "prefect-dask", "distributed", "pyarrow", "duckdb", "psutil", "guessit", "memray")


def new_row(kind: str, case: dict[str, Any], **measured: Any) -> dict[str, Any]:
    """Return a row; ``measured`` are its figures, exact, ratios and what else is to be kept."""
    return {
        "kind": kind,
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "commit": _commit(),
        "machine": platform.node(),
        "cores": len(os.sched_getaffinity(0)),
        "processor": _processor(),
        "versions": dict(_iter_versions()),
        "case": case,
        **measured,
    }


def keep(row: dict[str, Any], path: Path) -> None:
    """Add a row to a file of rows."""
    with open(path, "a", encoding="utf-8") as out:
        print(json.dumps(row, ensure_ascii=False), file=out)


def keep_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--keep FILE``, where the rows go."""
    parser.add_argument("--keep", type=Path, default=RUNS, help="file the row is added to")


def read(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file, those of an older form in today's."""
    return [_renewed(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def _renewed(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of today's form; censuses were kept before there were other kinds."""
    return row if "kind" in row else row | census_part(row)


def census_part(row: dict[str, Any]) -> dict[str, Any]:
    """Return the kind, case and figures of a census, told by its own fields."""
    return {
        "kind": "census",
        "case": {"files": row["files"], "server": row["server"]},
        "figures": {
            "wall_seconds": row["wall_seconds"],
            "working_seconds": row["working_seconds"],
            "cpu_seconds": row["cpu_seconds"],
            "above_idle_mebibytes": row["above_idle_mebibytes"]["tree"],
        },
    }


def _iter_versions() -> Iterator[tuple[str, Any]]:
    yield "mediacensus", __version__
    yield "parser", PARSER_VERSION
    yield "python", platform.python_version()
    for package in _PACKAGES:
        try:
            yield package, version(package)
        except PackageNotFoundError:
            continue


def _processor() -> str | None:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), None)


def _commit() -> str:
    named = os.environ.get("MEDIACENSUS_COMMIT")  # where the code lies outside of its repository
    if named:
        return named
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"],  # noqa: S607 - whichever git there is
        capture_output=True,
        text=True,
        check=False,
        cwd=RUNS.parent,
    )
    return done.stdout.strip()
