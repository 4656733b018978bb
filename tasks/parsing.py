"""Parsing as a task: one run a batch, on a Dask worker."""

from pathlib import Path

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from mediacensus import entries
from mediacensus.model import Batch, BatchSummary


@task(
    name="parse-batch",
    task_run_name="parse-batch-{batch.batch_id}",
    cache_policy=NO_CACHE,
    persist_result=False,
)
def parse_batch(batch: Batch, folder: str, *, is_recorded: bool = True) -> BatchSummary:
    """Parse a batch of the manifest into entries.

    Args:
        batch: where its rows of the manifest are.
        folder: the snapshot being made, under the same path on every worker.
        is_recorded: whether time and memory are measured.
    """
    summary = entries.parse_batch(batch, Path(folder), is_recorded=is_recorded)
    get_run_logger().info(
        "Parsed %d files from %s on, %.0f files/s, %d failures",
        summary.files,
        batch.first_directory,
        summary.files_per_second,
        summary.failures,
    )
    return summary
