"""When to stop asking: at a refusal, and after a run of failures."""

from __future__ import annotations

import threading

from mediacensus.errors import TmdbError, TmdbRefusedError


class Breaker:
    """Stays open once it opens, for as long as the run lasts. For several threads.

    Args:
        failures_in_a_row: questions that get no answer, with none answered between them, before it opens.
    """

    def __init__(self, failures_in_a_row: int) -> None:
        self._limit = failures_in_a_row
        self._lock = threading.Lock()
        self._failures = 0
        self._opened_by: TmdbError | None = None

    @property
    def opened_by(self) -> TmdbError | None:
        """Why nothing is asked any more."""
        return self._opened_by

    def check(self) -> None:
        """Raise where nothing is to be asked any more.

        Raises:
            TmdbRefusedError: TMDB has refused.
            TmdbError: too many questions got no answer, or the run ends.
        """
        error = self._opened_by
        if isinstance(error, TmdbRefusedError):
            raise TmdbRefusedError(str(error))
        if error is not None:
            raise TmdbError(str(error))

    def note_answer(self) -> None:
        """Note that TMDB answers."""
        with self._lock:
            self._failures = 0

    def note_failure(self, error: TmdbError) -> None:
        """Note that a question got no answer."""
        with self._lock:
            self._failures += 1
            if self._failures >= self._limit and self._opened_by is None:
                self._opened_by = TmdbError(
                    f"TMDB gave no answer {self._failures} times in a row, so this run asks nothing more. "
                    f"The last: {error}"
                )

    def open(self, error: TmdbError) -> None:
        """Stop asking for a reason of one's own; the first reason stays."""
        with self._lock:
            self._opened_by = self._opened_by or error
