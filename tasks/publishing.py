"""Publishing as a task: from an unfinished snapshot to the current one."""

from pathlib import Path
from typing import Any

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from mediacensus.catalog import Catalog


@task(name="publish-snapshot", cache_policy=NO_CACHE, persist_result=False)
def publish_snapshot(catalog: str, folder: str, run: dict[str, Any]) -> str:
    """Make a complete snapshot the current one, and return where it is.

    Args:
        catalog: the catalog folder.
        folder: the snapshot, all its parts written.
        run: the run's record, to be kept as ``run.json``.
    """
    snapshot = Catalog(catalog).publish(Path(folder), run)
    get_run_logger().info("Published %d entries as %s", run["files"]["cataloged"], snapshot)
    return str(snapshot)
