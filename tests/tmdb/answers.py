"""The bodies a look-alike sends, in the shapes of TMDB's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.tmdb.works import Work

Body = dict[str, Any]
CONFIGURATION: Body = {
    "images": {
        "base_url": "http://127.0.0.1/t/p/",
        "secure_base_url": "https://127.0.0.1/t/p/",
        "backdrop_sizes": ["w300", "original"],
        "logo_sizes": ["w45", "original"],
        "poster_sizes": ["w92", "original"],
        "profile_sizes": ["w45", "original"],
        "still_sizes": ["w92", "original"],
    },
    "change_keys": ["air_date", "name", "overview", "title"],
}


def shown_title(work: Work, language: str) -> str:
    """Return the title in the language of the request, which need not be the one that was found."""
    wanted = language.partition("-")[0]
    if wanted == work.language:
        return work.original_title
    return next((title for code, title in work.translations if code == wanted and title), work.title)


def row(work: Work, language: str, *, with_type: bool = False) -> Body:
    """Return a work as a row of a search."""
    shared: Body = {
        "adult": False,
        "backdrop_path": None,
        "genre_ids": [],
        "id": work.tmdb_id,
        "original_language": work.language,
        "overview": "",
        "popularity": work.popularity,
        "poster_path": None,
        "softcore": False,
        "vote_average": work.vote_average,
        "vote_count": work.vote_count,
    }
    if with_type:
        shared["media_type"] = work.kind
    title = shown_title(work, language)
    if work.kind == "movie":
        return shared | {
            "original_title": work.original_title,
            "release_date": work.date,
            "title": title,
            "video": False,
        }
    return shared | {
        "first_air_date": work.date,
        "name": title,
        "origin_country": work.countries,
        "original_name": work.original_title,
    }


def page(rows: list[Body], number: int, size: int = 20) -> Body:
    """Return one page of rows; one past the end is empty."""
    return {
        "page": number,
        "results": rows[(number - 1) * size : number * size],
        "total_pages": max(1, -(-len(rows) // size)),
        "total_results": len(rows),
    }


def details(work: Work, language: str) -> Body:
    """Return a work as ``/movie/{id}`` or ``/tv/{id}`` does."""
    body = row(work, language) | {
        "genres": [],
        "homepage": "",
        "origin_country": work.countries,
        "production_companies": [],
        "production_countries": [],
        "spoken_languages": [],
        "status": "Released" if work.kind == "movie" else "Ended",
        "tagline": "",
    }
    del body["genre_ids"]
    if work.kind == "movie":
        return body | {
            "belongs_to_collection": None,
            "budget": 0,
            "imdb_id": work.imdb_id,
            "revenue": 0,
            "runtime": 100,
        }
    seasons = work.seasons()
    return body | {
        "created_by": [],
        "episode_run_time": [],
        "in_production": False,
        "languages": [work.language],
        "last_air_date": None,
        "last_episode_to_air": None,
        "networks": [],
        "next_episode_to_air": None,
        "number_of_episodes": sum(len(episodes) for number, episodes in seasons.items() if number),
        "number_of_seasons": sum(1 for number in seasons if number),
        "seasons": [_season_row(work, number, episodes) for number, episodes in seasons.items()],
        "type": "Scripted",
    }


def _season_row(work: Work, number: int, episodes: list[Body]) -> Body:
    return {
        "air_date": episodes[0]["air_date"],
        "episode_count": len(episodes),
        "id": work.tmdb_id * 100 + number,
        "name": f"Season {number}" if number else "Specials",
        "overview": "",
        "poster_path": None,
        "season_number": number,
        "vote_average": 0.0,
    }


def season(work: Work, number: int, *, appended: bool = False) -> Body | None:
    """Return one season with its episodes; None where there is no such season."""
    episodes = work.seasons().get(number)
    if episodes is None:
        return None
    body = _season_row(work, number, episodes) | {
        "_id": f"{work.tmdb_id:024x}",
        "episodes": [_episode(work, each) for each in episodes],
        "networks": [],
    }
    del body["episode_count"]
    if appended:
        del body["id"]
    return body


def _episode(work: Work, told: Body) -> Body:
    return {
        "air_date": told.get("air_date"),
        "crew": [],
        "episode_number": told["episode"],
        "episode_type": "standard",
        "guest_stars": [],
        "id": work.tmdb_id * 100_000 + told["season"] * 1_000 + told["episode"],
        "name": told.get("title") or f"Episode {told['episode']}",
        "overview": "",
        "production_code": "",
        "runtime": None,
        "season_number": told["season"],
        "show_id": work.tmdb_id,
        "still_path": None,
        "vote_average": 0.0,
        "vote_count": 0,
    }


def part(work: Work, name: str) -> Body | None:
    """Return what ``append_to_response`` or a path below a work names; None where there is no such thing."""
    if name.startswith("season/") and work.kind == "tv" and name[7:].isdecimal():
        return season(work, int(name[7:]), appended=True)
    if name == "alternative_titles":
        titles = [{"iso_3166_1": code, "title": title, "type": ""} for code, title in work.alternatives]
        return {"titles" if work.kind == "movie" else "results": titles}
    if name == "translations":
        return {"translations": [_translation(work, code, title) for code, title in work.translations]}
    if name == "external_ids":
        ids: Body = {"imdb_id": work.imdb_id, "wikidata_id": None}
        return ids if work.kind == "movie" else ids | {"tvdb_id": work.tvdb_id}
    return {"results": []} if name == "episode_groups" and work.kind == "tv" else None


def _translation(work: Work, code: str, title: str) -> Body:
    return {
        "iso_3166_1": code.upper(),
        "iso_639_1": code,
        "name": "",
        "english_name": "",
        "data": {"homepage": "", "overview": "", "title" if work.kind == "movie" else "name": title},
    }


def found(works: list[Work], language: str) -> Body:
    """Return works as ``/find`` does."""
    body: Body = {
        name: []
        for name in (
            "movie_results",
            "person_results",
            "tv_results",
            "tv_episode_results",
            "tv_season_results",
        )
    }
    for work in works:
        body[f"{work.kind}_results"].append(row(work, language, with_type=True))
    return body


def error(code: int, message: str) -> Body:
    """Return the body of an error."""
    return {"success": False, "status_code": code, "status_message": message}
