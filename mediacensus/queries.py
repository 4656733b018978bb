"""What is asked about a work: one query for all files that ask the same.

Editions, versions, parts and extras of a work share its query, and so do all episodes of a series.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from mediacensus.folding import fold
from mediacensus.readings import Reading, iter_readings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mediacensus.release import Release
    from mediacensus.tmdb.source import WorkKind

NO_WORK = "none"
"""The decision that a file is no work TMDB knows."""

_SERVICES = ("tmdb", "imdb", "tvdb")
"""Whose ids are understood, the most direct first."""
_SAME_COLUMNS = (
    "title alternative_titles year countries ids seasons absolute_episodes episode_title air_date "
    "streaming_service"
).split()
"""What entries take over from a release as it is."""
_MOST_TITLES = 6
"""Alternative titles kept of one query; a name holds one or two."""
_MOST_EPISODE_TITLES = 8
"""Episode titles kept of one query: enough to tell two series of one name apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One question to TMDB. Empty means "the names do not say"."""

    kind: WorkKind | None
    """None where a name does not tell a movie from a series."""
    title: str
    """As written in the first name that asked."""
    alternative_titles: tuple[str, ...] = ()
    year: int | None = None
    readings: tuple[Reading, ...] = ()
    """Other titles, with other years or none, that the same names may mean."""
    countries: tuple[str, ...] = ()
    """ISO 3166-1 codes that the name gives to tell works of one title apart."""
    ids: tuple[tuple[str, str], ...] = ()
    """Explicit ids, ``(("tmdb", "603"),)``, the most direct service first."""
    decision: str | None = None
    """What a person pinned: ``movie:603``, ``tv:1396``, ``tmdb:603`` (of this query's kind) or ``none``."""
    seasons: tuple[int, ...] = ()
    """Seasons seen in the files, in order."""
    last_episodes: tuple[tuple[int, int], ...] = ()
    """Of each season the highest episode number seen."""
    air_dates: tuple[date, ...] = ()
    absolute_episodes: tuple[int, ...] = ()
    episode_titles: tuple[tuple[int, int, str], ...] = ()
    """A few of the titles seen, as (season, episode, title)."""

    @property
    def key(self) -> str:
        """Two names with the same key ask the same. Stable between runs and versions of Python."""
        kind = self.kind or "any"
        if self.decision is not None:
            return f"{kind}|pin={self.decision}|{fold(self.title)}"
        if self.ids:
            return f"{kind}|{_id_text(self.ids)}"
        return f"{kind}|{fold(self.title)}|{self.year or ''}|{','.join(self.countries)}"

    @property
    def bucket_text(self) -> str:
        """Queries that ``unite`` may bring together have this text in common."""
        if self.decision is not None:
            return f"pin={self.decision}"
        return _id_text(self.ids) if self.ids else fold(self.title)

    def to_json(self) -> dict[str, Any]:
        """Return the query as plain JSON values, without what is empty."""
        told = {field: getattr(self, field) for field in self.__slots__}
        told["air_dates"] = [each.isoformat() for each in self.air_dates]
        return {field: value for field, value in told.items() if value not in (None, (), [])}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Query:
        """Return the query that ``to_json`` described."""
        values = {field: _as_tuples(value) for field, value in told.items()}
        values["air_dates"] = tuple(map(date.fromisoformat, told.get("air_dates", ())))
        return cls(**{"kind": None} | values)


def _as_tuples(value: Any) -> Any:
    return tuple(map(_as_tuples, value)) if isinstance(value, list | tuple) else value


def _id_text(ids: tuple[tuple[str, str], ...]) -> str:
    return "=".join(ids[0])


def query_of(row: Mapping[str, Any], decision: str | None = None) -> Query | None:
    """Return what to ask about an entry, or None where its name says neither a title nor an id.

    Args:
        row: the columns of the ``entries`` table.
        decision: what a person pinned for its path, as in ``Query.decision``.
    """
    named = dict(row["ids"] or ())
    ids = tuple((service, named[service]) for service in _SERVICES if service in named)
    readings = tuple(iter_readings(row, is_numbered=_is_numbered(row)))
    title = row["title"] or next((title for title, _ in readings), "")
    if not title and not ids and decision is None:
        return None
    kind = _kind_of(row, readings)
    query = Query(
        kind=kind,
        title=title,
        alternative_titles=tuple(row["alternative_titles"] or ())[:_MOST_TITLES],
        year=row["year"] if row["title"] else next((year for _, year in readings), None),
        countries=tuple(row["countries"] or ()),
        readings=readings,
        ids=ids,
        decision=decision,
    )
    return replace(query, **_numbers_of(row)) if kind == "tv" else query


def query_of_release(release: Release, path: str, decision: str | None = None) -> Query | None:
    """Return what to ask about a parsed name, as ``query_of`` does for the entry that is made of it."""
    row = {name: getattr(release, name) for name in _SAME_COLUMNS}
    row |= {"path": path, "kind": "extra" if release.extra else release.kind}
    row["episodes"] = [int(number) for number in release.episodes if number == int(number)]
    row["season"] = release.seasons[0] if release.seasons else None
    row["episode"] = row["episodes"][0] if row["episodes"] else None
    return query_of(row, decision)


def _is_numbered(row: Mapping[str, Any]) -> bool:
    """Tell whether a name has a season and an episode, ``S01E02``, which leaves nothing open."""
    return row["season"] is not None and row["episode"] is not None


def _kind_of(row: Mapping[str, Any], readings: tuple[Reading, ...]) -> WorkKind | None:
    """A number before a year may be an episode's, or belong to a film: ``Scream.2.1997``."""
    if row["kind"] == "movie":
        return "movie"
    if _is_numbered(row):
        return "tv"
    if row["kind"] == "episode":
        return None if row["year"] is not None and readings[0][1] is not None else "tv"
    return "tv" if row["season"] is not None or row["absolute_episodes"] else None


def _numbers_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that say which episodes were seen."""
    seasons, episodes = tuple(row["seasons"] or ()), tuple(row["episodes"] or ())
    season = seasons[0] if len(seasons) == 1 else None
    numbers: dict[str, Any] = {"seasons": seasons}
    if season is not None and episodes:
        numbers["last_episodes"] = ((season, max(episodes)),)
        if row["episode_title"] and len(episodes) == 1:
            numbers["episode_titles"] = ((season, episodes[0], row["episode_title"]),)
    if row["air_date"] is not None and not episodes:
        numbers["air_dates"] = (row["air_date"],)
    if season is None:
        numbers["absolute_episodes"] = tuple(int(n) for n in row["absolute_episodes"] or () if n == int(n))
    return numbers


def unite(queries: Iterable[Query]) -> dict[str, Query]:
    """Bring together what asks the same, and return the united query of every key that came.

    A query of unknown kind joins the movie or series of its title and year, or of its id, where there is
    exactly one; both keys then lead to one and the same query, which is asked once.
    """
    united: dict[str, Query] = {}
    for query in queries:
        known = united.get(query.key)
        united[query.key] = query if known is None else _merged(known, query)
    for key, query in list(united.items()):
        if query.kind is None:
            owners = [united[each] for each in _owner_keys(query) if each in united]
            united[key] = owners[0] if len(owners) == 1 else query
    return united


def _owner_keys(query: Query) -> tuple[str, str]:
    return replace(query, kind="movie").key, replace(query, kind="tv").key


def _merged(one: Query, other: Query) -> Query:
    """Return the first query with everything that was seen for the second."""
    titles = dict.fromkeys((*one.alternative_titles, *other.alternative_titles))
    if fold(other.title) != fold(one.title):  # named by id
        titles[other.title] = None
    last = dict(one.last_episodes)
    for season, episode in other.last_episodes:
        last[season] = max(episode, last.get(season, 0))
    return replace(
        one,
        title=one.title or other.title,
        alternative_titles=tuple(filter(None, titles))[:_MOST_TITLES],
        year=one.year or other.year,
        readings=tuple(dict.fromkeys((*one.readings, *other.readings)))[:_MOST_TITLES],
        seasons=_sorted(one.seasons, other.seasons),
        last_episodes=tuple(sorted(last.items())),
        air_dates=_sorted(one.air_dates, other.air_dates),
        absolute_episodes=_sorted(one.absolute_episodes, other.absolute_episodes),
        episode_titles=_sorted(one.episode_titles, other.episode_titles)[:_MOST_EPISODE_TITLES],
    )


def _sorted(one: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[Any, ...]:
    return one if one == other else tuple(sorted({*one, *other}))
