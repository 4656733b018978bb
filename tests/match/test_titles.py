"""How far titles are apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediacensus.match.titles import SAME, title_distance
from tests.match.conftest import TITLES
from tests.tmdb.catalogue import TitleSet

_TITLES = st.text(max_size=30) | st.sampled_from(
    sorted({title for work in TitleSet.load(TITLES).works.values() for title in work.titles})
)


@given(_TITLES, _TITLES)
def test_a_distance_is_one(one: str, other: str) -> None:
    """It is between 0 and 1, the same both ways, and 0 for one and the same title."""
    assert 0 <= title_distance(one, other) <= 1
    assert title_distance(one, other) == title_distance(other, one)
    assert title_distance(one, one) == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Amélie", "amelie"),
        ("The Mummy", "Mummy, The"),
        ("The Mummy", "Mummy"),
        ("Rocky II", "Rocky 2"),
        ("Dune: Part Two", "Dune Part 2"),
        ("Spider-Man", "Spiderman"),
        ("L'Avventura", "L Avventura"),
        ("Die Gefährten", "Die Gefaehrten"),
        ("Les Intouchables", "Intouchables"),
    ],
)
def test_one_title_written_in_two_ways_is_near(one: str, other: str) -> None:
    """Spelling, articles, numerals and spaces keep a title what it is."""
    assert title_distance(one, other) <= SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Max", "Mad Max"),
        ("Moon", "New Moon"),
        ("Darkness", "Army of Darkness"),
        ("The Forest", "The Piano Forest"),
        ("The Boys", "Water Boys"),
        ("Rocky II", "Rocky III"),
        ("Rocky", "Rocky II"),
        ("Alien", "Aliens"),
        ("Alien", "Alien Resurrection"),
        ("Heat", "Heart"),
        ("X", "10"),
        ("Halloween II", "Halloween III: Season of the Witch"),
        ("ディスク", "ティスク"),
    ],
)
def test_another_work_is_far(one: str, other: str) -> None:
    """Other works of a franchise, longer titles and look-alikes are not the same."""
    assert title_distance(one, other) > 2 * SAME


def test_the_exact_title_is_nearer_than_any_other_way_to_write_it() -> None:
    """Of two works that differ in an article or a numeral, each is nearest to its own title."""
    for one, other in (("The Hero", "Hero"), ("Saw V", "Saw 5"), ("Hellion, The", "Hellion")):
        assert title_distance(one, one) < title_distance(one, other)
