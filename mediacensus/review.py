"""What a snapshot leaves to people: works nobody could be sure of, with what speaks for and against them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mediacensus.query import open_snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OPEN = """
    WITH asked AS (SELECT query_key, count(*) AS files, min(path) AS path FROM entries GROUP BY query_key),
         offered AS (
             SELECT query_key,
                    list(struct_pack(link := kind || ':' || tmdb_id, title := title, year := year,
                                     confidence := confidence, reasons := reasons) ORDER BY rank) AS works
             FROM candidates WHERE rank <= $candidates GROUP BY query_key)
    SELECT match_status, query_kind, query_title, query_year, reasons, matched_kind || ':' || tmdb_id,
           sum(files) OVER alike, path, works
    FROM matches JOIN asked USING (query_key) LEFT JOIN offered USING (query_key)
    WHERE (match_status IN ('review', 'no match', 'lookup failed') OR match_confidence < $doubtful)
      AND decision IS NULL
    WINDOW alike AS (PARTITION BY query_kind, query_title, query_year, match_status, tmdb_id)
    QUALIFY row_number() OVER (alike ORDER BY path) = 1
    ORDER BY match_status <> 'review', match_status, files DESC, path
"""
_BELOW = """
    SELECT count(*) FROM entries WHERE path = $path OR starts_with(path, rtrim($path, '/') || '/')
"""
_DOUBTFUL = 0.9
"""An accepted work below this was named by an id that its title or year contradicts."""
_CANDIDATES = 3


@dataclass(frozen=True, slots=True)
class OpenMatch:
    """One query that a person should look at."""

    status: str
    kind: str | None
    title: str
    year: int | None
    reasons: tuple[str, ...]
    work: str | None
    """What was accepted in spite of doubts, ``movie:603``."""
    files: int
    path: str
    """Of one of the files."""
    candidates: tuple[dict[str, Any], ...]
    """``link``, ``title``, ``year``, ``confidence`` and ``reasons``, the nearest first."""


def iter_open_matches(snapshot: Path) -> Iterator[OpenMatch]:
    """Yield what is uncertain in a snapshot and not pinned: first what has candidates, most files first.

    An extra that joined its owner's query is counted with it.
    """
    rows = open_snapshot(snapshot).execute(_OPEN, {"candidates": _CANDIDATES, "doubtful": _DOUBTFUL})
    while row := rows.fetchone():
        status, kind, title, year, reasons, work, files, path, candidates = row
        yield OpenMatch(
            status, kind, title, year, tuple(reasons or ()), work, files, path, tuple(candidates or ())
        )


def count_entries_below(snapshot: Path, path: str) -> int:
    """Return how many entries of a snapshot a path names: a file, or all below a folder."""
    row = open_snapshot(snapshot).execute(_BELOW, {"path": path}).fetchone()
    return int(row[0]) if row else 0
