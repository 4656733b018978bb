"""A set of titles that answers as TMDB's API does; ``tests/tmdb/titles/README.md`` describes its files.

Search is by words, as TMDB's recorded answers show it: every word of the query but the smallest must stand
in one of a work's titles, shown or not; order is relevance, in which popularity has a part; twenty a page.
"""

from __future__ import annotations

import gzip
import json
import math
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mediacensus.tmdb.source import Answer, SearchKind, WorkKind

PAGE_ROWS = 20
MOST_APPENDED = 20
_SMALL_WORDS = frozenset({"the", "a", "an", "and", "of"})
_WORD = re.compile(r"(?:[^\W_]|[\u0900-\u0dff\u0e00-\u0eff\u3099\u309a])+")
"""A word, with the vowel signs of Indic and Thai scripts."""
_TITLE = {"movie": "title", "tv": "name", "person": "name"}
_DATE = {"movie": "release_date", "tv": "first_air_date"}


@dataclass(frozen=True, slots=True)
class Work:
    """A movie, a series or a person, with all that can be asked about it."""

    kind: str
    row: dict[str, Any]
    """As ``/search`` shows it."""
    alternatives: tuple[tuple[str, str], ...] = ()
    """(ISO 3166-1 country, title)."""
    translations: tuple[tuple[str, str], ...] = ()
    """(ISO 639-1 language, title)."""
    external: dict[str, Any] = field(default_factory=dict)
    seasons: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    """Episodes as ``/tv/…/season/…`` shows them, by season."""

    @property
    def titles(self) -> list[str]:
        """Every title of it, without repetition."""
        shown = _TITLE[self.kind]
        own = [self.row[shown], self.row.get(f"original_{shown}")]
        return list(
            dict.fromkeys(t for t in (*own, *(t for _, t in (*self.alternatives, *self.translations))) if t)
        )

    @property
    def year(self) -> int | None:
        """The year of release or of the first episode."""
        day = self.row.get(_DATE.get(self.kind, ""))
        return int(day[:4]) if day else None


class TitleSet:
    """Answers as ``mediacensus.tmdb.source.TmdbSource`` from works held in memory."""

    def __init__(self, works: list[Work]) -> None:
        self.works = {(work.kind, work.row["id"]): work for work in works}
        self._external = {
            (service, str(number)): work
            for work in works
            for service, number in work.external.items()
            if number
        }
        self._index: dict[str, set[tuple[str, int]]] = defaultdict(set)
        for key, work in self.works.items():
            for word in {word for title in work.titles for word in words_of(title)}:
                self._index[word].add(key)

    @classmethod
    def load(cls, folder: Path) -> TitleSet:
        """Read ``movies``, ``series``, their ``_counts`` and ``_episodes``, and ``people``; packed or not."""
        movies = [movie_work(line) for line in _iter_lines(folder, "movies")]
        people = [_person(line) for line in _iter_lines(folder, "people")]
        return cls([*movies, *_series(folder), *people])

    def search(self, kind: SearchKind, title: str, *, year: int | None = None, page: int = 1) -> Answer:
        """Return one page of ``/search/{kind}``."""
        found = [work for work in self._matching(title) if kind in ("multi", work.kind)]
        if year is not None:
            found = [work for work in found if work.year == year]
        asked = words_of(title)
        found.sort(key=lambda work: (-_relevance(work, asked), work.row["id"]))
        shown = found[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
        tagged = [work.row | {"media_type": work.kind} if kind == "multi" else work.row for work in shown]
        pages = max(1, math.ceil(len(found) / PAGE_ROWS))
        return {"page": page, "results": tagged, "total_pages": pages, "total_results": len(found)}

    def _matching(self, title: str) -> list[Work]:
        """Return the works of which one title has every word asked for; decomposed letters match nothing."""
        asked = words_of(title)
        needed = [word for word in asked if word not in _SMALL_WORDS] or asked
        if not needed or unicodedata.normalize("NFC", title) != title:
            return []
        keys = set.intersection(*(self._index.get(word, set()) for word in needed))
        works = [self.works[key] for key in keys]
        return [work for work in works if any(set(needed) <= set(words_of(each)) for each in work.titles)]

    def details(self, kind: WorkKind, tmdb_id: int, append: tuple[str, ...] = ()) -> Answer | None:
        """Return ``/{kind}/{tmdb_id}`` with what is appended; seasons that do not exist are left out."""
        if len(append) > MOST_APPENDED:
            raise ValueError(f"{len(append)} appended, TMDB allows {MOST_APPENDED}")
        work = self.works.get((kind, tmdb_id))
        if work is None:
            return None
        answer = (
            work.row | {"imdb_id": work.external.get("imdb_id")} if kind == "movie" else _series_details(work)
        )
        for name in append:
            if (appended := _appended(work, name)) is not None:
                answer[name] = appended
        return answer

    def find(self, source: str, external_id: str) -> Answer:
        """Return ``/find/{external_id}``."""
        kinds = ("movie", "person", "tv", "tv_episode", "tv_season")
        answer: Answer = {f"{kind}_results": [] for kind in kinds}
        work = self._external.get((source, external_id))
        if work is not None:
            answer[f"{work.kind}_results"].append(work.row | {"media_type": work.kind})
        return answer


def words_of(title: str) -> list[str]:
    """Return a title's words as an index holds them: without case, accents and apostrophes."""
    text = unicodedata.normalize("NFKD", title.casefold().replace("&", " and "))
    plain = "".join(each for each in text if not "\u0300" <= each <= "\u036f" and each not in "'’‘")
    return _WORD.findall(unicodedata.normalize("NFC", plain))


def _relevance(work: Work, asked: list[str]) -> float:
    """Return how near the nearest title is, the shorter the nearer, with a share for popularity."""
    wanted = set(asked)
    extra = [
        sum(0.5 if word in _SMALL_WORDS else 1 for word in {*words} ^ wanted)
        for words in map(words_of, work.titles)
        if wanted <= {*words, *_SMALL_WORDS}
    ]
    nearness = len(asked) / (len(asked) + min(extra, default=99))
    return nearness * (1 + 0.5 * math.log1p(work.row.get("popularity") or 0))


def _iter_lines(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    for path, unpack in ((folder / f"{name}.jsonl", bytes), (folder / f"{name}.jsonl.gz", gzip.decompress)):
        if path.exists():
            lines = unpack(path.read_bytes()).decode("utf-8").split("\n")
            yield from (json.loads(line) for line in lines if line.strip())


def movie_work(line: dict[str, Any]) -> Work:
    """Return the movie of one line."""
    row = {
        "adult": False,
        "backdrop_path": None,
        "genre_ids": [],
        "id": line["id"],
        "original_language": line.get("original_language") or "en",
        "original_title": line.get("original_title") or line["title"],
        "overview": "",
        "popularity": float(line.get("popularity") or 0),
        "poster_path": None,
        "release_date": line.get("release_date") or "",
        "title": line["title"],
        "video": False,
        "vote_average": float(line.get("vote_average") or 0),
        "vote_count": int(line.get("vote_count") or 0),
    }
    return Work("movie", row, *_other_titles(line), {"imdb_id": line.get("imdb_id")})


def _person(line: dict[str, Any]) -> Work:
    return Work(
        "person", {"adult": False, "known_for": [], "popularity": 0.0, "original_name": line["name"]} | line
    )


def _other_titles(line: dict[str, Any]) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    alternatives = tuple((country, title) for country, title in line.get("alternative_titles", ()))
    return alternatives, tuple((language, title) for language, title in line.get("translations", ()))


def _series(folder: Path) -> Iterator[Work]:
    """Yield every series once, with the episodes or at least the counts that other files hold of it."""
    counts = {line["tmdb_id"]: line for line in _iter_lines(folder, "series_counts") if line.get("tmdb_id")}
    listed = {line["tmdb_id"]: line for line in _iter_lines(folder, "series_episodes") if line.get("tmdb_id")}
    for line in _iter_lines(folder, "series"):
        yield series_work(line, counts.get(line["id"], {}), listed.get(line["id"], {}))


def series_work(
    line: dict[str, Any], count: dict[str, Any] | None = None, episodes: dict[str, Any] | None = None
) -> Work:
    """Return the series of one line, and of those about its counts and its episodes."""
    count, episodes = count or {}, episodes or {}
    external = {"imdb_id": line.get("imdb_id") or count.get("imdb_id") or episodes.get("imdb_id")}
    external["tvdb_id"] = line.get("tvdb_id")
    seasons = {} if episodes and "season_episodes" not in line else _made_up_seasons(line, count)
    seasons |= _listed_seasons(episodes)
    return Work("tv", _series_row(line), *_other_titles(line), external, seasons)


def _series_row(line: dict[str, Any]) -> dict[str, Any]:
    year = line.get("first_air_year")
    return {
        "adult": False,
        "backdrop_path": None,
        "genre_ids": [],
        "id": line["id"],
        "origin_country": line.get("origin_country", []),
        "original_language": line.get("original_language", "en"),
        "original_name": line.get("original_name") or line["name"],
        "overview": "",
        "popularity": float(line.get("popularity") or 0),
        "poster_path": None,
        "first_air_date": line.get("first_air_date") or (f"{year}-01-01" if year else ""),
        "name": line["name"],
        "vote_average": 0.0,
        "vote_count": int(line.get("vote_count") or 0),
    }


def _listed_seasons(line: dict[str, Any]) -> dict[int, list[dict[str, Any]]]:
    seasons: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for each in line.get("episodes", ()):
        seasons[each["season"]].append(
            _episode(each["season"], each["episode"], each["title"], each["air_date"])
        )
    return dict(seasons)


def _made_up_seasons(line: dict[str, Any], count: dict[str, Any]) -> dict[int, list[dict[str, Any]]]:
    """Share the episodes that are counted, or one season of ten, out evenly; untitled, as TMDB shows them."""
    seasons, episodes = count.get("number_of_seasons") or 1, count.get("number_of_episodes") or 10
    lengths = line.get("season_episodes") or [
        episodes // seasons + (number < episodes % seasons) for number in range(seasons)
    ]
    return {
        season: [_episode(season, number, f"Episode {number}", None) for number in range(1, length + 1)]
        for season, length in enumerate(lengths, 1)
    }


def _episode(season: int, number: int, title: str, air_date: str | None) -> dict[str, Any]:
    return {
        "air_date": air_date,
        "episode_number": number,
        "episode_type": "standard",
        "id": season * 1_000 + number,
        "name": title,
        "overview": "",
        "runtime": None,
        "season_number": season,
    }


def _series_details(work: Work) -> Answer:
    counted = [season for season in work.seasons if season > 0]
    seasons = [
        {
            "id": work.row["id"] * 100 + season,
            "season_number": season,
            "episode_count": len(episodes),
            "air_date": min((e["air_date"] for e in episodes if e["air_date"]), default=None),
            "name": f"Season {season}" if season else "Specials",
        }
        for season, episodes in sorted(work.seasons.items())
    ]
    totals = list(accumulate(len(work.seasons[season]) for season in counted))
    return work.row | {
        "seasons": seasons,
        "number_of_seasons": len(counted),
        "number_of_episodes": totals[-1] if totals else 0,
        "in_production": False,
    }


def _appended(work: Work, name: str) -> Any:
    """Return what ``append_to_response`` adds under this name; None for what does not exist."""
    if name.startswith("season/"):
        season = int(name.partition("/")[2])
        episodes = work.seasons.get(season)
        return None if episodes is None else {"season_number": season, "episodes": episodes}
    if name == "alternative_titles":
        key = "titles" if work.kind == "movie" else "results"  # TMDB calls them differently
        return {key: [{"iso_3166_1": country, "title": t, "type": ""} for country, t in work.alternatives]}
    if name == "translations":
        shown = _TITLE[work.kind]
        return {
            "translations": [{"iso_639_1": lang, "data": {shown: title}} for lang, title in work.translations]
        }
    return dict(work.external) if name == "external_ids" else None
