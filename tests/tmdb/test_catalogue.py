"""The set of titles answers as TMDB does."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from tests.tmdb.catalogue import PAGE_ROWS, TitleSet, movie_work

TITLES = Path(__file__).parent / "titles"


@pytest.fixture(scope="module")
def titles() -> TitleSet:
    """The project's own titles."""
    return TitleSet.load(TITLES)


def _found(titles: TitleSet, title: str, year: int | None = None) -> list[tuple[str, str]]:
    rows = titles.search("movie", title, year=year)["results"]
    return [(row["title"], row["release_date"][:4]) for row in rows]


def test_the_set_is_large_enough(titles: TitleSet) -> None:
    """There are 300 titles at least, remakes and one-word titles among them."""
    movies = [work for work in titles.works.values() if work.kind == "movie"]
    names = [work.row["title"].casefold() for work in movies]
    assert len(titles.works) >= 300
    assert len(names) - len(set(names)) >= 40
    assert sum(" " not in name for name in names) >= 100


def test_every_word_must_be_there(titles: TitleSet) -> None:
    """A search finds works with all its words, whatever their order, and no others."""
    assert ("Mad Max", "1979") in _found(titles, "max MAD")
    assert ("Moon", "2009") not in _found(titles, "New Moon")
    assert _found(titles, "Xyzzy") == []


def test_titles_that_are_not_shown_are_found(titles: TitleSet) -> None:
    """Original, alternative and translated titles are searched; the row shows none of the last two."""
    assert ("First Blood", "1982") in _found(titles, "Rambo")
    assert ("Spirited Away", "2001") in _found(titles, "千と千尋の神隠し")
    assert ("The Godfather", "1972") in _found(titles, "Il padrino")


def test_the_year_is_a_filter(titles: TitleSet) -> None:
    """With a year only works of that year are found."""
    assert _found(titles, "The Mummy", 1959) == [("The Mummy", "1959")]
    assert _found(titles, "The Mummy", 1960) == []


def test_decomposed_letters_find_nothing(titles: TitleSet) -> None:
    """TMDB does not compose what it is asked."""
    assert _found(titles, "Amélie")
    assert _found(titles, unicodedata.normalize("NFD", "Amélie")) == []


def test_results_come_in_pages() -> None:
    """Twenty a page, each work once; a page past the end is empty and says the same totals."""
    titles = TitleSet([movie_work({"id": n, "title": f"Film {n}", "popularity": n}) for n in range(45)])

    pages = [titles.search("movie", "film", page=page) for page in (1, 2, 3, 4)]

    assert [len(page["results"]) for page in pages] == [PAGE_ROWS, PAGE_ROWS, 5, 0]
    assert {(page["total_pages"], page["total_results"]) for page in pages} == {(3, 45)}
    assert len({row["id"] for page in pages for row in page["results"]}) == 45


def test_a_mixed_search_names_the_kind_of_each_row(titles: TitleSet) -> None:
    """Movies, series and people are told apart, and only there."""
    kinds = {row["media_type"] for row in titles.search("multi", "Carter")["results"]}
    assert kinds == {"movie", "tv", "person"}
    assert all("media_type" not in row for row in titles.search("tv", "Carter")["results"])


def test_appended_seasons_that_do_not_exist_are_left_out(titles: TitleSet) -> None:
    """Of what is appended only what exists is there, under the name it was asked by."""
    series = titles.search("tv", "Breaking Bad")["results"][0]["id"]

    answer = titles.details("tv", series, ("season/1", "season/99", "alternative_titles"))

    assert answer is not None
    assert "season/99" not in answer
    assert [each["episode_number"] for each in answer["season/1"]["episodes"]] == [1, 2, 3, 4, 5, 6, 7]
    assert answer["alternative_titles"] == {"results": []}
    assert titles.details("tv", 1) is None


def test_more_than_twenty_are_not_appended(titles: TitleSet) -> None:
    """TMDB refuses a 21st."""
    with pytest.raises(ValueError, match="21"):
        titles.details("tv", 5001, tuple(f"season/{number}" for number in range(21)))


def test_other_databases_ids_are_found(titles: TitleSet) -> None:
    """All five lists are there; one has the work."""
    answer = titles.find("imdb_id", "tt9900001")

    assert [name for name, rows in answer.items() if rows] == ["movie_results"]
    assert len(answer) == 5
