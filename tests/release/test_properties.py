"""What holds for every name, sensible or not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mediacensus.release import explain, parse_as_guessit, parse_folder, parse_release_name
from mediacensus.release.context import read_folder, read_surroundings
from mediacensus.release.draft import Draft
from mediacensus.release.guessit import split_path
from mediacensus.release.reading import read_name

_PIECES = st.sampled_from(
    [
        *"[](){}.-_ /&+,#~",
        *("S01E02", "1x03", "Season", "Staffel", "2", "07", "103", "2011", "(2011)", "1080p", "x264"),
        *("web-dl", "BluRay", "German", "ita", "eng", "sub", "DD5", ".1", "cd1", "part", "第3話", "Сезон"),
        *("シーズン2", "v2", "Harbour", "Lights", "The", "of", "{tmdb-12}", "tt0123456", "www.example.com"),
        *("-GRP", ".mkv", ".srt", "\ud800", "é", "İ", "½", "１２", "٣", "70E10S", "Show1x01", "- 05 -"),
        *("[05]", "2010.11.12", "x", "000", "1000x000"),
    ]
)
names = st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=12).map("".join))


@given(names, st.lists(names, max_size=3))
@example("\ud800", ["\udfff"])
@example("", [""])
@example("10bit - 01[01 - 02 - 190304 - 10bit - 2] [.srt", [])
@example("repack_The_x264_Series.Dragon]Name_BluRay_Rerip_DDP_.mkv", [])
@example("01v2-14-54] [.mkv", [])
@example("05-1280x720p-DL[1-e43-2.0 - mp4].mkv", [])
def test_no_name_raises(name: str, parents: list[str]) -> None:
    """Any text at all, lone surrogates and empty names included, gets an answer."""
    release = parse_release_name(name, parents)
    assert release.name == name
    assert release.kind in ("movie", "episode")


@given(names, st.lists(names, max_size=3))
def test_an_answer_is_always_the_same(name: str, parents: list[str]) -> None:
    """The same name in the same folders gives the same answer, with memories cold or warm."""
    warm = parse_release_name(name, parents)
    read_folder.cache_clear()
    read_surroundings.cache_clear()
    assert parse_release_name(name, parents) == warm


@given(names)
def test_composed_and_decomposed_names_are_one(name: str) -> None:
    """A name from a disk that stores decomposed letters reads like the composed one."""
    composed = parse_as_guessit(unicodedata.normalize("NFC", name))
    assert parse_as_guessit(unicodedata.normalize("NFD", name)) == composed


@given(st.text(st.characters(min_codepoint=ord(" "), max_codepoint=ord("~")), max_size=80))
@example("")
@example("...")
@example("\tHarbour\nLights\x1f")
def test_plain_names_are_cut_like_all_others(text: str) -> None:
    """A name of ASCII letters, cut the quicker way, is cut where it would be with a foreign letter in it."""
    plain, other = Draft(text), Draft(f"{text}|é")
    assert (plain.words, plain.lows) == (other.words[:-1], other.lows[:-1])
    spaced = ["".join(" " if sign.isspace() else sign for sign in gap) for gap in other.gaps]
    assert [*plain.gaps[:-1], f"{plain.gaps[-1]}|", ""] == spaced
    assert plain.starts() == other.starts()[:-1]


@given(names, st.lists(names, max_size=2))
def test_an_explanation_explains_the_answer(name: str, parents: list[str]) -> None:
    """An explanation carries the answer it explains, and its claims lie inside the text."""
    explanation = explain(name, parents)
    assert explanation.release == parse_release_name(name, parents)
    assert all(0 <= claim.span[0] < claim.span[1] for claim in explanation.claims)
    assert len(explanation.lines()) == len(explanation.claims) + 2


@given(
    st.lists(st.integers(min_value=0, max_value=120), max_size=8),
    st.sampled_from(["1080p", "E05", "-07", "Title"]),
)
def test_a_folder_reads_like_its_names(episodes: list[int], behind: str) -> None:
    """Reading names together changes nothing where siblings add nothing."""
    listing = [f"Harbour.Lights.S02E{episode:02d}.{behind}.WEB.x264-GRP.mkv" for episode in episodes]
    parents = ("TV", "Harbour Lights (2011)", "Season 2")
    assert parse_folder(listing, parents) == [parse_release_name(name, parents) for name in listing]


_CHECKSUMS = st.text("0123456789ABCDEF", min_size=8, max_size=8)


@given(
    st.sampled_from(["Hagane no Kaze", "Hagane 2", "Тихая Гавань", "灯台の夜", "Café Lumière", "３月", "12"]),
    st.lists(st.tuples(st.integers(0, 120), _CHECKSUMS), max_size=6),
    st.sampled_from(["[1080p]", "(1280x720 HEVC)", "[05]", "(2006)", "[v2]", "END"]),
    st.sampled_from([(), ("Anime", "Hagane no Kaze"), ("Anime", "Hagane", "Season 2"), ("Movies",)]),
)
@example("Hagane", [(1, "12345678"), (2, "ABCDEFAB"), (3, "1E234567"), (4, "720A1080")], "[1080p]", ())
def test_names_with_checksums_read_like_each_alone(
    title: str, files: list[tuple[int, str]], behind: str, parents: tuple[str, ...]
) -> None:
    """Names that differ in a number behind a dash and in a checksum are read as each would be alone."""
    listing = [f"[Kumori] {title} - {number:02} {behind}[{crc}].mkv" for number, crc in files]
    assert parse_folder(listing, parents) == [parse_release_name(name, parents) for name in listing]


@given(
    st.sampled_from(["Тихая.Гавань", "灯台の夜", "Cafe\u0301", "Ｃａｆé", "٣"]), st.lists(st.integers(0, 120))
)
def test_names_of_any_script_read_like_each_alone(title: str, episodes: list[int]) -> None:
    """Reading names together changes nothing in any script, composed or not."""
    listing = [f"{title}.S02E{number:02}.1080p.WEB.x264-GRP.mkv" for number in episodes]
    assert parse_folder(listing) == [parse_release_name(name) for name in listing]


@settings(max_examples=30)
@given(st.lists(names, max_size=2))
def test_two_names_are_too_few_to_settle_anything(listing: list[str]) -> None:
    """Fewer than three siblings never change a reading."""
    assert parse_folder(listing) == [parse_release_name(name) for name in listing]


_RUBBISH = [
    "[",
    "[a",
    "(1)",
    "1 ",
    "5.1 ",
    "a.",
    "字",
    "字[",
    "第1話 ",
    "第1話1-720",
    "it ",
    "S01E01 ",
    "eng-",
    "{tmdb-1}",
    "tt0133093 ",
    "www.a.com ",
]


@pytest.mark.parametrize("unit", _RUBBISH)
def test_rubbish_is_read_in_bounded_steps(unit: str) -> None:
    """Twice as much rubbish costs about twice as many findings and words, never their square."""
    small, large = (read_name((unit * 4096)[:size]) for size in (2048, 4096))
    assert len(large.words) <= 2 * len(small.words) + 2
    assert sum(map(len, large.facts.values())) <= 2 * sum(map(len, small.facts.values())) + 64


def test_slashes_between_languages_are_no_borders_unless_there_are_too_many() -> None:
    """``2xUkr/Eng`` is one name; a thousand languages are folders, and each is looked at once."""
    assert split_path("Films/Name 2xUkr/Eng.mkv") == ["Films", "Name 2xUkr/Eng.mkv"]
    assert len(split_path("/".join(["eng", "ita"] * 500))) > 900
