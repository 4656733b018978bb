"""A sliding window over batches: a bounded number under way, and every result let go once it is read.

Not ``.map()``: after a worker's death it runs finished batches again, because Dask recomputes the
results that futures still hold, and its memory grows with the number of batches.
"""

from __future__ import annotations

from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from prefect.futures import PrefectFuture
    from prefect_dask.task_runners import PrefectDaskFuture

    from mediacensus.model import Batch, BatchSummary
    from mediacensus.progress import Progress

_SECONDS_BETWEEN_LOOKS = 0.25


class Outcome(NamedTuple):
    """What became of a batch: a summary, or the error that ended it."""

    batch: Batch
    summary: BatchSummary | None
    error: Exception | None


class Window:
    """Submits batches, at most ``size`` under way at a time.

    Args:
        submit: sends a batch to the cluster.
        size: how many batches may be under way.
        progress: asked, while waiting, whether the run is to stop.
    """

    def __init__(
        self, submit: Callable[[Batch], PrefectDaskFuture[BatchSummary]], size: int, progress: Progress
    ) -> None:
        self._submit = submit
        self._size = size
        self._progress = progress
        self._finished: SimpleQueue[PrefectFuture[BatchSummary]] = SimpleQueue()

    def iter_outcomes(self, batches: Iterable[Batch]) -> Iterator[Outcome]:
        """Submit batches as they come, and yield outcomes as they finish.

        The next batch is taken only when there is room for it, which is what holds a fast walk back.
        """
        waiting = iter(batches)
        under_way: dict[PrefectFuture[BatchSummary], Batch] = {}
        while True:
            while len(under_way) < self._size and (batch := next(waiting, None)) is not None:
                future = self._submit(batch)
                under_way[future] = batch
                future.add_done_callback(self._note_finished)
            if not under_way:
                return
            done = self._wait()
            yield _read(under_way.pop(done), cast("PrefectDaskFuture[BatchSummary]", done))

    def _note_finished(self, future: PrefectFuture[BatchSummary]) -> None:
        self._finished.put(future)

    def _wait(self) -> PrefectFuture[BatchSummary]:
        while True:
            self._progress.stop_if_asked()
            try:
                return self._finished.get(timeout=_SECONDS_BETWEEN_LOOKS)
            except Empty:
                continue


def _read(batch: Batch, future: PrefectDaskFuture[BatchSummary]) -> Outcome:
    try:
        return Outcome(batch, future.result(), None)
    except Exception as error:  # noqa: BLE001 - whatever ended a batch must not end the others
        return Outcome(batch, None, error)
    finally:
        future.wrapped_future.release()  # type: ignore[no-untyped-call]
