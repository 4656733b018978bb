"""The walk as a task: it lasts as long as somebody takes batches from it."""

from collections.abc import Generator
from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from mediacensus.failures import FailureLog
from mediacensus.manifest import WalkLog, iter_batches
from mediacensus.model import Batch
from mediacensus.partition import BatchBounds
from mediacensus.progress import current_progress
from mediacensus.walk import WalkRules, iter_library


@task(name="walk-library", cache_policy=NO_CACHE, persist_result=False)
def walk_library(
    roots: tuple[str, ...],
    rules: WalkRules,
    bounds: BatchBounds,
    folder: str,
    *,
    concurrency: int | None = None,
) -> Generator[Batch, None, None]:
    """Walk the roots, write the manifest, and yield each batch when its part is on disk.

    Args:
        roots: absolute paths.
        rules: what counts as media and what is left out.
        bounds: how large batches are.
        folder: the snapshot being made.
        concurrency: how many listings each device takes at once; None for what suits its storage.
    """
    snapshot = Path(folder)
    with FailureLog(snapshot / "failures" / "walk.parquet") as failures:
        log = WalkLog(failures, current_progress())
        found = iter_library(roots, rules, concurrency=concurrency)
        yield from iter_batches(found, snapshot, bounds, log)
