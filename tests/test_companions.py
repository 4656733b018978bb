"""Companions beside the media they belong to."""

from __future__ import annotations

import pytest

from mediacensus.companions import match_companions
from tests.trees import companions, media

_EPISODES = ("Show.S01E01.mkv", "Show.S01E01.Extended.mkv", "Show.S01E02.mkv")


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("Show.S01E01.srt", "Show.S01E01.mkv"),
        ("Show.S01E01.en.srt", "Show.S01E01.mkv"),
        ("Show.S01E01.en.forced.srt", "Show.S01E01.mkv"),
        ("Show.S01E01.pt-BR.sdh.srt", "Show.S01E01.mkv"),
        ("Show.S01E01-poster.jpg", "Show.S01E01.mkv"),
        ("Show.S01E01_thumb.jpg", "Show.S01E01.mkv"),
        ("Show.S01E01 - commentary.mka", "Show.S01E01.mkv"),
        ("Show.S01E01.Extended.srt", "Show.S01E01.Extended.mkv"),
        ("Show.S01E01.Extended.en.srt", "Show.S01E01.Extended.mkv"),
        ("SHOW.s01e02.SRT", "Show.S01E02.mkv"),
        ("Subs/Show.S01E02/2_English.srt", "Show.S01E02.mkv"),
        ("Subs/Show.S01E02.srt", "Show.S01E02.mkv"),
        ("Show.S01E011.srt", None),
        ("poster.jpg", None),
        ("Show.srt", None),
        ("...srt", None),
        ("", None),
    ],
)
def test_a_companion_belongs_to_the_longest_name_it_repeats(name: str, owner: str | None) -> None:
    """The media file whose stem the companion's name begins with, up to a delimiter, owns it."""
    (matched,) = match_companions(media(*_EPISODES), companions(name))
    assert matched.owner == owner


@pytest.mark.parametrize("name", ["poster.jpg", "Subs/2_English.srt", "movie.nfo"])
def test_a_companion_without_a_name_of_its_own_belongs_to_the_only_media_file(name: str) -> None:
    """In a folder with one media file everything is its."""
    (matched,) = match_companions(media("Heat (1995).mkv"), companions(name))
    assert matched.owner == "Heat (1995).mkv"


def test_companions_without_media_stay_orphans() -> None:
    """Nothing is invented where there is no media file."""
    assert match_companions((), companions("tvshow.nfo")) == companions("tvshow.nfo")


@pytest.mark.parametrize("stem", ["S.W.A.T.", "What If...", "Title -", "Film "])
def test_stems_that_end_in_a_delimiter_own_companions(stem: str) -> None:
    """A dot or blank at the end of a title is no obstacle."""
    files = media(f"{stem}.mkv", "Other.mkv")
    assert [each.owner for each in match_companions(files, companions(f"{stem}.srt", f"{stem}.en.srt"))] == [
        f"{stem}.mkv",
        f"{stem}.mkv",
    ]


def test_order_and_facts_of_companions_are_kept() -> None:
    """Only the owner is filled in."""
    given = companions("b.srt", "a.srt", kind="artwork")
    matched = match_companions(media("a.mkv", "b.mkv"), given)
    assert [(each.name, each.kind, each.owner) for each in matched] == [
        ("b.srt", "artwork", "b.mkv"),
        ("a.srt", "artwork", "a.mkv"),
    ]


def test_what_repeats_two_names_belongs_to_neither() -> None:
    """A companion of ``a.mkv`` and ``a.avi`` has no single owner, and is given none."""
    (matched,) = match_companions(media("a.mkv", "a.avi"), companions("a.en.srt"))
    assert matched.owner is None
