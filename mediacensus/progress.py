"""What a run is doing right now, for whoever shows it. Writing to it costs an attribute."""

from __future__ import annotations

import math
import time
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from mediacensus.measure import Phases
from mediacensus.model import Severity
from mediacensus.names import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mediacensus.model import BatchSummary, Directory, Failure
    from mediacensus.timeline import Timeline

_MOST_SLOW = 20
"""Directories kept among the slowest."""
_WORTH_A_WORD_SECONDS = 0.5
"""A local disk lists a directory in a millisecond; what takes this long is a mount, or very large."""


@dataclass(slots=True)
class Progress:
    """Live counts of one run; changed by the run's own thread, read by a display's."""

    phase: str = "starting"
    directory: str = ""
    """The last directory listed."""
    directories: int = 0
    files: int = 0
    """Files seen and not pruned, of any kind."""
    media_files: int = 0
    companions: int = 0
    other_files: int = 0
    pruned: int = 0
    parsed: int = 0
    """Media files parsed, counted when their batch is complete."""
    queries: int = 0
    """Titles looked up, counted when their bucket is complete."""
    failures: int = 0
    notices: int = 0
    slowest: list[tuple[float, str]] = field(default_factory=list)
    """Seconds and paths of the directories that took longest to list, the slowest first."""
    _slow_seconds: float = 0.0
    """What a directory must take to be among them."""
    expected_media_files: int | None = None
    """How many an earlier run over the same library found."""
    memory: Timeline | None = None
    """Set while the run's memory is sampled, and kept."""
    dashboard: str | None = None
    """Address of Dask's dashboard, where the run is profiled."""
    is_walk_over: bool = False
    """Only then is the total known."""
    parsing_since: float | None = None
    """Seconds of ``time.monotonic`` when the first batch was sent."""
    is_watched: bool = False
    """Whether a command line shows it, and so has people's interrupts to answer for."""
    is_asked_to_stop: bool = False
    started: float = field(default_factory=time.monotonic)
    phases: Phases = field(default_factory=Phases)

    def stop_if_asked(self) -> None:
        """Raise KeyboardInterrupt where somebody has asked the run to stop."""
        if self.is_asked_to_stop:
            raise KeyboardInterrupt

    def count_directory(self, directory: Directory, seconds: float = 0.0) -> None:
        """Add a directory and the seconds the walk waited for it; the walk ends here where it is asked to."""
        self.stop_if_asked()
        if seconds > self._slow_seconds:
            self._note_slow(directory.path, seconds)
        self.directory = directory.path
        self.directories += 1
        self.files += directory.files
        self.media_files += len(directory.media)
        self.companions += len(directory.companions)
        self.other_files += directory.other_files
        self.pruned += directory.pruned

    def _note_slow(self, path: str, seconds: float) -> None:
        """Keep a directory among the slowest, the slowest first."""
        self.slowest = sorted([*self.slowest, (seconds, path)], reverse=True)[:_MOST_SLOW]
        if len(self.slowest) == _MOST_SLOW:
            self._slow_seconds = self.slowest[-1][0]

    def expect(self, run: dict[str, Any] | None) -> None:
        """Take the counts of an earlier run over the same library for what this one will find."""
        self.expected_media_files = run["files"]["media"] if run is not None else None

    def count_failure(self, failure: Failure) -> None:
        """Add a failure of the walk."""
        if failure.kind.severity is Severity.FAILURE:
            self.failures += 1
        else:
            self.notices += 1

    def count_batch(self, summary: BatchSummary) -> None:
        """Add a parsed batch."""
        self.parsed += summary.files
        self.failures += summary.failures

    @property
    def has_begun(self) -> bool:
        """Tell whether the walk has started: what goes wrong before could have been seen at once."""
        return self.parsing_since is not None

    @property
    def elapsed_seconds(self) -> float:
        """Seconds since the run was started."""
        return time.monotonic() - self.started

    @property
    def files_per_second(self) -> float:
        """Media files parsed per second since the first batch was sent; 0.0 before the first is back."""
        if self.parsing_since is None or not self.parsed:
            return 0.0
        return self.parsed / max(time.monotonic() - self.parsing_since, 1e-9)

    @property
    def remaining_seconds(self) -> float | None:
        """Seconds of parsing left at the rate so far; None while the total or the rate is unknown.

        While the walk goes on the total is that of an earlier run, as long as it has not been passed.
        """
        rate = self.files_per_second
        total = self.media_files if self.is_walk_over else self.expected_media_files
        if not rate or total is None or (total <= self.media_files and not self.is_walk_over):
            return None
        return (total - self.parsed) / rate


def time_left(progress: Progress) -> list[str]:
    """Return what can be said of the parsing that is left; nothing once it is over: other phases follow.

    While the walk goes on it is "about", by the files that an earlier run found.
    """
    if progress.is_walk_over and progress.parsed >= progress.media_files:
        return []
    left = progress.remaining_seconds
    if left is None:
        return ["left: unknown"]
    about = "" if progress.is_walk_over else "about "
    return [f"left: {about}{timedelta(seconds=math.ceil(left))}"]


def slowest_directory(progress: Progress) -> list[str]:
    """Return which directory took longest to list, where one took long enough to be worth a word."""
    if not progress.slowest or progress.slowest[0][0] < _WORTH_A_WORD_SECONDS:
        return []
    seconds, path = progress.slowest[0]
    return [f"slowest: {printable(path)}, {seconds:.1f} s"]


_current: ContextVar[Progress | None] = ContextVar("mediacensus_progress", default=None)


@contextmanager
def watched() -> Iterator[Progress]:
    """Offer one progress to whatever runs inside the block, and to the caller to look at."""
    token = _current.set(progress := Progress(is_watched=True))
    try:
        yield progress
    finally:
        _current.reset(token)


@contextmanager
def progress_of_run() -> Iterator[Progress]:
    """Offer the progress that somebody watches, else one of the run's own, to all of its tasks.

    Each of them would else count into one that nobody reads.
    """
    token = _current.set(progress := current_progress())
    try:
        yield progress
    finally:
        _current.reset(token)


def current_progress() -> Progress:
    """Return the progress that somebody watches, or one that nobody does."""
    return _current.get() or Progress()
