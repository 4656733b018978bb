"""What is asked, in which order, and what becomes of the answers."""

from __future__ import annotations

import json
from datetime import date

import pytest

from mediacensus.errors import TmdbError, TmdbRefusedError
from mediacensus.match import Resolution, resolve
from mediacensus.queries import Query
from tests.match.conftest import Asked
from tests.tmdb.catalogue import TitleSet, Work, movie_work, series_work


def _set(*works: Work) -> Asked:
    return Asked(TitleSet(list(works)))


def _movie(number: int, title: str, year: int | None, **more: object) -> Work:
    day = f"{year}-05-05" if year else ""
    return movie_work({"id": number, "title": title, "release_date": day, "vote_count": 100, **more})


def test_a_movie_with_its_year_costs_one_call(tmdb: Asked) -> None:
    """Where the year and the title fit, nothing more is asked."""
    tmdb.asked_about("Heat.1995.1080p.mkv")

    assert tmdb.questions == ["search movie Heat 1995"]


def test_a_wrong_year_costs_a_second_search(tmdb: Asked) -> None:
    """A year that finds nothing is left out once, and one year apart is forgiven."""
    found = tmdb.asked_about("Interstellar.2015.1080p.mkv")

    assert tmdb.questions == ["search movie Interstellar 2015", "search movie Interstellar"]
    assert (found.matched_title, found.status) == ("Interstellar", "accepted")
    assert "it is of 2014, the name says 2015" in found.reasons


def test_other_titles_are_asked_for_only_where_the_shown_ones_do_not_fit(tmdb: Asked) -> None:
    """A work found by a title that is not shown is rescued with one call."""
    found = tmdb.asked_about("Live.Free.or.Die.Hard.2007.mkv")
    assert not [question for question in tmdb.questions if question.startswith("details")]

    found = tmdb.asked_about("Die.Hard.4.2007.mkv")
    rescues = [question for question in tmdb.questions if question.startswith("details")]
    assert len(rescues) == 1
    assert rescues[0].endswith("alternative_titles translations")
    assert found.matched_title == "Live Free or Die Hard"


def test_a_series_costs_a_search_and_its_seasons(tmdb: Asked) -> None:
    """One call with details brings exactly the seasons that were seen."""
    query = Query(kind="tv", title="Breaking Bad", seasons=(1, 2, 5), last_episodes=((1, 7), (2, 13), (5, 2)))

    found = resolve(query, tmdb)

    assert tmdb.questions[0] == "search tv Breaking Bad"
    assert [question.partition("season")[2] for question in tmdb.questions[1:]] == ["/1 season/2 season/5"]
    assert {each.season for each in found.episodes} == {1, 2, 5}
    assert found.episodes[0].title == "Pilot"


def test_more_than_twenty_seasons_cost_one_call_more_for_every_twenty(tmdb: Asked) -> None:
    """TMDB appends twenty at most; the others are asked for apart, and none twice."""
    query = Query(kind="tv", title="Law and Order Special Victims Unit", seasons=tuple(range(1, 25)))

    found = resolve(query, tmdb)

    calls = [question.split()[3:] for question in tmdb.questions if question.startswith("details")]
    assert [len(call) for call in calls] == [20, 4]
    assert {each.season for each in found.episodes} == set(range(1, 25))


def test_a_title_without_a_match_is_told_from_an_error(tmdb: Asked) -> None:
    """``no match`` is TMDB's answer; a question without an answer is ``lookup failed`` with its reason."""
    assert tmdb.asked_about("Xyzzy.Plugh.2011.mkv").status == "no match"

    tmdb.error = TmdbError("TMDB was too busy.")
    failed = tmdb.asked_about("Heat.1995.mkv")
    assert (failed.status, failed.reasons, failed.candidates) == (
        "lookup failed",
        ("TMDB was too busy.",),
        (),
    )


def test_a_refused_token_ends_the_look_ups(tmdb: Asked) -> None:
    """That TMDB refuses everything is for the run to know, not for one title."""
    tmdb.error = TmdbRefusedError("no")

    with pytest.raises(TmdbRefusedError):
        tmdb.asked_about("Heat.1995.mkv")


def test_two_works_of_one_title_and_year_are_left_to_people() -> None:
    """Equal works are not chosen between."""
    source = _set(_movie(1, "Mentor", 2014), _movie(2, "Mentor", 2014))

    found = source.asked_about("Mentor.2014.mkv")

    assert (found.status, len(found.candidates)) == ("review", 2)
    assert "1 more fit as well" in found.reasons[0]


def test_a_namesake_that_hardly_anybody_knows_does_not_hide_a_well_known_work() -> None:
    """Two hundred times the votes make up for a missing margin, at a lower certainty."""
    source = _set(_movie(1, "Mentor", 2014, vote_count=9_000), _movie(2, "Mentor", 2014, vote_count=3))

    found = source.asked_about("Mentor.2014.mkv")

    assert (found.status, found.tmdb_id) == ("accepted", 1)
    assert found.certainty is not None
    assert found.certainty < 1


def test_popularity_does_not_make_up_for_a_wrong_title() -> None:
    """However well known, a work of another title is not taken."""
    source = _set(_movie(1, "Mad Max", 2015, popularity=900.0, vote_count=90_000))

    assert source.asked_about("Max.2015.mkv").status == "review"


def test_an_id_in_the_name_wins(tmdb: Asked) -> None:
    """The work of the id is taken without a search, and its title compared."""
    found = tmdb.asked_about("The Mummy (1959) {tmdb-9034}/The Mummy (1959).mkv")

    assert tmdb.questions == ["details movie 9034 alternative_titles translations"]
    assert (found.status, found.tmdb_id, found.confidence) == ("accepted", 9034, 1.0)


def test_an_id_that_does_not_fit_is_obeyed_and_remarked(tmdb: Asked) -> None:
    """Ids are law; what speaks against one is said, and the confidence is low."""
    found = tmdb.asked_about("Heat (1995) {tmdb-9034}/Heat.mkv")

    assert (found.status, found.tmdb_id) == ("accepted", 9034)
    assert any("The Mummy" in reason for reason in found.reasons)
    assert found.confidence is not None
    assert found.confidence < 0.9


def test_an_unknown_id_is_left_to_people(tmdb: Asked) -> None:
    """An id that TMDB does not have is no reason to guess: the title's own candidates are offered."""
    found = tmdb.asked_about("Heat (1995) {tmdb-1}/Heat.mkv")

    assert (found.status, found.tmdb_id) == ("review", None)
    assert (found.candidates[0].title, found.candidates[0].year) == ("Heat", 1995)


def test_ids_of_other_databases_lead_to_the_work(tmdb: Asked) -> None:
    """IMDb's and TheTVDB's ids are looked up with one call, and then checked."""
    found = tmdb.asked_about("Fargo [tvdb-700112]/Season 01/Fargo S01E01.mkv")

    assert tmdb.questions[0] == "find tvdb_id 700112"
    assert found.matched_title == tmdb.titles.find("tvdb_id", "700112")["tv_results"][0]["name"]


@pytest.mark.parametrize(
    ("decision", "status", "title"),
    [
        ("movie:9034", "accepted", "The Mummy"),
        ("tmdb:9034", "accepted", "The Mummy"),
        ("tv:5002", "accepted", "The Office"),
        ("none", "no match", None),
        ("movie:1", "review", None),
    ],
)
def test_what_a_person_pinned_is_obeyed(decision: str, status: str, title: str | None, tmdb: Asked) -> None:
    """A decision is taken as it is, whatever the name says; one that leads nowhere is reviewed."""
    found = tmdb.asked_about("Heat.1995.mkv", decision)

    assert (found.status, found.matched_title) == (status, title)
    assert not [question for question in tmdb.questions if question.startswith("search")]


def test_dates_and_absolute_numbers_lead_to_episodes(tmdb: Asked) -> None:
    """An air date, and a number counted through all seasons, are resolved where TMDB's data allows."""
    daily = tmdb.asked_about("The.Daily.Show.2022.10.05.720p.mkv")
    assert daily.dated == ((date(2022, 10, 5), 28, 3),)

    anime = tmdb.asked_about("[Group] Attack on Titan - 30 [1080p].mkv")
    assert anime.counted == ((30, 2, 5),)  # after 25 episodes of season 1

    through = tmdb.asked_about("[Group] One Piece - 130 [1080p].mkv")
    assert through.counted == ((130, 4, 130),)  # seasons that go on counting


def test_a_date_nothing_aired_on_is_not_resolved(tmdb: Asked) -> None:
    """What TMDB's data does not lead to stays open, while the series is known."""
    found = tmdb.asked_about("The.Daily.Show.2022.10.08.720p.mkv")  # a Saturday

    assert (found.status, found.dated) == ("accepted", ())


def test_absolute_numbers_tell_two_series_apart(tmdb: Asked) -> None:
    """Number 130 is not of the series with eight episodes."""
    assert tmdb.asked_about("[Group] One Piece - 130 [1080p].mkv").matched_year == 1999


def test_missing_and_null_fields_do_no_harm() -> None:
    """Any field of an answer may be missing or null."""
    source = _set(_movie(1, "Heat", 1995))
    for name in ("original_title", "popularity", "vote_count", "release_date"):
        source.titles.works["movie", 1].row[name] = None

    found = source.asked_about("Heat.1080p.mkv")

    assert (found.candidates[0].title, found.candidates[0].year) == ("Heat", None)


def test_a_resolution_survives_json(tmdb: Asked) -> None:
    """A resolution that went through JSON text is the same."""
    for path in ("The.Daily.Show.2022.10.05.mkv", "Heat.1995.mkv", "The.Mummy.mkv", "Xyzzy.mkv"):
        found = tmdb.asked_about(path)
        assert Resolution.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_a_series_of_the_name_is_offered_for_what_looks_like_a_movie() -> None:
    """A film that TMDB does not have, while it has a series of that name, is for people to decide."""
    source = _set(series_work({"id": 7, "name": "Chernobyl", "first_air_year": 2019, "season_episodes": [5]}))

    found = source.asked_about("Chernobyl.2019.1080p.mkv")

    assert (found.status, found.candidates[0].kind) == ("review", "tv")
