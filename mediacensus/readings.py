"""Other ways to read a name than the parser's, where conventions contradict one another; the match decides.

``Star.Wars.Episode.III.Revenge.of.the.Sith.2005`` is episode 3 of a series or a film with a long title;
``Wonder.Woman.1984`` is of 1984 or has a number in its title; ``School.Life.1080p`` names a channel or not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from mediacensus.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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


def iter_readings(row: Mapping[str, Any], *, is_numbered: bool) -> Iterator[Reading]:
    """Yield readings that differ from the parser's own.

    Args:
        row: the columns ``path``, ``title``, ``alternative_titles``, ``year`` and ``streaming_service`` of an
            entry; the service may be a word of the title.
        is_numbered: whether the name has a season and an episode, which leaves less open.
    """
    title, year = row["title"] or "", row["year"]
    if year is not None and not is_numbered:
        before = _text_before(row["path"], str(year))
        if before and fold(before) != fold(title):
            yield before, year
    if not title and row["kind"] == "movie":
        yield from _iter_first_words(row["path"], year, row["streaming_service"])
    if title:
        yield from ((f"{title} {other}", year) for other in row["alternative_titles"] or ())
        if year is not None:
            yield f"{title} {year}", None
        elif not is_numbered:
            yield from _iter_undated(row["path"], title, row["streaming_service"])


def _iter_undated(path: str, title: str, service: str | None) -> Iterator[Reading]:
    """``The Lego Movie 2 The Second Part 2019`` ends with its year, ``School Life`` with a channel."""
    text, _, last = title.rpartition(" ")
    if text and last.isdecimal() and len(last) == 4 and last[:2] in ("19", "20"):
        yield text, int(last)
    if service is not None:
        behind = _spaced(path.rpartition("/")[2]).partition(title)[2].split()
        if behind and _WORD.fullmatch(behind[0]):
            yield f"{title} {behind[0]}", None


def _iter_first_words(path: str, year: int | None, service: str | None) -> Iterator[Reading]:
    """``It.1080p``, ``1917``: a title that is also a channel, or a year."""
    words = _spaced(_PREFIX.sub("", path.rpartition("/")[2].rpartition(".")[0])).split()
    if words and words[0] == str(year):
        yield words[0], None
    elif words and service is not None:
        yield words[0], year


def _text_before(path: str, year: str) -> str:
    """Return what stands before a year in the file's name, else in the folder's, as words."""
    for name in reversed(path.split("/")[-3:]):
        head, found, _ = name[:_MOST_CHARACTERS].rpartition(year)
        if found and not head[-1:].isalnum():
            return _spaced(_PREFIX.sub("", head)).rstrip(_TRAILING).lstrip(" -")
    return ""


def _spaced(text: str) -> str:
    return _SPACES.sub(" ", text).strip()
