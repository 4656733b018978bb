"""Works rather than files: those that are there more than once, series with gaps, and what is largest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mediacensus.page.cells import Table, table_of
from mediacensus.page.questions import BOUND, Question, ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

_TITLE: Final = "coalesce(matched_title, title)"
_WORK: Final = f"coalesce(tmdb_id::VARCHAR, lower({_TITLE}))"
"""What makes two files the same work: its match, else its title."""
_EPISODES: Final = "if(len(matched_episodes) > 0, matched_episodes, episodes)"
_SEASON: Final = "coalesce(matched_season, season)"
_MOST_NUMBERS: Final = 2_000
"""A season is not that long: numbers this far apart are something else, such as dates."""

_IDENTITY: Final = (
    f"kind, {_WORK}, coalesce(matched_year, year), {_SEASON}, {_EPISODES}, absolute_episodes, "
    "fractional_episodes, air_date, episode_details, part, disc, volume, film, bonus"
)
_VERSION: Final = "resolution, source, video_codec, hdr, editions, is_3d, languages, version"
_HAS_IDENTITY: Final = (
    f"{_TITLE} IS NOT NULL AND (kind = 'movie' OR kind = 'episode' AND (len({_EPISODES}) > 0 "
    "OR len(absolute_episodes) > 0 OR len(fractional_episodes) > 0 OR air_date IS NOT NULL))"
)
# Groups are known by the hash of their identity alone, which is small, until the first of them are found.
_FOUND: Final = f"""
    SELECT coalesce(sum(size_bytes) - max(size_bytes), 0) AS beyond_bytes, hash({_IDENTITY}) AS identity
    FROM entries WHERE {_HAS_IDENTITY} GROUP BY identity HAVING count(*) > 1
    """  # noqa: S608 - ours
_REPEATED: Final = Question(
    f"""
    WITH repeated AS ({_FOUND} {BOUND})
    SELECT any_value(beyond_bytes) AS beyond_the_largest_bytes, any_value({_TITLE}) AS title,
        any_value(coalesce(matched_year, year)) AS year, any_value({_SEASON}) AS season,
        any_value({_EPISODES}[1]) AS episode, count(*) AS files,
        if(count(DISTINCT hash({_VERSION})) = 1, 'alike', 'versions') AS how,
        list(path ORDER BY size_bytes DESC, path)[:5] AS paths_of_the_first_5
    FROM entries JOIN repeated ON hash({_IDENTITY}) = repeated.identity
    WHERE {_HAS_IDENTITY} GROUP BY repeated.identity
    """,  # noqa: S608 - ours
    counted=_FOUND,
)

_GAPS: Final = Question(
    f"""
    SELECT last - first + 1 - len(have) AS missing, title, season, first, last, len(have) AS there,
        list_filter(range(first, last + 1), lambda number: NOT list_contains(have, number))[:200]
        AS missing_numbers
    FROM (
        SELECT any_value(title) AS title, season, min(number) AS first, max(number) AS last,
            list(DISTINCT number) AS have
        FROM (
            SELECT {_WORK} AS work, {_TITLE} AS title, {_SEASON} AS season,
                unnest({_EPISODES})::BIGINT AS number
            FROM entries
            WHERE kind = 'episode' AND {_TITLE} IS NOT NULL AND coalesce({_SEASON}, 1) > 0
            UNION ALL
            SELECT {_WORK}, {_TITLE}, NULL, unnest(absolute_episodes)::BIGINT
            FROM entries
            WHERE kind = 'episode' AND {_TITLE} IS NOT NULL AND len({_EPISODES}) = 0
        ) GROUP BY work, season
    ) WHERE last - first + 1 > len(have) AND last - first < {_MOST_NUMBERS}
    """,  # noqa: S608 - ours
    is_ascending=True,
)

_LARGEST_FILES: Final = Question(
    f"""
    SELECT coalesce(size_bytes, 0) AS size_bytes, {_TITLE} AS title, resolution, source,
        video_codec AS codec, path
    FROM entries
    """  # noqa: S608 - ours
)
_LARGEST_WORKS: Final = Question(
    f"""
    SELECT coalesce(sum(size_bytes), 0) AS size_bytes, any_value({_TITLE}) AS title, kind, count(*) AS files,
        sum(size_bytes) / count(*) AS mean_bytes
    FROM entries WHERE {_TITLE} IS NOT NULL AND kind <> 'extra' GROUP BY {_WORK}, kind
    """,  # noqa: S608 - ours
)

_MOST_LARGEST: Final = 100


def iter_repeated(connection: duckdb.DuckDBPyConnection) -> Iterator[Table]:
    """Yield the table of works that are there more than once."""
    yield table_of(
        "More than once",
        "The same title, year, season and episode in several files, those first that take most room. "
        "“versions” differ in resolution, source, codec, HDR, edition or language; “alike” do not, "
        "by their names.",
        ask(connection, _REPEATED),
    )


def iter_gaps(connection: duckdb.DuckDBPyConnection) -> Iterator[Table]:
    """Yield the table of seasons with missing numbers."""
    yield table_of(
        "Seasons with gaps",
        "Numbers that are missing between the first and the last episode that is here, the nearest to "
        "complete first. What comes before the first or after the last is not known from the files. "
        "Without a season: numbers counted through the whole series.",
        ask(connection, _GAPS),
    )


def iter_largest(connection: duckdb.DuckDBPyConnection) -> Iterator[Table]:
    """Yield the tables of the largest works and files."""
    yield table_of("Largest films and series", "", ask(connection, _LARGEST_WORKS, _MOST_LARGEST))
    yield table_of("Largest files", "", ask(connection, _LARGEST_FILES, _MOST_LARGEST))
