"""The client against a real server that answers, errs, refuses and breaks off."""

from __future__ import annotations

import logging
import traceback
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from mediacensus.errors import ParameterError, TmdbError, TmdbRefusedError
from mediacensus.tmdb.access import TmdbAccess
from mediacensus.tmdb.client import Patience
from mediacensus.tmdb.http import Timeouts
from tests.tmdb.conftest import TOKEN
from tests.tmdb.faults import Fault

if TYPE_CHECKING:
    from tests.tmdb.conftest import ClientFactory
    from tests.tmdb.server import LookAlike


def test_questions_are_answered(new_client: ClientFactory) -> None:
    """Search, details with what is appended, and find give TMDB's own bodies."""
    client, _ = new_client()

    assert [row["id"] for row in client.search("movie", "matrix", year=2003)["results"]] == [604]
    assert client.search("tv", "the office")["total_results"] == 2
    details = client.details("tv", 2316, ("season/1", "season/99", "alternative_titles"))
    assert details is not None
    assert {"season/1", "alternative_titles"} <= details.keys()
    assert "season/99" not in details
    assert client.find("imdb_id", "tt0133093")["movie_results"][0]["id"] == 603


def test_what_tmdb_has_not_is_no_error(new_client: ClientFactory) -> None:
    """TMDB's own "no such id" is None, an empty search an empty list, and neither counts as a failure."""
    client, _ = new_client(patience=Patience(failures_in_a_row=1))

    assert client.details("movie", 999) is None
    assert client.find("tvdb_id", "1")["tv_results"] == []
    assert client.search("movie", "nothing of that name")["results"] == []
    assert client.statistics.describe()["troubles"] == {}


@pytest.mark.parametrize(
    ("fault", "counted_as"),
    [
        ("500", "server error"),
        ("503:code=9", "server error"),
        ("502:code=43", "server error"),
        ("reset", "no connection"),
        ("hang:seconds=2", "timeout"),
        ("garbage", "malformed answer"),
        ("empty", "malformed answer"),
        ("truncated", "no connection"),
        ("429", "too many requests"),
        ("429:retry_after=7", "too many requests"),
    ],
)
def test_what_may_pass_is_asked_again(
    new_client: ClientFactory, tmdb: LookAlike, fault: str, counted_as: str
) -> None:
    """After each passing fault the question is asked again and answered, and the fault is counted."""
    client, clock = new_client()
    tmdb.faults.plan(Fault.parsed(fault))

    assert client.search("movie", "matrix")["total_results"] == 2

    assert len(tmdb.requests) == 2
    told = client.statistics.describe()
    assert (told["calls"], told["retries"], told["troubles"]) == (2, 1, {counted_as: 1})
    assert max(clock.slept) >= 1


@pytest.mark.parametrize(
    "fault", ["500:times=99", "reset:times=99", "garbage:times=99", "hang:times=99,seconds=1", "429:times=99"]
)
def test_what_does_not_pass_is_an_error(new_client: ClientFactory, tmdb: LookAlike, fault: str) -> None:
    """A question that is never answered ends in an error, after a bounded number of requests."""
    client, _ = new_client(patience=Patience(attempts=3, too_many_attempts=4))
    tmdb.faults.plan(Fault.parsed(fault))

    with pytest.raises(TmdbError, match="search/movie: "):
        client.search("movie", "matrix")

    assert len(tmdb.requests) == (4 if fault.startswith("429") else 3)


def test_a_dead_address_is_an_error(new_client: ClientFactory) -> None:
    """Where nobody listens a question ends in an error that says so."""
    client, _ = new_client(url="http://127.0.0.1:1/3")

    with pytest.raises(TmdbError, match="the connection failed"):
        client.search("movie", "matrix")


@pytest.mark.parametrize("fault", ["html:times=99", "404:code=5,times=99", "400:code=22,times=99"])
def test_only_tmdb_itself_can_say_that_there_is_nothing(
    new_client: ClientFactory, tmdb: LookAlike, fault: str
) -> None:
    """A 404 of anybody else, and any other rejection, is an error, and is not asked again."""
    client, _ = new_client()
    tmdb.faults.plan(Fault.parsed(fault))

    with pytest.raises(TmdbError, match="HTTP 40"):
        client.details("movie", 603)

    assert len(tmdb.requests) == 1


def test_retry_after_is_obeyed(new_client: ClientFactory, tmdb: LookAlike) -> None:
    """A Retry-After, as seconds or as a moment, is how long nobody asks anything."""
    client, clock = new_client()
    tmdb.faults.plan(Fault(kind="429", retry_after="7"))
    client.search("movie", "matrix")
    assert clock.now() >= 7

    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=50), usegmt=True)
    tmdb.faults.plan(Fault(kind="429", retry_after=moment))
    client.search("movie", "matrix")
    assert clock.now() >= 7 + 45


def test_a_retry_after_beyond_patience_is_a_failure(new_client: ClientFactory, tmdb: LookAlike) -> None:
    """Nobody waits an hour: the question has failed, and is asked by the next run."""
    client, clock = new_client()
    tmdb.faults.plan(Fault(kind="429", retry_after="3600"))

    with pytest.raises(TmdbError, match="429"):
        client.search("movie", "matrix")

    assert clock.now() < 60


def test_waits_grow_and_are_jittered(new_client: ClientFactory, tmdb: LookAlike) -> None:
    """Without a Retry-After each wait is about twice the one before, up to a bound."""
    client, clock = new_client(patience=Patience(attempts=8, longest_wait_seconds=8))
    tmdb.faults.plan(Fault(kind="503", times=7))

    client.search("movie", "matrix")

    assert [each for each in clock.slept if each >= 0.5] == [1, 2, 4, 8, 8, 8, 8]


@pytest.mark.parametrize("fault", ["401:code=7", "401:code=10", "401:code=35", "401:code=3", "403:code=10"])
def test_a_refusal_stops_everything_at_once(new_client: ClientFactory, tmdb: LookAlike, fault: str) -> None:
    """After a refusal no request is sent any more, and the message says how to set the token."""
    client, _ = new_client()
    tmdb.faults.plan(Fault.parsed(fault))

    for _ in range(3):
        with pytest.raises(TmdbRefusedError, match="TMDB_API_TOKEN"):
            client.search("movie", "matrix")

    assert len(tmdb.requests) == 1
    assert isinstance(client.stopped_by, TmdbRefusedError)


def test_a_wrong_token_is_refused(new_client: ClientFactory) -> None:
    """The look-alike's own refusal of a wrong token reaches the caller as such."""
    client, _ = new_client(token="wrong")

    with pytest.raises(TmdbRefusedError, match="Invalid API key"):
        client.find("imdb_id", "tt0133093")


def test_a_run_of_failures_stops_the_asking(new_client: ClientFactory, tmdb: LookAlike) -> None:
    """After so many failures in a row nothing is asked any more; one answer between them starts anew."""
    client, _ = new_client(patience=Patience(attempts=1, failures_in_a_row=3))
    tmdb.faults.plan(Fault(kind="500", times=2))
    for _ in range(2):
        with pytest.raises(TmdbError):
            client.search("movie", "matrix")
    client.search("movie", "matrix")
    tmdb.faults.plan(Fault(kind="500", times=99))
    sent = len(tmdb.requests)

    for _ in range(20):
        with pytest.raises(TmdbError):
            client.search("movie", "matrix")

    assert len(tmdb.requests) - sent == 3
    assert "3 times in a row" in str(client.stopped_by)


def test_threads_share_ten_connections(new_client: ClientFactory, tmdb: LookAlike) -> None:
    """Thirty threads with one client get right answers over ten connections at most."""
    client, _ = new_client()
    tmdb.latency_seconds = 0.005

    with ThreadPoolExecutor(30) as pool:
        ids = list(pool.map(lambda n: (client.details("movie", 603 + n % 2) or {})["id"], range(300)))

    assert ids == [603 + n % 2 for n in range(300)]
    assert len(tmdb.requests) == client.statistics.calls == 300
    assert 1 <= len(tmdb.connections) <= 10


def test_a_run_that_ends_waits_for_nobody(new_client: ClientFactory, tmdb: LookAlike) -> None:
    """Once the client is stopped, every question fails without a request."""
    client, _ = new_client()

    client.stop("the run was interrupted")

    with pytest.raises(TmdbError, match="interrupted"):
        client.search("movie", "matrix")
    assert tmdb.requests == []


def test_a_run_that_ends_gives_up_what_is_under_way(new_client: ClientFactory, tmdb: LookAlike) -> None:
    """A request that hangs when the client is stopped fails, and its thread goes on."""
    client, _ = new_client(timeouts=Timeouts(600, 600, 600))
    tmdb.faults.plan(Fault(kind="hang", seconds=600))

    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(client.search, "movie", "matrix")
        while not tmdb.requests:
            assert not asking.done()
        client.stop("the run was interrupted")

        with pytest.raises(TmdbError, match="interrupted"):
            asking.result()


def test_more_than_twenty_cannot_be_appended(new_client: ClientFactory, tmdb: LookAlike) -> None:
    """What TMDB would reject is not sent."""
    client, _ = new_client()

    with pytest.raises(TmdbError, match="At most 20"):
        client.details("tv", 2316, tuple(f"season/{n}" for n in range(21)))

    assert tmdb.requests == []


def test_the_token_travels_in_a_header_alone(
    new_client: ClientFactory, tmdb: LookAlike, caplog: pytest.LogCaptureFixture
) -> None:
    """No address, log line at any level, text of an error or representation holds the token."""
    caplog.set_level(logging.DEBUG)
    client, _ = new_client(patience=Patience(attempts=1))
    client.search("movie", "matrix")
    tmdb.faults.plan(Fault(kind="reset"), Fault(kind="401", code=7))
    told = [repr(client), str(vars(client)), repr(TmdbAccess.checked(TOKEN, tmdb.url))]
    for _ in range(2):
        try:
            client.search("movie", "matrix")
        except TmdbError as error:
            told += traceback.format_exception(error)

    assert len(told) > 4
    assert "matrix" in caplog.text
    assert TOKEN not in caplog.text + "".join(told) + str(tmdb.requests)


@pytest.mark.parametrize("token", ["two words", "line\nbreak", "tokén", "null\0"])
def test_what_can_be_no_token_is_refused_unseen(token: str) -> None:
    """A token that could break a header is refused before it is sent, and is not shown."""
    with pytest.raises(ParameterError, match="TMDB_API_TOKEN") as caught:
        TmdbAccess.checked(token, "https://api.example/3")

    assert token not in str(caught.value)


@pytest.mark.parametrize(
    "address", ["api.example/3", "ftp://api.example/3", "https://", "https://a/3?api_key=x"]
)
def test_what_can_be_no_address_is_refused(address: str) -> None:
    """An address that is none is refused with the variable that sets it."""
    with pytest.raises(ParameterError, match="TMDB_API_URL"):
        TmdbAccess.checked("token", address)
