"""Answers that are kept: asked once, read from a store for as long as they are good, never an error.

Layers, the nearest first: a bounded memory of this process; the store, which outlives it; TMDB.
"""

from __future__ import annotations

import json
import random
import threading
from collections import Counter, OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Protocol

from mediacensus.errors import TmdbNotAskedError
from mediacensus.tmdb.keys import answer_key
from mediacensus.tmdb.lifetimes import is_empty, lifetime_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mediacensus.tmdb.source import Answer, SearchKind, TmdbSource, WorkKind

_MEMORY_BYTES: Final = 8 * 1024 * 1024
"""Of answers as JSON; some four times that as objects. What recurs, recurs within a bucket."""
_NOT_KEPT: Final = frozenset(
    "overview tagline homepage backdrop_path poster_path profile_path still_path logo_path crew guest_stars "
    "created_by networks production_companies production_countries spoken_languages genres genre_ids".split()
)
"""What no match looks at: nine tenths of an answer's bytes."""


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer as it is kept."""

    answer: Answer | None
    """None where TMDB has no such id."""
    empty_times: int
    """How often in a row it was empty; 0 for one that is not."""
    expires_at: datetime


class AnswerStore(Protocol):
    """Keeps answers; may be used from several threads at once."""

    def read(self, key: str) -> StoredAnswer | None:
        """Return what is kept, expired or not; None for what is not there or cannot be read."""

    def write(self, key: str, stored: StoredAnswer) -> None:
        """Keep an answer.

        Raises:
            OSError: it cannot be written.
        """


class AnswerCache:
    """Answers questions from memory, from a store, or by asking. For several threads.

    Args:
        store: keeps answers.
        asked: who is asked for what is not kept; None to ask nobody.
        scope: who that is and in which language it answers: other scopes keep other answers.
        is_refresh: whether kept answers count for nothing, those of this run excepted.
        now: the time of day.
    """

    def __init__(
        self,
        store: AnswerStore,
        asked: TmdbSource | None,
        scope: str,
        *,
        is_refresh: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.asked = asked
        self._store = store
        self._scope = scope
        self._refreshes = is_refresh
        self._now = now
        self._memory = _Memory(_MEMORY_BYTES)
        self._singly = _Singly()

    def key_of(self, endpoint: str, *asked: str) -> str:
        """Return what the answer to a question is kept under."""
        return answer_key(self._scope, endpoint, *asked)

    def answer(
        self, key: str, ask: Callable[[TmdbSource], Answer | None], view: CachedSource
    ) -> Answer | None:
        """Return the answer to a question.

        Raises:
            TmdbNotAskedError: it is not kept, and nobody may be asked.
            TmdbError: it could not be had.
        """
        with self._singly.one_at_a_time(key):
            known, earlier = self._known(key, view.counts)
            if known is not None:
                return known.answer
            if self.asked is None or not view.may_ask:
                raise TmdbNotAskedError("It is not in the cache, and TMDB is not to be asked.")
            answer: Answer | None = _slim(ask(self.asked))
            view.counts["asked"] += 1
            self._keep(key, answer, earlier, view)
            return answer

    def _known(self, key: str, counts: Counter[str]) -> tuple[StoredAnswer | None, StoredAnswer | None]:
        """Return the answer that is kept and good, and one that was."""
        if (remembered := self._memory.get(key)) is not None:
            counts["memory"] += 1
            return remembered, None
        stored = self._store.read(key)
        if stored is None or self._refreshes:
            return None, stored
        if stored.expires_at <= self._now():
            counts["expired"] += 1
            return None, stored
        counts["store"] += 1
        counts["negative"] += stored.empty_times > 0
        self._memory.put(key, stored)
        return stored, None

    def _keep(
        self, key: str, answer: Answer | None, earlier: StoredAnswer | None, view: CachedSource
    ) -> None:
        empty_times = 0
        if is_empty(answer):
            empty_times = 1 + (earlier.empty_times if earlier is not None else 0)
        lifetime = lifetime_of(answer, empty_times, random.random())  # noqa: S311 - spreads, hides nothing
        stored = StoredAnswer(answer, empty_times, self._now() + lifetime)
        self._memory.put(key, stored)
        if empty_times and not view.keeps_empty:
            return
        try:
            self._store.write(key, stored)
        except OSError:
            view.counts["not kept"] += 1  # a full disk costs calls, not matches


class CachedSource:
    """A ``TmdbSource`` for one query, on the cache that all share. For one thread.

    Args:
        cache: where answers come from.
        may_ask: whether TMDB may be asked for what is not kept.
        keeps_empty: whether an empty answer is kept; not for a title so new that it may be entered any day.
    """

    def __init__(self, cache: AnswerCache, *, may_ask: bool, keeps_empty: bool) -> None:
        self.may_ask = may_ask
        self.keeps_empty = keeps_empty
        self.counts: Counter[str] = Counter()
        """Where its answers came from."""
        self._cache = cache

    def search(self, kind: SearchKind, title: str, *, year: int | None = None, page: int = 1) -> Answer:
        """Return one page of ``/search/{kind}``."""
        key = self._cache.key_of(f"search/{kind}", title, str(year), str(page))
        answer = self._cache.answer(key, lambda asked: asked.search(kind, title, year=year, page=page), self)
        return answer or {}

    def details(self, kind: WorkKind, tmdb_id: int, append: tuple[str, ...] = ()) -> Answer | None:
        """Return ``/{kind}/{tmdb_id}``, or None where TMDB has no such id."""
        key = self._cache.key_of(kind, str(tmdb_id), *append)
        return self._cache.answer(key, lambda asked: asked.details(kind, tmdb_id, append), self)

    def find(self, source: str, external_id: str) -> Answer:
        """Return ``/find/{external_id}``."""
        key = self._cache.key_of("find", source, external_id)
        return self._cache.answer(key, lambda asked: asked.find(source, external_id), self) or {}


def _slim(value: Any) -> Any:
    """Return an answer without what no match looks at."""
    if isinstance(value, dict):
        return {name: _slim(each) for name, each in value.items() if name not in _NOT_KEPT}
    return [_slim(each) for each in value] if isinstance(value, list) else value


class _Memory:
    """The answers used last, up to a number of bytes. For several threads."""

    def __init__(self, most_bytes: int) -> None:
        self._lock = threading.Lock()
        self._left_bytes = most_bytes
        self._kept: OrderedDict[str, tuple[StoredAnswer, int]] = OrderedDict()

    def get(self, key: str) -> StoredAnswer | None:
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def put(self, key: str, stored: StoredAnswer) -> None:
        size = len(json.dumps(stored.answer))
        with self._lock:
            if key in self._kept:
                self._left_bytes += self._kept.pop(key)[1]
            self._kept[key] = (stored, size)
            self._left_bytes -= size
            while self._left_bytes < 0 and self._kept:
                self._left_bytes += self._kept.popitem(last=False)[1][1]


class _Singly:
    """Lets one thread at a time ask one question, so that the others find its answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[str, tuple[threading.Lock, int]] = {}

    @contextmanager
    def one_at_a_time(self, key: str) -> Iterator[None]:
        """Wait until nobody else is in the block with the same key."""
        with self._lock:
            turn, others = self._under_way.get(key, (threading.Lock(), 0))
            self._under_way[key] = (turn, others + 1)
        try:
            with turn:
                yield
        finally:
            with self._lock:
                turn, others = self._under_way.pop(key)
                if others > 1:
                    self._under_way[key] = (turn, others - 1)
