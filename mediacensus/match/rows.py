"""Matches as rows of the snapshot's tables, and what they add to an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mediacensus.match.model import Resolution
    from mediacensus.queries import Query


def match_row(key: str, query: Query, resolution: Resolution) -> tuple[Any, ...]:
    """Return one row of ``matches``.

    Args:
        key: the key of the entries' own query, which for an extra may be another than its owner's.
        query: what was asked in the end.
        resolution: its answer.
    """
    return (
        key,
        query.kind,
        query.title,
        query.year,
        query.decision,
        resolution.status,
        resolution.confidence,
        resolution.kind,
        resolution.tmdb_id,
        resolution.matched_title,
        resolution.matched_year,
        resolution.reasons,
        resolution.match_version,
    )


def iter_candidate_rows(key: str, resolution: Resolution) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of ``candidates`` for one query, the nearest first."""
    for rank, candidate in enumerate(resolution.candidates, 1):
        yield (
            key,
            rank,
            candidate.kind,
            candidate.tmdb_id,
            candidate.title,
            candidate.original_title,
            candidate.year,
            candidate.popularity,
            candidate.vote_count,
            candidate.matched_text,
            candidate.distance,
            candidate.confidence,
            candidate.distances,
            candidate.reasons,
            candidate.tmdb_id == resolution.tmdb_id and candidate.kind == resolution.kind,
        )


def match_columns(row: Mapping[str, Any], resolution: Resolution) -> dict[str, Any]:
    """Return the columns of an entry that matching fills.

    What TMDB says of an episode stands apart from what the name says: ``matched_season``,
    ``matched_episodes``, ``matched_episode_title``, ``matched_air_date``. They are empty where TMDB's data
    leads to no episode, and ``match_note`` says so.

    Args:
        row: the entry, its columns as in the ``entries`` table.
        resolution: the answer to its query.
    """
    accepted = resolution.status == "accepted"
    columns: dict[str, Any] = {
        "match_status": resolution.status,
        "match_confidence": resolution.confidence,
        "tmdb_id": resolution.tmdb_id,
        "matched_title": resolution.matched_title,
        "matched_year": resolution.matched_year,
        "matched_season": None,
        "matched_episodes": [],
        "matched_episode_title": None,
        "matched_air_date": None,
        "match_note": None,
    }
    if accepted and resolution.kind == "tv" and row["kind"] == "episode":
        columns.update(_episode_columns(row, resolution))
    return columns


def _episode_columns(row: Mapping[str, Any], resolution: Resolution) -> dict[str, Any]:
    places = _places(row, resolution)
    known = {(each.season, each.number): each for each in resolution.episodes}
    found = [known[place] for place in places if place in known]
    if not found:
        return {"match_note": _missing(row, places)}
    return {
        "matched_season": found[0].season,
        "matched_episodes": [each.number for each in found],
        "matched_episode_title": " / ".join(each.title for each in found if each.title) or None,
        "matched_air_date": found[0].air_date,
        "match_note": None if len(found) == len(places) else _missing(row, places),
    }


def _places(row: Mapping[str, Any], resolution: Resolution) -> list[tuple[int, int]]:
    """Return where an entry's episodes stand in TMDB's order, by whatever its name says."""
    episodes, seasons = row["episodes"] or (), row["seasons"] or ()
    if episodes and len(seasons) <= 1:
        season = seasons[0] if seasons else _only_season(resolution)
        return [] if season is None else [(season, episode) for episode in episodes]
    if row["air_date"] is not None:
        return [(season, episode) for day, season, episode in resolution.dated if day == row["air_date"]]
    counted = set(row["absolute_episodes"] or ())
    return [(season, episode) for number, season, episode in resolution.counted if number in counted]


def _only_season(resolution: Resolution) -> int | None:
    seasons = {each.season for each in resolution.episodes} - {0}
    return seasons.pop() if len(seasons) == 1 else None


def _missing(row: Mapping[str, Any], places: list[tuple[int, int]]) -> str | None:
    """Say what TMDB's data does not lead to, if the name asks for an episode at all."""
    if row["episodes"]:
        shown = ", ".join(f"S{season:02}E{episode:02}" for season, episode in places)
        return f"TMDB does not have all of {shown}" if shown else "the name gives no season"
    if row["air_date"] is not None:
        return f"TMDB has no single episode of {row['air_date']}"
    if row["absolute_episodes"]:
        return "TMDB's data leads from this absolute number to no episode"
    return None
