"""What a run is doing, shown while it does: a live line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from rich.console import Console
from rich.live import Live
from rich.text import Text

from mediacensus.names import printable
from mediacensus.progress import slowest_directory, time_left

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mediacensus.progress import Progress

_REFRESHES_PER_SECOND = 4
_PLAIN_SECONDS = 10.0
"""How often a pipe or a log gets a line."""


def describe(progress: Progress) -> str:
    """Return one line of phase, counts, rate, failures and the time left; "unknown" while it is."""
    phase = "stopping" if progress.is_asked_to_stop else progress.phase
    total = f"{progress.media_files:,}" if progress.is_walk_over else f"{progress.media_files:,}+"
    return " · ".join(
        (
            f"{timedelta(seconds=int(progress.elapsed_seconds))} {phase}",
            f"{progress.files:,} files seen",
            f"{progress.parsed:,} of {total} media files parsed",
            f"{progress.files_per_second:,.0f}/s",
            *([f"{progress.queries:,} titles looked up"] if progress.queries else []),
            f"{progress.failures:,} failures",
            *slowest_directory(progress),
            *time_left(progress),
            *([f"dashboard: {progress.dashboard}"] if progress.dashboard else []),
        )
    )


class _LiveView:
    """Draws the progress anew each time rich asks for it."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def __rich__(self) -> Text:
        text = Text(describe(self._progress), style="bold")
        if self._progress.directory:
            text.append("\n" + printable(self._progress.directory), style="dim")
        text.no_wrap, text.overflow = True, "ellipsis"
        return text


@contextmanager
def shown(progress: Progress) -> Iterator[None]:
    """Show a run's progress on standard error while the block runs."""
    console = Console(stderr=True)
    if console.is_terminal:
        with Live(
            _LiveView(progress), console=console, refresh_per_second=_REFRESHES_PER_SECOND, transient=True
        ):
            yield
        return
    over = threading.Event()
    printer = threading.Thread(target=_print_lines, args=(console, progress, over), daemon=True)
    printer.start()
    try:
        yield
    finally:
        over.set()
        printer.join()


def _print_lines(console: Console, progress: Progress, over: threading.Event) -> None:
    """Print a line when the phase changes and every so often, until told to stop."""
    phase, quiet_seconds = "", 0.0
    while not over.wait(1 / _REFRESHES_PER_SECOND):
        quiet_seconds += 1 / _REFRESHES_PER_SECOND
        if progress.phase != phase or quiet_seconds >= _PLAIN_SECONDS:
            phase, quiet_seconds = progress.phase, 0.0
            console.print(describe(progress), markup=False, highlight=False, soft_wrap=True)
