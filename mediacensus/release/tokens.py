"""A name as tokens: words, the separators between them, and the brackets they stand in."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect
from functools import lru_cache
from itertools import accumulate, compress
from operator import add
from string import ascii_letters, digits
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mediacensus.release.shapes import Shape
    from mediacensus.release.vocabulary import Facts

# Letters and digits are words, all else separates: "Show.S01E02" -> "", "Show", ".", "S01E02", ""
_WORDS: Final = re.compile(r"([^\W_]+)")
_LETTERS: Final = (ascii_letters + digits).encode()
# What a plain name is cut with: only its words are left, or only what is between them, its spaces as a
# sign that no name has, since splitting would swallow them.
_SPACE: Final = "\1"
_ONLY_WORDS: Final = bytes(code if code in _LETTERS else ord(" ") for code in range(256))
_ONLY_GAPS: Final = bytes(
    ord(" ") if code in _LETTERS else ord(_SPACE) if chr(code).isspace() else code for code in range(256)
)
_OPEN: Final = {"(": ")", "[": "]", "{": "}"}
_PAIRS: Final = frozenset(map("".join, _OPEN.items()))
_CLOSE: Final = frozenset(_OPEN.values())
# Full-width forms and CJK brackets read as their plain counterparts, one character for one.
_IN_ORDER: Final = frozenset(("hdr", "audio_codecs", "audio_profiles", "audio_channels", "editions"))
"""Fields whose values keep the order of the name; elsewhere the surest comes first."""
Bracket = tuple[int, int, str]
"""(first word, end, opening sign)"""
_NO_BRACKETS: Final[list[Bracket]] = []
_PLAIN_FORMS: Final[dict[int, int | str]] = {
    **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F) if wide not in (0xFF01, 0xFF1F)},
    **{ord(wide): plain for wide, plain in zip("【】「」『』〔〕《》〈〉　", "[][][]()()() ", strict=True)},
    **{0x0660 + digit: str(digit) for digit in range(10)},
    **{0x06F0 + digit: str(digit) for digit in range(10)},
    **dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF), ""),  # what has no width says nothing
}


# １, 【, ٣
_ODD_FORMS: Final = re.compile(f"[{''.join(map(chr, _PLAIN_FORMS))}]")
# 第二十三集: a counted unit in Chinese numerals
_COUNTED: Final = re.compile(r"第([一二三四五六七八九十]{1,3})(季|期|部|集|話|话|回)")
# 1×02, but not SPY×FAMILY
_CROSS: Final = re.compile(r"(?<=\d)×(?=\d)")
# glued in front of other letters: 庆余年第2季
_BEFORE_UNIT: Final = re.compile(r"(?<=\w)(?=第\d{1,4}(?:季|期|部|集|話|话|回|巻|卷))")
_NUMERALS: Final = {numeral: value for value, numeral in enumerate("一二三四五六七八九十", start=1)}


def normalise(name: str) -> str:
    """The name in composed form with plain digits and brackets."""
    if name.isascii():
        return name
    text = unicodedata.normalize("NFC", name)
    if _ODD_FORMS.search(text):
        text = text.translate(_PLAIN_FORMS)
    if "第" in text:
        text = _COUNTED.sub(lambda found: f"第{_number(found[1])}{found[2]}", text)
        text = _BEFORE_UNIT.sub(" ", text)
    return _CROSS.sub("x", text) if "×" in text else text


def _number(numerals: str) -> int:
    """``二十三`` → 23."""
    tens, ten, units = numerals.rpartition("十")
    value = (_NUMERALS[tens[-1]] if tens else 1) * 10 if ten else 0
    return value + (_NUMERALS[units[-1]] if units else 0)


Span = tuple[int, int]
"""(first word, word after the last)"""
Finding = tuple[Span, str, Any, str]
"""((first word, word after the last), field, value, rule)"""
_NOWHERE: Final = -1
"""The place of what a folder says."""


class Draft:
    """A name being read: its tokens, and what has been found out about them so far.

    Parallel lists rather than token objects: a parse looks at each of about ten tokens several times.
    """

    __slots__ = (
        "brackets",
        "container",
        "counts",
        "facts",
        "gaps",
        "has_several",
        "hints",
        "in_season",
        "inside",
        "is_ascii",
        "is_folder",
        "library",
        "lows",
        "markers",
        "near",
        "numbers",
        "origins",
        "places",
        "spoken",
        "tags",
        "text",
        "trail",
        "waiting",
        "words",
    )

    def __init__(self, text: str, trail: list[Finding] | None = None) -> None:
        self.text = text
        self.is_ascii = text.isascii()
        words, self.lows, gaps = (_split_plain if self.is_ascii else _split_any)(text)
        self.words, self.gaps = words, gaps
        """The words as written and in lower case; ``gaps[i]`` stands before word ``i``, the last one after
        the last word."""
        self.tags: list[str] = [""] * len(words)
        """What claimed each word; empty for nobody."""
        if "[" in text or "(" in text or "{" in text:
            self.inside, self.brackets = _read_brackets(gaps)
        else:
            self.inside, self.brackets = [-1] * len(words), _NO_BRACKETS
        self.facts: dict[str, tuple[Any, ...]] = {}
        """The values of each field, the surest first or in the order of the name."""
        self.has_several = False
        """Whether some field has more than one value."""
        self.origins: list[tuple[str, int, str]] = []
        """(field, where its first value stands, the rule that read it) in the order of finding."""
        self.places: dict[str, list[int]] | None = None
        """Where the values stand of the fields that have several and keep the order of the name."""
        self.trail = trail
        """Everything found, if anybody asks."""
        self.numbers: dict[int, Shape] = {}
        """Words that are plain numbers, or say how with digits, by their place."""
        self.counts: dict[int, Shape] = {}
        """Words whose spelling says that they count, ``s01e02``, by their place."""
        self.markers: list[int] = []
        """Words that say what a number beside them counts."""
        self.hints = ""
        """What a later pass may find: ``month`` of a written date, ``count`` as in 1 of 3, web ``site``."""
        self.spoken: list[tuple[int, int, str, str]] = []
        """(first word, end, field, tag) of languages, before it is known which are subtitles."""
        self.waiting: list[tuple[int, int, int, Facts]] = []
        """(first word, end, strength, facts) of known words that need company before they count."""
        self.near: list[tuple[int, int, Facts]] = []
        """(first word, end, facts) of known words that count only beside a quality word."""
        self.container: str | None = None
        self.is_folder = False
        self.library: str | None = None
        """``series`` or ``movies``, where a folder above says so."""
        self.in_season = False
        """Whether it lies in the folder of a season."""

    @property
    def starts_with_number(self) -> bool:
        """Whether the numbering comes before any title."""
        return bool(self.tags) and self.tags[0] == "numbering"

    def starts(self) -> list[int]:
        """Where each word begins in the text."""
        ends = accumulate(map(len, map(add, self.gaps, self.words)))
        return [end - len(word) for end, word in zip(ends, self.words, strict=True)]

    def between(self, first: int, end: int) -> str:
        """The text from one word up to the end of another, exclusive."""
        behind = map(add, self.gaps[first + 1 : end], self.words[first + 1 : end])
        return self.words[first] + "".join(behind)

    def note(self, span: tuple[int, int], field: str, value: Any, rule: str) -> None:
        """Record a finding; of several values of one field the surest or leftmost comes first."""
        known = self.facts.get(field)
        if known is None:
            self.facts[field] = (value,)
            self.origins.append((field, span[0], rule))
        elif value not in known or field == "proper_count":
            place = self._place(span[0], field) if field in _IN_ORDER else len(known)
            self.facts[field] = (*known[:place], value, *known[place:])
            self.has_several = True
        if self.trail is not None:
            self.trail.append((span, field, value, rule))

    def _place(self, at: int, field: str) -> int:
        """Where a further value belongs among those of a field that keeps the order of the name."""
        if self.places is None:
            self.places = {}
        if field not in self.places:
            self.places[field] = [next(first for known, first, _ in reversed(self.origins) if known == field)]
        places = self.places[field]
        place = bisect(places, at)
        places.insert(place, at)
        return place

    def note_all(self, span: tuple[int, int], field: str, values: Sequence[Any], rule: str) -> None:
        """Record several values of one field at once, as a range has them."""
        known = self.facts.get(field)
        self.has_several = self.has_several or known is not None or len(values) > 1
        if known is None:
            self.facts[field] = tuple(values)
            self.origins.append((field, span[0], rule))
        else:
            seen = set(known)
            self.facts[field] = (*known, *(value for value in values if value not in seen))
        if self.trail is not None:
            self.trail.append((span, field, values[0] if len(values) == 1 else tuple(values), rule))

    def claim_all(self, span: Span, field: str, values: Sequence[Any], rule: str) -> None:
        """Record several values of one field and take their words."""
        first, end = span
        self.tags[first] = self.tags[end - 1] = rule
        if end > first + 2:
            self.tags[first:end] = [rule] * (end - first)
        if field in self.facts or self.trail is not None:
            self.note_all(span, field, values, rule)
        else:
            self.facts[field] = tuple(values)
            self.origins.append((field, first, rule))
            if len(values) > 1:
                self.has_several = True

    def claim(self, span: tuple[int, int], field: str, value: Any, rule: str) -> None:
        """Record a finding and take its words."""
        first, end = span
        self.tags[first] = self.tags[end - 1] = rule
        if end > first + 2:
            self.tags[first:end] = [rule] * (end - first)
        if field in self.facts or self.trail is not None:
            self.note(span, field, value, rule)
        else:
            self.facts[field] = (value,)
            self.origins.append((field, first, rule))

    def adopt(self, field: str, values: tuple[Any, ...]) -> None:
        """Take from a folder what the name itself does not say, or says less well."""
        self.facts[field] = values
        if len(values) > 1:
            self.has_several = True
        self.origins.append((field, _NOWHERE, "folder"))

    def mark(self, span: tuple[int, int], rule: str) -> None:
        """Take words that carry no value of their own."""
        first, end = span
        self.tags[first] = self.tags[end - 1] = rule
        if end > first + 2:
            self.tags[first:end] = [rule] * (end - first)


def _split_plain(text: str) -> tuple[list[str], list[str], list[str]]:
    """The words of an ASCII text, the same in lower case, and the gaps around them."""
    if not text:
        return [], [], [""]
    code = text.encode()
    spaced = code.translate(_ONLY_WORDS).decode()
    between = code.translate(_ONLY_GAPS).decode()
    gaps = between.split()
    if _SPACE in between:
        gaps = list(map(_restore_spaces, gaps))
    if between[0] == " ":  # where a letter was
        gaps.insert(0, "")
    if between[-1] == " ":
        gaps.append("")
    return spaced.split(), spaced.lower().split(), gaps


def _split_any(text: str) -> tuple[list[str], list[str], list[str]]:
    """The same for a text in any script."""
    parts = _WORDS.split(text)
    words = parts[1::2]
    return words, list(map(str.lower, words)), parts[0::2]


class _Remembered(dict[str, str]):
    """What a function makes of the gaps met lately: there are few different ones."""

    def __init__(self, make: Callable[[str], str]) -> None:
        self._make = make

    def __missing__(self, gap: str) -> str:
        made = self._make(gap)
        if len(gap) <= _SHORT and len(self) < _MOST_GAPS:
            self[gap] = made
        return made


_SHORT: Final = 8
_MOST_GAPS: Final = 1024


def _find_signs(gap: str) -> str:
    """The brackets in what separates two words: ``"] ["`` → ``"]["``."""
    return "".join([sign for sign in gap if sign in _OPEN or sign in _CLOSE])


_find_brackets: Final = _Remembered(_find_signs).__getitem__
_restore_spaces: Final = _Remembered(lambda gap: gap.replace(_SPACE, " ")).__getitem__


@lru_cache(maxsize=1024)
def _are_flat(signs: str) -> bool:
    """Whether every bracket closes before the next one opens: ``[]()[]``."""
    openers, closers = signs[::2], signs[1::2]
    return len(openers) == len(closers) and all(map(_PAIRS.__contains__, map(add, openers, closers)))


def _read_brackets(gaps: list[str]) -> tuple[list[int], list[Bracket]]:
    """For each word the innermost bracket it stands in (-1: none), and the brackets.

    A bracket that never closes is no bracket: its words belong to whatever is around it.
    """
    found = list(map(_find_brackets, gaps))
    if not _are_flat("".join(found)):
        return _read_nested(found)
    inside = [-1] * (len(gaps) - 1)
    brackets: list[Bracket] = []
    first, opener = 0, ""
    for index, signs in enumerate(found):
        if not signs:
            continue
        for sign in signs:
            if sign in _OPEN:
                first, opener = index, sign
            else:
                if index == first + 1:
                    inside[first] = len(brackets)
                else:
                    inside[first:index] = [len(brackets)] * (index - first)
                brackets.append((first, index, opener))
    return inside, brackets


def _read_nested(signs: list[str]) -> tuple[list[int], list[Bracket]]:
    """The same for brackets that stand within others or never close."""
    count = len(signs) - 1
    inside = [-1] * count
    brackets: list[Bracket] = []
    open_now: list[tuple[int, str]] = []  # (bracket, closer it waits for)
    parents: list[int] = []
    since = 0  # the words from here on stand in the innermost bracket open now
    for index in compress(range(count + 1), signs):
        if open_now and since < index:
            inside[since:index] = [open_now[-1][0]] * (index - since)
        for sign in signs[index]:
            if sign in _OPEN:
                parents.append(open_now[-1][0] if open_now else -1)
                open_now.append((len(brackets), _OPEN[sign]))
                brackets.append((index, -1, sign))
            elif open_now:
                bracket, closer = open_now[-1]
                if closer == sign:
                    open_now.pop()
                    first, _, opener = brackets[bracket]
                    brackets[bracket] = (first, index, opener)
                else:
                    _close_outer(sign, index, open_now, brackets)
        since = index
    if open_now:
        inside[since:count] = [open_now[-1][0]] * (count - since)
        inside = _drop_unclosed(inside, brackets, parents)
    return inside, brackets


def _drop_unclosed(inside: list[int], brackets: list[Bracket], parents: list[int]) -> list[int]:
    """Move the words of brackets that never close to the nearest bracket around them that does."""
    closed: list[int] = []  # for each bracket itself or the nearest one around it that closes
    for bracket, (_, end, _) in enumerate(brackets):
        parent = parents[bracket]
        closed.append(bracket if end >= 0 else closed[parent] if parent >= 0 else -1)
    return [closed[bracket] if bracket >= 0 else -1 for bracket in inside]


def _close_outer(sign: str, index: int, open_now: list[tuple[int, str]], brackets: list[Bracket]) -> None:
    """Close the last bracket but one or two if it is of this kind; those inside it stay unclosed."""
    for depth in range(2, min(3, len(open_now)) + 1):
        if open_now[-depth][1] == sign:
            bracket = open_now[-depth][0]
            first, _, opener = brackets[bracket]
            brackets[bracket] = (first, index, opener)
            del open_now[-depth:]
            return
