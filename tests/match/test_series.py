"""Where dates and absolute numbers lead."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from mediacensus.match.model import Episode
from mediacensus.match.series import counted_places, dated_places, seasons_at_first, seasons_by_details
from mediacensus.match.works import Work
from mediacensus.queries import Query

_FIRST = date(2020, 1, 1)


def _series(*lengths: int, goes_on: bool = False, missing: frozenset[int] = frozenset()) -> Work:
    """A series with specials and seasons of these lengths, a season a year."""
    episodes, before = [Episode(0, 1, "Special", date(2019, 1, 1))], 0
    for season, length in enumerate(lengths, 1):
        for number in range(1, length + 1):
            day = _FIRST + timedelta(365 * (season - 1) + 7 * (number - 1))
            shown = before + number if goes_on else number + sum(each <= number for each in missing)
            episodes.append(Episode(season, shown, f"S{season}E{number}", day))
        before += length
    return Work(
        kind="tv",
        tmdb_id=1,
        title="Show",
        original_title="Show",
        year=2020,
        is_detailed=True,
        season_lengths=((0, 1), *enumerate(lengths, 1)),
        season_starts=(
            (0, date(2019, 1, 1)),
            *((s, _FIRST + timedelta(365 * (s - 1))) for s in range(1, len(lengths) + 1)),
        ),
        episodes=tuple(episodes),
    )


def test_absolute_numbers_add_up_over_seasons() -> None:
    """The first number after a season's end is the next season's first episode."""
    assert counted_places([1, 12, 13, 36, 37], _series(12, 24)) == (
        (1, 1, 1),
        (12, 1, 12),
        (13, 2, 1),
        (36, 2, 24),
    )


def test_numbers_with_gaps_are_counted_by_position() -> None:
    """TMDB's numbers within a season may leave one out; the count does not."""
    assert counted_places([3], _series(5, missing=frozenset({2}))) == ((3, 1, 4),)


def test_a_series_that_goes_on_counting_has_absolute_numbers_of_its_own() -> None:
    """Where season 2 begins at 13, number 13 is its first."""
    assert counted_places([12, 13, 20], _series(12, 12, goes_on=True)) == (
        (12, 1, 12),
        (13, 2, 13),
        (20, 2, 20),
    )


def test_a_date_leads_to_the_one_episode_of_that_day() -> None:
    """Two episodes of one day, a special, and a day without any lead nowhere."""
    series = _series(2)
    twice = [*series.episodes, Episode(1, 9, "Again", _FIRST)]

    assert dated_places([_FIRST, _FIRST + timedelta(7)], series.episodes) == (
        (_FIRST, 1, 1),
        (_FIRST + timedelta(7), 1, 2),
    )
    assert dated_places([_FIRST], twice) == ()
    assert dated_places([date(2019, 1, 1), date(2021, 2, 2)], series.episodes) == ()


@pytest.mark.parametrize(
    ("query", "seasons"),
    [
        (Query(kind="tv", title="x", seasons=(0, 3)), [0, 3]),
        (Query(kind="tv", title="x"), [1]),
        (Query(kind="tv", title="x", absolute_episodes=(24,)), [1, 2, 3]),
        (Query(kind="tv", title="x", air_dates=(_FIRST,)), []),
    ],
)
def test_the_first_call_asks_for_what_was_seen(query: Query, seasons: list[int]) -> None:
    """Exactly the seasons seen, those in which a number may lie, and none for dates, which are told later."""
    assert seasons_at_first(query) == seasons


@pytest.mark.parametrize(
    ("query", "seasons"),
    [
        (Query(kind="tv", title="x", seasons=(1, 9)), [1]),
        (Query(kind="tv", title="x", air_dates=(date(2021, 3, 1), date(2018, 1, 1))), [2]),
        (Query(kind="tv", title="x", absolute_episodes=(12, 13, 99)), [1, 2, 3]),
    ],
)
def test_details_tell_the_seasons_of_dates_and_numbers(query: Query, seasons: list[int]) -> None:
    """With the list of seasons known, only those that exist and are needed are asked for."""
    assert seasons_by_details(query, _series(12, 12, 12)) == seasons
