"""Years and air dates."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from mediacensus.release.counting import NUMBER
from mediacensus.release.vocabulary import WORDS
from mediacensus.release.words import TECH

if TYPE_CHECKING:
    from mediacensus.release.draft import Draft

YEAR: Final = "year"
"""The tag of years and dates."""
_MONTHS: Final = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}
_FIRST_YEAR, _LAST_YEAR = 1880, 2039
YEARS: Final = frozenset(str(year) for year in range(_FIRST_YEAR + 1, _LAST_YEAR + 1))
"""Words that can be a year of release."""
# Where a date with a written month begins and ends, its day and its year, all from the month.
_WRITTEN: Final = ((-1, 2, -1, 1), (0, 3, 1, 2), (-1, 2, 1, -1))
_PACKED: Final = 6
"""The fewest digits of a date written in one."""
_DATE_GAPS: Final = frozenset((".", "-", "_", " ", "/"))


def may_be_dated(draft: Draft) -> bool:
    """Whether a number of the name can be a year, before it is known which is."""
    return any(draft.lows[index] in YEARS for index in draft.numbers)


def read_dates(draft: Draft) -> None:
    """Claim the air date and the year, most often the only number and behind a title."""
    numbers, tags = draft.numbers, draft.tags
    if len(numbers) > 1 or (draft.hints and "month" in draft.hints):
        _read_several(draft)
        return
    index, found = numbers.popitem()
    low = draft.lows[index]
    is_year = low in YEARS and not tags[index]
    if is_year and index and not (tags[0] or tags[index - 1] == NUMBER) and draft.trail is None:
        tags[index] = YEAR
        draft.facts["year"] = (found[1],)
        draft.origins.append(("year", index, YEAR))
        return
    numbers[index] = found
    if is_year:
        _read_year(draft, [index])
    elif len(low) >= _PACKED:
        _read_air_date(draft)


def _read_several(draft: Draft) -> None:
    """The same where several numbers, or the name of a month, may make a date."""
    lows, tags = draft.lows, draft.tags
    years: list[int] = []
    may_be_date = False
    for index in draft.numbers:
        low = lows[index]
        if low in YEARS and not tags[index]:
            years.append(index)
        elif len(low) >= _PACKED:
            may_be_date = True
    if may_be_date or len(draft.numbers) > 2 or "month" in draft.hints:
        _read_air_date(draft)
        if "air_date" in draft.facts:
            years = [index for index in years if not tags[index]]
    if years:
        _read_year(draft, years)


def _read_air_date(draft: Draft) -> None:
    """Three numbers that make a date, six or eight digits, or a written month."""
    lows, tags = draft.lows, draft.tags
    last = len(lows) - 2
    for index in draft.numbers:
        low, day, end = lows[index], None, index + 3
        if tags[index] or not low.isdecimal():
            continue
        if index < last and lows[index + 1].isdecimal() and lows[index + 2].isdecimal():
            day = _date_at(draft, index)
        if day is None and len(low) >= _PACKED:
            day, end = _packed_date(draft, index), index + 1
        if day is not None:
            draft.claim((index, end), "air_date", day, YEAR)
            return
    if "month" in draft.hints:
        for index, low in enumerate(draft.lows):
            if (month := _MONTHS.get(low[:3])) and (word := WORDS.get(low)) and word.marker == "month":
                _read_written_date(draft, index, month)


def _read_written_date(draft: Draft, index: int, month: int) -> None:
    """``2 Jan 2025``, ``May 23, 2014``."""
    for begin, end, day_at, year_at in _WRITTEN:
        place = (index + begin, index + end)
        if place[0] < 0 or place[1] > len(draft.lows) or any(draft.tags[slice(*place)]):
            continue
        day, year = draft.lows[index + day_at].rstrip("stndrh"), draft.lows[index + year_at]
        if (
            day.isdecimal()
            and year in YEARS
            and len(day) <= 2
            and (found := _valid_date(int(year), month, int(day)))
        ):
            draft.claim(place, "air_date", found, YEAR)
            return


def _date_at(draft: Draft, index: int) -> date | None:
    """The date that three numbers make."""
    first, second, third = draft.lows[index : index + 3]
    gap, later_gap = draft.gaps[index + 1 : index + 3]
    if gap not in _DATE_GAPS or later_gap not in _DATE_GAPS or max(len(first), len(second), len(third)) > 4:
        return None
    if gap != later_gap and len(first) != 4:
        return None  # "Lethal.Weapon.1-4.1987-1998"
    if index and gap == draft.gaps[index] and len(first) == len(second) == 1:
        return None  # "Jackass.3.5.2011"
    if len(first) == len(second) == len(third) == 2 and gap != " ":
        return _make_short_date(first, second, third) if "seasons" not in draft.facts else None
    return _make_date(first, second, third)


def _make_short_date(first: str, second: str, third: str) -> date | None:
    """``31.01.15`` has its day first, ``25.09.03`` its year, ``10-19-12`` its month."""
    a, b, c = int(first), int(second), int(third)
    day_first = _valid_date(2000 + c, b, a)
    year_first = _valid_date(2000 + a, b, c)
    chosen = year_first or day_first if 12 < a < 30 else day_first or year_first
    return chosen or _valid_date(2000 + c, a, b)


def _make_date(first: str, second: str, third: str) -> date | None:
    """Year first or year last; day and month in the order that makes a date."""
    if len(first) == 4:
        orders = ((first, second, third), (first, third, second))
    elif len(third) == 4:
        orders = ((third, second, first), (third, first, second))
    else:
        return None
    for year, month, day in orders:
        if found := _valid_date(int(year), int(month), int(day)):
            return found
    return None


def _valid_date(year: int, month: int, day: int) -> date | None:
    if not (_FIRST_YEAR <= year <= _LAST_YEAR and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _packed_date(draft: Draft, index: int) -> date | None:
    """``20190820``; ``140722`` at the start of a name or right before its quality."""
    text = draft.lows[index]
    if len(text) == 8:
        return _valid_date(int(text[:4]), int(text[4:6]), int(text[6:]))
    if len(text) == 6:
        last = index + 1 == len(draft.tags)
        if index == 0 or last or draft.tags[index + 1] or draft.tags[index - 1]:
            return _valid_date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
    return None


def _read_year(draft: Draft, candidates: list[int]) -> None:
    """Claim the year: one in brackets first, then the last one before the quality words."""
    chosen = candidates[0]
    tags = draft.tags
    if len(candidates) > 1 or not chosen or tags[0] or tags[chosen - 1] == NUMBER:  # it may be the title's
        chosen = _year_in_brackets(draft, candidates) if draft.brackets else -1
        if chosen < 0:
            chosen = _plain_year(draft, candidates)
    if chosen >= 0:
        _, year, _ = draft.numbers.pop(chosen)
        draft.claim((chosen, chosen + 1), "year", year, YEAR)


def _year_in_brackets(draft: Draft, candidates: list[int]) -> int:
    chosen = -1
    for index in reversed(candidates):
        if _stands_alone_in_brackets(draft, index) and (index or chosen < 0):
            chosen = index
    return chosen


def _stands_alone_in_brackets(draft: Draft, index: int) -> bool:
    """``(2010)``, and ``(2005-2009)`` by its first year."""
    bracket = draft.inside[index]
    if bracket < 0 or draft.brackets[bracket][0] != index:
        return False
    end = draft.brackets[bracket][1]
    return end == index + 1 or (end == index + 2 and draft.lows[index + 1] in YEARS)


def _first_of_span(draft: Draft, index: int) -> int:
    """The first year of ``1999-2003``; the other one is taken as well."""
    before = index - 1
    if draft.gaps[index] != "-" or before not in draft.numbers or draft.lows[before] not in YEARS:
        return index
    draft.mark((index, index + 1), YEAR)
    return before


def _plain_year(draft: Draft, candidates: list[int]) -> int:
    tags = draft.tags
    count = len(tags)
    start = 0
    while start < count and tags[start] == TECH:  # "[1080p] The Dark Knight 2008"
        start += 1
    anchor = tags.index(TECH, start) if TECH in tags[start:] else count
    if NUMBER in tags:
        anchor = min(anchor, tags.index(NUMBER))
    for index in reversed(candidates):
        if 0 < index <= anchor:
            return _first_of_span(draft, index)
    after = candidates[0]
    if after == 0 and count > 1 and draft.gaps[1] == " - ":  # "1957 - Title"
        return 0
    if not after > anchor > 0:
        return -1
    # "S07E22 - 2000 Light Years" is a title; "S01 2018 1080p" is a year
    opens_title = (
        after + 1 < count
        and not tags[after + 1]
        and tags[after - 1] == NUMBER
        and " " in draft.gaps[after + 1]
    )
    return -1 if opens_title else after
