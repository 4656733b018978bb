"""Bounded batches of whole directories: names are read in the context of their siblings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mediacensus.model import Companion, Directory, MediaFile

PIECE_FILES = 4_096
"""Media files of one directory that are read together. Far more siblings than settle anything; a directory
with more is taken in pieces, so that no worker holds all of its names at once."""

_SHARE_OF_SEEN = 16
"""A batch may hold a sixteenth of what has been seen before it."""
_MIN_BYTES_PER_FILE = 1024
"""Path and name of a file, where nothing is unusual, are a fifth of it."""


@dataclass(slots=True)
class Extent:
    """How much of a library: files, and the bytes of their paths."""

    files: int = 0
    bytes: int = 0

    @classmethod
    def of(cls, directory: Directory) -> Extent:
        """Return how much a directory is; one without files counts as one, since it is a row as well."""
        listed: list[MediaFile | Companion] = [*directory.media, *directory.companions]
        files = max(len(listed), 1)
        return cls(files, sum([len(each.name) for each in listed]) + len(directory.path) * files)

    def add(self, other: Extent) -> None:
        """Make this one larger by another."""
        self.files += other.files
        self.bytes += other.bytes


@dataclass(frozen=True, slots=True)
class BatchBounds:
    """How much a batch holds.

    A task run costs 0.2 s of CPU whatever it does, as much as parsing 5,000 files, so a run should have few;
    yet the total is unknown while walking. The first batches have ``min_files``, and each later one a
    sixteenth of what was seen before it: 100,000 files make seven batches, a million 40, a hundred million
    110. Bytes are bounded in the same way, against trees of very long paths.
    """

    min_files: int = 16_000
    max_files: int | None = None
    """None for no bound of its own: a batch is read and written as a stream, so it needs none."""

    def is_full(self, batch: Extent, seen: Extent) -> bool:
        """Tell whether a batch is to be closed.

        Args:
            batch: what is in it.
            seen: what the walk has seen so far, the batch included.
        """
        files = max(self.min_files, seen.files // _SHARE_OF_SEEN)
        size_bytes = max(self.min_files * _MIN_BYTES_PER_FILE, seen.bytes // _SHARE_OF_SEEN)
        return batch.files >= min(files, self.max_files or files) or batch.bytes >= size_bytes


def iter_pieces(directories: Iterable[Directory]) -> Iterator[Directory]:
    """Yield directories, those with very many files in pieces, companions with their owners."""
    for directory in directories:
        if len(directory.media) <= PIECE_FILES:
            yield directory
        else:
            yield from _iter_split(directory)


def _iter_split(directory: Directory) -> Iterator[Directory]:
    owned = directory.companions_by_owner()
    for first in range(0, len(directory.media), PIECE_FILES):
        media = directory.media[first : first + PIECE_FILES]
        names = [*([] if first else [None]), *(file.name for file in media)]
        companions = tuple(each for name in names for each in owned.get(name, ()))
        piece = replace(directory, media=media, companions=companions)
        yield replace(piece, other_files=0, pruned=0) if first else piece
