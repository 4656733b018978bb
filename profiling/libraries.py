"""A library as the measurements take it: walked into a manifest, and counted."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mediacensus.failures import FailureLog
from mediacensus.manifest import WalkLog, iter_batches
from mediacensus.partition import BatchBounds
from mediacensus.progress import Progress
from mediacensus.walk import iter_library

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from mediacensus.model import Batch


def iter_written_batches(
    folder: Path, snapshot: Path, progress: Progress | None = None
) -> Generator[Batch, None, None]:
    """Walk a folder as a census does by default, and yield each batch when its part of the manifest is there.

    Args:
        folder: the library.
        snapshot: where the manifest is written.
        progress: counts what is found, where somebody wants to know.
    """
    with FailureLog(snapshot / "failures" / "walk.parquet") as failures:
        log = WalkLog(failures, progress or Progress())
        yield from iter_batches(iter_library((str(folder),)), snapshot, BatchBounds(), log)


def count_files(folder: Path) -> int:
    """Return how many files lie below a folder, of whatever kind."""
    return sum(len(files) for _, _, files in os.walk(folder))
