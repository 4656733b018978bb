"""What each word can be by itself, remembered for the words met lately.

The same words come back in name after name: of 29,000 words in 3,300 unlike names a fifth is
new, of a million in a library of 100,000 files one in a hundred. The number kept is bounded, and no entry
depends on the name around the word.
"""

from __future__ import annotations

import re
from string import digits
from typing import TYPE_CHECKING, Any, Final

from mediacensus.release.ids import SOURCES
from mediacensus.release.shapes import shape
from mediacensus.release.vocabulary import (
    ANIME_DETAILS,
    CODE,
    EXTRAS,
    GROUPS,
    NEAR,
    STRONG,
    TITLES,
    WEAK,
    WORDS,
    Facts,
    Word,
)

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT: Final = 0
"""Nothing by itself: (TEXT, None, None)."""
CLAIM: Final = 1
"""Claims at once: (CLAIM, facts, rule)."""
NUMBER: Final = 2
"""A plain number, or one that may say how a release was made: (NUMBER, shape, None)."""
WAIT: Final = 3
"""Needs company: (WAIT, strength, facts)."""
COUNT: Final = 4
"""A number whose spelling says what it counts, ``s01e02``: (COUNT, shape, None)."""
BESIDE: Final = 5
"""Counts beside a quality word: (BESIDE, facts, None)."""
MARK: Final = 6
"""Says what a number beside it counts: (MARK, marker, None)."""
ASIDE: Final = 7
"""Several of these, or what else depends on its company: (ASIDE, word, shape)."""
HINT: Final = 8
"""Tells what a later pass may find, whatever else it is: (HINT, hints, entry)."""
SAY: Final = 9
"""Claims one fact, as most do that claim: (SAY, fact, rule)."""
ADDRESS: Final = 10
"""May end a web address, if it ends more than that: (ADDRESS, marker, None)."""
Entry = tuple[int, Any, Any, "Compounds | None"]
"""What a word or compound can be: its kind, what that kind needs, and the compounds a word opens."""
Compounds = dict[str, list[tuple[list[str], Entry]]]
"""By the second word: the words behind it that make a compound, longest first, and what that is."""
NOTHING: Final[Entry] = (TEXT, None, None, None)
LANGUAGE_FIELDS: Final = ("languages", "subtitle_languages")
_LATER: Final = frozenset((*LANGUAGE_FIELDS, "episode_details"))
"""Fields whose words do not simply claim, however strong they are."""
COUNTING: Final = frozenset(("season", "series", "episode", "part", "volume", "cd", "disc", "dvd", "week"))
SOUGHT: Final = frozenset(("month", "count"))
"""Markers that only tell what a later pass may find."""
SURE_SITES: Final = frozenset(("www", "ww", "com", "org", "net", "ru"))
_BY_PLACE: Final = frozenset(
    "number number_version number_letter number_end screen size rate crc uuid reversed joined".split(" ")
)
"""Shapes of what is read where it stands; every other shape counts something."""
_LAST_DIGITS: Final = "012"
"""What may stand behind the point of a layout."""
_HEX_LETTERS: Final = frozenset("abcdef")
# 简繁外挂, 国语配音: Chinese subtitles or sound
_CHINESE: Final = re.compile(
    "[简繁](?:体|體|日|中|英|内|外)|中字|双字|雙字|字幕|配音|音[轨軌]|国语|國語|双语|雙語|[内內外][嵌封挂掛]"
)
# tt0133093
_IMDB: Final = re.compile(r"tt\d{7,8}", re.ASCII)
_ENDINGS: Final = frozenset((*EXTRAS["suffix"], *EXTRAS["layout"]))
_HINTS: Final = {
    "nation": frozenset(TITLES["countries"]),
    "maker": frozenset(GROUPS["by"]),
    "detail": frozenset(ANIME_DETAILS),
    "source": SOURCES,
}
"""What a later pass may find where one of these words stands."""
_MOST_WORDS: Final = 8_192


class _Lexicon(dict[str, Entry | None]):
    """Entries by lower-case word; None for one that is only text."""

    def __missing__(self, low: str) -> Entry | None:
        entry = _make_entry(low)
        if hints := _find_hints(low):
            entry = HINT, hints, entry, entry and entry[3]
        elif entry and entry[0] == CLAIM and len(entry[1]) == 1:
            entry = SAY, entry[1][0], *entry[2:]
        if len(self) >= _MOST_WORDS:
            self.clear()
        self[low] = entry
        return entry


def _find_hints(low: str) -> str:
    hints = [hint for hint, words in _HINTS.items() if low in words]
    if low.rstrip(digits) in _ENDINGS:
        hints.append("ending")
    if _IMDB.fullmatch(low):
        hints.append("source")
    return "".join(hints)


def _make_entry(low: str) -> Entry | None:
    word = WORDS.get(low)
    if word is None:
        return _read_shape(low) if low.isascii() else _read_foreign(low)
    entry = _read_word(word, low)
    if word.compounds is None:
        return entry
    compounds = {
        following: [(rest[1:], _read_word(compound, low) or NOTHING) for rest, compound in longer]
        for following, longer in word.compounds.items()
    }
    return *(entry or NOTHING)[:3], compounds


def _read_word(word: Word, low: str) -> Entry | None:
    """What a word of the vocabulary is where it opens no compound."""
    strength, facts, marker, code, _ = word
    if strength == STRONG and facts[0][0] not in _LATER:
        return CLAIM, facts, "word", None
    meanings = bool(strength) + bool(marker) + bool(code)
    if meanings == 1 and (facts or low.isalpha()):
        return _read_simple(word, low)
    if meanings:
        return ASIDE, word, None if facts or low.isalpha() else shape(low), None
    return _read_shape(low)


def _read_simple(word: Word, low: str) -> Entry:
    """What a word is that means one thing only."""
    strength, facts, marker, code, _ = word
    if strength == WEAK:
        return WAIT, WEAK, facts, None
    if strength == NEAR:
        return BESIDE, facts, None, None
    if code:
        return WAIT, CODE, (("languages", (code,)),), None
    if marker in COUNTING:
        return MARK, marker, None, None
    if marker == "site":
        return (HINT, marker, None, None) if low in SURE_SITES else (ADDRESS, marker, None, None)
    return (HINT, marker, None, None) if marker in SOUGHT else (ASIDE, word, None, None)


def _read_shape(low: str) -> Entry | None:
    """What a word is by the digits in it, or by eight letters that are hexadecimal digits."""
    if low.isalpha() and not (len(low) == 8 and _HEX_LETTERS.issuperset(low)):
        return None
    found = shape(low)
    if found is None:
        return None
    if found[0] == "channels":
        return _read_channels(*found[1:])
    if found[0] != "facts":
        return NUMBER if found[0] in _BY_PLACE else COUNT, found, None, None
    facts: Facts = found[1]
    later = facts[0][0] in _LATER
    return (ASIDE, Word(STRONG, facts), None, None) if later else (CLAIM, facts, "number", None)


def _read_foreign(low: str) -> Entry | None:
    """Words for Chinese subtitles and sound stand in one word with others."""
    if not _CHINESE.search(low):
        return _read_shape(low)
    facts: Facts = (("languages", ("zh",)),)
    found = None if low.isalpha() else shape(low)
    return (ASIDE, Word(WEAK, facts), found, None) if found else (WAIT, WEAK, facts, None)


def _read_channels(codec: Facts, first: str) -> Entry:
    """``dd5.1``, ``aac2 0``: a codec with the first digit of its channels glued on opens a compound."""
    layouts = {last: (*codec, ("audio_channels", (f"{first}.{last}",))) for last in _LAST_DIGITS}
    nothing: list[str] = []
    compounds: Compounds = {
        last: [(nothing, (CLAIM, facts, "channels", None))] for last, facts in layouts.items()
    }
    return CLAIM, codec, "channels", compounds


look_up: Final[Callable[[str], Entry | None]] = _Lexicon().__getitem__
