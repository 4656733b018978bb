"""The record of one run: what it did, how long each phase took, and what it could not do."""

from __future__ import annotations

import os
import platform
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from mediacensus import __version__
from mediacensus.catalog import REPORT_FILE
from mediacensus.errors import CatalogFormatError
from mediacensus.match import MATCH_VERSION
from mediacensus.model import Severity
from mediacensus.names import readable
from mediacensus.parts import UNFINISHED_SUFFIX, iter_rows
from mediacensus.release import PARSER_VERSION
from mediacensus.schema import TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from mediacensus.model import BatchSummary
    from mediacensus.progress import Progress

_EXAMPLES_PER_KIND = 20
_PACKAGES = ("prefect", "prefect-dask", "distributed", "pyarrow", "duckdb")


@dataclass(slots=True)
class RunRecord:
    """Gathers a run's figures while it goes on; small, however large the library."""

    run_id: str
    roots: tuple[str, ...]
    parameters: dict[str, Any]
    progress: Progress
    flow_run_id: str | None = None
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    batches: list[BatchSummary] = field(default_factory=list)
    tmdb: dict[str, Any] | None = None
    """What looking titles up came to; see ``mediacensus.titles``."""
    batches_taken_over: int = 0
    """How many of them an earlier attempt at the same run has parsed."""
    files_taken_over: int = 0
    dask_dashboard: str | None = None
    """Its address, where the cluster serves one."""
    profile: dict[str, Any] | None = None
    """Where the time went, and in which files of the snapshot that is drawn; where the run is profiled."""

    def count(self, summary: BatchSummary) -> None:
        """Add a parsed batch."""
        self.batches.append(summary)
        self.progress.count_batch(summary)

    def take_over(self, summary: BatchSummary) -> None:
        """Add a batch that an earlier attempt at the run has parsed."""
        self.count(summary)
        self.batches_taken_over += 1
        self.files_taken_over += summary.files

    def describe(self, snapshot: Path) -> dict[str, Any]:
        """Return the whole record as JSON-ready values; this is ``run.json``.

        ``phases`` are seconds of wall time. ``walk`` is time spent walking and writing the manifest,
        ``parse`` runs from the first batch sent to the last one back and so contains most of the walk;
        ``resolve`` is looking titles up; ``import``, ``server`` (what its start took beyond the import) and
        ``cluster`` are start-up. ``rates`` divide media files by those seconds. ``wall_seconds`` run from the
        start of the run, its start-up included, until this record is made; ``slowest_directories`` are those
        whose listing took longest; ``memory`` is that of all the run's processes over time.
        """
        progress, phases = self.progress, self.progress.phases.seconds
        parsed_now = progress.media_files - self.files_taken_over
        return {
            "run_id": self.run_id,
            "flow_run_id": self.flow_run_id,
            "started_at": self.started_at.isoformat(timespec="seconds"),
            "roots": list(self.roots),
            "parameters": self.parameters,
            "files": {
                "seen": progress.files,
                "media": progress.media_files,
                "cataloged": progress.parsed,
                "with_title": sum(batch.titled for batch in self.batches),
                "companions": progress.companions,
                "other": progress.other_files,
                "pruned": progress.pruned,
                "directories": progress.directories,
            },
            "failures": progress.failures,
            "notices": progress.notices,
            "problems": problems_by_kind(snapshot),
            "phases": {name: round(seconds, 3) for name, seconds in phases.items()},
            "rates": {
                f"{name}_files_per_second": round(files / phases[name], 1)
                for name, files in (("walk", progress.media_files), ("parse", parsed_now))
                if phases.get(name)
            },
            "tmdb": self.tmdb,
            "peak_memory_bytes": max((batch.peak_memory_bytes for batch in self.batches), default=0),
            "batches_taken_over": self.batches_taken_over,
            "batches": [asdict(batch) for batch in self.batches],
            "wall_seconds": round(progress.elapsed_seconds, 3),
            "slowest_directories": [
                {"path": readable(path), "seconds": round(seconds, 4)} for seconds, path in progress.slowest
            ],
            "memory": progress.memory.describe() if progress.memory is not None else None,
            "dask_dashboard": self.dask_dashboard,
            "profile": self.profile,
            "versions": {
                "mediacensus": __version__,
                "parser": PARSER_VERSION,
                "match": MATCH_VERSION,
                "python": platform.python_version(),
            }
            | {package: version(package) for package in _PACKAGES},
        }

    def bring_up_to_date(self, run: dict[str, Any], snapshot: Path) -> dict[str, Any]:
        """Return a described record with what has come since: times, memory, and whether there is a page."""
        progress = self.progress
        return run | {
            "phases": {name: round(seconds, 3) for name, seconds in progress.phases.seconds.items()},
            "wall_seconds": round(progress.elapsed_seconds, 3),
            "memory": progress.memory.describe() if progress.memory is not None else None,
            "profile": self.profile,
            "has_report": (snapshot / REPORT_FILE).is_file(),
        }


def problems_by_kind(snapshot: Path) -> list[dict[str, Any]]:
    """Return one row for each kind of problem in a snapshot: its severity, count and first examples."""
    counts: Counter[tuple[str, str]] = Counter()
    examples: dict[str, list[dict[str, str]]] = {}
    for part in sorted((snapshot / TABLES["failures"].folder).glob("*.parquet")):
        for path, _, phase, kind, severity, message in iter_rows(part):
            counts[severity, kind] += 1
            shown = examples.setdefault(kind, [])
            if len(shown) < _EXAMPLES_PER_KIND:
                shown.append({"path": path, "phase": phase, "message": message})
    order = [Severity.FAILURE.value, Severity.NOTICE.value]
    return [
        {"kind": kind, "severity": severity, "count": counts[severity, kind], "examples": examples[kind]}
        for severity, kind in sorted(counts, key=lambda each: (order.index(each[0]), -counts[each], each[1]))
    ]


def check_complete(snapshot: Path, expected_rows: int) -> None:
    """Make sure that a snapshot holds what the run counted.

    Raises:
        CatalogFormatError: rows are missing or doubled.
    """
    parts = (snapshot / TABLES["entries"].folder).glob("*.parquet")
    rows = sum(pq.read_metadata(part).num_rows for part in parts)
    if rows != expected_rows:
        raise CatalogFormatError(
            f"The snapshot in {snapshot} holds {rows} entries where the run counted {expected_rows}. "
            "It is not published; the catalog still shows the previous one. Scan again."
        )


def sync_parts(snapshot: Path) -> None:
    """Have every part on disk before the catalog points at it, so that a power cut cannot hollow it out.

    What killed workers left half-written is removed first.
    """
    for leftover in snapshot.rglob(f"*{UNFINISHED_SUFFIX}"):
        leftover.unlink(missing_ok=True)
    for part_or_folder in (snapshot, *snapshot.rglob("*/"), *snapshot.rglob("*.parquet")):
        descriptor = os.open(part_or_folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
