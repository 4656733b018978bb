"""Listing folders ahead of a walk, several at a time, for storage that takes its time to answer.

The walk asks for folders one by one, depth first, and decides everything itself; what it will most likely
ask for next is listed meanwhile. So its order, its notices and its results are those of a walk that waits.
"""

from __future__ import annotations

import heapq
import os
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

from mediacensus.listing import list_entries

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from types import TracebackType

    from mediacensus.model import Failure

ListEntries: TypeAlias = "Callable[[str, list[Failure]], list[os.DirEntry[str]]]"
"""Lists one folder, as `listing.list_entries` does."""

_LISTED_PER_THREAD = 8
"""How many listings a thread may be ahead: it bounds the memory, and bridges what a walk does in between."""


class Listed(NamedTuple):
    """What a listing found, and what went wrong."""

    entries: list[os.DirEntry[str]]
    failures: list[Failure]


class Lister(Protocol):
    """Lists folders for a walk."""

    def list_folder(self, path: str) -> Listed:
        """Return what is in a folder."""

    def settle(self, path: str, folders: Collection[str], *, is_plain: bool) -> None:
        """Learn which of a folder's own folders the walk is going to ask for.

        Args:
            path: a folder that the walk has dealt with.
            folders: those in it that it will descend into.
            is_plain: whether no ignore rule is in force there, so that what is below can be foreseen.
        """


class DirectLister:
    """Lists a folder when it is asked for: a local disk answers before a thread could be told."""

    def __init__(self, list_entries: ListEntries = list_entries) -> None:
        self._list_entries = list_entries

    def list_folder(self, path: str) -> Listed:
        """Return what is in a folder."""
        failures: list[Failure] = []
        return Listed(self._list_entries(path, failures), failures)

    def settle(self, path: str, folders: Collection[str], *, is_plain: bool) -> None:
        """Nothing was listed that could be useless."""


class LookAhead:
    """Lists folders in threads, those first that a walk comes to first; a context manager.

    Args:
        concurrency: how many listings may be under way at once.
        prepare: given a folder's entries in a thread, fetches what the walk will ask of them, and returns
            the folders among them that it will most likely ask for.
        list_entries: lists one folder.
    """

    def __init__(
        self,
        concurrency: int,
        prepare: Callable[[list[os.DirEntry[str]]], Iterable[str]],
        list_entries: ListEntries = list_entries,
    ) -> None:
        self._concurrency = concurrency
        self._prepare = prepare
        self._direct = DirectLister(list_entries)
        self._threads = ThreadPoolExecutor(concurrency, "listing")
        self._lock = Lock()
        self._under_way = 0
        self._ordered: list[tuple[list[str], str]] = []
        """A heap of folders by their place in the walk; some may be wanted no more."""
        self._wanted: dict[str, bool] = {}
        """Those nobody has begun to list, and whether no ignore rule is in force there."""
        self._begun: dict[str, Future[Listed]] = {}
        """Listings that the walk has not asked for yet."""
        self._children: dict[str, list[str]] = {}
        """By folder, those below it that are wanted or begun, until the walk has said which it needs."""
        self._needless: set[str] = set()
        """Listings under way that turned out not to be needed."""

    def list_folder(self, path: str) -> Listed:
        """Return what is in a folder; what is likely to be asked for next is begun with."""
        with self._lock:
            is_plain = self._wanted.pop(path, False)
            future = self._begun.pop(path, None)
        listed = self._list(path, is_plain=is_plain) if future is None else future.result()
        with self._lock:
            self._begin_more()
        return listed

    def settle(self, path: str, folders: Collection[str], *, is_plain: bool) -> None:
        """Forget what was listed below a folder and will not be asked for, and want what will be."""
        with self._lock:
            self._forget(path, set(folders))
            self._want([each for each in folders if each not in self._begun], is_plain=is_plain)
            self._begin_more()

    def _forget(self, path: str, needed: set[str]) -> None:
        for child in self._children.pop(path, ()):
            if child in needed:
                continue
            self._wanted.pop(child, None)
            future = self._begun.pop(child, None)
            if future is not None and future.cancel():
                self._under_way -= 1
            elif future is not None and child not in self._children:
                self._needless.add(child)
            self._forget(child, set())

    def _want(self, folders: Iterable[str], *, is_plain: bool) -> None:
        for folder in folders:
            if folder not in self._wanted:
                heapq.heappush(self._ordered, (folder.split(os.sep), folder))
            self._wanted[folder] = is_plain

    def _list(self, path: str, *, is_plain: bool) -> Listed:
        listed = self._direct.list_folder(path)
        likely = list(self._prepare(listed.entries))
        with self._lock:
            if path in self._needless:
                self._needless.discard(path)
            elif is_plain:
                self._children[path] = likely
                self._want(likely, is_plain=True)
        return listed

    def _begin_more(self) -> None:
        """Begin listings while there are threads and room for them; the lock is held."""
        room = self._concurrency * _LISTED_PER_THREAD
        while self._ordered and self._under_way < self._concurrency and len(self._begun) < room:
            _, path = heapq.heappop(self._ordered)
            is_plain = self._wanted.pop(path, None)
            if is_plain is not None:
                with suppress(RuntimeError):  # the walk is over, and so are the threads
                    self._begun[path] = self._threads.submit(self._list_in_thread, path, is_plain=is_plain)
                    self._under_way += 1

    def _list_in_thread(self, path: str, *, is_plain: bool) -> Listed:
        try:
            return self._list(path, is_plain=is_plain)
        finally:
            with self._lock:
                self._under_way -= 1
                self._begin_more()

    def __enter__(self) -> LookAhead:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(cancel_futures=True)
