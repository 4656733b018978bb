"""Looking titles up: entries are spread over buckets, each is resolved by a task, and the answers filled in.

Cache policy: whole buckets for a day, each answer inside them for its own time; both in ``CATALOG/tmdb``.
All traffic to TMDB leaves from this process, under one budget, so the tasks are called and not submitted.
"""

from __future__ import annotations

import gc
import random
import shutil
from collections import deque
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from prefect import get_run_logger

from flows.storage import PrefectAnswerStore, saved_storage
from mediacensus.catalog import TMDB_FOLDER
from mediacensus.failures import FailureLog
from mediacensus.lookup import Bucket, Lookup
from mediacensus.match import Resolution, iter_candidate_rows, match_row
from mediacensus.model import Failure, FailureKind
from mediacensus.parts import PartWriter
from mediacensus.pins import Pins
from mediacensus.schema import TABLES
from mediacensus.spread import Spread
from mediacensus.titles import TitlesRecord, not_looked_up
from mediacensus.tmdb.access import TOKEN_VARIABLE, chosen_address
from mediacensus.tmdb.cache import AnswerCache
from mediacensus.tmdb.client import TmdbClient, open_client
from tasks.resolving import resolve_bucket

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from flows.storage import AtomicFileSystem
    from mediacensus.queries import Query
    from mediacensus.run import RunRecord
    from mediacensus.settings import CensusParameters
    from mediacensus.tmdb.access import TmdbAccess

_BUCKET_LIFETIME = timedelta(days=1)
"""Comes on top of the lifetimes of the answers inside, so it is short."""
_BUCKET_SPREAD = 0.25
_QUERIES_AHEAD = 40
"""Begun before their turn, so that ten threads have work even where a bucket holds one title."""


def resolve_titles(
    parameters: CensusParameters, record: RunRecord, folder: Path, access: TmdbAccess | None
) -> None:
    """Look up what the entries of a snapshot ask, and fill them with what was answered.

    Args:
        parameters: of the run.
        record: gathers its figures.
        folder: the snapshot being made, its entries complete.
        access: to TMDB; without it nothing is looked up, unless only the cache is to answer.
    """
    with record.progress.phases.measure("resolve"), ExitStack() as stack:
        tables = {
            name: stack.enter_context(
                PartWriter(folder / TABLES[name].folder / "part-00000.parquet", TABLES[name].columns)
            )
            for name in ("matches", "candidates")
        }
        if access is None and parameters.lookup != "offline":
            record.tmdb = not_looked_up(f"{TOKEN_VARIABLE} is not set")
            return
        record.progress.phase = "sorting titles"
        cache_folder = parameters.open_catalog().path / TMDB_FOLDER
        resolver = _Resolver(parameters, record, saved_storage(cache_folder), tables)
        scratch = folder / "scratch"
        shutil.rmtree(scratch, ignore_errors=True)  # an attempt that was killed may have left its own
        resolver.run(Spread(folder, scratch), Pins.load(parameters.open_catalog().path), access)
        shutil.rmtree(scratch, ignore_errors=True)
        address = chosen_address() if access is None else access.base_url
    _record_failures(record, folder, address)


class _Resolver:
    """One run's way from spread entries to filled ones."""

    def __init__(
        self,
        parameters: CensusParameters,
        record: RunRecord,
        storage: AtomicFileSystem,
        tables: Mapping[str, PartWriter],
    ) -> None:
        self._parameters = parameters
        self._progress = record.progress
        self._record = record
        self._storage = storage
        self._tables = tables
        self._titles = TitlesRecord()
        self._is_cold = False
        """Whether the last bucket had to be resolved, so that the next ones probably have to be."""

    def run(self, spread: Spread, pins: Pins, access: TmdbAccess | None) -> None:
        """Look everything up, bucket by bucket."""
        parameters = self._parameters
        address = chosen_address() if access is None else access.base_url
        scope = f"{address} {parameters.tmdb_language}"
        steps = self._titles.steps
        with steps.measure("sort"):
            self._titles.entries = spread.write(pins)
        self._progress.phase = "looking titles up"
        with ExitStack() as stack:
            client = None
            if access is not None and parameters.lookup != "offline":
                client = stack.enter_context(_client(access, parameters))
            cache = AnswerCache(
                PrefectAnswerStore(self._storage), client, scope, is_refresh=parameters.lookup == "refresh"
            )
            lookup = stack.enter_context(
                Lookup(cache, parameters.tmdb_connections, self._progress.stop_if_asked)
            )
            if client is not None:
                stack.callback(client.stop, "the run is over")  # first of all: whoever waits gives up
            with steps.measure("look up"), _imports_frozen():
                for bucket, queries in self._iter_buckets(spread, scope, lookup):
                    self._resolve(bucket, queries, spread, lookup)
            self._progress.phase = "filling entries"
            with steps.measure("fill"):
                spread.fill_entries()
            self._record.tmdb = self._titles.describe(lookup, client)

    def _iter_buckets(
        self, spread: Spread, scope: str, lookup: Lookup
    ) -> Iterator[tuple[Bucket, dict[str, Query]]]:
        """Yield what is asked, by bucket; while nothing is known yet, small ones are begun together."""
        following: deque[tuple[Bucket, dict[str, Query]]] = deque()
        for number in spread.buckets():
            self._progress.stop_if_asked()
            queries = spread.queries_of(number)
            if not queries:
                continue
            bucket = Bucket(number, {query.key: query for query in queries.values()}.values(), scope)
            if self._is_cold and len(bucket.queries) < _QUERIES_AHEAD:
                lookup.begin(bucket)
            following.append((bucket, queries))
            enough = _QUERIES_AHEAD if self._titles.buckets else 1  # the first tells whether more is known
            while sum(len(bucket.queries) for bucket, _ in following) >= enough:
                yield following.popleft()
                enough = _QUERIES_AHEAD
        yield from following

    def _resolve(self, bucket: Bucket, queries: Mapping[str, Query], spread: Spread, lookup: Lookup) -> None:
        told = self._call_task(bucket, lookup)
        resolutions = {key: Resolution.from_json(each) for key, each in told.items()}
        self._write(queries, resolutions)
        spread.answer(bucket.number, {key: resolutions[query.key] for key, query in queries.items()})
        self._titles.queries += len(resolutions)
        self._titles.statuses.update(each.status for each in resolutions.values())
        self._progress.queries += len(resolutions)

    def _call_task(self, bucket: Bucket, lookup: Lookup) -> dict[str, Any]:
        """Return the resolutions of a bucket, as Prefect has kept them or as its task makes them."""
        jitter = 1 + _BUCKET_SPREAD * random.uniform(-1, 1)  # noqa: S311 - spreads, hides nothing
        task = resolve_bucket.with_options(
            result_storage=self._storage,
            cache_expiration=_BUCKET_LIFETIME * jitter,
            refresh_cache=self._parameters.lookup == "refresh",
        )
        state = task(bucket, lookup, return_state=True)
        self._titles.buckets += 1
        self._is_cold = state.name != "Cached"
        if not self._is_cold:
            self._titles.cached_buckets += 1
            self._titles.bucket_queries += len(bucket.queries)
        told: dict[str, Any] = state.result()
        return told

    def _write(self, queries: Mapping[str, Query], resolutions: Mapping[str, Resolution]) -> None:
        for key, query in queries.items():
            resolution = resolutions[query.key]
            self._tables["matches"].write(match_row(key, query, resolution))
            for row in iter_candidate_rows(key, resolution):
                self._tables["candidates"].write(row)


@contextmanager
def _imports_frozen() -> Iterator[None]:
    """Keep the garbage collector away from what is there already, which is all that Prefect imports.

    It would go through that again and again while kept records are read: half of the time that takes.
    """
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _client(access: TmdbAccess, parameters: CensusParameters) -> TmdbClient:
    return open_client(
        access,
        language=parameters.tmdb_language,
        connections=parameters.tmdb_connections,
        requests_per_second=parameters.tmdb_requests_per_second,
    )


def _record_failures(record: RunRecord, folder: Path, address: str) -> None:
    """Write a failure for each reason for which titles got no answer: one a reason, not one a title."""
    told = record.tmdb or {}
    reasons = told.get("failures", {})
    if not reasons:
        return
    with FailureLog(folder / "failures" / "resolve.parquet") as failures:
        for reason, count in reasons.items():
            message = f"{count} titles got no answer: {reason.rstrip('.')}. The next run asks again."
            failures.record(Failure(FailureKind.LOOKUP_FAILED, address, message, phase="resolve"))
    record.progress.failures += failures.failures
    if told.get("stopped_by"):
        get_run_logger().error("%s", told["stopped_by"])
