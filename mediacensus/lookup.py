"""Looking queries up: what is kept first, by one thread, and then what is not, by several."""

from __future__ import annotations

import json
import threading
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from mediacensus.errors import TmdbError, TmdbNotAskedError
from mediacensus.match import MATCH_VERSION, Resolution, resolve
from mediacensus.tmdb.cache import AnswerCache, CachedSource
from mediacensus.tmdb.keys import digest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType

    from mediacensus.queries import Query

_SECONDS_BETWEEN_LOOKS: Final = 0.25
_UNANSWERED: Final = frozenset({"lookup failed", "not looked up"})


class Bucket:
    """Some queries that are resolved together. A plain class: Prefect looks into dataclasses, one by one.

    Args:
        number: which of the buckets.
        queries: what is asked, no two the same.
        scope: who is asked, and in which language.
    """

    def __init__(self, number: int, queries: Iterable[Query], scope: str) -> None:
        self.number = number
        self.queries = sorted(queries, key=lambda query: query.key)
        told = json.dumps([query.to_json() for query in self.queries], sort_keys=True)
        self.digest = digest_of(scope, str(MATCH_VERSION), told)
        """Of everything that the resolutions depend on, TMDB's own data excepted."""


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What became of a bucket."""

    resolutions: dict[str, dict[str, Any]]
    """As JSON, by the key of the query."""
    may_be_kept: bool
    """Whether every query has an answer, and none that may change any day."""


class Lookup:
    """Resolves the queries of one run; a context manager.

    Args:
        cache: answers, kept or asked for.
        threads: how many ask at once.
        check: called every so often while others ask; may raise, to end it all.
    """

    def __init__(self, cache: AnswerCache, threads: int, check: Callable[[], None]) -> None:
        self.counts: Counter[str] = Counter()
        """Where answers came from, and how many queries needed TMDB."""
        self.failures: Counter[str] = Counter()
        """Queries without an answer, by the reason."""
        self._cache = cache
        self._check = check
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="tmdb")

    def resolve(self, bucket: Bucket) -> LookedUp:
        """Resolve the queries of a bucket.

        A query that gets no answer costs itself: it is ``lookup failed``, or ``not looked up`` where TMDB was
        not to be asked.
        """
        resolutions: dict[str, Resolution] = {}
        waiting: list[Query] = []
        for query in bucket.queries:
            self._check()
            known = self._resolve(query, may_ask=False)
            if known.status == "not looked up" and self._cache.asked is not None:
                waiting.append(query)
            else:
                resolutions[query.key] = known
        resolutions.update(self._ask(waiting))
        for resolution in resolutions.values():
            if resolution.status == "lookup failed":
                self.failures[resolution.reasons[0] if resolution.reasons else "unknown"] += 1
        return LookedUp(
            {key: resolution.to_json() for key, resolution in resolutions.items()},
            may_be_kept=all(_is_lasting(query, resolutions[query.key]) for query in bucket.queries),
        )

    def begin(self, bucket: Bucket) -> None:
        """Ask for a bucket that is to be resolved soon, so that few threads idle while small ones are.

        Its answers are kept, and found when its turn comes.
        """
        for query in bucket.queries:
            self._pool.submit(self._resolve, query, may_ask=True)

    def _ask(self, queries: list[Query]) -> dict[str, Resolution]:
        """Resolve queries that need TMDB, several at once."""
        futures = {self._pool.submit(self._resolve, query, may_ask=True): query.key for query in queries}
        left: set[Future[Resolution]] = set(futures)
        while left:
            self._check()
            _, left = wait(left, timeout=_SECONDS_BETWEEN_LOOKS)
        return {key: future.result() for future, key in futures.items()}

    def _resolve(self, query: Query, *, may_ask: bool) -> Resolution:
        source = CachedSource(self._cache, may_ask=may_ask, keeps_empty=not _is_new(query))
        try:
            resolution = resolve(query, source)
        except TmdbNotAskedError as error:
            if self._cache.asked is not None:
                return Resolution(status="not looked up")  # to be asked: counted then
            resolution = Resolution(status="not looked up", reasons=(str(error),))
        except TmdbError as error:
            resolution = Resolution(status="lookup failed", reasons=(str(error),))
        except Exception as error:  # noqa: BLE001 - whatever an answer does to matching costs its query alone
            told = f"the answer could not be used: {type(error).__name__}: {error}"
            resolution = Resolution(status="lookup failed", reasons=(told,))
        with self._lock:
            self.counts.update(source.counts)
            self.counts["queries asked"] += source.counts["asked"] > 0
        return resolution

    def __enter__(self) -> Lookup:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)


def _is_lasting(query: Query, resolution: Resolution) -> bool:
    if resolution.status == "no match":
        return query.decision is not None or not _is_new(query)
    return resolution.status not in _UNANSWERED


def _is_new(query: Query) -> bool:
    """Tell whether a work is of this year or the last, so that TMDB may get it any day."""
    return query.year is not None and query.year >= datetime.now(UTC).year - 1
