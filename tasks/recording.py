"""A run's figures as Prefect artifacts. Keys are stable, so an artifact's page is its history."""

from typing import Any

from prefect import task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE

from mediacensus import artifacts, report


@task(name="record-run", cache_policy=NO_CACHE, persist_result=False)
def record_run(run: dict[str, Any], earlier: list[dict[str, Any]], catalog: str) -> None:
    """Write a run's figures as artifacts, each for another question, and where its page is.

    Args:
        run: the run's record, as in ``run.json``.
        earlier: those of the last runs it can be held against, the newest first.
        catalog: the catalog folder.
    """
    create_table_artifact(
        artifacts.summary_rows(run, earlier),
        key="census-summary",
        description=artifacts.summary_text(earlier),
    )
    create_table_artifact(report.batch_rows(run), key="census-batches", description=report.BATCHES_TEXT)
    create_table_artifact(report.title_rows(run), key="census-titles", description=report.TITLES_TEXT)
    create_table_artifact(report.failure_rows(run), key="census-failures", description=report.FAILURES_TEXT)
    create_markdown_artifact(
        artifacts.memory_text(run), key="census-memory", description=artifacts.MEMORY_TEXT
    )
    if run["profile"]:
        create_table_artifact(run["profile"]["hot"], key="census-profile", description=report.PROFILE_TEXT)
    create_markdown_artifact(
        artifacts.page_text(run, catalog), key="census-report", description=artifacts.PAGE_TEXT
    )
