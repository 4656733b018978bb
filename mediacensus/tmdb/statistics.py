"""What a run asked TMDB, counted while it does."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from typing import Any


class CallStatistics:
    """Counts of one run, for several threads.

    ``calls`` are requests sent, those sent again included; seconds add up over threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def count_call(self, endpoint: str, waited_seconds: float, asked_seconds: float) -> None:
        """Count a request sent: how long it waited for its turn, and how long for its reply."""
        with self._lock:
            self._calls[endpoint] += 1
            self._seconds["budget"] += waited_seconds
            self._seconds["asking"] += asked_seconds

    def count_trouble(self, kind: str) -> None:
        """Count a request that got no usable answer."""
        with self._lock:
            self._counts[kind] += 1

    def count_retry(self, waited_seconds: float) -> None:
        """Count a request about to be sent again, and how long it waited for that."""
        with self._lock:
            self._counts["retries"] += 1
            self._seconds["back-off"] += waited_seconds

    @property
    def calls(self) -> int:
        """Requests sent."""
        return self._calls.total()

    def describe(self) -> dict[str, Any]:
        """Return the counts as JSON-ready values."""
        with self._lock:
            troubles = {kind: count for kind, count in sorted(self._counts.items()) if kind != "retries"}
            return {
                "calls": self._calls.total(),
                "calls_per_endpoint": dict(sorted(self._calls.items())),
                "retries": self._counts["retries"],
                "troubles": troubles,
                "budget_wait_seconds": round(self._seconds["budget"], 3),
                "back_off_seconds": round(self._seconds["back-off"], 3),
                "asking_seconds": round(self._seconds["asking"], 3),
            }
