"""Batches of a run: parsed in a window, those that are lost taken apart down to the names at fault."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

from prefect import get_run_logger

from flows.cluster import count_threads
from flows.window import Outcome, Window
from mediacensus.failures import FailureLog
from mediacensus.manifest import iter_manifest
from mediacensus.model import Batch, Failure, FailureKind
from mediacensus.progress import slowest_directory, time_left
from mediacensus.resume import find_summary
from tasks.parsing import parse_batch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from prefect_dask.task_runners import DaskTaskRunner, PrefectDaskFuture

    from mediacensus.model import BatchSummary
    from mediacensus.run import RunRecord

_LOSSES_PER_BATCH = 64
"""How often the pieces of one batch may be lost before the rest of it is given up: one name at fault costs
16 in a batch of 60,000, and where everything is lost no name is at fault."""
_DISK_IS_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class BatchParser:
    """Has a run's batches parsed, and counts what they come to."""

    def __init__(self, runner: DaskTaskRunner, record: RunRecord, folder: Path) -> None:
        self._runner = runner
        self._record = record
        self._folder = folder

    def parse(self, batches: Iterable[Batch]) -> None:
        """Parse batches, twice as many under way as the cluster can run at once.

        What is lost with a worker is parsed again when the others are done, each batch alone, since one
        that kills its worker takes others with it.

        Raises:
            OSError: the catalog's disk is full.
        """
        size = 2 * count_threads(self._runner)
        lost = list(self._iter_lost(self._iter_unfinished(batches), size))
        with FailureLog(self._folder / "failures" / "lost.parquet") as failures:
            for batch, _, error in lost:
                get_run_logger().warning("Batch %d was lost: %r", batch.batch_id, error)
                for still_lost in self._iter_given_up(batch):
                    _record_lost(still_lost, failures)
        self._record.progress.failures += failures.failures

    def _iter_unfinished(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """Yield the batches that no earlier attempt at this run has finished, and count the others."""
        for batch in batches:
            summary = find_summary(self._folder, batch)
            if summary is None:
                yield batch
            else:
                self._record.take_over(summary)

    def _iter_lost(self, batches: Iterable[Batch], size: int) -> Iterator[Outcome]:
        """Parse batches, so many at a time, and yield those that are lost."""
        window = Window(self._submit, size, self._record.progress)
        for outcome in window.iter_outcomes(batches):
            if outcome.summary is not None:
                self._count(outcome.summary)
            elif isinstance(outcome.error, OSError) and outcome.error.errno in _DISK_IS_FULL:
                raise outcome.error
            else:
                yield outcome

    def _iter_given_up(self, batch: Batch) -> Iterator[Outcome]:
        """Parse a lost batch alone, by halves where it is lost again, and yield what cannot be parsed."""
        pieces, losses = [batch], 0
        while pieces:
            for outcome in self._iter_lost([pieces.pop()], 1):
                losses += 1
                if outcome.batch.media_files > 1 and losses < _LOSSES_PER_BATCH:
                    pieces += reversed(outcome.batch.halves())
                else:
                    yield outcome

    def _submit(self, batch: Batch) -> PrefectDaskFuture[BatchSummary]:
        values = {
            "batch": batch,
            "folder": str(self._folder),
            "is_recorded": self._record.parameters["record"],
        }
        return self._runner.submit(parse_batch, values)

    def _count(self, summary: BatchSummary) -> None:
        self._record.count(summary)
        progress = self._record.progress
        get_run_logger().info(
            "Parsed %d of %s files, %.0f/s, %d failures%s",
            progress.parsed,
            progress.media_files if progress.is_walk_over else "?",
            progress.files_per_second,
            progress.failures,
            "".join(f", {each}" for each in (*slowest_directory(progress), *time_left(progress))),
        )


def _record_lost(lost: Outcome, failures: FailureLog) -> None:
    """Write a failure for each media file of what could not be parsed."""
    for directory in iter_manifest(lost.batch):
        for file in directory.media:
            path = os.path.join(directory.path, file.name)
            message = f"parsing it failed each time, last with {lost.error!r}; it is not in the catalog"
            failures.record(Failure(FailureKind.LOST_BATCH, path, message, phase="parse"))
