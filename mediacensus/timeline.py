"""Memory of a run over time: of its own process and of every process it started, by what they do."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mediacensus.progress import Progress

SECONDS_BETWEEN_SAMPLES = 1.0
_SECONDS_BETWEEN_GLANCES = 0.1
"""How often it is seen whether another phase has begun, which costs an attribute."""
MOST_SAMPLES = 300
"""Kept of one run; a long run's are thinned out, and the highest of each stretch stays."""

ROLES = ("flow", "workers", "server")
"""The process that runs the flow, the worker processes, and a private Prefect server."""
METHOD = (
    "resident set size, looked at once a second and when a phase begins; pages that processes share count in "
    "each of them, so the sum is an upper bound. Workers of a Dask scheduler elsewhere are not in it."
)


@dataclass(frozen=True, slots=True)
class Sample:
    """What the processes of a run held at one moment, in bytes, in the order of ``ROLES``."""

    seconds: float
    """Since the sampling began."""
    phase: str
    held_bytes: tuple[int, ...]

    @property
    def total_bytes(self) -> int:
        """All of them together."""
        return sum(self.held_bytes)


class Timeline:
    """The samples of one run; bounded, however long it takes."""

    def __init__(self, most_samples: int = MOST_SAMPLES) -> None:
        self._most_samples = most_samples
        self._samples: list[Sample] = []
        self._looks_per_sample = 1
        self._looks = 0
        self.lock = threading.Lock()

    def add(self, sample: Sample) -> None:
        """Take in a sample. Of those that share a stretch of time and a phase the highest is kept."""
        last = self._samples[-1] if self._samples else None
        self._looks += 1
        if last is None or last.phase != sample.phase or self._looks > self._looks_per_sample:
            self._samples.append(sample)
            self._looks = 1
        elif sample.total_bytes > last.total_bytes:
            self._samples[-1] = sample
        if len(self._samples) > self._most_samples:
            self._thin_out()

    def _thin_out(self) -> None:
        """Keep the higher of every two neighbours, and let a sample stand for twice as long from now on."""
        pairs = zip(self._samples[::2], [*self._samples[1::2], self._samples[-1]], strict=False)
        self._samples = [max(pair, key=lambda each: each.total_bytes) for pair in pairs]
        self._looks_per_sample *= 2

    def describe(self) -> dict[str, Any]:
        """Return the samples as JSON-ready values, each a list: seconds, its phase's index, bytes by role."""
        with self.lock:
            samples = tuple(self._samples)
        phases = list(dict.fromkeys(each.phase for each in samples))
        return {
            "method": METHOD,
            "seconds_per_sample": SECONDS_BETWEEN_SAMPLES * self._looks_per_sample,
            "peak_bytes": max((each.total_bytes for each in samples), default=0),
            "roles": list(ROLES),
            "phases": phases,
            "samples": [
                [round(each.seconds, 1), phases.index(each.phase), *each.held_bytes] for each in samples
            ],
        }


class _Observer:
    """Looks at the processes of a run; remembers what each does, so that it is asked once."""

    def __init__(self) -> None:
        self._own = psutil.Process()
        self._roles: dict[psutil.Process, int] = {}

    def held_bytes(self) -> tuple[int, ...]:
        """Return what is resident now, by role; processes that end meanwhile count nothing."""
        held = [0] * len(ROLES)
        held[0] = self._own.memory_info().rss
        children = self._own.children(recursive=True)
        self._roles = {each: self._roles.get(each) or _role_of(each) for each in children}
        for process, role in self._roles.items():
            try:
                held[role] += process.memory_info().rss
            except psutil.Error:
                continue
        return tuple(held)


def _role_of(process: psutil.Process) -> int:
    try:
        is_server = any("private_server" in word for word in process.cmdline())
    except psutil.Error:
        is_server = False
    return ROLES.index("server" if is_server else "workers")


@contextmanager
def sampled(progress: Progress) -> Iterator[Timeline]:
    """Sample the run's memory into ``progress.memory`` while the block runs.

    The thread ends with the block, however that ends, and with its process in any case.
    """
    timeline = progress.memory = Timeline()
    observer, start, over = _Observer(), time.monotonic(), threading.Event()

    def look() -> None:
        with timeline.lock:
            timeline.add(Sample(time.monotonic() - start, progress.phase, observer.held_bytes()))

    def repeat() -> None:
        phase, quiet_seconds = progress.phase, 0.0
        while not over.wait(_SECONDS_BETWEEN_GLANCES):
            quiet_seconds += _SECONDS_BETWEEN_GLANCES
            if quiet_seconds >= SECONDS_BETWEEN_SAMPLES or progress.phase != phase:
                phase, quiet_seconds = progress.phase, 0.0
                look()

    look()
    thread = threading.Thread(target=repeat, name="memory-sampler", daemon=True)
    thread.start()
    try:
        yield timeline
    finally:
        over.set()
        thread.join()
