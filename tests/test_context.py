"""The context a name is read in."""

from __future__ import annotations

import os

import pytest

from mediacensus.context import names_of, parents_of
from mediacensus.model import Directory
from mediacensus.names import parsable
from tests.trees import media

_ODD = os.fsdecode(b"caf\xe9")


@pytest.mark.parametrize(
    ("root", "path", "parents"),
    [
        ("/media/Series", "/media/Series/Show/Season 01", ("Series", "Show", "Season 01")),
        ("/media/Series", "/media/Series", ("Series",)),
        ("/media/Film", "/media", ()),
        ("/media", "/media/x", ("media", "x")),
        ("/", "/x/y", ("x", "y")),
        ("/r", f"/r/{_ODD}", ("r", "caf\ufffd")),
    ],
)
def test_parents_begin_with_the_root(root: str, path: str, parents: tuple[str, ...]) -> None:
    """The folders above a file are named from the root inwards; a disc at the root has none."""
    assert parents_of(Directory(root, path)) == parents


def test_names_are_those_of_media_only() -> None:
    """Siblings are media files, in the order of the directory, as valid text."""
    assert names_of(Directory("/r", "/r", media("b.mkv", f"{_ODD}.mkv"))) == ["b.mkv", "caf\ufffd.mkv"]


@pytest.mark.parametrize("name", ["plain", "Amélie", "🎬", _ODD, os.fsdecode(b"\xed\xa0\x80")])
def test_text_for_the_parser_is_valid(name: str) -> None:
    """Valid names are left alone, others lose only the bytes that are not UTF-8."""
    text = parsable(name)
    assert text.encode().decode() == text
    assert (text == name) is ("\ufffd" not in text)
