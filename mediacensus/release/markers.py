"""Numbers whose neighbour says what they count: ``Season 1``, ``2nd Season``, ``Episode 3 of 12``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mediacensus.release.counting import (
    DASHES,
    HYPHENS,
    NOTHING,
    NUMBER,
    RANGE_WORDS,
    claim_piece,
    follow,
    look_back,
    spread,
)
from mediacensus.release.dates import may_be_dated
from mediacensus.release.shapes import shape
from mediacensus.release.vocabulary import NUMERALS, WORDS
from mediacensus.release.words import TECH

if TYPE_CHECKING:
    from mediacensus.release.draft import Draft

_ORDINAL_ENDINGS: Final = frozenset(("й", "я", "го", "ый", "ой", "ая", "nd", "rd", "th", "st"))
_ORDINALS: Final = frozenset(
    ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
)
_FIRST_YEAR: Final = 1900
_SET_APART: Final = frozenset("[(#")
_ROMAN: Final = frozenset("ivx")
_INSIDE_WORDS: Final = frozenset(("'", "’", "·", "."))
_TAKE_BEFORE: Final = ("season", "episode")
"""Markers that may stand behind their number."""
_NAMING: Final = frozenset(("final", "last"))
"""Words with which a season has a name and no number, ``The Final Season``."""
_BEFORE_MARKER: Final = frozenset((" ", ". ", ".", "_", "-", ""))


def read_marked(draft: Draft, index: int) -> None:
    """A marker word with its number after it (``Season 1``) or before it (``2nd Season``)."""
    lows, tags, end = draft.lows, draft.tags, index + 1
    marker, after, before = WORDS[lows[index]].marker, None, None
    if marker == "series":
        if not _is_british(draft, index):
            return
        marker = "season"
    gap = draft.gaps[end]
    if end < len(lows) and not tags[end] and (gap == " " or (len(gap) <= 3 and not _is_named(draft, index))):
        after = _number_at(draft, end, marker)
    if index and not tags[index - 1] and marker in _TAKE_BEFORE:
        before = _number_before(draft, index)
    if before and (after is None or _belongs_before(draft, index, before[0], after)):
        _claim_before(draft, index, before, marker)
    elif after is not None:
        _claim_marked(draft, index, marker, after)


def _belongs_before(draft: Draft, index: int, at: int, after: int) -> bool:
    """Whether a marker between two numbers counts the first: ``69. Bölüm (29.10.2023)``, ``2nd Season 4``."""
    if draft.lows[at] in _ORDINALS:
        return True
    far = index + 2 + (index + 2 < len(draft.lows) and draft.lows[index + 2] in _ORDINAL_ENDINGS)
    apart = after > 1900 or "(" in draft.gaps[index + 1]
    return apart or _is_marked(draft, far) or _has_shape(draft.lows[at], "ordinal")


def read_lone_marker(draft: Draft, index: int) -> None:
    """``Season`` right before ``S01-S03`` or beside ``Complete`` is no part of the title."""
    lows, tags, end = draft.lows, draft.tags, index + 1
    marker, before = WORDS[lows[index]].marker, end < len(tags) and tags[end] == NUMBER
    if marker == "episode" and before:
        tags[index] = NUMBER
    if marker != "season" or len(lows[index]) < 4 or lows[index - 1] in _NAMING:
        return
    behind = tags[index - 1] == NUMBER and draft.gaps[index] != " - " and all(tags[end : end + 1])
    if behind or (before and not _has_shape(lows[end], "season_episode")):  # "Wedding Season S01E05"
        tags[index] = NUMBER
    elif any(low.startswith("compl") for low in (lows[index - 1], *lows[end : end + 1])):
        tags[index] = TECH


def _is_named(draft: Draft, index: int) -> bool:
    """``The Final Season - 05``, ``The Final Season [05]``: the fifth of a season that has a name."""
    gap = draft.gaps[index + 1]
    if not index or draft.lows[index] != "season":
        return False
    if draft.lows[index - 1] in _NAMING and not _SET_APART.isdisjoint(gap):
        return True
    return gap in DASHES and draft.gaps[index] == gap[0]


def _has_shape(low: str, kind: str) -> bool:
    return (shape(low) or NOTHING)[0] == kind


def _is_british(draft: Draft, index: int) -> bool:
    """``Series 1`` means a season only where nothing else can be meant: at the start or the end of a name."""
    lows = draft.lows
    if index + 2 < len(lows) and draft.gaps[index + 2] == "-" and lows[index + 1].isdecimal():
        return lows[index + 2].isdecimal() and len(lows[index + 2]) <= 2 and draft.gaps[index + 3] != "-"
    if index + 2 < len(lows) and draft.gaps[index] in ("", " - ") and _closes(draft, index + 2):
        return len(lows[index + 1]) <= 2
    last = index + 2 == len(lows) and (lows[-1] in NUMERALS or (lows[-1].isdecimal() and len(lows[-1]) <= 2))
    return last and (index == 0 or (draft.container is None and draft.is_folder))


def _closes(draft: Draft, index: int) -> bool:
    """Whether what follows ``Series 3`` is of no title: brackets, the quality, ``Complete``, a number."""
    gap, low = draft.gaps[index], draft.lows[index]
    return (
        not _SET_APART.isdisjoint(gap)
        or draft.tags[index] == TECH
        or low.startswith("compl")
        or (gap == " - " and low.isdecimal())
    )


def _is_marked(draft: Draft, index: int) -> bool:
    """Whether this word is a marker, so that the number before it belongs to it."""
    if index + 1 < len(draft.lows) and draft.gaps[index] in HYPHENS and draft.lows[index].isdecimal():
        index += 1  # "5 сезон 81-100 серии"
    word = WORDS.get(draft.lows[index]) if index < len(draft.lows) else None
    return word is not None and word.marker in ("season", "episode")


def _number_before(draft: Draft, index: int) -> tuple[int, int] | None:
    """Where the number before a marker stands, and the number: ``2nd``, ``5-й``, ``2.``, ``24``."""
    at = index - 1
    low = draft.lows[at]
    if low in _ORDINAL_ENDINGS and at:
        at -= 1
        low = draft.lows[at]
    if draft.tags[at] or draft.gaps[index] not in _BEFORE_MARKER:
        return None
    if low.isalpha():
        return (at, NUMERALS[low]) if low in _ORDINALS and at else None
    kind, value, width = shape(low) or NOTHING
    if kind in ("ordinal", "number_letter") or (
        kind == "number" and width <= 4 and len(draft.lows[index]) > 2
    ):
        return at, value
    return None


def _claim_before(draft: Draft, index: int, before: tuple[int, int], marker: str | None) -> None:
    at, number = before
    end = index + 1
    at, numbers = look_back(draft, at, number)
    if at > 1 and not draft.tags[at - 2] and draft.lows[at - 1] in RANGE_WORDS:
        kind, first, _ = shape(draft.lows[at - 2]) or NOTHING
        if kind in ("ordinal", "number") and first < number:
            at, numbers = at - 2, spread(first, number)
    draft.claim_all((at, end), f"{marker}s", numbers, NUMBER)
    if "count" in draft.hints:
        _read_count(draft, end, f"{marker}_count")


def _number_at(draft: Draft, at: int, marker: str | None) -> int | None:
    low = draft.lows[at]
    if low.isalpha():
        if marker in ("season", "episode", "part") and (len(low) > 1 or marker == "part"):
            return NUMERALS.get(low) if marker != "episode" or not _is_film_of(draft, low) else None
        return None
    number: int
    kind, number, width = shape(low) or NOTHING
    if kind == "number":
        return number if width <= 5 and not (marker == "season" and number > 1900 and at > 1) else None
    return number if kind in ("number_version", "number_letter") else None


def _is_film_of(draft: Draft, numeral: str) -> bool:
    """``Star.Wars.Episode.VIII.2017``: a Roman numeral beside a year counts films."""
    return "seasons" not in draft.facts and _ROMAN.issuperset(numeral) and may_be_dated(draft)


def _claim_marked(draft: Draft, index: int, marker: str | None, number: int) -> None:
    low = draft.lows[index]
    if len(low) == 1 and (draft.gaps[index] in _INSIDE_WORDS or draft.gaps[index + 1] not in ("", " ")):
        return  # "U.N.C.L.E.2015", "Ocean's 11", "WALL·E (2008)"
    if marker == "season":
        if len(low) == 1 and (draft.gaps[index + 1] != " " or len(draft.lows[index + 1]) < 2):
            return
        field, count = "seasons", "season_count"
    elif marker == "episode":
        if "episodes" in draft.facts or (draft.gaps[index + 2] == "." and _read_dotted(draft, index, number)):
            return
        field, count = "episodes", "episode_count"
    else:
        if marker in ("part", "volume", "cd", "disc") and number < _FIRST_YEAR:  # "The Second Part 2020"
            claim_piece(draft, (index, index + 2), marker, number)
        return
    end, numbers = follow(draft, index + 2, (number,), marker)
    if low == "cap" and number >= 100 and number % 100:
        end, numbers = _read_chapters(draft, index, number)
    draft.claim_all((index, end), field, numbers, NUMBER)
    if "count" in draft.hints:
        _read_count(draft, end, count)


def _read_dotted(draft: Draft, index: int, season: int) -> bool:
    """``Episode 1.22`` is season 1, episode 22."""
    end = index + 2
    if end >= len(draft.lows) or "seasons" in draft.facts:
        return False
    text = draft.lows[end]
    if not (text.isdecimal() and len(text) == 2 and season < 50):
        return False
    draft.note((index, end + 1), "seasons", season, NUMBER)
    draft.claim_all((index, end + 1), "episodes", (int(text),), NUMBER)
    return True


def _read_chapters(draft: Draft, index: int, number: int) -> tuple[int, tuple[int, ...]]:
    """``Cap.408`` is season 4, episode 8; ``Cap.102_104`` runs from 2 to 4."""
    end: int = index + 2
    episodes: tuple[int, ...] = (number % 100,)
    if end < len(draft.lows) and draft.gaps[end] in ("_", "-") and draft.lows[end].isdigit():
        last = int(draft.lows[end][-4:])
        if last // 100 == number // 100 and last > number:
            end, episodes = end + 1, spread(number % 100, last % 100)
    draft.facts.pop("seasons", None)
    draft.note((index, end), "seasons", number // 100, NUMBER)
    return end, episodes


def _read_count(draft: Draft, index: int, field: str) -> None:
    """``of 12`` behind a number."""
    if index + 1 < len(draft.lows):
        count = draft.lows[index + 1]
        word = WORDS.get(draft.lows[index]) if count.isdigit() else None
        if word and word.marker == "count":
            draft.claim((index, index + 2), field, int(count[:4]), NUMBER)
