"""The look-alike against TMDB's own description and recorded answers, where these are at hand."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.tmdb.__main__ import TITLES
from tests.tmdb.server import LookAlike, look_alike

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHARED = Path(os.environ.get("MEDIACENSUS_TITLES", Path(__file__).parents[3] / "shared" / "tmdb"))
_DESCRIPTION = _SHARED / "openapi.json.gz"
_RECORDINGS = _SHARED / "recordings.jsonl.gz"
_MATRIX, _OFFICE = "603", "5002"

_ASKED = {
    "/3/search/movie": "search/movie?query=the",
    "/3/search/tv": "search/tv?query=the",
    "/3/search/multi": "search/multi?query=the",
    "/3/movie/{movie_id}": "movie/{movie}",
    "/3/tv/{series_id}": "tv/{series}",
    "/3/tv/{series_id}/season/{season_number}": "tv/{series}/season/1",
    "/3/movie/{movie_id}/alternative_titles": "movie/{movie}/alternative_titles",
    "/3/tv/{series_id}/alternative_titles": "tv/{series}/alternative_titles",
    "/3/movie/{movie_id}/translations": "movie/{movie}/translations",
    "/3/movie/{movie_id}/external_ids": "movie/{movie}/external_ids",
    "/3/tv/{series_id}/external_ids": "tv/{series}/external_ids",
    "/3/find/{external_id}": "find/{imdb}?external_source=imdb_id",
    "/3/configuration": "configuration",
    "/3/movie/changes": "movie/changes",
    "/3/tv/changes": "tv/changes",
}
"""Paths of the description, and how the look-alike is asked for one of each."""


@pytest.fixture(scope="module")
def tmdb() -> Iterator[LookAlike]:
    """A look-alike with the project's own titles."""
    with look_alike(TITLES) as server:
        yield server


def _get(tmdb: LookAlike, target: str) -> httpx.Response:
    return httpx.get(f"{tmdb.url}/{target}", headers={"Authorization": "Bearer x"})


def _example(tmdb: LookAlike, template: str) -> dict[str, Any]:
    """Return the answer for a movie and a series that have everything."""
    movies = [json.loads(line) for line in (TITLES / "movies.jsonl").read_text().splitlines()]
    movie = next(each for each in movies if each.get("imdb_id") and each.get("alternative_titles"))
    series = json.loads((TITLES / "series_episodes.jsonl").read_text().splitlines()[0])["tmdb_id"]
    target = template.format(movie=movie["id"], series=series, imdb=movie["imdb_id"])
    body: dict[str, Any] = _get(tmdb, target).raise_for_status().json()
    return body


def _faults(value: Any, schema: dict[str, Any], where: str) -> Iterator[str]:
    """Yield where a body is not as described.

    Null is allowed everywhere, a number for an integer, and more fields: these are the deviations of
    TMDB's own recorded answers.
    """
    kind = schema.get("type")
    if value is None or kind is None:
        return
    fits = {
        "object": isinstance(value, dict),
        "array": isinstance(value, list),
        "string": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "integer": isinstance(value, int | float) and not isinstance(value, bool),
        "number": isinstance(value, int | float) and not isinstance(value, bool),
    }
    if not fits[kind]:
        yield f"{where} is {value!r}, described as {kind}"
    elif kind == "object":
        for name, inner in schema.get("properties", {}).items():
            yield from _faults(value.get(name), inner, f"{where}.{name}")
    elif kind == "array":
        for each in value:
            yield from _faults(each, schema.get("items", {}), f"{where}[]")


@pytest.mark.skipif(not _DESCRIPTION.exists(), reason="TMDB's description is not at hand")
@pytest.mark.parametrize("path", _ASKED)
def test_answers_are_as_tmdb_describes_them(tmdb: LookAlike, path: str) -> None:
    """Every answer has the types of TMDB's description, and at its top all the fields described."""
    with gzip.open(_DESCRIPTION, "rt", encoding="utf-8") as description:
        responses = json.load(description)["paths"][path]["get"]["responses"]
    schema = responses["200"]["content"]["application/json"]["schema"]

    body = _example(tmdb, _ASKED[path])

    assert list(_faults(body, schema, path)) == []
    assert schema["properties"].keys() - body.keys() <= _LEFT_OUT


_LEFT_OUT = {
    *"adult video popularity".split(),
    *"facebook_id instagram_id twitter_id wikidata_id freebase_id freebase_mid tvrage_id".split(),
}
"""What no client of ours looks at: names in social networks and of databases that are gone."""


def _recorded(prefix: str, status: int = 200) -> list[dict[str, Any]]:
    with gzip.open(_RECORDINGS, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return [r for r in records if r["path"].startswith(prefix) and r["status"] == status]


@pytest.mark.skipif(not _RECORDINGS.exists(), reason="recorded answers are not at hand")
@pytest.mark.parametrize(
    ("prefix", "target", "rows"),
    [
        ("/3/search/movie", "search/movie?query=the", "results"),
        ("/3/search/tv", "search/tv?query=the", "results"),
        ("/3/movie/changes", "movie/changes", "results"),
        ("/3/tv/1396/season/1", "tv/{series}/season/1", "episodes"),
        ("/3/configuration", "configuration", ""),
    ],
)
def test_rows_have_the_fields_of_recorded_ones(tmdb: LookAlike, prefix: str, target: str, rows: str) -> None:
    """Rows have the fields that TMDB's recorded rows have, but for pictures, people and votes."""
    recorded, ours = _recorded(prefix)[0]["body"], _example(tmdb, target)

    assert recorded.keys() - ours.keys() <= {"images"}
    if rows:
        missing = recorded[rows][0].keys() - ours[rows][0].keys()
        assert missing <= {"softcore", "crew", "guest_stars", "production_code", "show_id", "still_path"} | {
            "vote_average",
            "vote_count",
        }


@pytest.mark.skipif(not _RECORDINGS.exists(), reason="recorded answers are not at hand")
def test_what_is_not_there_is_said_as_tmdb_says_it(tmdb: LookAlike) -> None:
    """A missing movie, series and season have the status and body that TMDB was recorded to send."""
    for record in _recorded("/3/", 404):
        answer = _get(tmdb, record["path"].removeprefix("/3/"))

        assert (answer.status_code, answer.json()) == (404, record["body"])


@pytest.mark.parametrize(
    ("target", "status", "code"),
    [
        ("movie/999999999", 404, 34),
        ("tv/5099/season/99", 404, 34),
        ("nothing/of/that/kind", 404, 34),
        ("search/movie?query=the&page=0", 400, 22),
        ("search/movie?query=the&page=501", 400, 22),
        ("search/movie", 422, 5),
        ("movie/changes?start_date=2026-01-01&end_date=2026-02-01", 422, 20),
        ("movie/changes?start_date=soon", 400, 23),
        ("tv/5099?append_to_response=" + ",".join(f"season/{n}" for n in range(21)), 400, 27),
    ],
)
def test_errors_have_tmdbs_codes(tmdb: LookAlike, target: str, status: int, code: int) -> None:
    """What TMDB rejects is rejected with its status and code."""
    answer = _get(tmdb, target)

    assert (answer.status_code, answer.json()["status_code"]) == (status, code)
    assert answer.json()["success"] is False


def test_no_token_is_refused(tmdb: LookAlike) -> None:
    """A request without a token is answered as one with an invalid key."""
    answer = httpx.get(f"{tmdb.url}/configuration")

    assert (answer.status_code, answer.json()["status_code"]) == (401, 7)


def test_a_page_past_the_end_is_empty(tmdb: LookAlike) -> None:
    """Pages have twenty rows, and one past the end has none and is no error."""
    first = _get(tmdb, "search/movie?query=the").json()
    past = _get(tmdb, f"search/movie?query=the&page={first['total_pages'] + 1}").json()

    assert len(first["results"]) == 20
    assert (past["results"], past["total_results"]) == ([], first["total_results"])


def test_years_filter_as_tmdb_says(tmdb: LookAlike) -> None:
    """A series is found by the year of its first episode, and with ``year`` by that of any episode."""
    line = next(
        told
        for told in map(json.loads, (TITLES / "series_episodes.jsonl").read_text().splitlines())
        if len({each["air_date"][:4] for each in told["episodes"] if each["air_date"]}) > 1
    )
    name = _get(tmdb, f"tv/{line['tmdb_id']}").json()["name"]
    last = max(each["air_date"][:4] for each in line["episodes"] if each["air_date"])

    def ids(parameters: dict[str, str]) -> set[int]:
        url = f"{tmdb.url}/search/tv"
        answer = httpx.get(url, params={"query": name} | parameters, headers={"Authorization": "Bearer x"})
        return {row["id"] for row in answer.json()["results"]}

    assert line["tmdb_id"] in ids({"year": last})
    assert line["tmdb_id"] not in ids({"first_air_date_year": last})


def test_the_movie_path_takes_an_imdb_id(tmdb: LookAlike) -> None:
    """``/movie/tt…`` gives the movie, as TMDB was recorded to."""
    movie = _example(tmdb, "movie/{imdb}")

    assert movie["imdb_id"].startswith("tt")
