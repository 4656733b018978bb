"""A name as tokens: words, the separators between them, and the brackets they stand in."""

from __future__ import annotations

import re
import unicodedata
from itertools import compress
from string import ascii_letters, digits
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable


# Letters and digits are words, all else separates: "Show.S01E02" -> "", "Show", ".", "S01E02", ""
# Vowel signs of Indic, Thai and Burmese stand within words: "कहानी"
_WORDS: Final = re.compile(r"([^\W_]+(?:[\u0900-\u0963\u0970-\u0dff\u0e00-\u0eff\u1000-\u109f]+[^\W_]*)*)")
_LETTERS: Final = (ascii_letters + digits).encode()
# What a plain name is cut with: only its words are left, or only what is between them, its spaces as a
# sign that no name has, since splitting would swallow them.
_SPACE: Final = "\1"
_LETTER: Final = "x"
"""No gap has one."""
_ONLY_WORDS: Final = bytes(code if code in _LETTERS else ord(" ") for code in range(256))
_ONLY_GAPS: Final = bytes(
    ord(" ") if code in _LETTERS else ord(_SPACE) if chr(code).isspace() else code for code in range(256)
)
_OPEN: Final = {"(": ")", "[": "]", "{": "}"}
_CLOSE: Final = {closer: opener for opener, closer in _OPEN.items()}
Bracket = tuple[int, int, str]
"""(first word, end, opening sign)"""
# Full-width forms and CJK brackets read as their plain counterparts, one character for one.
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
# 第75話「天地」: quotes behind a number hold the title of what it counts, elsewhere they are brackets
_QUOTED: Final = re.compile(r"(?<=[\d話话回集])\s*[「『]([^「『」』]+)[」』]")
# 狂飙EP01: an episode glued to a word that has no spaces
_GLUED: Final = re.compile(
    r"(?<=[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])(?<![第全共제])(?=ep?\d{1,4}(?!\w))", re.IGNORECASE
)
_NUMERALS: Final = {numeral: value for value, numeral in enumerate("一二三四五六七八九十", start=1)}


def normalise(name: str) -> str:
    """The name in composed form with plain digits and brackets."""
    if name.isascii():
        return name
    text = unicodedata.normalize("NFC", name)
    if _ODD_FORMS.search(text):
        text = _QUOTED.sub(r" - \1 ", text)
        text = text.translate(_PLAIN_FORMS)
    if "第" in text:
        text = _COUNTED.sub(lambda found: f"第{_number(found[1])}{found[2]}", text)
        text = _BEFORE_UNIT.sub(" ", text)
    text = _GLUED.sub(" ", text)
    return _CROSS.sub("x", text) if "×" in text else text


def _number(numerals: str) -> int:
    """``二十三`` → 23."""
    tens, ten, units = numerals.rpartition("十")
    value = (_NUMERALS[tens[-1]] if tens else 1) * 10 if ten else 0
    return value + (_NUMERALS[units[-1]] if units else 0)


def split_plain(text: str) -> tuple[list[str], list[str], list[str]]:
    """The words of an ASCII text, the same in lower case, and the gaps around them."""
    code = text.encode()
    spaced = code.translate(_ONLY_WORDS).decode()
    between = code.translate(_ONLY_GAPS).decode()
    words, gaps = spaced.split(), between.split()
    if _SPACE in between:
        gaps = _LETTER.join(gaps).replace(_SPACE, " ").split(_LETTER)
    if len(gaps) < len(words):  # no gap stands before the first word, nor behind the last one
        gaps.insert(0, "")
        gaps.append("")
    elif len(gaps) == len(words):
        gaps.insert(0 if between[:1] == " " else len(gaps), "")
    return words, spaced.lower().split(), gaps


def split_any(text: str) -> tuple[list[str], list[str], list[str]]:
    """The same for a text in any script."""
    parts = _WORDS.split(text)
    words = parts[1::2]
    return words, list(map(str.lower, words)), parts[0::2]


Ends = tuple[str, str]
"""(opening sign of the bracket that ends in a gap, opening sign of the one that begins there)"""
# by all the signs in a gap; not those that say more than this, as "))" does
_ENDS: Final[dict[str, Ends | None]] = {
    closer + opener: (_CLOSE.get(closer, ""), opener) for closer in ("", *_CLOSE) for opener in ("", *_OPEN)
} | {"": None}
_MORE: Final = ("more", "")
"""Ends that fit no bracket."""


class _Remembered(dict[str, Ends | None]):
    """The ends of brackets in the gaps met lately: there are few different ones."""

    def __missing__(self, gap: str) -> Ends | None:
        ends = _ENDS.get("".join([sign for sign in gap if sign in _OPEN or sign in _CLOSE]), _MORE)
        if len(gap) <= _SHORT and len(self) < _MOST_GAPS:
            self[gap] = ends
        return ends


_MOST_BRACKETS: Final = 256
"""Brackets within brackets that are read in one name; more is rubbish, and rubbish must stay cheap."""
_SHORT: Final = 8
_MOST_GAPS: Final = 1024
_find_ends: Final[Callable[[str], Ends | None]] = _Remembered().__getitem__


def read_brackets(gaps: list[str]) -> tuple[list[int], list[Bracket]]:
    """For each word the innermost bracket it stands in (-1: none), and the brackets.

    A bracket that never closes is no bracket: its words belong to whatever is around it.
    """
    inside = [-1] * (len(gaps) - 1)
    brackets: list[Bracket] = []
    first, opener = 0, ""
    for index, ends in enumerate(map(_find_ends, gaps)):
        if ends is None:
            continue
        closed, opened = ends
        if closed != opener:
            return _read_nested(gaps)
        if closed:
            if index == first + 1:
                inside[first] = len(brackets)
            else:
                for word in range(first, index):
                    inside[word] = len(brackets)
            brackets.append((first, index, closed))
        first, opener = index, opened
    return _read_nested(gaps) if opener else (inside, brackets)


def _read_nested(gaps: list[str]) -> tuple[list[int], list[Bracket]]:
    """The same for brackets that stand within others or never close."""
    count = len(gaps) - 1
    inside = [-1] * count
    brackets: list[Bracket] = []
    open_now: list[tuple[int, str]] = []  # (bracket, closer it waits for)
    parents: list[int] = []
    since = 0  # the words from here on stand in the innermost bracket open now
    for index in compress(range(count + 1), map(_find_ends, gaps)):
        if len(brackets) > _MOST_BRACKETS:
            break
        if open_now and since < index:
            inside[since:index] = [open_now[-1][0]] * (index - since)
        for sign in gaps[index]:
            if sign in _OPEN:
                parents.append(open_now[-1][0] if open_now else -1)
                open_now.append((len(brackets), _OPEN[sign]))
                brackets.append((index, -1, sign))
            elif open_now and sign in _CLOSE:
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
