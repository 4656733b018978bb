"""The bodies a look-alike sends, in the shapes of TMDB's own."""

from __future__ import annotations

from typing import Any

Body = dict[str, Any]
Answered = tuple[int, Body]

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


def error(status: int, code: int, message: str) -> Answered:
    """Return the status and body of an error."""
    return status, {"success": False, "status_code": code, "status_message": message}


NOT_FOUND = error(404, 34, "The resource you requested could not be found.")
NOT_LET_IN = error(401, 7, "Invalid API key: You must be granted a valid key.")
BAD_PAGE = error(400, 22, "Invalid page: Pages start at 1 and max at 500.")
BAD_DATE = error(400, 23, "Invalid date: Format needs to be YYYY-MM-DD.")
LONG_RANGE = error(422, 20, "Invalid date range: Should be a range no longer than 14 days.")
NO_QUERY = error(422, 5, "Invalid parameters: Your request parameters are incorrect.")
MUCH_APPENDED = error(
    400, 27, "Too many append to response objects: The maximum number of remote calls is 20."
)


def page(rows: list[Body], number: int, size: int) -> Body:
    """Return one page of rows; one past the end is empty."""
    return {
        "page": number,
        "results": rows[(number - 1) * size : number * size],
        "total_pages": max(1, -(-len(rows) // size)),
        "total_results": len(rows),
    }


def full_details(kind: str, body: Body) -> Body:
    """Return details with the fields that no matching looks at, empty as TMDB leaves them."""
    shared: Body = {
        "genres": [],
        "homepage": "",
        "origin_country": [],
        "production_companies": [],
        "production_countries": [],
        "spoken_languages": [],
        "status": "Released" if kind == "movie" else "Ended",
        "tagline": "",
    }
    if kind == "movie":
        own: Body = {"belongs_to_collection": None, "budget": 0, "revenue": 0, "runtime": None}
    else:
        own = {
            "created_by": [],
            "episode_run_time": [],
            "languages": [],
            "last_air_date": None,
            "last_episode_to_air": None,
            "networks": [],
            "next_episode_to_air": None,
            "type": "Scripted",
        }
    whole = shared | own | body
    whole.pop("genre_ids", None)
    return whole


def full_season(series_id: int, body: Body) -> Body:
    """Return a season as ``/tv/{id}/season/{number}`` does."""
    number, episodes = body["season_number"], body["episodes"]
    return {
        "_id": f"{series_id:024x}",
        "air_date": min((each["air_date"] for each in episodes if each["air_date"]), default=None),
        "id": series_id * 100 + number,
        "name": f"Season {number}" if number else "Specials",
        "networks": [],
        "overview": "",
        "poster_path": None,
        "vote_average": 0.0,
    } | body
