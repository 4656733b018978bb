"""Other ways to read a name than the parser's, where conventions contradict one another; the match decides.

``Star.Wars.Episode.III.Revenge.of.the.Sith.2005`` is episode 3 of a series or a film with a long title;
``Wonder.Woman.1984`` is of 1984 or has a number in its title; ``School.Life.1080p`` names a channel or not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from mediacensus.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

Reading = tuple[str, int | None]
"""A title and a year."""

# "[ www.Example.com ] - ", "[Group] ", "(Group) " before a title
_PREFIX: Final = re.compile(r"^(?:\s*[\[({][^\])}]{1,60}[\])}][\s._-]*)+")
# "The.Show_Goes On": what stands for a space
_SPACES: Final = re.compile(r"[\s._]+")
# a word in title case, "Life", not a tag, "LIFE"
_WORD: Final = re.compile(r"[^\W\d_A-Z]*[A-Z][^\W\d_A-Z]{2,}")
_TRAILING: Final = " -–([{,"
_MOST_CHARACTERS: Final = 200


def iter_readings(path: str, title: str | None, year: int | None, service: str | None) -> Iterator[Reading]:
    """Yield readings that differ from the parser's own.

    Args:
        path: of the file, with as many folders as are known.
        title: the parser's.
        year: the parser's.
        service: the streaming service that the parser sees, which may be a word of the title.
    """
    if year is not None:
        before = _text_before(path, str(year))
        if before and fold(before) != fold(title or ""):
            yield before, year
        if title:
            yield f"{title} {year}", None
    elif title:
        yield from _iter_undated(path, title, service)


def _iter_undated(path: str, title: str, service: str | None) -> Iterator[Reading]:
    """``The Lego Movie 2 The Second Part 2019``: a year at the end; ``School Life``: a word that is a channel."""
    text, _, last = title.rpartition(" ")
    if text and last.isdecimal() and len(last) == 4 and last[:2] in ("19", "20"):
        yield text, int(last)
    if service is not None:
        behind = _spaced(path.rpartition("/")[2]).partition(title)[2].split()
        if behind and _WORD.fullmatch(behind[0]):
            yield f"{title} {behind[0]}", None


def _text_before(path: str, year: str) -> str:
    """Return what stands before a year in the file's name, else in the folder's, as words."""
    for name in reversed(path.split("/")[-3:]):
        head, found, _ = name[:_MOST_CHARACTERS].rpartition(year)
        if found and not head[-1:].isalnum():
            return _spaced(_PREFIX.sub("", head)).rstrip(_TRAILING).lstrip(" -")
    return ""


def _spaced(text: str) -> str:
    return _SPACES.sub(" ", text).strip()
