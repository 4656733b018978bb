"""What is uncertain, unmatched or failed, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mediacensus.page.cells import Table, table_of
from mediacensus.page.questions import Question, ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

_NO_NUMBER: Final = (
    "kind = 'episode' AND len(episodes) = 0 AND len(absolute_episodes) = 0 AND len(fractional_episodes) = 0 "
    "AND air_date IS NULL AND episode_count IS NULL"
)

_FAILED: Final = Question(
    "SELECT severity || ': ' || kind AS problem, path, phase, message AS what_happened FROM failures",
    is_ascending=True,
)
_UNTITLED: Final = Question(
    "SELECT coalesce(size_bytes, 0) AS size_bytes, kind, path FROM entries WHERE title IS NULL"
)
_UNNUMBERED: Final = Question(
    f"SELECT title, season, path FROM entries WHERE title IS NOT NULL AND {_NO_NUMBER}",  # noqa: S608 - ours
    is_ascending=True,
)
_UNDATED: Final = Question(
    "SELECT title, size_bytes, path FROM entries WHERE kind = 'movie' AND title IS NOT NULL "
    "AND year IS NULL AND matched_year IS NULL",
    is_ascending=True,
)
_TO_REVIEW: Final = Question(
    """
    SELECT coalesce(query_title, '') AS asked_for, query_year AS year, match_status AS status,
        matches.reasons AS why, candidates.title AS nearest, candidates.year AS nearest_year,
        round(candidates.distance, 3) AS distance
    FROM matches LEFT JOIN (SELECT * FROM candidates WHERE rank = 1) AS candidates USING (query_key)
    WHERE match_status NOT IN ('accepted', 'not looked up')
    """,
    is_ascending=True,
)
_NOTED: Final = Question(
    "SELECT coalesce(matched_title, title, '') AS title, match_note AS why, path FROM entries "
    "WHERE match_note IS NOT NULL",
    is_ascending=True,
)


def iter_doubts(connection: duckdb.DuckDBPyConnection) -> Iterator[Table]:
    """Yield a table for everything that is doubtful."""
    asked = (
        ("Problems", "A failure means that something is missing here; a notice that nothing is.", _FAILED),
        ("Titles without a sure match", "With what speaks against the nearest title on TMDB.", _TO_REVIEW),
        ("Remarks on matches", "What did not fit although the title did.", _NOTED),
        ("Files without a title", "Neither the name nor a folder says what these are.", _UNTITLED),
        ("Episodes without a number", "Read as part of a series, with nothing to tell which.", _UNNUMBERED),
        ("Films without a year", "A title alone can be several films.", _UNDATED),
    )
    for title, note, question in asked:
        yield table_of(title, note, ask(connection, question))


def read_statuses(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, int]]:
    """Return how many entries have each match status; empty where nothing was looked up."""
    rows = connection.execute(
        "SELECT match_status, count(*) FROM entries WHERE match_status IS NOT NULL GROUP BY 1 ORDER BY 2 DESC"
    ).fetchall()
    return [] if {status for status, _ in rows} <= {"not looked up"} else rows
