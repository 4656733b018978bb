"""The census of a library: walk, parse, publish, record.

The walk yields batches of the manifest while it goes on; each is parsed by one task run on Dask, a
bounded number under way; the snapshot becomes current in one step when all of it is there.

Cache policy: none. A census asks the disk, every time.
Requirements: a Prefect API (``PREFECT_API_URL``; never the ephemeral mode, in which each worker
process would start a server of its own), and a catalog folder that workers see under the same path.
"""

from __future__ import annotations

import os
import time
from contextlib import ExitStack
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, TypeVar

from prefect import flow, get_run_logger
from prefect.runtime import flow_run
from prefect.settings import PREFECT_API_URL

from flows.access import tmdb_access
from flows.cluster import count_threads, open_task_runner
from flows.interrupts import interrupts_held
from flows.resolve import resolve_titles
from flows.window import Outcome, Window
from mediacensus.catalog import new_run_id
from mediacensus.errors import ServerError
from mediacensus.failures import FailureLog
from mediacensus.manifest import iter_manifest
from mediacensus.model import Batch, Failure, FailureKind
from mediacensus.progress import current_progress
from mediacensus.roots import resolve_roots
from mediacensus.run import RunRecord, check_complete, sync_parts
from mediacensus.settings import CensusParameters
from tasks.parsing import parse_batch
from tasks.publishing import publish_snapshot
from tasks.recording import record_run
from tasks.walking import walk_library

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from prefect_dask.task_runners import DaskTaskRunner, PrefectDaskFuture

    from mediacensus.model import BatchSummary
    from mediacensus.progress import Progress

_T = TypeVar("_T")


@flow(name="census-library", persist_result=False)
def census_library(parameters: CensusParameters) -> dict[str, Any]:
    """Take a census of a media library.

    Args:
        parameters: which folders, into which catalog, with how much of the machine.

    Returns:
        The run's record, as in the snapshot's ``run.json``.

    Raises:
        RootError: a root cannot be read; nothing has been written.
        CatalogError: the catalog is in use or cannot be written.
        ClusterError: the Dask scheduler cannot be used.
    """
    if not PREFECT_API_URL.value():
        raise ServerError("No Prefect API is set. Set PREFECT_API_URL, or run: mediacensus scan FOLDER")
    roots = resolve_roots(parameters.roots)
    catalog = parameters.open_catalog()
    catalog.check_outside(roots)
    record = RunRecord(
        run_id=new_run_id(),
        roots=roots,
        parameters=parameters.model_dump(),
        progress=current_progress(),
        flow_run_id=flow_run.get_id(),
    )
    with interrupts_held(record.progress), tmdb_access() as access:
        with catalog.locked(), catalog.new_snapshot(record.run_id) as folder:
            take_census(parameters, record, folder)
            resolve_titles(parameters, record, folder, access)
            run = complete(record, folder)
            record.progress.stop_if_asked()
            publish_snapshot(str(catalog.path), str(folder), run)
        record_run(run)
    record.progress.phase = "complete"
    return run


def take_census(parameters: CensusParameters, record: RunRecord, folder: Path) -> None:
    """Walk and parse: every part of the snapshot is on disk when this returns."""
    phases = record.progress.phases
    record.progress.phase = "starting workers"
    with ExitStack() as stack:
        with phases.measure("cluster"):
            runner = stack.enter_context(open_task_runner(parameters))
        walk = walk_library(record.roots, parameters.walk_rules(), parameters.batch_bounds(), str(folder))
        batches = _announce(phases.iter("walk", _in_own_context(walk)), record.progress)
        with phases.measure("parse"):
            lost = parse_batches(runner, batches, record, folder)
            record_lost(parse_again(runner, lost, record, folder), record, folder)


def parse_batches(
    runner: DaskTaskRunner, batches: Iterable[Batch], record: RunRecord, folder: Path
) -> list[Batch]:
    """Parse batches, twice as many under way as the cluster can run at once, and return those it lost."""
    lost = []
    for outcome in _window(runner, record, folder, 2 * count_threads(runner)).iter_outcomes(batches):
        if outcome.summary is None:
            get_run_logger().warning("Batch %d was lost: %r", outcome.batch.batch_id, outcome.error)
            lost.append(outcome.batch)
        else:
            _count(outcome.summary, record)
    return lost


def parse_again(runner: DaskTaskRunner, lost: list[Batch], record: RunRecord, folder: Path) -> list[Outcome]:
    """Parse lost batches once more, each alone, since a batch that kills its worker takes others with it."""
    still_lost = []
    for outcome in _window(runner, record, folder, 1).iter_outcomes(lost):
        if outcome.summary is None:
            still_lost.append(outcome)
        else:
            _count(outcome.summary, record)
    return still_lost


def _window(runner: DaskTaskRunner, record: RunRecord, folder: Path, size: int) -> Window:
    def submit(batch: Batch) -> PrefectDaskFuture[BatchSummary]:
        return runner.submit(parse_batch, {"batch": batch, "folder": str(folder)})

    return Window(submit, size, record.progress)


def _count(summary: BatchSummary, record: RunRecord) -> None:
    record.count(summary)
    progress = record.progress
    total = progress.media_files if progress.is_walk_over else "?"
    get_run_logger().info(
        "Parsed %d of %s files, %.0f/s, %d failures",
        progress.parsed,
        total,
        progress.files_per_second,
        progress.failures,
    )


def record_lost(lost: list[Outcome], record: RunRecord, folder: Path) -> None:
    """Write a failure for each media file of the batches that could not be parsed."""
    with FailureLog(folder / "failures" / "lost.parquet") as failures:
        for batch, _, error in lost:
            for directory in iter_manifest(batch):
                for file in directory.media:
                    path = os.path.join(directory.path, file.name)
                    message = f"its batch failed twice, last with {error!r}; it is not in the catalog"
                    failures.record(Failure(FailureKind.LOST_BATCH, path, message, phase="parse"))
    record.progress.failures += failures.failures


def complete(record: RunRecord, folder: Path) -> dict[str, Any]:
    """Check the snapshot against what was counted, and return the run's record."""
    record.progress.phase = "publishing"
    with record.progress.phases.measure("publish"):
        check_complete(folder, record.progress.parsed)
        sync_parts(folder)
    return record.describe(folder)


def _announce(batches: Iterable[Batch], progress: Progress) -> Iterator[Batch]:
    """Pass the walk's batches on, keeping the phase that people are shown."""
    progress.phase = "walking and parsing"
    progress.parsing_since = time.monotonic()
    yield from batches
    progress.phase = "parsing"
    progress.is_walk_over = True
    get_run_logger().info(
        "The walk is over: %d media files in %d directories with files",
        progress.media_files,
        progress.directories,
    )


def _in_own_context(values: Iterator[_T]) -> Iterator[_T]:
    """Draw from a generator task inside a context of its own.

    Between two values a generator task is still running, and what it has set as the current task run
    would be seen by whatever the flow does meanwhile.
    """
    context = copy_context()
    while (value := context.run(next, values, None)) is not None:
        yield value
