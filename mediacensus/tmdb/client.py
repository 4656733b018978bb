"""Asking TMDB: every question goes through one budget, is asked again where that helps, and is counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from mediacensus.errors import TmdbError, TmdbRefusedError, TmdbUnreachableError
from mediacensus.tmdb.breaker import Breaker
from mediacensus.tmdb.budget import CONNECTIONS, REQUESTS_PER_SECOND, Budget, WakeableClock
from mediacensus.tmdb.http import HttpTransport
from mediacensus.tmdb.replies import TOO_MANY, Question, Trouble, read_reply
from mediacensus.tmdb.statistics import CallStatistics

if TYPE_CHECKING:
    from types import TracebackType

    from mediacensus.tmdb.access import TmdbAccess
    from mediacensus.tmdb.budget import Clock
    from mediacensus.tmdb.http import Transport
    from mediacensus.tmdb.source import Answer, SearchKind, WorkKind

MOST_APPENDED = 20
"""TMDB answers more in one request with an error."""

_FIND_LISTS = ("movie_results", "person_results", "tv_results", "tv_episode_results", "tv_season_results")


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long a question is asked again."""

    attempts: int = 5
    """For a question that meets errors; 429 apart."""
    too_many_attempts: int = 8
    """For a question that is told to wait."""
    first_wait_seconds: float = 1.0
    """Doubled each time; half of it at random, so that threads do not come back together."""
    longest_wait_seconds: float = 30.0
    longest_obeyed_seconds: float = 120.0
    """A longer Retry-After is not waited for: the question has failed."""
    failures_in_a_row: int = 5
    """Questions without an answer, one after the other, after which nothing more is asked: after about 11
    seconds where ten are asked at once, after a minute where they follow one another."""


class TmdbClient:
    """A ``TmdbSource`` that asks TMDB. May be used from several threads at once; a context manager.

    Args:
        transport: sends the requests.
        budget: says when.
        clock: what time it is.
        patience: how often a question is asked again.
        language: of the titles in answers, as TMDB writes it, ``en-US``.
    """

    def __init__(
        self,
        transport: Transport,
        budget: Budget,
        clock: Clock,
        *,
        patience: Patience | None = None,
        language: str = "en-US",
    ) -> None:
        self.statistics = CallStatistics()
        self._transport = transport
        self._budget = budget
        self._clock = clock
        self._patience = patience or Patience()
        self._language = language
        self._breaker = Breaker(self._patience.failures_in_a_row)

    @property
    def stopped_by(self) -> TmdbError | None:
        """Why nothing is asked any more; None while something is."""
        return self._breaker.opened_by

    def search(self, kind: SearchKind, title: str, *, year: int | None = None, page: int = 1) -> Answer:
        """Return one page of ``/search/{kind}``.

        Raises:
            TmdbError: no answer could be had.
        """
        parameters = {"query": title, "page": str(page), "include_adult": "false", "language": self._language}
        if year is not None:
            parameters["year" if kind == "movie" else "first_air_date_year"] = str(year)
        return self._ask_for_lists(Question(f"search/{kind}", f"search/{kind}", parameters, "results"))

    def details(self, kind: WorkKind, tmdb_id: int, append: tuple[str, ...] = ()) -> Answer | None:
        """Return ``/{kind}/{tmdb_id}``, or None where TMDB has no such id.

        Raises:
            TmdbError: no answer could be had, or more is appended than one request may.
        """
        if len(append) > MOST_APPENDED:
            raise TmdbError(f"At most {MOST_APPENDED} can be appended to one request, not {len(append)}.")
        parameters = {"language": self._language}
        if append:
            parameters["append_to_response"] = ",".join(append)
        return self._ask(Question(f"{kind}/{{id}}", f"{kind}/{tmdb_id}", parameters, "id"))

    def find(self, source: str, external_id: str) -> Answer:
        """Return ``/find/{external_id}``; its lists are empty where nothing is found.

        Raises:
            TmdbError: no answer could be had.
        """
        parameters = {"external_source": source, "language": self._language}
        return self._ask_for_lists(
            Question("find/{id}", f"find/{quote(external_id, safe='')}", parameters, _FIND_LISTS[0])
        )

    def _ask_for_lists(self, question: Question) -> Answer:
        answer = self._ask(question)
        if answer is not None:
            return answer
        if question.endpoint.startswith("find"):
            return {name: [] for name in _FIND_LISTS}
        raise TmdbError(f"TMDB has no {question.path}. Check the address it is asked at.")

    def _ask(self, question: Question) -> Answer | None:
        """Ask until there is an answer, or asking again is of no use.

        Raises:
            TmdbRefusedError: TMDB answers nothing with this token.
            TmdbError: no answer could be had.
        """
        tried = _Tries(self._patience)
        while True:
            self._breaker.check()
            outcome = self._try(question)
            if not isinstance(outcome, Trouble):
                self._breaker.note_answer()
                return outcome
            self.statistics.count_trouble(outcome.kind)
            wait = tried.seconds_until_next(outcome, self._clock.jitter())
            if wait is None:
                error = TmdbError(f"{question.endpoint}: {outcome.message}, after {tried.count} requests")
                self._breaker.note_failure(error)
                raise error
            self._wait(wait, outcome)

    def _try(self, question: Question) -> Answer | Trouble | None:
        waited = self._budget.wait_for_turn()
        self._breaker.check()
        began = self._clock.now()
        try:
            reply = self._transport.get(question.path, question.parameters)
        except TmdbUnreachableError as error:
            return Trouble("timeout" if error.is_timeout else "no connection", str(error))
        finally:
            self.statistics.count_call(question.endpoint, waited, self._clock.now() - began)
        try:
            return read_reply(reply, question)
        except TmdbRefusedError as error:
            self.statistics.count_trouble("refused")
            self._breaker.open(error)
            raise

    def _wait(self, seconds: float, trouble: Trouble) -> None:
        """Wait before asking again: this question alone, or everybody where TMDB is asked too much."""
        self.statistics.count_retry(seconds)
        if trouble.kind == TOO_MANY:
            self._budget.pause(seconds)
        else:
            self._clock.sleep(seconds)

    def stop(self, reason: str) -> None:
        """Ask nothing any more, and have whoever waits give up: for a run that is to end."""
        self._breaker.open(TmdbError(reason))
        self._transport.give_up()
        if isinstance(self._clock, WakeableClock):
            self._clock.end_waits()

    def close(self) -> None:
        """Let the connections go."""
        self._transport.close()

    def __enter__(self) -> TmdbClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Tries:
    """How often one question was asked, and whether it is asked again."""

    def __init__(self, patience: Patience) -> None:
        self.count = 0
        self._too_many = 0
        self._patience = patience

    def seconds_until_next(self, trouble: Trouble, jitter: float) -> float | None:
        """Return how long to wait before asking again; None where that is of no use."""
        patience = self._patience
        self.count += 1
        self._too_many += trouble.kind == TOO_MANY
        others = self.count - self._too_many
        if trouble.is_final or self._too_many >= patience.too_many_attempts or others >= patience.attempts:
            return None
        wanted = trouble.wait_seconds
        if wanted is not None:
            return wanted + jitter if wanted <= patience.longest_obeyed_seconds else None
        doubled: float = patience.first_wait_seconds * 2 ** (self.count - 1)
        return min(doubled, patience.longest_wait_seconds) * (0.5 + jitter / 2)


def open_client(
    access: TmdbAccess,
    *,
    language: str = "en-US",
    connections: int = CONNECTIONS,
    requests_per_second: float = REQUESTS_PER_SECOND,
) -> TmdbClient:
    """Return a client on real connections and in real time."""
    clock = WakeableClock()
    transport = HttpTransport(access, connections)
    return TmdbClient(transport, Budget(requests_per_second, clock), clock, language=language)
