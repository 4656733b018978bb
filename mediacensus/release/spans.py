"""Numbers that do not say what they count, each with everything that belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mediacensus.release.counting import spread
from mediacensus.release.shapes import shape
from mediacensus.release.vocabulary import ANIME_DETAILS

if TYPE_CHECKING:
    from mediacensus.release.draft import Draft

Numbers = tuple[float, ...]
Span = tuple[int, int, Numbers]
"""(first word, end, the numbers)"""
_FINAL: Final = frozenset(("end", "fin", "final", "完", "last"))
_RANGES: Final = frozenset(("-", "~", "–", "～"))
_SPACED_RANGES: Final = frozenset((" - ", " ~ ", " – ", "_-_", " -", "- ", "_~_", ".~."))
_PLAIN: Final = frozenset(("number", "number_version", "number_letter", "number_end"))
"""Shapes of numbers that do not say what they count."""
_LONGEST, _MOST = 6, 5000
"""A number as long or as large as that is no episode's."""
INNER: Final = frozenset((" ", ".", "_"))
"""Gaps by which a number belongs to the words before it."""
_LISTS: Final = frozenset(("+", "&", " & ", ".&.", " + "))


def find_spans(draft: Draft) -> list[Span]:
    """What may count of the numbers that nothing has claimed."""
    spans: list[Span] = []
    tags, lows, end = draft.tags, draft.lows, 0
    for index, (kind, value, _) in draft.numbers.items():
        if tags[index] or index < end:
            continue
        if kind in _PLAIN and value < _MOST and len(lows[index]) <= _LONGEST:
            span = _span_at(draft, index, value)
            spans.append(span)
            end = span[1]
    return spans


def _span_at(draft: Draft, index: int, value: int) -> Span:
    """A number with everything that belongs to it: ``12.5``, ``01-12``, ``05v2``, ``234 END``."""
    lows, gaps = draft.lows, draft.gaps
    values: Numbers = (value,)
    end, count = index + 1, len(lows)
    if end < count and not lows[end].isalpha():
        if not draft.tags[end]:
            end, values = _range_from(draft, index, value)
        if end < count and gaps[end] == "." and lows[end] == "5" and len(values) == 1:
            values, end = (value + 0.5,), end + 1
    if end < count and lows[end] in _FINAL and gaps[end] in (" ", "", "_", "("):
        end += 1
    return index, end, values


def _range_from(draft: Draft, index: int, value: int) -> tuple[int, Numbers]:
    values: Numbers = (value,)
    end = index + 1
    while end < len(draft.lows):
        gap = draft.gaps[end]
        following = _value(draft, end) if gap in _RANGES or gap in _LISTS or gap in _SPACED_RANGES else None
        if gap == "." and _value(draft, end) == values[-1] + 1 and len(draft.lows[index]) == 3:
            values, end = (*values, values[-1] + 1), end + 1  # "103.104" are two episodes
            continue
        if following is None or following <= values[-1]:
            break
        if gap in _SPACED_RANGES and not _is_spaced_range(draft, index, end):
            break
        values = (
            (*values, following) if gap in _LISTS else (*values[:-1], *spread(int(values[-1]), following))
        )
        end += 1
    return end, values


def _is_spaced_range(draft: Draft, first: int, last: int) -> bool:
    """``01 - 119 [Batch]`` runs from 1 to 119, but ``Title 2 - 05`` is number 5 of "Title 2"."""
    if not ends_clean(draft, last + 1):
        return False
    if "~" in draft.gaps[last]:
        return True
    low = draft.lows[first]
    if low[0] != "0" or low == "0" or len(draft.lows[last]) < 2:  # "Steins;Gate 0 - 23"
        return False
    if draft.container is None:
        return True
    return first > 0 and draft.gaps[first] not in INNER  # "Digimon Adventure 02 - 05", "06 - 200"


def _value(draft: Draft, index: int) -> int | None:
    if draft.tags[index] or draft.lows[index].isalpha():
        return None
    found = shape(draft.lows[index])
    if found is None or found[0] not in _PLAIN:
        return None
    return int(found[1]) if len(draft.lows[index]) <= _LONGEST and found[1] < _MOST else None


def ends_clean(draft: Draft, end: int) -> bool:
    """Nothing that would make the number part of a phrase follows."""
    if end < len(draft.lows) and draft.gaps[end] == " " and draft.lows[end] in ANIME_DETAILS:
        end += 1
    if end >= len(draft.lows) or draft.tags[end]:
        return True
    return draft.gaps[end] not in (" ", ".", "_", "", "'", "-", "’", ",", ", ")
