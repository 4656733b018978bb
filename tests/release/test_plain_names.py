"""Plain names of every kind, as most of a library has them."""

from __future__ import annotations

import pytest

from mediacensus.release import parse_release_name


@pytest.mark.parametrize(
    ("name", "title", "year"),
    [
        ("The.Glass.Orchard.2011.1080p.BluRay.x264-GRP.mkv", "The Glass Orchard", 2011),
        ("The Glass Orchard (2011).mkv", "The Glass Orchard", 2011),
        ("the_glass_orchard_2011_dvdrip_xvid-grp.avi", "the glass orchard", 2011),
    ],
)
def test_a_movie_is_its_title_and_year(name: str, title: str, year: int) -> None:
    """The words before the year are the title, whatever separates them."""
    release = parse_release_name(name)
    assert (release.kind, release.title, release.year) == ("movie", title, year)


@pytest.mark.parametrize(
    ("name", "seasons", "episodes"),
    [
        ("Harbour.Lights.S02E05.720p.HDTV.x264-GRP.mkv", (2,), (5,)),
        ("Harbour Lights 2x05.avi", (2,), (5,)),
        ("Harbour.Lights.S01E01-E03.mkv", (1,), (1, 2, 3)),
        ("Harbour.Lights.S01E01E02.mkv", (1,), (1, 2)),
        ("Harbour Lights Season 3 Episode 7.mkv", (3,), (7,)),
        ("Harbour.Lights.S01-S03.1080p.WEB-DL", (1, 2, 3), ()),
    ],
)
def test_an_episode_is_numbered(name: str, seasons: tuple[int, ...], episodes: tuple[int, ...]) -> None:
    """Every usual way of writing season and episode gives the same numbers."""
    release = parse_release_name(name)
    assert (release.kind, release.title) == ("episode", "Harbour Lights")
    assert (release.seasons, release.episodes) == (seasons, episodes)
