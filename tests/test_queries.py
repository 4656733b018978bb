"""One query for all names that ask the same."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from mediacensus import schema
from mediacensus.queries import Query, query_of, query_of_release, unite
from mediacensus.release import parse_release_name


def _asked(path: str, decision: str | None = None) -> Query:
    *parents, name = path.split("/")
    query = query_of_release(parse_release_name(name, parents), path, decision)
    assert query is not None
    return query


@pytest.mark.parametrize(
    ("paths", "key"),
    [
        (
            [
                "Alien (1979)/Alien.1979.Directors.Cut.2160p.mkv",
                "Alien (1979)/Alien (1979) cd1.avi",
                "Alien (1979)/Alien (1979) cd2.avi",
                "Alien.1979.German.DL.1080p.BluRay.mkv",
                "ALIEN (1979).mp4",
            ],
            "movie|alien|1979|",
        ),
        (
            [
                "Fargo/Season 01/Fargo S01E01.mkv",
                "Fargo/Season 02/Fargo.S02E03.720p.mkv",
                "fargo.s03e01-e02.mkv",
            ],
            "tv|fargo||",
        ),
        (["Heat (1995) {tmdb-949}/Heat.mkv", "Heat.1995.[tmdbid-949].mkv"], "movie|tmdb=949"),
    ],
)
def test_what_asks_the_same_shares_a_key(paths: list[str], key: str) -> None:
    """Editions, parts, versions and episodes share their work's query."""
    assert {_asked(path).key for path in paths} == {key}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The.Mummy.1999.mkv", "The.Mummy.2017.mkv"),
        ("The.Office.UK.S01E01.mkv", "The.Office.US.S01E01.mkv"),
        ("Fargo.1996.mkv", "Fargo.S01E01.mkv"),
        ("Heat (1995) {tmdb-949}/Heat.mkv", "Heat (1995)/Heat.mkv"),
    ],
)
def test_what_asks_something_else_has_another_key(one: str, other: str) -> None:
    """Year, country, kind and id tell queries apart."""
    assert _asked(one).key != _asked(other).key


def test_an_extra_joins_its_owner() -> None:
    """An extra does not say whether its owner is a movie or a series; it is asked about once, with it."""
    movie, extra = _asked("Alien (1979)/Alien (1979).mkv"), _asked("Alien (1979)/Trailers/trailer.mkv")
    assert extra.kind is None
    assert movie.bucket_text == extra.bucket_text

    united = unite([extra, movie])

    assert united[extra.key] is united[movie.key]
    assert united[extra.key].kind == "movie"


def test_an_extra_of_two_possible_owners_is_asked_for_itself() -> None:
    """A movie and a series of one title leave open whose extra it is."""
    film, show, extra = (
        Query(kind="movie", title="Fargo"),
        Query(kind="tv", title="Fargo"),
        Query(kind=None, title="Fargo"),
    )

    assert unite([film, show, extra])[extra.key] == extra


def test_uniting_keeps_everything_that_was_seen() -> None:
    """Seasons, last episodes, dates, absolute numbers and titles of all names end up in one query."""
    names = (
        "Show.S02E03.mkv",
        "Show.S01E09.Some.Title.mkv",
        "Show.S01E02.mkv",
        "Show.2020.05.06.mkv",
        "[Grp] Show - 130 [1080p].mkv",
    )
    [query] = set(unite(map(_asked, names)).values())

    assert query.seasons == (1, 2)
    assert query.last_episodes == ((1, 9), (2, 3))
    assert query.air_dates == (date(2020, 5, 6),)
    assert query.absolute_episodes == (130,)
    assert query.episode_titles == ((1, 9, "Some Title"),)


def test_the_order_of_names_does_not_change_what_is_asked() -> None:
    """What was seen is united in an order of its own."""
    names = ["Show.S02E03.mkv", "Show.S01E09.mkv", "Show.S03E01.mkv"]

    assert unite(map(_asked, names)) == unite(map(_asked, reversed(names)))


def test_a_query_survives_json() -> None:
    """A query that went through JSON text is the same."""
    for query in (
        _asked("Show.2020.05.06.mkv"),
        _asked("Show.S01E09.Some.Title.mkv"),
        _asked("Le.Film.AKA.The.Film.2011.mkv"),
        _asked("Heat (1995) {tmdb-949}/Heat.mkv", "none"),
    ):
        assert Query.from_json(json.loads(json.dumps(query.to_json()))) == query


def test_a_decision_is_a_question_of_its_own() -> None:
    """A pinned file does not share the query of others with its title."""
    free, pinned = _asked("Heat.1995.mkv"), _asked("Heat.1995.mkv", "movie:949")

    assert free.key != pinned.key
    assert pinned.decision == "movie:949"


def test_entries_ask_what_their_names_do() -> None:
    """A row of the entries table asks the same as the release it was made of."""
    row: dict[str, Any] = dict.fromkeys(schema.ENTRIES.names)
    row |= {"path": "/m/Show.S01E09.mkv", "kind": "episode", "title": "Show", "season": 1, "seasons": [1]}
    row |= {"episode": 9, "episodes": [9], "ids": [], "absolute_episodes": [], "alternative_titles": []}

    assert query_of(row) == _asked("/m/Show.S01E09.mkv")


def test_a_name_without_a_title_asks_nothing() -> None:
    """Where a name says neither a title nor an id, nothing is asked."""
    row: dict[str, Any] = dict.fromkeys(schema.ENTRIES.names) | {"path": "/m/01.mkv", "kind": "episode"}

    assert query_of(row) is None


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        (
            "Star.Wars.Episode.III.Revenge.of.the.Sith.2005.mkv",
            ("Star Wars Episode III Revenge of the Sith", 2005),
        ),
        ("Wonder.Woman.1984.mkv", ("Wonder Woman 1984", None)),
        ("School.Life.720p.mkv", ("School Life", None)),
        ("[ www.Example.com ] - Scream.2.1997.1080p.XviD-GRP.mkv", ("Scream 2", 1997)),
        ("The.Lego.Movie.2.The.Second.Part.2020.720p.mkv", ("The Lego Movie 2 The Second Part", 2020)),
    ],
)
def test_readings_that_conventions_disagree_on_are_kept(name: str, reading: tuple[str, int | None]) -> None:
    """Where a number, a year or a word may belong to the title or not, both readings are asked."""
    query = _asked(name)

    assert reading in [*query.readings, (query.title, query.year)]


@pytest.mark.parametrize(
    "name", ["Heat.S01E01.mkv", "Moon.720p.AMZN.WEB-DL.mkv", "[Group] Show - 05 [1080p].mkv"]
)
def test_plain_names_have_one_reading(name: str) -> None:
    """A name that leaves nothing open is read in one way."""
    assert _asked(name).readings == ()
