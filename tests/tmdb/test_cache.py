"""Kept answers: from a real store on disk, in front of a real server."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from flows.storage import AtomicFileSystem, PrefectAnswerStore
from mediacensus.errors import TmdbError, TmdbNotAskedError
from mediacensus.tmdb.cache import AnswerCache, CachedSource
from mediacensus.tmdb.client import Patience
from tests.tmdb.faults import Fault

if TYPE_CHECKING:
    from pathlib import Path

    from mediacensus.tmdb.client import TmdbClient
    from tests.tmdb.conftest import ClientFactory
    from tests.tmdb.server import LookAlike

_START = datetime(2026, 1, 1, tzinfo=UTC)


class _Calendar:
    """A day that tests set."""

    def __init__(self) -> None:
        self.day = _START

    def now(self) -> datetime:
        return self.day


@pytest.fixture
def store(tmp_path: Path) -> PrefectAnswerStore:
    """A store in a folder of the test's own."""
    return PrefectAnswerStore(AtomicFileSystem(basepath=str(tmp_path / "cache")))


@pytest.fixture
def client(new_client: ClientFactory) -> TmdbClient:
    """A client that gives up at once."""
    return new_client(patience=Patience(attempts=1))[0]


def _source(cache: AnswerCache, *, may_ask: bool = True, keeps_empty: bool = True) -> CachedSource:
    return CachedSource(cache, may_ask=may_ask, keeps_empty=keeps_empty)


def test_what_was_asked_is_not_asked_again(
    store: PrefectAnswerStore, client: TmdbClient, tmdb: LookAlike
) -> None:
    """Answers of every kind, empty ones too, are kept for other caches on the same store."""

    def ask(source: CachedSource) -> list[object]:
        return [
            source.search("movie", "matrix")["total_results"],
            source.search("movie", "nothing of that name")["results"],
            (source.details("tv", 2316, ("season/1",)) or {})["season/1"]["season_number"],
            source.details("movie", 999),
            len(source.find("imdb_id", "tt0133093")["movie_results"]),
        ]

    first = ask(_source(AnswerCache(store, client, "s")))
    later = _source(AnswerCache(store, None, "s"), may_ask=False)

    assert ask(later) == first == [2, [], 1, None, 1]
    assert len(tmdb.requests) == 5
    assert (later.counts["store"], later.counts["negative"]) == (5, 2)


def test_memory_answers_what_recurs(store: PrefectAnswerStore, client: TmdbClient) -> None:
    """The same question within a run reads no file again."""
    cache = AnswerCache(store, client, "s")
    source = _source(cache)

    for _ in range(3):
        source.search("movie", "matrix")

    assert dict(source.counts) == {"asked": 1, "memory": 2}


def test_threads_ask_one_question_once(
    store: PrefectAnswerStore, client: TmdbClient, tmdb: LookAlike
) -> None:
    """However many threads want an answer at once, one asks and the others wait for it."""
    cache = AnswerCache(store, client, "s")
    tmdb.latency_seconds = 0.05

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: _source(cache).search("movie", "matrix")["total_results"], range(8)))

    assert found == [2] * 8
    assert len(tmdb.requests) == 1


@pytest.mark.parametrize(
    "fault", ["500", "429:retry_after=9999", "reset", "garbage", "empty", "html", "401:code=7"]
)
def test_an_error_is_never_kept(
    store: PrefectAnswerStore, client: TmdbClient, tmdb: LookAlike, *, fault: str, tmp_path: Path
) -> None:
    """After any failure the store holds nothing, and the next run asks again."""
    tmdb.faults.plan(Fault.parsed(fault))

    with pytest.raises(TmdbError):
        _source(AnswerCache(store, client, "s")).search("movie", "matrix")

    assert [path for path in tmp_path.glob("cache/**/*") if path.is_file()] == []


def test_answers_expire_and_empty_ones_later_each_time(
    store: PrefectAnswerStore, client: TmdbClient, tmdb: LookAlike
) -> None:
    """An empty answer is asked again after its day, then after its week, then after its month."""
    calendar = _Calendar()
    asked_on = []
    for day in range(60):
        calendar.day = _START + timedelta(days=day)
        before = len(tmdb.requests)
        _source(AnswerCache(store, client, "s", now=calendar.now)).search("movie", "nothing of that name")
        if len(tmdb.requests) > before:
            asked_on.append(day)

    assert asked_on[0] == 0
    gaps = [later - earlier for earlier, later in pairwise(asked_on)]
    assert 1 <= gaps[0] <= 2
    assert 6 <= gaps[1] <= 9
    assert all(gap >= 22 for gap in gaps[2:])


def test_an_expired_answer_is_counted_and_replaced(
    store: PrefectAnswerStore, client: TmdbClient, tmdb: LookAlike
) -> None:
    """An answer past its time is asked for again, and is as good as new then."""
    calendar = _Calendar()
    _source(AnswerCache(store, client, "s", now=calendar.now)).search("movie", "matrix")
    calendar.day += timedelta(days=181)
    late = _source(AnswerCache(store, client, "s", now=calendar.now))
    late.search("movie", "matrix")
    again = _source(AnswerCache(store, client, "s", now=calendar.now))
    again.search("movie", "matrix")

    assert (late.counts["expired"], late.counts["asked"], again.counts["store"]) == (1, 1, 1)
    assert len(tmdb.requests) == 2


def test_nothing_found_of_a_new_title_is_not_kept(
    store: PrefectAnswerStore, client: TmdbClient, tmdb: LookAlike
) -> None:
    """A work that TMDB may get any day is asked for by every run until it is there."""
    for _ in range(2):
        cache = AnswerCache(store, client, "s")
        _source(cache, keeps_empty=False).search("movie", "nothing of that name")

    assert len(tmdb.requests) == 2


def test_a_refresh_asks_for_what_is_kept(
    store: PrefectAnswerStore, client: TmdbClient, tmdb: LookAlike
) -> None:
    """With a refresh kept answers count for nothing, and what is asked is asked once."""
    _source(AnswerCache(store, client, "s")).search("movie", "matrix")
    fresh = AnswerCache(store, client, "s", is_refresh=True)

    for _ in range(2):
        _source(fresh).search("movie", "matrix")

    assert len(tmdb.requests) == 2


def test_nobody_is_asked_where_nobody_may_be(
    store: PrefectAnswerStore, client: TmdbClient, tmdb: LookAlike
) -> None:
    """A source that may not ask says so, with an error that is never "nothing there"."""
    with pytest.raises(TmdbNotAskedError):
        _source(AnswerCache(store, client, "s"), may_ask=False).search("movie", "matrix")
    with pytest.raises(TmdbNotAskedError):
        _source(AnswerCache(store, None, "s")).find("imdb_id", "tt0133093")

    assert tmdb.requests == []


def test_other_scopes_keep_other_answers(
    store: PrefectAnswerStore, client: TmdbClient, tmdb: LookAlike
) -> None:
    """Answers of another address or in another language are none of ours."""
    _source(AnswerCache(store, client, "en-US")).search("movie", "matrix")
    _source(AnswerCache(store, client, "de-DE")).search("movie", "matrix")

    assert len(tmdb.requests) == 2


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b'{"metadata": {}, "result": "1"}'])
def test_a_damaged_record_costs_one_call(
    store: PrefectAnswerStore, client: TmdbClient, tmdb: LookAlike, *, tmp_path: Path, content: bytes
) -> None:
    """A record that cannot be read is asked for again and replaced."""
    _source(AnswerCache(store, client, "s")).search("movie", "matrix")
    [record] = [path for path in tmp_path.glob("cache/**/*") if path.is_file()]
    record.write_bytes(content)

    assert _source(AnswerCache(store, client, "s")).search("movie", "matrix")["total_results"] == 2

    assert len(tmdb.requests) == 2
    assert len(record.read_bytes()) > 100


def test_a_title_may_hold_anything(store: PrefectAnswerStore, client: TmdbClient) -> None:
    """Slashes, dots, NULs and very long titles are looked up and kept like any other."""
    cache = AnswerCache(store, client, "s")

    for title in ("AC/DC", "../../etc", "a\0b", "x" * 3000, "Schlo\udcdf"):
        source = _source(AnswerCache(store, None, "s"), may_ask=False)
        _source(cache).search("movie", title.encode("utf-8", "replace").decode())
        source.search("movie", title.encode("utf-8", "replace").decode())
        assert source.counts["store"] == 1
