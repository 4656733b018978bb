"""A run's figures as Prefect artifacts. Keys are stable, so an artifact's page is its history."""

from typing import Any

from prefect import task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE

from mediacensus import report


@task(name="record-run", cache_policy=NO_CACHE, persist_result=False)
def record_run(run: dict[str, Any]) -> None:
    """Write the run's summary, its batches, its look-ups and its problems as artifacts.

    Args:
        run: the run's record, as in ``run.json``.
    """
    create_table_artifact(report.summary_rows(run), key="census-summary", description=report.SUMMARY_TEXT)
    create_table_artifact(report.batch_rows(run), key="census-batches", description=report.BATCHES_TEXT)
    create_table_artifact(report.title_rows(run), key="census-titles", description=report.TITLES_TEXT)
    create_table_artifact(report.failure_rows(run), key="census-failures", description=report.FAILURES_TEXT)
