"""What a run is doing right now, for whoever shows it. Writing to it costs an attribute."""

from __future__ import annotations

import time
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mediacensus.measure import Phases
from mediacensus.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mediacensus.model import BatchSummary, Directory, Failure


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

    def count_directory(self, directory: Directory) -> None:
        """Add a directory of the walk; the walk ends here where it is asked to."""
        self.stop_if_asked()
        self.directory = directory.path
        self.directories += 1
        self.files += directory.files
        self.media_files += len(directory.media)
        self.companions += len(directory.companions)
        self.other_files += directory.other_files
        self.pruned += directory.pruned

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
        """Seconds of parsing left at the rate so far; None while the total or the rate is unknown."""
        rate = self.files_per_second
        return (self.media_files - self.parsed) / rate if self.is_walk_over and rate else None


_current: ContextVar[Progress | None] = ContextVar("mediacensus_progress", default=None)


@contextmanager
def watched() -> Iterator[Progress]:
    """Offer one progress to whatever runs inside the block, and to the caller to look at."""
    token = _current.set(progress := Progress(is_watched=True))
    try:
        yield progress
    finally:
        _current.reset(token)


def current_progress() -> Progress:
    """Return the progress that somebody watches, or one that nobody does."""
    return _current.get() or Progress()
