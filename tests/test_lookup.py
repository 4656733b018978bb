"""Looking queries up, with real matching, a real store and a real server."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from flows.storage import AtomicFileSystem, PrefectAnswerStore
from mediacensus.lookup import Bucket, LookedUp, Lookup
from mediacensus.queries import Query
from mediacensus.tmdb.access import TmdbAccess
from mediacensus.tmdb.cache import AnswerCache
from mediacensus.tmdb.client import TmdbClient, open_client
from tests.tmdb.__main__ import TITLES
from tests.tmdb.faults import Fault
from tests.tmdb.server import LookAlike, look_alike

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_THIS_YEAR = datetime.now(UTC).year


@pytest.fixture(scope="module")
def tmdb() -> Iterator[LookAlike]:
    """A look-alike with the project's own titles."""
    with look_alike(TITLES) as server:
        yield server


@pytest.fixture
def client(tmdb: LookAlike) -> Iterator[TmdbClient]:
    """A client in a hurry."""
    with open_client(TmdbAccess.checked("token", tmdb.url), requests_per_second=1_000) as opened:
        yield opened


def _movie(title: str, year: int | None) -> Query:
    return Query(kind="movie", title=title, year=year)


def _look_up(folder: Path, client: TmdbClient | None, *queries: Query) -> tuple[LookedUp, Lookup]:
    store = PrefectAnswerStore(AtomicFileSystem(basepath=str(folder)))
    with Lookup(AnswerCache(store, client, "s"), 4, lambda: None) as lookup:
        return lookup.resolve(Bucket(0, queries, "s")), lookup


def _statuses(looked_up: LookedUp) -> dict[str, Any]:
    return {key.split("|")[1]: told["status"] for key, told in looked_up.resolutions.items()}


def test_each_query_gets_its_own_answer(tmp_path: Path, client: TmdbClient) -> None:
    """Queries of one bucket are resolved side by side, and known to a later look-up without a call."""
    queries = (_movie("The Matrix", 1999), _movie("Xyzzy Plugh", 1987))

    first, asking = _look_up(tmp_path, client, *queries)
    second, knowing = _look_up(tmp_path, None, *queries)

    assert _statuses(first) == {"the matrix": "accepted", "xyzzy plugh": "no match"}
    assert first.resolutions == second.resolutions
    assert (asking.counts["queries asked"], knowing.counts["queries asked"]) == (2, 0)
    assert first.may_be_kept


def test_one_failure_costs_one_query(tmp_path: Path, client: TmdbClient, tmdb: LookAlike) -> None:
    """A query without an answer is "lookup failed" with its reason; the others are resolved."""
    tmdb.faults.plan(Fault(kind="400", code=22, times=9, path="Matrix"))

    looked_up, lookup = _look_up(tmp_path, client, _movie("The Matrix", 1999), _movie("Heat", 1995))

    tmdb.faults.forget()
    assert _statuses(looked_up) == {"the matrix": "lookup failed", "heat": "accepted"}
    assert not looked_up.may_be_kept
    [(reason, count)] = lookup.failures.items()
    assert "HTTP 400" in reason
    assert count == 1


def test_where_nobody_may_be_asked_nothing_was_looked_up(tmp_path: Path) -> None:
    """Without anybody to ask, what is not kept is "not looked up": neither a failure nor "no match"."""
    looked_up, lookup = _look_up(tmp_path, None, _movie("The Matrix", 1999))

    assert _statuses(looked_up) == {"the matrix": "not looked up"}
    assert (lookup.failures, looked_up.may_be_kept) == ({}, False)


@pytest.mark.parametrize(("year", "kept"), [(1987, True), (_THIS_YEAR - 1, False), (_THIS_YEAR, False)])
def test_no_match_for_a_new_title_is_not_kept(
    tmp_path: Path, client: TmdbClient, year: int, *, kept: bool
) -> None:
    """A title of this year or the last that TMDB has not is asked for by every run."""
    looked_up, _ = _look_up(tmp_path, client, _movie("Xyzzy Plugh", year))

    assert set(_statuses(looked_up).values()) == {"no match"}
    assert looked_up.may_be_kept is kept


def test_an_answer_that_matching_cannot_use_costs_its_query(
    tmp_path: Path, client: TmdbClient, tmdb: LookAlike
) -> None:
    """An answer of an unheard-of shape makes its query "lookup failed", and ends nothing."""
    tmdb.faults.plan(Fault(kind="odd", times=9, path="Matrix"))

    looked_up, _ = _look_up(tmp_path, client, _movie("The Matrix", 1999), _movie("Heat", 1995))

    tmdb.faults.forget()
    assert _statuses(looked_up) == {"the matrix": "lookup failed", "heat": "accepted"}


def test_an_interrupt_ends_the_waiting(tmp_path: Path, client: TmdbClient, tmdb: LookAlike) -> None:
    """Whoever checks for an interrupt is asked between any two titles and while others ask."""
    tmdb.latency_seconds = 0.2
    store = PrefectAnswerStore(AtomicFileSystem(basepath=str(tmp_path)))
    checks: list[None] = []

    def interrupt() -> None:
        checks.append(None)
        if len(checks) > 3:
            raise KeyboardInterrupt

    with Lookup(AnswerCache(store, client, "s"), 4, interrupt) as lookup, pytest.raises(KeyboardInterrupt):
        lookup.resolve(Bucket(0, [_movie(f"Film {n}", 1999) for n in range(3)], "s"))
    tmdb.latency_seconds = 0


def test_a_bucket_is_known_by_all_that_its_answers_depend_on() -> None:
    """The digest differs with a query, what was seen of it and who is asked; not with the order."""
    heat, matrix = _movie("Heat", 1995), _movie("The Matrix", 1999)
    series = [Query(kind="tv", title="Fargo", seasons=seasons) for seasons in ((1,), (1, 2))]

    digests = [
        Bucket(0, queries, scope).digest
        for queries, scope in (
            ([heat, matrix], "s"),
            ([heat], "s"),
            ([heat, matrix], "t"),
            (series[:1], "s"),
            (series[1:], "s"),
        )
    ]

    assert len(set(digests)) == 5
    assert Bucket(0, [matrix, heat], "s").digest == digests[0]
