"""``mediacensus match``: how one name is matched, step by step."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from mediacensus.cli.review import candidate_line
from mediacensus.errors import ParameterError
from mediacensus.match import resolve
from mediacensus.names import printable
from mediacensus.queries import query_of_release
from mediacensus.release import parse_release_name
from mediacensus.tmdb.access import HOW_TO_SET_THE_TOKEN, access_of_environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mediacensus.match import Resolution
    from mediacensus.queries import Query
    from mediacensus.tmdb.source import Answer, SearchKind, TmdbSource, WorkKind


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a name.")
def match(names: tuple[str, ...], *, as_json: bool) -> None:
    """Show how a release name is matched: what it asks, what TMDB offers, how far each is, and why.

    A NAME may be a path; the folders in it are read too. TMDB is asked each time; the token is taken from
    TMDB_API_TOKEN.
    """
    from mediacensus.tmdb.client import open_client  # noqa: PLC0415 - the HTTP client, half a second of --help

    access = access_of_environment()
    if access is None:
        raise ParameterError(f"No token for TMDB is set. {HOW_TO_SET_THE_TOKEN}.")
    with open_client(access) as client:
        for name in names:
            shown = MatchedName(name, client)
            click.echo(json.dumps(shown.described()) if as_json else "\n".join(shown.iter_lines()) + "\n")


class MatchedName:
    """One name, what it asks, and what became of it.

    Args:
        name: a file's name or path.
        source: who answers.

    Raises:
        TmdbRefusedError: TMDB answers nothing with this token.
    """

    def __init__(self, name: str, source: TmdbSource) -> None:
        *parents, last = [part for part in name.split("/") if part] or [name]
        self.name = name
        self.query: Query | None = query_of_release(parse_release_name(last, parents), name)
        self._asked = _Remembering(source)
        self.resolution: Resolution | None = None
        if self.query is not None:
            self.resolution = resolve(self.query, self._asked)

    def described(self) -> dict[str, Any]:
        """Return all of it as JSON-ready values."""
        return {
            "name": self.name,
            "query": self.query and self.query.to_json(),
            "asked": self._asked.questions,
            "resolution": self.resolution and self.resolution.to_json(),
        }

    def iter_lines(self) -> Iterator[str]:
        """Yield it as lines for people."""
        yield printable(self.name)
        if self.query is None or self.resolution is None:
            yield "  says neither a title nor an id: nothing can be asked"
            return
        for field, value in self.query.to_json().items():
            yield f"  {field:20} {printable(_shown(value))}"
        yield from (f"  asked                {printable(each)}" for each in self._asked.questions)
        yield f"  {self._decision()}"
        yield from (f"    {printable(reason)}" for reason in self.resolution.reasons)
        for candidate in self.resolution.candidates:
            distances = ", ".join(f"{name} {value:g}" for name, value in candidate.distances)
            yield f"  {candidate_line({'link': candidate.link} | asdict(candidate))}"
            yield f"    {candidate.distance:g} away ({distances}) by {printable(candidate.matched_text)!r}"

    def _decision(self) -> str:
        told = self.resolution
        if told is None or told.tmdb_id is None:
            return f"{told.status if told else ''}"
        title = printable(f"{told.matched_title} ({told.matched_year or 'no year'})")
        return f"{told.status:20} {told.kind}:{told.tmdb_id} {title}, confidence {told.confidence}"


class _Remembering:
    """A source that remembers what it was asked."""

    def __init__(self, source: TmdbSource) -> None:
        self._source = source
        self.questions: list[str] = []

    def search(self, kind: SearchKind, title: str, *, year: int | None = None, page: int = 1) -> Answer:
        self.questions.append(f"search {kind} {title!r}" + (f" of {year}" if year else ""))
        return self._source.search(kind, title, year=year, page=page)

    def details(self, kind: WorkKind, tmdb_id: int, append: tuple[str, ...] = ()) -> Answer | None:
        self.questions.append(
            f"details of {kind}:{tmdb_id}" + (f" with {', '.join(append)}" if append else "")
        )
        return self._source.details(kind, tmdb_id, append)

    def find(self, source: str, external_id: str) -> Answer:
        self.questions.append(f"find {source} {external_id}")
        return self._source.find(source, external_id)


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_shown, value))
    return str(value)
