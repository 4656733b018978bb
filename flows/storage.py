"""Where Prefect keeps what was found out about titles: files that are whole or not there.

Prefect's own file system writes in place, and a reader meanwhile gets half a record: 121 of 3,285 reads
were bad when that was measured.
"""

from __future__ import annotations

import os
import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Any

from prefect.filesystems import LocalFileSystem
from prefect.results import ResultStore
from prefect.serializers import JSONSerializer

from mediacensus.tmdb.cache import StoredAnswer
from mediacensus.tmdb.keys import digest_of

if TYPE_CHECKING:
    from pathlib import Path

UNFINISHED_SUFFIX = ".unfinished"
"""Ends the name of a record while it is written; what a killed process leaves keeps it."""


class AtomicFileSystem(LocalFileSystem):
    """A folder whose files are replaced in one step."""

    _block_type_name = "Atomic Local File System"
    _block_type_slug = "atomic-local-file-system"

    # Prefect calls both with _sync=True, which its own base class does not declare.
    def read_path(self, path: str, *, _sync: bool = True) -> bytes:  # type: ignore[override]
        """Return a file's content.

        Raises:
            OSError: it cannot be read.
        """
        return self._resolve_path(path).read_bytes()

    async def aread_path(self, path: str) -> bytes:
        """Return a file's content."""
        return self.read_path(path)

    def write_path(self, path: str, content: bytes, *, _sync: bool = True) -> str:  # type: ignore[override]
        """Write a file so that readers see the old content or the new, whole."""
        target = self._resolve_path(path)
        unfinished = target.with_name(f"{target.name[:16]}-{secrets.token_hex(8)}{UNFINISHED_SUFFIX}")
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            unfinished.write_bytes(content)
            os.replace(unfinished, target)
        finally:
            unfinished.unlink(missing_ok=True)
        return str(target)

    async def awrite_path(self, path: str, content: bytes) -> str:
        """Write a file as ``write_path`` does."""
        return self.write_path(path, content)


def saved_storage(folder: Path) -> AtomicFileSystem:
    """Return the storage of a cache folder, known to the Prefect server, since a task takes no other.

    One block a folder, by a name made of its path.
    """
    folder.mkdir(parents=True, exist_ok=True)
    storage = AtomicFileSystem(basepath=str(folder))
    storage.save(f"mediacensus-tmdb-{digest_of(str(folder))[:12]}", overwrite=True)
    return storage


class PrefectAnswerStore:
    """Keeps each answer as one of Prefect's result records, with an expiration of its own.

    Plain reads and writes: inside a task, Prefect's transactions would write nothing before the task
    ends, and nothing at all if it fails.
    """

    def __init__(self, storage: AtomicFileSystem) -> None:
        self._results = ResultStore(
            result_storage=storage,
            serializer=JSONSerializer(object_encoder=None, object_decoder=None),
            cache_result_in_memory=False,
        )

    def read(self, key: str) -> StoredAnswer | None:
        """Return what is kept, expired or not; None for what is not there or cannot be read."""
        try:
            record = self._results.read(key, holder="reader")
            told: dict[str, Any] = record.result
            return StoredAnswer(told["answer"], told["empty_times"], _moment(record.metadata.expiration))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, key: str, stored: StoredAnswer) -> None:
        """Keep an answer.

        Raises:
            OSError: it cannot be written.
        """
        told = {"answer": stored.answer, "empty_times": stored.empty_times}
        expires_at: Any = stored.expires_at  # turned into Prefect's own kind of moment
        self._results.write(told, key, expires_at, "writer")


def _moment(expiration: Any) -> datetime:
    if not isinstance(expiration, datetime):
        raise TypeError("the record never expires, so it is none of ours")
    return expiration
