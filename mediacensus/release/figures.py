"""Numbers that say how a release was made: screen sizes, channel layouts, sizes, rates, checksums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mediacensus.release.counting import DASHES, MOST_NUMBERS, NOTHING, first_numbers
from mediacensus.release.shapes import Shape, screen_text
from mediacensus.release.vocabulary import WORDS
from mediacensus.release.words import TECH, claim_facts

if TYPE_CHECKING:
    from mediacensus.release.draft import Draft

_BARE_HEIGHTS: Final = frozenset((480, 576, 720, 1080, 2160))
_UNITS: Final = {
    "gb": ("size_text", "GB"),
    "mb": ("size_text", "MB"),
    "tb": ("size_text", "TB"),
    "fps": ("frame_rate", "fps"),
    "mbps": ("video_bit_rate", "Mbps"),
    "kbps": ("audio_bit_rate", "Kbps"),
}
_CHANNEL_TAILS: Final = frozenset(("0", "1", "2", "0ch", "1ch", "2ch"))
_TELLING: Final = frozenset(("x", *_UNITS, *_CHANNEL_TAILS))
"""Words that may tell what the number before them is."""
_QUALITY_KINDS: Final = frozenset(("screen", "size", "rate", "crc", "uuid"))
_RESPELLED: Final = frozenset(("reversed", "joined"))
_LEAST_WIDTH: Final = 240
_MOST_COUNTED: Final = 9999
"""A larger number counts nothing."""
_POINTS: Final = frozenset(".,")
_CLOSE_GAPS: Final = frozenset((".", " ", "_", ","))


def read_quality_numbers(draft: Draft) -> str | None:
    """Screen sizes, channel layouts, sizes, rates: numbers that say how, not which.

    Returns the text to read instead if it is written backwards, or with a number glued to a word.
    """
    lows, tags, numbers = draft.lows, draft.tags, draft.numbers
    last = len(lows) - 1
    for index, (kind, value, _) in numbers.items():
        if (
            kind != "number"
            or (index < last and lows[index + 1] in _TELLING)
            or value in _BARE_HEIGHTS
            or value > _MOST_COUNTED
            or tags[index]
        ):
            return _read_figures(draft, 0 if "*" in draft.text else index)
    if len(numbers) > 1 and (len(numbers) > MOST_NUMBERS or "*" in draft.text):
        return _read_figures(draft, 0)
    return None  # as in most names, whose numbers are a year's or an episode's


def _read_figures(draft: Draft, begin: int) -> str | None:
    """The same from the first number on that may say how; the others are left for those that read which."""
    tags, numbers = draft.tags, draft.numbers
    draft.numbers = left = {}
    for index, found in numbers.items() if len(numbers) <= MOST_NUMBERS else first_numbers(numbers):
        if tags[index]:
            continue
        kind, value, _ = found
        if kind == "number":
            if index < begin or not _read_plain_number(draft, index, value):
                left[index] = found
        elif kind in _RESPELLED:
            draft.numbers = numbers  # read as they are where it has been respelled before
            return _respell(draft, index, found)
        elif kind not in _QUALITY_KINDS or not _read_quality_number(draft, index, found):
            left[index] = found
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
        claim_facts(draft, span, (("resolution", (screen_text(width, height, scan),)),), "screen")
    elif kind == "size":
        _read_size(draft, index, value)
    elif kind == "rate":
        _read_rate(draft, index, value, extra)
    elif kind == "crc":
        return read_checksum(draft, index)
    else:
        draft.claim(span, "uuid", value, "uuid")
    return True


def _read_size(draft: Draft, index: int, value: str) -> None:
    """``700MB``, ``1.4GB``, ``1,4GB``."""
    first = index - 1
    kind, whole, _ = draft.numbers.get(first, NOTHING)
    if kind == "number" and whole <= _MOST_COUNTED and draft.gaps[index] in _POINTS:
        claim_facts(draft, (first, index + 1), (("size_text", (f"{whole}.{value}",)),), "size")
        del draft.numbers[first]
    else:
        claim_facts(draft, (index, index + 1), (("size_text", (value,)),), "size")


def _read_rate(draft: Draft, index: int, value: str, unit: str) -> None:
    """``384Kbps`` is sound, ``19.1mbits`` is picture."""
    first = index
    if index > 0 and draft.lows[index - 1].isdecimal() and draft.gaps[index] == ".":
        first, value = index - 1, f"{draft.lows[index - 1]}.{value}"
    field, name = ("video_bit_rate", "Mbps") if unit[0] == "m" else ("audio_bit_rate", "Kbps")
    claim_facts(draft, (first, index + 1), ((field, (value + name,)),), "rate")


def _read_plain_number(draft: Draft, index: int, value: int) -> bool:
    """``1080`` beside a quality word, an all-digit checksum, or what the next word makes of it."""
    if value > _MOST_COUNTED:
        return len(draft.lows[index]) == 8 and draft.inside[index] >= 0 and read_checksum(draft, index)
    end, lows = index + 1, draft.lows
    tells = end < len(lows) and (lows[end] in _TELLING or "*" in draft.gaps[end])
    if tells and _read_with_next(draft, index, value):
        return True
    if value not in _BARE_HEIGHTS or index == 0 or draft.gaps[index] in DASHES:  # "[Grp] Show - 1080 [x264]"
        return False
    if draft.tags[index - 1] == TECH or (end < len(draft.tags) and draft.tags[end] == TECH):
        claim_facts(draft, (index, end), (("resolution", (f"{value}p",)),), "height")
        return True
    return False


def _read_with_next(draft: Draft, index: int, value: int) -> bool:
    """``5.1`` behind a quality word, ``32 Mbps``, ``720 * 432``."""
    if value >= _LEAST_WIDTH and _read_spaced_screen(draft, index, value):
        return True
    end = index + 1
    gap, tail = draft.gaps[end], draft.lows[end]
    if gap not in _CLOSE_GAPS:
        return False
    if tail in _UNITS:
        return _read_unit(draft, index, tail)
    behind = index > 0 and (draft.tags[index - 1] == TECH or _is_behind_sound(draft, index - 1))
    if behind and tail in _CHANNEL_TAILS and _is_layout(draft, index, value):
        claim_facts(draft, (index, end + 1), (("audio_channels", (f"{value}.{tail[0]}",)),), "channels")
        return True
    return False


def _is_behind_sound(draft: Draft, index: int) -> bool:
    """``BluRay.DUAL.5.1``: a word that is still to be settled stands behind a quality word."""
    word = WORDS.get(draft.lows[index])
    return word is not None and bool(word.facts) and index > 0 and draft.tags[index - 1] == TECH


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
    claim_facts(draft, (index, after + 1), (("resolution", (screen_text(width, height, "p"),)),), "screen")
    return True


def _read_unit(draft: Draft, index: int, unit: str) -> bool:
    """``32 Mbps``, ``23.976 FPS``, ``1.4 GB``."""
    first, text = index, draft.lows[index]
    if index > 0 and draft.lows[index - 1].isdecimal() and draft.gaps[index] == ".":
        first, text = index - 1, f"{draft.lows[index - 1]}.{text}"
    field, name = _UNITS[unit]
    claim_facts(draft, (first, index + 2), ((field, (text + name,)),), "unit")
    return True


def _is_layout(draft: Draft, index: int, value: int) -> bool:
    """The two digits stand by themselves, not at the head of a longer number or of ``1.1 GB``."""
    if index + 2 >= len(draft.lows):
        return 1 <= value <= 8
    after = draft.lows[index + 2]
    goes_on = after in _UNITS or (after[0].isdigit() and draft.gaps[index + 2] == ".")
    return 1 <= value <= 8 and not goes_on


def read_checksum(draft: Draft, index: int) -> bool:
    """Claim ``[1A2B3C4D]``, or the same at the very end."""
    if draft.inside[index] < 0 and index + 1 < len(draft.lows):
        return False
    draft.claim((index, index + 1), "crc32", draft.words[index], "checksum")
    return True
