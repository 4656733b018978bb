"""What a snapshot leaves to people: works nobody could be sure of, with what speaks for and against them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mediacensus.query import open_snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OPEN = """
    SELECT m.match_status, m.query_kind, m.query_title, m.query_year, m.reasons,
           m.matched_kind || ':' || m.tmdb_id AS work, count(*) AS files, min(e.path) AS path,
           (SELECT list(struct_pack(link := c.kind || ':' || c.tmdb_id, title := c.title, year := c.year,
                                    confidence := c.confidence, reasons := c.reasons) ORDER BY c.rank)
            FROM candidates c WHERE c.query_key = m.query_key AND c.rank <= $candidates) AS candidates
    FROM matches m JOIN entries e ON e.query_key = m.query_key
    WHERE (m.match_status IN ('review', 'no match', 'lookup failed') OR m.match_confidence < $doubtful)
      AND m.decision IS NULL
    GROUP BY ALL
    ORDER BY array_position(['review', 'no match', 'lookup failed', 'accepted'], m.match_status), files DESC, path
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
    """Yield what is uncertain in a snapshot and not pinned: first what has candidates, most files first."""
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
