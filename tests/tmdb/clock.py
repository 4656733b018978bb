"""Time that passes when somebody sleeps."""

from __future__ import annotations

import threading


class ManualClock:
    """A clock whose sleepers wake at once, having moved it on."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self._now = 0.0
        self._lock = threading.Lock()

    def now(self) -> float:
        """Return the seconds that were slept."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Move on."""
        with self._lock:
            self.slept.append(seconds)
            self._now += seconds

    def jitter(self) -> float:
        """Return the most there can be."""
        return 1.0
