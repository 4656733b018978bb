"""Ctrl-C and SIGTERM, held until the run can stop without leaving anything behind."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mediacensus.progress import Progress

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def interrupts_held(progress: Progress) -> Iterator[None]:
    """Turn a first interrupt inside the block into a wish that the run looks for between two steps.

    Raised on the spot it would come up inside Prefect, pydantic or Dask, which turn it into errors of
    their own or lose it. A second one is raised on the spot all the same.

    Inside a flow the block has to be entered once more: Prefect's engine takes SIGTERM for itself when a
    flow begins. Where nobody watches the run, it is Prefect's to stop, and nothing is changed.
    """
    if not progress.is_watched:
        yield
        return

    def ask_to_stop(_number: int, _frame: object) -> None:
        if progress.is_asked_to_stop:
            raise KeyboardInterrupt
        progress.is_asked_to_stop = True

    previous = {number: signal.signal(number, ask_to_stop) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def raise_on_sigterm() -> None:
    """Treat a polite request to end like Ctrl-C, so that servers and workers are taken down as well."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
