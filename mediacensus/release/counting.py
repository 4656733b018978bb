"""Runs of numbers: ``01-03``, ``E05E06``, ``1, 2 & 3``, ``S01 to S04``."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from mediacensus.release.shapes import Shape, shape
from mediacensus.release.vocabulary import TITLES, WORDS

if TYPE_CHECKING:
    from mediacensus.release.draft import Draft

NUMBER: Final = "numbering"
"""The tag of words that number the work."""
LAST: Final = frozenset(TITLES["last"])
"""What is said of the last episode, and is no title."""
PIECE: Final = "piece"
"""The tag of parts, volumes and discs."""
_RANGE_SIGNS: Final = frozenset(
    ("--", ": ", "-", " - ", "~", " ~ ", "–", " – ", "_-_", ".-.", "- ", " -", "—")
)
_LIST_SIGNS: Final = frozenset(
    (" ", " / ", "", "+", "&", ",", ", ", ",.", " & ", " + ", ".&.", ".+.", "_", ".")
)
RANGE_WORDS: Final = frozenset(("to", "a", "à", "bis", "al", "thru", "through", "по", "до"))
_LIST_WORDS: Final = frozenset(("and", "et", "und", "y", "e", "и", "en", "og"))
JOINING_WORDS: Final = RANGE_WORDS | _LIST_WORDS
"""Words with which a range or list of numbers goes on."""
_PLAIN_LIST_SIGNS: Final = frozenset(("+", "&", ",", ", ", ",.", " & ", ".&."))
_PLURALS: Final = frozenset(("seasons", "season", "temporadas", "saisons", "staffeln", "stagioni"))
_LONGEST_RANGE: Final = 2000
HYPHENS: Final = frozenset(("-", "–"))
"""Between two numbers they make a range, whatever it counts."""
_FEW: Final = 3
"""How far a range behind a dash that stands apart may run: further on it is another number."""
MOST_NUMBERS: Final = 64
"""Numbers read in one name; more is rubbish, and rubbish must stay cheap."""
DASHES: Final = frozenset((" - ", ".-.", "_-_"))
"""Gaps that set apart what stands on both sides."""
NOTHING: Final[Shape] = ("", None, None)


def first_numbers(found: dict[int, Shape]) -> list[tuple[int, Shape]]:
    """As many of the numbers found in a name as are read."""
    return list(islice(found.items(), MOST_NUMBERS))


def spread(first: int, last: int) -> tuple[int, ...]:
    """Every number from first to last; a nonsense range is its two ends."""
    if first < last <= first + _LONGEST_RANGE:
        return tuple(range(first, last + 1))
    return first, last


def claim_piece(draft: Draft, span: tuple[int, int], marker: str, number: int) -> None:
    """Claim words for a part, volume or disc."""
    draft.claim(span, "disc" if marker == "dvd" else marker, number, PIECE)


def follow(draft: Draft, index: int, numbers: tuple[int, ...], what: str) -> tuple[int, tuple[int, ...]]:
    """Go on with a range or list of numbers (``-E03``, ``-04``, ``E05``, ``to 06``): (end, numbers)."""
    lows, tags = draft.lows, draft.tags
    while index < len(lows):
        low, at = lows[index], index
        if low.isalpha():
            if low not in JOINING_WORDS or index + 1 == len(lows):
                break
            is_range, at = low in RANGE_WORDS, index + 1
        else:
            gap = draft.gaps[index]
            is_range = gap in _RANGE_SIGNS
            if not is_range and gap not in _LIST_SIGNS:
                break
        if tags[at] or lows[at].isalpha():
            break
        if lows[at].isdigit():
            following = _plain_following(draft, (index, at), numbers[-1], what)
        else:
            following = _following(draft, at, what)
        if not following or following[0] <= numbers[-1]:
            break
        if is_range:
            numbers = (*numbers[:-1], *spread(numbers[-1], following[0]), *following[1:])
        else:
            numbers += following
        index = at + 1
    return index, numbers


def _following(draft: Draft, at: int, what: str) -> tuple[int, ...]:
    """The numbers the word at this place adds, if it says itself that it counts the same thing."""
    if draft.lows[at].startswith("eps"):
        return ()
    kind, value, extra = shape(draft.lows[at]) or NOTHING
    numbers: tuple[int, ...] = ()
    if kind == what:
        numbers = value if what == "episode" else (value,)
    elif kind == "glued" and value[0] == what:
        numbers = (value[1],)
    elif kind == "season_episode" and what == "episode" and (value[0],) == draft.facts.get("seasons"):
        numbers = value[1]
    elif kind == "marked" and value == "bonus" and what == "episode" and "seasons" in draft.facts:
        numbers = (extra,)
    return numbers


def look_back(draft: Draft, index: int, number: int) -> tuple[int, tuple[int, ...]]:
    """Where a range begins that ends in this number, and its numbers: ``1-24 серия``, ``01-15 of 15``."""
    first, before = index - 1, draft.lows[index - 1]
    is_range = index and draft.gaps[index] in HYPHENS and before.isdecimal() and not draft.tags[first]
    if is_range and int(before[:5]) < number:
        return first, spread(int(before[:5]), number)
    return index, (number,)


def _are_seasons(draft: Draft, at: int, last: int) -> bool:
    """``Season 1-10``, but not ``1. évad 1-12. rész``."""
    lows, end = draft.lows, at + 1
    word = WORDS.get(lows[end]) if end < len(lows) else None
    return lows[at - 1].isdecimal() and last == 1 and len(lows[at]) == 2 and not (word and word.marker)


def _is_other(draft: Draft, at: int, step: int, what: str) -> bool:
    """``S02E18 - 053 - Title``, ``S01E01 - 33``, ``Season 1 - 03 - Title``: no range behind this dash."""
    closes = draft.gaps[at + 1] in DASHES
    if what == "season":
        return closes or draft.lows[at][0] == "0"
    return step > _FEW or (step > 1 and closes)


def _plain_following(draft: Draft, place: tuple[int, int], last: int, what: str) -> tuple[int, ...]:
    """A plain number goes on a range or list (``-04``, ``to 6``), but does not start a title."""
    index, at = place
    kind, value, width = shape(draft.lows[at]) or NOTHING
    gap, before = draft.gaps[index], draft.lows[index - 1]
    if kind != "number" or (width > 2 and width > max(len(before), len(str(last)) + (last > 9))):
        return ()
    if index != at or gap in _PLAIN_LIST_SIGNS:
        goes_on = True
    elif gap in ("-", "~"):  # S01-03 are seasons, S4-24 is an episode
        goes_on = what == "episode" or width == len(before.lstrip("st")) or _are_seasons(draft, at, last)
    elif gap in _RANGE_SIGNS:
        fits = value - last <= 40 and (what == "episode" or (last == 1 and before.isdecimal()))
        goes_on = fits and draft.gaps[at + 1] not in (" ", "-")  # "S01E01 - 12-00 A.M."
        if gap in DASHES and _is_other(draft, at, value - last, what):
            goes_on = False
    elif what == "season":
        counted = draft.lows[index - 2] in _PLURALS or draft.lows[index - 2].isdecimal()
        goes_on = value == last + 1 and width <= 2 and before.isdecimal() and counted
    else:
        goes_on = value == last + 1 and width == 2 and gap in (".", "_")
    return (value,) if goes_on else ()
