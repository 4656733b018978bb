"""Bounded batches of whole directories: names are read in the context of their siblings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mediacensus.model import Directory

_BATCHES_PER_SIZE = 50
"""How many batches are cut before their size doubles, since the total is unknown while walking."""


@dataclass(frozen=True, slots=True)
class BatchBounds:
    """How many files a batch holds.

    A task run costs 105-185 ms whatever it does, so a batch is worth it from about 2,000 files on, and
    a run should have 50-200 of them: the first 50 batches have ``min_files``, the next 50 twice as
    many, and so on up to ``max_files``. A million files make about 170 batches.
    """

    min_files: int = 2_000
    max_files: int = 20_000

    def files_in(self, batch_id: int) -> int:
        """Return the number of media and companion files at which a batch is closed."""
        return int(min(self.max_files, self.min_files * 2 ** min(batch_id // _BATCHES_PER_SIZE, 30)))


def iter_groups(directories: Iterable[Directory], bounds: BatchBounds) -> Iterator[list[Directory]]:
    """Yield lists of directories, one list a batch; no directory is split between two.

    A directory counts as one file at least, or empty ones would pile up in memory.
    """
    group: list[Directory] = []
    files = batch_id = 0
    for directory in directories:
        group.append(directory)
        files += len(directory.media) + len(directory.companions)
        if max(files, len(group)) >= bounds.files_in(batch_id):
            yield group
            group, files, batch_id = [], 0, batch_id + 1
    if group:
        yield group
