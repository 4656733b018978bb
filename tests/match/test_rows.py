"""Matches as rows, and what they add to entries."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from mediacensus import schema
from mediacensus.match import Episode, Resolution, iter_candidate_rows, match_columns, match_row
from mediacensus.parts import PartWriter
from tests.match.conftest import query_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.match.conftest import Asked

_SERIES = Resolution(
    status="accepted",
    confidence=0.99,
    kind="tv",
    tmdb_id=7,
    matched_title="Show",
    matched_year=2020,
    episodes=(
        Episode(1, 1, "One", date(2020, 5, 4)),
        Episode(1, 2, "Two", date(2020, 5, 5)),
        Episode(1, 4, None, None),
    ),
    dated=((date(2020, 5, 5), 1, 2),),
    counted=((11, 1, 1),),
)


def _entry(**told: object) -> dict[str, Any]:
    return dict.fromkeys(schema.ENTRIES.names) | {"kind": "episode"} | told


def test_rows_fit_their_tables(tmdb: Asked, tmp_path: Path) -> None:
    """Rows of every status can be written and read as the tables say."""
    with (
        PartWriter(tmp_path / "matches.parquet", schema.MATCHES) as matches,
        PartWriter(tmp_path / "candidates.parquet", schema.CANDIDATES) as candidates,
    ):
        for path in ("The.Mummy.1999.mkv", "The.Mummy.mkv", "Xyzzy.mkv", "The.Office.UK.S01E01.mkv"):
            query, found = query_of(path), tmdb.asked_about(path)
            assert query is not None
            matches.write(match_row(query.key, query, found))
            for row in iter_candidate_rows(query.key, found):
                candidates.write(row)

    told = pq.read_table(tmp_path / "matches.parquet").to_pylist()
    offered = pq.read_table(tmp_path / "candidates.parquet").to_pylist()
    assert [row["match_status"] for row in told] == ["accepted", "review", "no match", "accepted"]
    assert [row["query_title"] for row in told] == ["The Mummy", "The Mummy", "Xyzzy", "The Office"]
    assert sum(row["is_accepted"] for row in offered) == 2
    assert dict(offered[0]["distances"])["title"] == 0
    assert {row["query_key"] for row in offered} == {
        row["query_key"] for row in told if row["reasons"] != []
    } - {"movie|xyzzy||"} | {"movie|the mummy|1999|", "tv|the office||GB"}


@pytest.mark.parametrize(
    ("told", "season", "episodes", "title"),
    [
        ({"seasons": [1], "episodes": [2]}, 1, [2], "Two"),
        ({"seasons": [1], "episodes": [1, 2]}, 1, [1, 2], "One / Two"),
        ({"episodes": [1]}, 1, [1], "One"),  # there is one season
        ({"air_date": date(2020, 5, 5)}, 1, [2], "Two"),
        ({"absolute_episodes": [11.0]}, 1, [1], "One"),
        ({"seasons": [1], "episodes": [4]}, 1, [4], None),
    ],
)
def test_an_episode_gets_its_place_and_title(
    told: dict[str, Any], season: int, episodes: list[int], title: str | None
) -> None:
    """Numbers, a date and an absolute number lead to TMDB's season, episode and title."""
    columns = match_columns(_entry(**told), _SERIES)

    assert (columns["matched_season"], columns["matched_episodes"]) == (season, episodes)
    assert columns["matched_episode_title"] == title
    assert columns["match_note"] is None


@pytest.mark.parametrize(
    ("told", "note"),
    [
        ({"seasons": [1], "episodes": [3]}, "TMDB does not have all of S01E03"),
        ({"seasons": [1], "episodes": [2, 3]}, "TMDB does not have all of S01E02, S01E03"),
        ({"air_date": date(2020, 5, 6)}, "TMDB has no single episode of 2020-05-06"),
        ({"absolute_episodes": [12.0]}, "TMDB's data leads from this absolute number to no episode"),
    ],
)
def test_what_leads_to_no_episode_says_so(told: dict[str, Any], note: str) -> None:
    """Where TMDB's data leads to no episode, the entry says it."""
    assert match_columns(_entry(**told), _SERIES)["match_note"] == note


def test_a_season_without_an_episode_needs_no_note() -> None:
    """A pack or an extra asks for no episode."""
    assert match_columns(_entry(seasons=[1]), _SERIES)["match_note"] is None
    assert match_columns(_entry(kind="extra", episodes=[9]), _SERIES)["match_note"] is None


def test_columns_are_those_of_the_table() -> None:
    """Every column that matching fills is in the table of entries."""
    for resolution in (_SERIES, Resolution(status="review"), Resolution(status="lookup failed")):
        assert set(match_columns(_entry(), resolution)) <= set(schema.ENTRIES.names)


def test_nothing_is_filled_in_without_a_decision() -> None:
    """What is reviewed, failed or unknown leaves the matched columns empty."""
    columns = match_columns(_entry(seasons=[1], episodes=[1]), Resolution(status="review", confidence=0.4))

    assert columns["match_status"] == "review"
    assert {
        columns[name] for name in columns if name.startswith("matched_") and name != "matched_episodes"
    } == {None}
