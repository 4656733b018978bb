"""The census of a library: walk, parse, publish, record.

The walk yields batches of the manifest while it goes on; each is parsed by one task run on Dask, a
bounded number under way; the snapshot becomes current in one step when all of it is there.

Cache policy: none. A census asks the disk, every time.
Requirements: a Prefect API (``PREFECT_API_URL``; never the ephemeral mode, in which each worker
process would start a server of its own), and a catalog folder that workers see under the same path.
"""

from __future__ import annotations

import time
from contextlib import ExitStack, closing, contextmanager, nullcontext
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, TypeVar

from prefect import flow, get_run_logger
from prefect.runtime import flow_run
from prefect.settings import PREFECT_API_URL

from flows.access import tmdb_access
from flows.batches import BatchParser
from flows.cluster import find_dashboard, open_task_runner
from flows.interrupts import interrupts_held
from flows.orphans import ended_with_worker
from flows.resolve import resolve_titles
from mediacensus.catalog import new_run_id
from mediacensus.errors import ServerError
from mediacensus.history import find_comparable
from mediacensus.pins import Pins
from mediacensus.profiles import FILES, check_can_profile
from mediacensus.progress import progress_of_run
from mediacensus.roots import resolve_roots
from mediacensus.run import RunRecord, check_complete, sync_parts
from mediacensus.settings import CensusParameters
from mediacensus.timeline import sampled
from tasks.publishing import publish_snapshot
from tasks.recording import record_run
from tasks.reporting import write_report
from tasks.walking import walk_library

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from pathlib import Path

    from flows.profiles import RunProfiler
    from mediacensus.model import Batch
    from mediacensus.progress import Progress

_T = TypeVar("_T")


@flow(name="census-library", persist_result=False)
def census_library(parameters: CensusParameters) -> dict[str, Any]:
    """Take a census of a media library.

    Args:
        parameters: Which folders, into which catalog, with how much of the machine.

    Returns:
        The run's record, as in the snapshot's ``run.json``.

    Raises:
        RootError: a root cannot be read; nothing has been written.
        CatalogError: the catalog is in use or cannot be written, or what people decided cannot be read.
        ClusterError: the Dask scheduler cannot be used.
        ParameterError: a profile is wanted, and what that takes is not installed.
    """
    if not PREFECT_API_URL.value():
        raise ServerError("No Prefect API is set. Set PREFECT_API_URL, or run: mediacensus scan FOLDER")
    roots = resolve_roots(parameters.roots)
    catalog = parameters.open_catalog()
    catalog.check_outside(roots)
    if parameters.profile:
        check_can_profile()
    plan = parameters.plan(roots)
    with (
        ended_with_worker(),
        progress_of_run() as progress,
        interrupts_held(progress),
        tmdb_access() as access,
        catalog.locked(),
        sampled(progress) if parameters.record else nullcontext(),
    ):
        if access is not None or parameters.lookup == "offline":
            Pins.load(catalog.path)  # read when titles are looked up, but a broken line is told now
        earlier = find_comparable(catalog, roots, parameters.model_dump())
        progress.expect(earlier[0] if earlier else None)
        record = RunRecord(
            run_id=(None if parameters.fresh else catalog.find_unfinished(plan)) or new_run_id(),
            roots=roots,
            parameters=parameters.model_dump(),
            progress=progress,
            flow_run_id=flow_run.get_id(),
        )
        with (
            catalog.new_snapshot(record.run_id, plan) as folder,
            _profiler(parameters, folder) as profiler,
        ):
            take_census(parameters, record, folder, profiler)
            resolve_titles(parameters, record, folder, access)
            run = complete(record, folder, profiler)
            record.progress.stop_if_asked()
            publish_snapshot(str(catalog.path), str(folder), run)
        record_run(run, earlier, str(catalog.path))
    record.progress.phase = "complete"
    return run


def take_census(
    parameters: CensusParameters, record: RunRecord, folder: Path, profiler: RunProfiler | None = None
) -> None:
    """Walk and parse: every part of the snapshot is on disk when this returns."""
    phases = record.progress.phases
    record.progress.phase = "starting workers"
    with ExitStack() as stack:
        with phases.measure("cluster"):
            runner = stack.enter_context(open_task_runner(parameters, folder))
        record.dask_dashboard = find_dashboard(runner)
        if profiler is not None:
            stack.enter_context(profiler.watching(runner))
            get_run_logger().info("Dask's dashboard, while the run lasts: %s", record.dask_dashboard)
            record.progress.dashboard = record.dask_dashboard
        walk = walk_library(
            record.roots,
            parameters.walk_rules(),
            parameters.batch_bounds(),
            str(folder),
            concurrency=parameters.walk_concurrency,
        )
        # Closed here, whatever ends the run: a walk that is still open when Python ends makes Prefect start
        # a thread that never does, and the process with it.
        drawn = stack.enter_context(closing(_in_own_context(walk)))
        batches = _announce(phases.iter("walk", drawn), record.progress)
        with phases.measure("parse"):
            BatchParser(runner, record, folder).parse(batches)


def complete(record: RunRecord, folder: Path, profiler: RunProfiler | None = None) -> dict[str, Any]:
    """Check the snapshot against what was counted, write its page, and return the run's record."""
    record.progress.phase = "publishing"
    with record.progress.phases.measure("publish"):
        check_complete(folder, record.progress.parsed)
        sync_parts(folder)
    if profiler is not None:
        record.profile = {"files": list(FILES)}  # for the page, which is sampled as well
    run = record.describe(folder)
    record.progress.phase = "writing the report"
    with record.progress.phases.measure("report"):
        # A page that cannot be made is a failed task run, and no reason to lose the snapshot.
        write_report(str(folder), run, return_state=True)
    if profiler is not None:
        record.profile = profiler.describe()
    return record.bring_up_to_date(run, folder)


@contextmanager
def _profiler(parameters: CensusParameters, folder: Path) -> Iterator[RunProfiler | None]:
    """Offer what profiles the run, where one is wanted."""
    if not parameters.profile:
        yield None
        return
    from flows.profiles import RunProfiler  # noqa: PLC0415 - for these runs alone

    with RunProfiler(folder) as profiler:
        yield profiler


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


def _in_own_context(values: Generator[_T, None, None]) -> Generator[_T, None, None]:
    """Draw from a generator task inside a context of its own, and close it there.

    Between two values a generator task is still running, and what it has set as the current task run
    would be seen by whatever the flow does meanwhile.
    """
    context = copy_context()
    try:
        while (value := context.run(next, values, None)) is not None:
            yield value
    finally:
        context.run(values.close)
