"""Seasons and episodes of a series: which to ask for, and where dates and absolute numbers lead."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from mediacensus.match.model import Episode
    from mediacensus.match.works import Work
    from mediacensus.queries import Query

_SHORT_SEASON: Final = 10
"""Seasons of series that count on are rarely shorter, so number 24 lies in the first three."""
_SPECIALS: Final = 0
_BEGINNING: Final = 3
"""Episodes that every season has."""

Place = tuple[int, int]
"""(season, episode)."""


def seasons_at_first(query: Query) -> list[int]:
    """Return the seasons to ask for before anything is known of the series: those seen in the files.

    Absolute numbers lie in the first few, as far as they can be told; dates in seasons that are told by
    the series' details. A season that does not exist costs nothing.
    """
    if query.absolute_episodes:
        reach = max(query.absolute_episodes) // _SHORT_SEASON + 2
        return sorted({*query.seasons, *range(1, reach)})
    return list(query.seasons) or ([] if query.air_dates else [1])


def tells_series_apart(query: Query) -> bool:
    """Tell whether what was seen can speak against a series of the same name.

    A first season with its first few episodes is what every series has.
    """
    is_more_than_a_beginning = any(season > 1 or last > _BEGINNING for season, last in query.last_episodes)
    return bool(
        is_more_than_a_beginning
        or max(query.seasons, default=0) > 1
        or query.episode_titles
        or query.absolute_episodes
        or query.countries
    )


def seasons_by_details(query: Query, work: Work) -> list[int]:
    """Return the seasons to ask for once the series' own list of them is known."""
    wanted = {*query.seasons}
    wanted.update(season for day in query.air_dates if (season := _season_of(day, work)) is not None)
    if query.absolute_episodes:
        ends = list(zip(*_ends(work), strict=True))
        wanted.update(
            next((season for season, end in ends if number <= end), ends[-1][0])
            for number in query.absolute_episodes
            if ends
        )
    return sorted(wanted & {season for season, _ in work.season_lengths})


def _season_of(day: date, work: Work) -> int | None:
    """Return the season that had begun last on a day."""
    begun = [(start, season) for season, start in work.season_starts if season != _SPECIALS and start <= day]
    return max(begun)[1] if begun else None


def _ends(work: Work) -> tuple[list[int], list[int]]:
    """Return the seasons, and the absolute number with which each ends."""
    counted = [(season, length) for season, length in sorted(work.season_lengths) if season != _SPECIALS]
    return [season for season, _ in counted], list(accumulate(length for _, length in counted))


def dated_places(days: Iterable[date], episodes: Sequence[Episode]) -> tuple[tuple[date, int, int], ...]:
    """Return (day, season, episode) of each day on which exactly one episode aired, specials aside."""
    aired: dict[date, list[Place]] = {}
    for each in episodes:
        if each.air_date is not None and each.season != _SPECIALS:
            aired.setdefault(each.air_date, []).append((each.season, each.number))
    return tuple((day, *aired[day][0]) for day in days if len(aired.get(day, ())) == 1)


def counted_places(numbers: Iterable[int], work: Work) -> tuple[tuple[int, int, int], ...]:
    """Return (number, season, episode) of each absolute number that TMDB's data leads to one episode.

    Where a later season goes on counting where the one before ended, its own numbers are the absolute
    ones; elsewhere the seasons' lengths are added up.
    """
    places = _own_numbers(work) or _added_up(work)
    return tuple((number, *places[number]) for number in numbers if number in places)


def _own_numbers(work: Work) -> dict[int, Place]:
    later = [each.number for each in work.episodes if each.season > 1]
    if not later or min(later) == 1:
        return {}
    return {each.number: (each.season, each.number) for each in work.episodes if each.season != _SPECIALS}


def _added_up(work: Work) -> dict[int, Place]:
    """By position within the season, since numbers may have gaps."""
    by_season: dict[int, list[int]] = {}
    for each in work.episodes:
        by_season.setdefault(each.season, []).append(each.number)
    seasons, ends = _ends(work)
    starts = dict(zip(seasons, [0, *ends], strict=False))
    return {
        starts[season] + position: (season, number)
        for season, numbers in by_season.items()
        if season in starts
        for position, number in enumerate(sorted(numbers), 1)
    }
