"""Folders around a file, and files beside it."""

from __future__ import annotations

import pytest

from mediacensus.release import parse_folder, parse_release_name


@pytest.mark.parametrize(
    "folder",
    [
        *("Season 3", "season 03", "S03", "Staffel 3", "3. Staffel", "Saison 3", "Temporada 3", "Stagione 3"),
        *("Seizoen 3", "Säsong 3", "Sæson 3", "Sesong 3", "Kausi 3", "Sezon 3", "Sezona 3", "Évad 3"),
        *("Сезон 3", "3 сезон", "시즌 3", "シーズン 3", "第3季", "series 3"),
    ],
)
def test_a_season_folder_numbers_its_files(folder: str) -> None:
    """The season stands on the folder in any of twenty languages; the show on the folder above."""
    release = parse_release_name("05 - The Storm.mkv", ("TV", "Harbour Lights (2011)", folder))
    assert (release.title, release.year, release.kind) == ("Harbour Lights", 2011, "episode")
    assert (release.seasons, release.episodes, release.episode_title) == ((3,), (5,), "The Storm")


def test_specials_are_season_zero() -> None:
    """A folder of specials is season 0 of its show."""
    assert parse_release_name("E02.mkv", ("Harbour Lights", "Specials")).seasons == (0,)


@pytest.mark.parametrize(
    ("tag", "ids"),
    [
        ("{tmdb-603}", (("tmdb", "603"),)),
        ("[tmdbid-603]", (("tmdb", "603"),)),
        ("{imdb-tt0133093}", (("imdb", "tt0133093"),)),
        ("[tvdbid=81189] [anidb-5]", (("tvdb", "81189"), ("anidb", "5"))),
    ],
)
def test_an_id_on_the_folder_belongs_to_the_file(tag: str, ids: tuple[tuple[str, str], ...]) -> None:
    """Ids in any server's spelling are found on the folder and are no part of the title."""
    release = parse_release_name("Glass Orchard.mkv", ("Movies", f"Glass Orchard (2011) {tag}"))
    assert (release.title, release.year, release.ids) == ("Glass Orchard", 2011, ids)


@pytest.mark.parametrize(
    "name", ["a8f3c09d5e7b41aa9c02.mkv", "PRG-462x.p0801.1102.drahcrO.ssalG.mkv", "abc.mkv"]
)
def test_a_scrambled_file_is_what_its_release_folder_says(name: str) -> None:
    """An obfuscated or backwards file name gives way to the folder that holds the release's name."""
    release = parse_release_name(name, ("Glass.Orchard.2011.1080p.BluRay.x264-GRP",))
    assert (release.title, release.year, release.resolution) == ("Glass Orchard", 2011, "1080p")


@pytest.mark.parametrize(
    ("name", "parents", "kind"),
    [
        ("Glass Orchard (2011)-trailer.mkv", ("Glass Orchard (2011)",), "trailer"),
        ("the set.mkv", ("Glass Orchard (2011)", "Behind The Scenes"), "behind the scenes"),
        ("one.mkv", ("Glass Orchard (2011)", "Deleted Scenes"), "deleted scene"),
        ("glass.orchard.2011.1080p-grp.sample.mkv", (), "sample"),
        ("Glass Orchard (2011).mkv", ("Movies", "Trailers"), None),
    ],
)
def test_extras_are_told_by_suffix_and_folder(name: str, parents: tuple[str, ...], kind: str | None) -> None:
    """Plex's and Jellyfin's suffixes and folders make an extra; a library of trailers does not."""
    assert parse_release_name(name, parents).extra == kind


def test_three_siblings_that_count_up_are_episodes() -> None:
    """What varies is the number, what stays is the title, as soon as three names agree."""
    releases = parse_folder([f"Harbour Lights {number}.mkv" for number in (8, 9, 10)])
    assert [release.title for release in releases] == ["Harbour Lights"] * 3
    assert [release.episodes for release in releases] == [(8,), (9,), (10,)]


def test_films_that_count_up_stay_films() -> None:
    """Among movies, numbers are sequels."""
    releases = parse_folder([f"Boxer {number}.mkv" for number in (1, 2, 3)], ("Movies",))
    assert [(release.kind, release.title) for release in releases] == [
        ("movie", f"Boxer {n}") for n in (1, 2, 3)
    ]


def test_an_edition_tag_is_an_edition() -> None:
    """Plex's edition tag is read whole."""
    assert parse_release_name("Glass Orchard (2011) {edition-Final Mix}.mkv").editions == ("Final Mix",)
