"""The vocabulary pass: one look-up a word, strong words claim at once, others wait for company."""

from __future__ import annotations

import re
from itertools import compress
from typing import TYPE_CHECKING, Final

from mediacensus.release.shapes import Shape, screen_text, shape
from mediacensus.release.vocabulary import (
    CODE,
    DIGITS,
    MENTION,
    NEAR,
    STRONG,
    WEAK,
    WORDS,
    Facts,
    Word,
)

if TYPE_CHECKING:
    from mediacensus.release.tokens import Draft, Span

TECH: Final = "quality"
"""The tag of words that say how a release was made rather than what it is."""
_BARE_HEIGHTS: Final = frozenset((480, 576, 720, 1080, 2160))
_UNITS: Final = {
    "gb": ("size_text", "GB"),
    "mb": ("size_text", "MB"),
    "tb": ("size_text", "TB"),
    "fps": ("frame_rate", "fps"),
    "mbps": ("video_bit_rate", "Mbps"),
    "kbps": ("audio_bit_rate", "Kbps"),
}
_HINTS: Final = frozenset(("month", "count"))
_TELLING: Final = frozenset(("x", *_UNITS))
"""Words that tell what the number before them is."""
_SURE_SITES: Final = frozenset(("www", "ww", "com", "org", "net", "ru"))
_COUNTING: Final = frozenset(("season", "series", "episode", "part", "volume", "cd", "disc", "dvd", "week"))
LANGUAGE_FIELDS: Final = ("languages", "subtitle_languages")
_QUALITY_KINDS: Final = frozenset(("screen", "channels", "size", "rate", "crc", "uuid"))
_RESPELLED: Final = frozenset(("reversed", "joined"))
# 简繁外挂, 国语配音: Chinese subtitles or sound
_CHINESE: Final = re.compile(
    "[简繁](?:体|體|日|中|英|内|外)|中字|字幕|国语|國語|双语|雙語|[内內外][嵌封挂掛]"
)
_MOST_NUMBERS: Final = 64
"""Numbers read in one name; more is rubbish, and rubbish must stay cheap."""
_LEAST_WIDTH: Final = 240
_HEX_LETTERS: Final = frozenset("abcdef")
_LAYOUT_DIGITS: Final = (["5", "1"], ["2", "0"], ["7", "1"], ["1", "0"])
_CHANNEL_TAILS: Final = frozenset("012")
_CLOSE_GAPS: Final = frozenset((".", " ", "_", ","))
_JOINED: Final = frozenset((":", ".", " ", "_", "-", "", "'", "’", "/", "+", " - "))


class _Lexicon(dict[str, Word | None]):
    """The words met lately with what each can be by itself: None for one that is only text."""

    def __missing__(self, low: str) -> Word | None:
        word = WORDS.get(low)
        if word is None and (not low.isalpha() or _may_be_checksum(low)):
            word = _DIGITS
        if len(self) >= _MOST_WORDS:
            self.clear()
        self[low] = word
        return word


_DIGITS: Final = Word(DIGITS)
_MOST_WORDS: Final = 16_384
_look_up: Final = _Lexicon().__getitem__


def read_words(draft: Draft) -> None:
    """Look every word up; leave numbers, markers and language codes for the passes that read them."""
    words = list(map(_look_up, draft.lows))
    end = 0
    for index in compress(range(len(words)), words):
        word = words[index]
        if word is None or index < end:  # the rest of a compound
            continue
        strength, meanings, _, _, compounds = word
        end = index + 1
        if compounds is not None and end < len(words) and draft.lows[end] in compounds:
            word, end = _find_compound(draft, word, end)
            strength, meanings, _, _, _ = word
        if strength == STRONG:
            take_facts(draft, (index, end), meanings, "word")
        elif strength == DIGITS:
            draft.numbers.append(index)
        else:
            _put_aside(draft, (index, end), word)
    if not draft.text.isascii():
        _read_chinese(draft)


def _may_be_checksum(low: str) -> bool:
    """``ABCDEFAB``: eight digits of a hexadecimal number that happen to be letters."""
    return len(low) == 8 and _HEX_LETTERS.issuperset(low)


def _read_chinese(draft: Draft) -> None:
    for index, low in enumerate(draft.lows):
        if not low.isascii() and low not in WORDS and _CHINESE.search(low):
            draft.waiting.append((index, index + 1, WEAK, (("languages", "zh"),)))


def _find_compound(draft: Draft, word: Word, end: int) -> tuple[Word, int]:
    """The longest compound that begins with this word, else the word, and where to go on."""
    for rest, compound in (word.compounds or {})[draft.lows[end]]:
        stop = end + len(rest)
        if draft.lows[end:stop] == rest and _JOINED.issuperset(draft.gaps[end:stop]):
            return compound, stop
    return word, end


def _put_aside(draft: Draft, span: Span, word: Word) -> None:
    """Keep a word that counts only by its company for the pass that knows the company."""
    strength, facts, marker, code, _ = word
    if strength == MENTION:
        for field, value in facts:
            draft.note(span, field, value, "mention")
    elif strength == NEAR:
        draft.near.append((*span, facts))
    elif strength:
        draft.waiting.append((*span, strength, facts))
    if marker is not None:
        _note_marker(draft, *span, marker)
    if code:
        draft.waiting.append((*span, CODE, (("languages", code),)))
    if not facts and not draft.lows[span[0]].isalpha():
        draft.numbers.append(span[0])


def _note_marker(draft: Draft, index: int, end: int, marker: str) -> None:
    """Remember a word that counts, and that a later pass has something to look for."""
    if marker in _COUNTING:
        draft.markers.append(index)
    elif marker == "site":
        after = draft.gaps[end]
        if draft.lows[index] in _SURE_SITES or "]" in after or after in ("", " - "):
            draft.hints += marker
    elif marker in _HINTS:
        draft.hints += marker


def release_first_word(draft: Draft) -> None:
    """``Hulu.Valley.2011``: a quality word that opens a plain name belongs to the title."""
    low = draft.lows[0]
    if draft.gaps[0] or not low.isalpha() or len(draft.tags) < 3 or draft.tags[1] or low not in WORDS:
        return
    if draft.lows[1] in WORDS and WORDS[draft.lows[1]].strength:
        return
    draft.tags[0] = ""
    for field, value in WORDS[low].facts:
        if value in draft.facts.get(field, ()):
            draft.facts[field].remove(value)
            if not draft.facts[field]:
                del draft.facts[field]
    draft.spoken = [found for found in draft.spoken if found[0]]


def take_facts(draft: Draft, span: tuple[int, int], facts: Facts, rule: str) -> None:
    """Claim a span for everything it means; languages wait until all of them are known."""
    first_field = facts[0][0]
    if first_field != "episode_details":  # "Christmas Special" stays a title
        draft.mark(span, TECH)
    if first_field in LANGUAGE_FIELDS:
        draft.spoken.append((*span, *facts[0]))
        return
    for field, value in facts:
        draft.note(span, field, value, rule)


def read_quality_numbers(draft: Draft) -> str | None:
    """Screen sizes, channel layouts, sizes, rates: numbers that say how, not which.

    Returns the text to read instead if it is written backwards, or with a number glued to a word.
    """
    left: list[int] = []
    tags, lows = draft.tags, draft.lows
    for index in draft.numbers[:_MOST_NUMBERS]:
        found = shape(lows[index])
        if found is None or tags[index]:
            continue
        kind = found[0]
        if kind == "facts":
            take_facts(draft, (index, index + 1), found[1], "number")
        elif kind == "number":
            if not _read_plain_number(draft, index, found[1]):
                left.append(index)
        elif kind in _RESPELLED:
            return _respell(draft, index, found)
        elif kind not in _QUALITY_KINDS or not _read_quality_number(draft, index, found):
            left.append(index)
    draft.numbers = left
    return None


def _respell(draft: Draft, index: int, found: Shape) -> str:
    """The text the right way round, or with a space before the number glued to a word."""
    if found[0] == "reversed":
        return draft.text[::-1]
    cut = draft.starts()[index] + found[1]
    return f"{draft.text[:cut]} {draft.text[cut:]}"


def _read_quality_number(draft: Draft, index: int, found: Shape) -> bool:
    kind, value, extra = found
    span = (index, index + 1)
    if kind == "screen":
        width, height, scan = value
        draft.note(span, "aspect_ratio", round(width / height, 3), "screen")
        take_facts(draft, span, (("resolution", screen_text(width, height, scan)),), "screen")
    elif kind == "channels":
        return _read_channels(draft, index, value, extra)
    elif kind == "size":
        take_facts(draft, span, (("size_text", value),), "size")
    elif kind == "rate":
        _read_rate(draft, index, value, extra)
    elif kind == "crc":
        return read_checksum(draft, index)
    else:
        draft.claim(span, "uuid", value, "uuid")
    return True


def _read_rate(draft: Draft, index: int, value: str, unit: str) -> None:
    """``384Kbps`` is sound, ``19.1mbits`` is picture."""
    first = index
    if index > 0 and draft.lows[index - 1].isdecimal() and draft.gaps[index] == ".":
        first, value = index - 1, f"{draft.lows[index - 1]}.{value}"
    field, name = ("video_bit_rate", "Mbps") if unit[0] == "m" else ("audio_bit_rate", "Kbps")
    take_facts(draft, (first, index + 1), ((field, value + name),), "rate")


def _read_plain_number(draft: Draft, index: int, value: int) -> bool:
    """``1080`` beside a quality word, an all-digit checksum, or what the next word makes of it."""
    if value > 9999:
        return len(draft.lows[index]) == 8 and draft.inside[index] >= 0 and read_checksum(draft, index)
    end = index + 1
    if end < len(draft.lows):
        tail = draft.lows[end]
        tells = tail in _TELLING or not tail.isalpha() or "*" in draft.gaps[end]
        if tells and _read_with_next(draft, index, value):
            return True
    if value not in _BARE_HEIGHTS or index == 0 or draft.gaps[index] == " - ":  # "[Group] Show - 1080 [x264]"
        return False
    if draft.tags[index - 1] == TECH or (end < len(draft.tags) and draft.tags[end] == TECH):
        take_facts(draft, (index, end), (("resolution", f"{value}p"),), "height")
        return True
    return False


def _read_with_next(draft: Draft, index: int, value: int) -> bool:
    """``5.1`` behind a quality word, ``32 Mbps``, ``720 * 432``; ``1.4GB`` is read at its second half."""
    if value >= _LEAST_WIDTH and _read_spaced_screen(draft, index, value):
        return True
    end = index + 1
    gap, tail = draft.gaps[end], draft.lows[end]
    if gap not in _CLOSE_GAPS:
        return False
    if tail in _UNITS:
        return _read_unit(draft, index, tail)
    channels = tail[:1] in _CHANNEL_TAILS and tail[1:] in ("", "ch") and _is_layout(draft, index, value)
    if channels and index > 0 and draft.tags[index - 1] == TECH:
        take_facts(draft, (index, end + 1), (("audio_channels", f"{value}.{tail[0]}"),), "channels")
        return True
    following = shape(tail) if gap in ".," and not tail.isalpha() else None
    if following and following[0] == "size":
        take_facts(draft, (index, end + 1), (("size_text", f"{value}.{following[1]}"),), "size")
        return True
    return False


def _read_spaced_screen(draft: Draft, index: int, width: int) -> bool:
    """``720 * 432``, ``500 x 480``."""
    after = index + 1 + (draft.lows[index + 1 : index + 2] == ["x"])
    sign = "x" if after > index + 1 else draft.gaps[after].strip()
    if sign not in ("x", "*") or after == len(draft.lows) or not draft.lows[after].isdecimal():
        return False
    height = int(draft.lows[after][:5])
    if not _LEAST_WIDTH <= height < width * 2:
        return False
    draft.note((index, after + 1), "aspect_ratio", round(width / height, 3), "screen")
    take_facts(draft, (index, after + 1), (("resolution", screen_text(width, height, "p")),), "screen")
    return True


def _read_unit(draft: Draft, index: int, unit: str) -> bool:
    """``32 Mbps``, ``23.976 FPS``, ``1.4 GB``."""
    first, text = index, draft.lows[index]
    if index > 0 and draft.lows[index - 1].isdecimal() and draft.gaps[index] == ".":
        first, text = index - 1, f"{draft.lows[index - 1]}.{text}"
    field, name = _UNITS[unit]
    take_facts(draft, (first, index + 2), ((field, text + name),), "unit")
    return True


def _is_layout(draft: Draft, index: int, value: int) -> bool:
    """The two digits stand by themselves, not at the head of a longer number."""
    return 1 <= value <= 8 and (
        index + 2 >= len(draft.lows)
        or not draft.lows[index + 2][:1].isdigit()
        or draft.gaps[index + 2] != "."
    )


def _read_channels(draft: Draft, index: int, facts: Facts, first: str) -> bool:
    """``dd5.1``, ``aac2 0``: a codec, with the first digit of its channels glued on."""
    end = index + 1
    if end < len(draft.lows) and draft.lows[end] in _CHANNEL_TAILS and draft.gaps[end] in (".", " ", "_"):
        facts = (*facts, ("audio_channels", f"{first}.{draft.lows[end]}"))
        end += 1
    take_facts(draft, (index, end), facts, "channels")
    return True


def read_checksum(draft: Draft, index: int) -> bool:
    """Claim ``[1A2B3C4D]``, or the same at the very end."""
    if draft.inside[index] < 0 and index + 1 < len(draft.lows):
        return False
    draft.claim((index, index + 1), "crc32", draft.words[index], "checksum")
    return True


def settle_near_words(draft: Draft) -> None:
    """Let words claim that stand beside a quality word, as often as that lets another one claim."""
    tags = draft.tags
    left = [found for found in draft.near if not tags[found[0]]]
    for order in (left, left[::-1]):
        for first, end, facts in order:
            if not tags[first] and _has_company(draft, first, end, facts[0][0]):
                take_facts(draft, (first, end), facts, "beside")
    draft.near = left


def _has_company(draft: Draft, first: int, end: int, field: str) -> bool:
    """A quality word after it, or before it; a streaming service stands before what it streamed."""
    tags, lows = draft.tags, draft.lows
    if end < len(tags) and tags[end] == TECH:
        return True
    if field == "audio_codecs" and lows[end : end + 2] in _LAYOUT_DIGITS:
        return True
    bracket = draft.inside[first] if field == "source" and first else -1
    if bracket >= 0 and draft.brackets[bracket][:2] == (first, end):  # "(BD)"
        return True
    return field != "streaming_service" and first > 0 and tags[first - 1] == TECH
