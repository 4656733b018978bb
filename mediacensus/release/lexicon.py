"""What each word can be by itself, remembered for the words met lately.

The same words come back in name after name: of 29,000 words in 3,300 unlike names a fifth is
new, of a million in a library of 100,000 files one in a hundred. The number kept is bounded, and no entry
depends on the name around the word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mediacensus.release.shapes import shape
from mediacensus.release.vocabulary import CODE, STRONG, WEAK, WORDS, Facts, Word

if TYPE_CHECKING:
    from collections.abc import Callable

NUMBER: Final = 1
"""A plain number, or one that may say how a release was made."""
CLAIM: Final = 2
"""Claims at once: (CLAIM, facts, rule)."""
WAIT: Final = 3
"""Needs company: (WAIT, strength, facts)."""
OPENER: Final = 4
"""May open a compound: (OPENER, compounds by their next word, the word's own entry)."""
COUNT: Final = 5
"""A number whose spelling says what it counts, ``s01e02``."""
ASIDE: Final = 6
"""Anything else that counts by its company: (ASIDE, None, word)."""
Entry = tuple[int, Any, Any]
NOTHING: Final[Entry] = (-1, None, None)
LANGUAGE_FIELDS: Final = ("languages", "subtitle_languages")
_LATER: Final = frozenset((*LANGUAGE_FIELDS, "episode_details"))
"""Fields whose words do not simply claim, however strong they are."""
_NUMBERS: Final[Entry] = (NUMBER, None, None)
_COUNTS: Final[Entry] = (COUNT, None, None)
_BY_PLACE: Final = frozenset(
    "number number_version number_letter number_end screen size rate crc uuid reversed joined".split(" ")
)
"""Shapes of what is read where it stands; every other shape counts something."""
_LAST_DIGITS: Final = "012"
"""What may stand behind the point of a layout."""
_HEX_LETTERS: Final = frozenset("abcdef")
_MOST_WORDS: Final = 8_192


class _Lexicon(dict[str, Entry | None]):
    """Entries by lower-case word; None for one that is only text."""

    def __missing__(self, low: str) -> Entry | None:
        word = WORDS.get(low)
        entry = _entry_of_shape(low) if word is None else _entry_of_word(word, low)
        if len(self) >= _MOST_WORDS:
            self.clear()
        self[low] = entry
        return entry


def _entry_of_word(word: Word, low: str) -> Entry | None:
    if word.compounds is None:
        return _entry_alone(word, low)
    compounds = {
        following: [(rest[1:], _entry_alone(compound, low)) for rest, compound in longer]
        for following, longer in word.compounds.items()
    }
    return OPENER, compounds, _entry_alone(word, low)


def _entry_alone(word: Word, low: str) -> Entry | None:
    """What a word of the vocabulary is where it opens no compound."""
    strength, facts, marker, code, _ = word
    if strength == STRONG and facts[0][0] not in _LATER:
        return CLAIM, facts, "word"
    if strength == WEAK and not (marker or code):
        return WAIT, WEAK, facts
    if code and not (strength or marker) and low.isalpha():
        return WAIT, CODE, (("languages", code),)
    if strength or marker or code:
        return ASIDE, None, word
    return _entry_of_shape(low)


def _entry_of_shape(low: str) -> Entry | None:
    """What a word is by the digits in it, or by eight letters that are hexadecimal digits."""
    if low.isalpha() and not (len(low) == 8 and _HEX_LETTERS.issuperset(low)):
        return None
    found = shape(low)
    if found is None:
        return None
    if found[0] == "channels":
        return _entry_of_channels(*found[1:])
    if found[0] != "facts":
        return _NUMBERS if found[0] in _BY_PLACE else _COUNTS
    facts: Facts = found[1]
    return (ASIDE, None, Word(STRONG, facts)) if facts[0][0] in _LATER else (CLAIM, facts, "number")


def _entry_of_channels(codec: Facts, first: str) -> Entry:
    """``dd5.1``, ``aac2 0``: a codec with the first digit of its channels glued on opens a compound."""
    layouts = {last: (*codec, ("audio_channels", f"{first}.{last}")) for last in _LAST_DIGITS}
    nothing: list[str] = []
    compounds = {last: [(nothing, (CLAIM, facts, "channels"))] for last, facts in layouts.items()}
    return OPENER, compounds, (CLAIM, codec, "channels")


look_up: Final[Callable[[str], Entry | None]] = _Lexicon().__getitem__
