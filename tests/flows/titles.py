"""Looking titles up as a flow of its own in the test's process: what a scan does before it publishes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from prefect import flow
from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from flows.resolve import resolve_titles
from mediacensus import schema
from mediacensus.catalog import new_run_id
from mediacensus.entries import parse_batch
from mediacensus.failures import FailureLog
from mediacensus.manifest import WalkLog, iter_batches
from mediacensus.parts import iter_rows
from mediacensus.progress import Progress
from mediacensus.run import RunRecord
from mediacensus.spread import entry_parts
from mediacensus.walk import iter_library

if TYPE_CHECKING:
    from mediacensus.settings import CensusParameters
    from mediacensus.tmdb.access import TmdbAccess


@dataclass(frozen=True)
class LookedUp:
    """What a look-up left."""

    tmdb: dict[str, Any]
    """As in ``run.json``."""
    entries: list[dict[str, Any]]
    failures: list[str]
    """Their messages."""

    @property
    def statuses(self) -> dict[str, str]:
        """The status of every title."""
        return {row["title"]: row["match_status"] for row in self.entries}


def look_up(api: str, parameters: CensusParameters, access: TmdbAccess | None) -> LookedUp:
    """Walk, parse and look up the titles of a library, on a Prefect server.

    Args:
        api: the server's address.
        parameters: of a census.
        access: to TMDB.
    """
    folder = parameters.open_catalog().path / "unfinished" / new_run_id()
    record = RunRecord(new_run_id(), tuple(parameters.roots), {}, Progress())

    # No parameters: the access is none, in a census either.
    @flow(name="look-titles-up", persist_result=False)
    def look_titles_up() -> None:
        with FailureLog(folder / "failures" / "walk.parquet") as failures:
            tree = iter_library(record.roots, parameters.walk_rules())
            log = WalkLog(failures, record.progress)
            for batch in iter_batches(tree, folder, parameters.batch_bounds(), log):
                record.count(parse_batch(batch, folder))
        resolve_titles(parameters, record, folder, access)

    with temporary_settings({PREFECT_API_URL: api, PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        look_titles_up()
    names = schema.ENTRIES.names
    rows = [dict(zip(names, row, strict=True)) for part in entry_parts(folder) for row in iter_rows(part)]
    told = [row[5] for part in (folder / "failures").glob("*.parquet") for row in iter_rows(part)]
    assert record.tmdb is not None
    return LookedUp(record.tmdb, rows, told)
