"""What a look-alike answers, whatever carries it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.tmdb import answers
from tests.tmdb.answers import Body
from tests.tmdb.searching import Index

if TYPE_CHECKING:
    from tests.tmdb.works import Work

_MOST_APPENDED = 20
_LONGEST_CHANGES = timedelta(days=14)
NOT_FOUND = (404, answers.error(34, "The resource you requested could not be found."))
Answered = tuple[int, Body]


class Service:
    """Answers paths below ``/3`` over some works.

    Args:
        works: what is known.
        token: the one token that is let in; None for any.
    """

    def __init__(self, works: list[Work], token: str | None = None) -> None:
        self._token = token
        self._by_id = {(work.kind, work.tmdb_id): work for work in works}
        self._by_external: dict[tuple[str, str], list[Work]] = {}
        for work in works:
            for source, value in (("imdb_id", work.imdb_id), ("tvdb_id", work.tvdb_id)):
                if value is not None:
                    self._by_external.setdefault((source, str(value)), []).append(work)
        self._indexes = {kind: Index(work for work in works if work.kind == kind) for kind in ("movie", "tv")}

    def answer(self, path: str, asked: dict[str, str], authorization: str | None) -> Answered:
        """Return the status and body for one request."""
        if not self._lets_in(authorization, asked):
            return 401, answers.error(7, "Invalid API key: You must be granted a valid key.")
        match path.strip("/").split("/"):
            case ["search", ("movie" | "tv" | "multi") as kind]:
                return self._search(kind, asked)
            case ["find", external_id]:
                works = self._by_external.get((asked.get("external_source", ""), external_id), [])
                return 200, answers.found(works, _language(asked))
            case ["configuration"]:
                return 200, answers.CONFIGURATION
            case [("movie" | "tv") as kind, "changes"]:
                return self._changes(kind, asked)
            case [("movie" | "tv") as kind, tmdb_id, *rest]:
                return self._work(kind, tmdb_id, "/".join(rest), asked)
        return NOT_FOUND

    def _lets_in(self, authorization: str | None, asked: dict[str, str]) -> bool:
        given = (authorization or "").removeprefix("Bearer ") or asked.get("api_key", "")
        return bool(given) if self._token is None else given == self._token

    def _search(self, kind: str, asked: dict[str, str]) -> Answered:
        number = asked.get("page", "1")
        if not number.isdecimal() or not 1 <= int(number) <= 500:
            return 400, answers.error(22, "Invalid page: Pages start at 1 and max at 500.")
        if not asked.get("query"):
            return 422, answers.error(5, "Invalid parameters: Your request parameters are incorrect.")
        kinds = ("movie", "tv") if kind == "multi" else (kind,)
        found = [each for name in kinds for each in self._indexes[name].find(asked["query"])]
        if kind == "multi":
            found.sort(key=lambda each: (-each[0], each[1].tmdb_id))
        else:
            found = [(score, work) for score, work in found if _is_of_year(work, asked)]
        start = (int(number) - 1) * 20
        rows = [{} for _ in found]
        for place, (_, work) in enumerate(found[start : start + 20], start):
            rows[place] = answers.row(work, _language(asked), with_type=kind == "multi")
        return 200, answers.page(rows, int(number))

    def _work(self, kind: str, tmdb_id: str, rest: str, asked: dict[str, str]) -> Answered:
        work = self._known(kind, tmdb_id)
        if work is None:
            return NOT_FOUND
        if rest:
            body = _below(work, rest)
            return NOT_FOUND if body is None else (200, {"id": work.tmdb_id} | body)
        appended = [name for name in asked.get("append_to_response", "").split(",") if name]
        if len(appended) > _MOST_APPENDED:
            return 400, answers.error(
                27,
                "Too many append to response objects: The maximum number of remote calls is 20.",
            )
        parts = {name: answers.part(work, name) for name in appended}
        known = {name: part for name, part in parts.items() if part is not None}
        return 200, answers.details(work, _language(asked)) | known

    def _known(self, kind: str, tmdb_id: str) -> Work | None:
        if tmdb_id.isdecimal():
            return self._by_id.get((kind, int(tmdb_id)))
        works = self._by_external.get(("imdb_id", tmdb_id), []) if kind == "movie" else []
        return next((work for work in works if work.kind == kind), None)

    def _changes(self, kind: str, asked: dict[str, str]) -> Answered:
        number = asked.get("page", "1")
        if not number.isdecimal() or not 1 <= int(number) <= 500:
            return 400, answers.error(22, "Invalid page: Pages start at 1 and max at 500.")
        try:
            days = [date.fromisoformat(asked[name]) for name in ("start_date", "end_date") if name in asked]
        except ValueError:
            return 400, answers.error(23, "Invalid date: Format needs to be YYYY-MM-DD.")
        if len(days) == 2 and days[1] - days[0] > _LONGEST_CHANGES:
            return 422, answers.error(20, "Invalid date range: Should be a range no longer than 14 days.")
        rows: list[Body] = [{"id": i, "adult": False} for k, i in sorted(self._by_id) if k == kind]
        return 200, answers.page(rows, int(number), 100)


def _below(work: Work, rest: str) -> Body | None:
    if rest.startswith("season/") and rest[7:].isdecimal() and work.kind == "tv":
        return answers.season(work, int(rest[7:]))
    return answers.part(work, rest)


def _language(asked: dict[str, str]) -> str:
    return asked.get("language") or "en-US"


def _is_of_year(work: Work, asked: dict[str, str]) -> bool:
    """Tell whether a work fits the year parameters, each as TMDB describes it."""
    first = asked.get("first_air_date_year" if work.kind == "tv" else "primary_release_year")
    if first and work.date[:4] != first:
        return False
    if not (year := asked.get("year")):
        return True
    aired = (each.get("air_date") or "" for each in work.episodes)
    return work.date[:4] == year or any(day[:4] == year for day in aired)
