"""A set of titles that answers in this process, and counts what it is asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mediacensus.match import Resolution, resolve
from mediacensus.queries import Query, query_of_release
from mediacensus.release import parse_release_name
from tests.tmdb.catalogue import TitleSet

if TYPE_CHECKING:
    from mediacensus.errors import TmdbError
    from mediacensus.tmdb.source import Answer, SearchKind, WorkKind

TITLES = Path(__file__).parents[1] / "tmdb" / "titles"


class Asked:
    """A source over a set of titles that remembers its questions."""

    def __init__(self, titles: TitleSet) -> None:
        self.titles = titles
        self.questions: list[str] = []
        self.error: TmdbError | None = None
        """What is raised in place of an answer."""

    def _note(self, question: str) -> None:
        self.questions.append(question)
        if self.error is not None:
            raise self.error

    def search(self, kind: SearchKind, title: str, *, year: int | None = None, page: int = 1) -> Answer:
        """Answer a search."""
        self._note(f"search {kind} {title} {year or ''}".strip())
        return self.titles.search(kind, title, year=year, page=page)

    def details(self, kind: WorkKind, tmdb_id: int, append: tuple[str, ...] = ()) -> Answer | None:
        """Answer with details."""
        self._note(" ".join((f"details {kind} {tmdb_id}", *append)))
        return self.titles.details(kind, tmdb_id, append)

    def find(self, source: str, external_id: str) -> Answer:
        """Answer for another database's id."""
        self._note(f"find {source} {external_id}")
        return self.titles.find(source, external_id)

    def asked_about(self, path: str, decision: str | None = None) -> Resolution:
        """Resolve what a path says."""
        query = query_of(path, decision)
        assert query is not None, path
        return resolve(query, self)


def query_of(path: str, decision: str | None = None) -> Query | None:
    """Return what a path asks."""
    *parents, name = path.split("/")
    return query_of_release(parse_release_name(name, parents), path, decision)


@pytest.fixture(scope="session")
def titles() -> TitleSet:
    """The project's own titles."""
    return TitleSet.load(TITLES)


@pytest.fixture
def tmdb(titles: TitleSet) -> Asked:
    """Those titles as a source."""
    return Asked(titles)
