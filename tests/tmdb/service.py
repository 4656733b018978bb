"""What a look-alike answers to a path and its parameters, whatever carries them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.tmdb import answers
from tests.tmdb.answers import NOT_FOUND, Answered, Body
from tests.tmdb.catalogue import MOST_APPENDED, PAGE_ROWS

if TYPE_CHECKING:
    from mediacensus.tmdb.source import SearchKind, WorkKind
    from tests.tmdb.catalogue import TitleSet, Work

_LONGEST_CHANGES = timedelta(days=14)
_CHANGES_ROWS = 100


class Service:
    """Answers paths below ``/3`` over a set of titles.

    Args:
        titles: what is known.
        token: the one token that is let in; None for any.
    """

    def __init__(self, titles: TitleSet, token: str | None = None) -> None:
        self._titles = titles
        self._token = token

    def answer(self, path: str, asked: dict[str, str], authorization: str | None) -> Answered:
        """Return the status and body for one request."""
        if not self._lets_in(authorization, asked):
            return answers.NOT_LET_IN
        match path.strip("/").split("/"):
            case ["search", ("movie" | "tv" | "multi") as kind]:
                return self._search(kind, asked)
            case ["find", external_id]:
                return 200, self._titles.find(asked.get("external_source", ""), external_id)
            case [("movie" | "tv") as kind, "changes"]:
                return self._changes(kind, asked)
            case [("movie" | "tv") as kind, tmdb_id, *rest]:
                return self._work(kind, tmdb_id, "/".join(rest), asked)
        return (200, answers.CONFIGURATION) if path.strip("/") == "configuration" else NOT_FOUND

    def _lets_in(self, authorization: str | None, asked: dict[str, str]) -> bool:
        given = (authorization or "").removeprefix("Bearer ") or asked.get("api_key", "")
        return bool(given) if self._token is None else given == self._token

    def _search(self, kind: SearchKind, asked: dict[str, str]) -> Answered:
        number = _page_number(asked)
        if number is None:
            return answers.BAD_PAGE
        if not asked.get("query"):
            return answers.NO_QUERY
        first = asked.get("primary_release_year" if kind == "movie" else "first_air_date_year")
        year = asked.get("year") if kind != "multi" else None
        if kind == "movie" or not year:
            exact = first or year
            return 200, self._titles.search(
                kind, asked["query"], year=int(exact) if exact and kind != "multi" else None, page=number
            )
        return 200, self._aired_in(asked["query"], int(year), number)

    def _aired_in(self, text: str, year: int, number: int) -> Body:
        """Search series by a year in which any of their episodes was aired."""
        found: list[Body] = []
        first = self._titles.search("tv", text)
        for each in range(1, first["total_pages"] + 1):
            found += self._titles.search("tv", text, page=each)["results"]
        return answers.page([row for row in found if year in self._years("tv", row["id"])], number, PAGE_ROWS)

    def _years(self, kind: str, tmdb_id: int) -> set[int | None]:
        work = self._titles.works[kind, tmdb_id]
        days = [each["air_date"] for episodes in work.seasons.values() for each in episodes]
        return {work.year, *(int(day[:4]) for day in days if day)}

    def _work(self, kind: WorkKind, tmdb_id: str, rest: str, asked: dict[str, str]) -> Answered:
        work = self._known(kind, tmdb_id)
        if work is None:
            return NOT_FOUND
        number = work.row["id"]
        appended = tuple(name for name in asked.get("append_to_response", "").split(",") if name)
        if len(appended) > MOST_APPENDED:
            return answers.MUCH_APPENDED
        body = self._titles.details(kind, number, (rest,) if rest else appended)
        if body is None or (rest and rest not in body):
            return NOT_FOUND
        if rest.startswith("season/"):
            return 200, answers.full_season(number, body[rest])
        return 200, {"id": number} | body[rest] if rest else answers.full_details(kind, body)

    def _known(self, kind: str, tmdb_id: str) -> Work | None:
        """Return the work of an id; a movie may also be asked for by its IMDb id."""
        if tmdb_id.isdecimal():
            return self._titles.works.get((kind, int(tmdb_id)))
        rows = self._titles.find("imdb_id", tmdb_id)[f"{kind}_results"] if kind == "movie" else []
        return self._titles.works[kind, rows[0]["id"]] if rows else None

    def _changes(self, kind: str, asked: dict[str, str]) -> Answered:
        number = _page_number(asked)
        if number is None:
            return answers.BAD_PAGE
        try:
            days = [date.fromisoformat(asked[name]) for name in ("start_date", "end_date") if name in asked]
        except ValueError:
            return answers.BAD_DATE
        if len(days) == 2 and days[1] - days[0] > _LONGEST_CHANGES:
            return answers.LONG_RANGE
        rows: list[Body] = [
            {"id": each, "adult": False} for of, each in sorted(self._titles.works) if of == kind
        ]
        return 200, answers.page(rows, number, _CHANGES_ROWS)


def _page_number(asked: dict[str, str]) -> int | None:
    number = asked.get("page", "1")
    return int(number) if number.isdecimal() and 1 <= int(number) <= 500 else None
