"""One budget for all requests of a run, whoever sends them."""

from __future__ import annotations

import random
import threading
import time
from typing import Final, Protocol

CONNECTIONS: Final = 10
"""TMDB allows 20 for one address of a network, which others may share."""
REQUESTS_PER_SECOND: Final = 30.0
"""TMDB's limit is "in the 40 requests per second range"; 33 has been measured to be safe."""


class Clock(Protocol):
    """Time as the client needs it."""

    def now(self) -> float:
        """Return seconds from some fixed moment."""

    def sleep(self, seconds: float) -> None:
        """Wait."""

    def jitter(self) -> float:
        """Return a number from 0 to 1, another one each time."""


class WakeableClock:
    """The real time. Those who sleep can be woken, for good: a run that is to end waits for nobody."""

    def __init__(self) -> None:
        self._over = threading.Event()

    def now(self) -> float:
        """Return seconds of the monotonic clock."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait, unless waiting is over."""
        self._over.wait(seconds)

    def jitter(self) -> float:
        """Return a number from 0 to 1."""
        return random.random()  # noqa: S311 - spreads requests, hides nothing

    def end_waits(self) -> None:
        """Wake every sleeper, now and later."""
        self._over.set()


class Budget:
    """Lets requests go at an even distance, and none while TMDB wants a pause. For several threads.

    Even distances keep any second below the limit, which a bucket with a burst does not.

    Args:
        requests_per_second: at most so many.
        clock: what time it is.
    """

    def __init__(self, requests_per_second: float, clock: Clock) -> None:
        self._interval_seconds = 1 / requests_per_second
        self._clock = clock
        self._lock = threading.Lock()
        self._free_at = float("-inf")
        """When the next request may go."""
        self._pause_ends = float("-inf")

    def wait_for_turn(self) -> float:
        """Wait until one request may go, and return how many seconds that took.

        A turn that a pause overtakes while its thread waits for it is given up for a later one.
        """
        began = self._clock.now()
        turn = self._take_turn()
        while (wait := turn - self._clock.now()) > 0:
            self._clock.sleep(wait)
            with self._lock:
                overtaken = self._pause_ends > turn
            if overtaken:
                turn = self._take_turn()
            elif self._clock.now() < turn:
                break  # woken: the run ends
        return self._clock.now() - began

    def _take_turn(self) -> float:
        with self._lock:
            turn = max(self._free_at, self._clock.now())
            self._free_at = turn + self._interval_seconds
            return turn

    def pause(self, seconds: float) -> None:
        """Let nobody go for so long: TMDB counts all requests of an address together."""
        with self._lock:
            self._pause_ends = max(self._pause_ends, self._clock.now() + seconds)
            self._free_at = max(self._free_at, self._pause_ends)
