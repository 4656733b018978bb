"""The page about a snapshot as a task."""

from pathlib import Path
from typing import Any

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from mediacensus.catalog import REPORT_FILE
from mediacensus.page import write_page


@task(name="write-report", cache_policy=NO_CACHE, persist_result=False)
def write_report(folder: str, run: dict[str, Any]) -> str:
    """Write ``report.html`` into a snapshot that is complete and not yet published; return its path.

    Args:
        folder: the snapshot being made.
        run: the run's record.
    """
    page = Path(folder) / REPORT_FILE
    write_page(Path(folder), run, page)
    get_run_logger().info("Wrote %s, %d bytes", page, page.stat().st_size)
    return str(page)
