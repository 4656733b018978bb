"""Time and memory of one process, and what each figure means."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType

_T = TypeVar("_T")
_STATUS = Path("/proc/self/status")
_CLEAR_REFS = Path("/proc/self/clear_refs")
_RESET_PEAK = "5"
"""Written to ``clear_refs``, sets VmHWM back to the memory in use now (Linux, proc(5))."""
_PEAK, _AT_END = "VmHWM", "RSS at end"


def _read_peak_bytes() -> int | None:
    """Return VmHWM, the most memory resident since the last reset; None where the system does not tell."""
    lines = _STATUS.read_text().splitlines()
    kilobytes = next((line.split()[1] for line in lines if line.startswith("VmHWM:")), None)
    return None if kilobytes is None else int(kilobytes) * 1024


@dataclass(slots=True)
class Stopwatch:
    """Measures a block in this process; a context manager. The figures are set when the block ends.

    ``peak_memory_bytes`` is true for the block alone where ``memory_method`` is ``VmHWM``; where the
    system cannot reset the mark it is what was resident at the end (``RSS at end``), a lower bound.
    With several blocks at once in one process, time and memory count all of them.
    """

    started_at: float = 0.0
    duration_seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_memory_bytes: int = 0
    memory_method: str = _PEAK
    _clock: float = 0.0
    _cpu: float = 0.0

    def __enter__(self) -> Stopwatch:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Begin to measure."""
        try:
            _CLEAR_REFS.write_text(_RESET_PEAK)
        except OSError:
            self.memory_method = _AT_END
        self.started_at = time.time()
        self._clock, self._cpu = time.perf_counter(), time.process_time()

    def stop(self) -> None:
        """Set the figures to what was measured since the start."""
        self.duration_seconds = time.perf_counter() - self._clock
        self.cpu_seconds = time.process_time() - self._cpu
        peak = _read_peak_bytes() if self.memory_method == _PEAK else None
        if peak is None:
            self.memory_method, peak = _AT_END, psutil.Process().memory_info().rss
        self.peak_memory_bytes = peak


NOT_MEASURED = Stopwatch(memory_method="not measured")
"""Never started: all of its figures are 0."""


def iter_timed(values: Iterable[_T]) -> Iterator[tuple[_T, float]]:
    """Yield each value with the seconds it took to make, and none of what is done with it."""
    iterator = iter(values)
    while True:
        start = time.perf_counter()
        try:
            value = next(iterator)
        except StopIteration:
            return
        yield value, time.perf_counter() - start


@dataclass(slots=True)
class Phases:
    """Wall time of a run's phases, in seconds by name; a phase entered twice adds up."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def measure(self, name: str) -> Iterator[None]:
        """Add the time of a block."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start

    def iter(self, name: str, values: Iterable[_T]) -> Iterator[_T]:
        """Pass values on, adding the time it takes to make them and none of what is done with them."""
        iterator = iter(values)
        while True:
            with self.measure(name):
                try:
                    value = next(iterator)
                except StopIteration:
                    return
            yield value
