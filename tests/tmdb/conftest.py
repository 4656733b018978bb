"""Fixtures for tests that ask a look-alike of TMDB over HTTP."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Protocol

import pytest

from mediacensus.tmdb.access import TmdbAccess
from mediacensus.tmdb.budget import Budget
from mediacensus.tmdb.client import Patience, TmdbClient
from mediacensus.tmdb.http import HttpTransport, Timeouts
from tests.tmdb.clock import ManualClock
from tests.tmdb.server import LookAlike, look_alike

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = "eyJhbGciOiJIUzI1NiJ9.look-alike.token"
_TIMEOUTS = Timeouts(connect_seconds=0.5, read_seconds=0.3, total_seconds=5)
FEW_MOVIES = [
    {
        "id": 603,
        "title": "The Matrix",
        "release_date": "1999-03-31",
        "popularity": 80.0,
        "imdb_id": "tt0133093",
    },
    {"id": 604, "title": "The Matrix Reloaded", "release_date": "2003-05-15", "popularity": 40.0},
    {
        "id": 194,
        "title": "Amélie",
        "original_title": "Le Fabuleux Destin d'Amélie Poulain",
        "original_language": "fr",
        "release_date": "2001-04-25",
        "popularity": 30.0,
        "alternative_titles": [["US", "Amelie from Montmartre"]],
    },
]
FEW_SERIES = [
    {"id": 2316, "name": "The Office", "first_air_year": 2005, "popularity": 98.0, "tvdb_id": 73244},
    {"id": 2996, "name": "The Office", "first_air_year": 2001, "popularity": 5.0},
]


def write_titles(folder: Path, movies: list[dict[str, object]], series: list[dict[str, object]]) -> Path:
    """Write titles as a folder that a look-alike reads."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in (("movies", movies), ("series", series)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


@pytest.fixture
def tmdb(tmp_path: Path) -> Iterator[LookAlike]:
    """A look-alike with a handful of titles, which lets in one token."""
    with look_alike(write_titles(tmp_path / "titles", FEW_MOVIES, FEW_SERIES), token=TOKEN) as server:
        yield server


class ClientFactory(Protocol):
    """Makes clients of one look-alike."""

    def __call__(
        self,
        *,
        token: str = TOKEN,
        url: str | None = None,
        patience: Patience | None = None,
        timeouts: Timeouts = _TIMEOUTS,
    ) -> tuple[TmdbClient, ManualClock]:
        """Return a client, and the clock by which it waits."""


@pytest.fixture
def new_client(tmdb: LookAlike) -> Iterator[ClientFactory]:
    """Offer clients on real HTTP whose waits take no time."""
    made = []

    def make(
        *,
        token: str = TOKEN,
        url: str | None = None,
        patience: Patience | None = None,
        timeouts: Timeouts = _TIMEOUTS,
    ) -> tuple[TmdbClient, ManualClock]:
        clock = ManualClock()
        access = TmdbAccess.checked(token, url or tmdb.url)
        transport = HttpTransport(access, 10, timeouts)
        client = TmdbClient(transport, Budget(30, clock), clock, patience=patience)
        made.append(client)
        return client, clock

    yield make
    for client in made:
        client.close()
