"""What matching needs of TMDB, whoever answers: the service, a cache in front of it, a test's own titles."""

from __future__ import annotations

from typing import Any, Literal, Protocol

WorkKind = Literal["movie", "tv"]
SearchKind = Literal["movie", "tv", "multi"]
Answer = dict[str, Any]
"""A body of TMDB's API version 3 as it came, decoded from JSON. Any field may be missing or null."""


class TmdbSource(Protocol):
    """Answers the questions that matching asks. The language of the answers is the source's own.

    Every method raises a ``TmdbError`` where no answer could be had, which is never the same as an
    answer that says there is nothing.
    """

    def search(self, kind: SearchKind, title: str, *, year: int | None = None, page: int = 1) -> Answer:
        """Return one page of ``/search/{kind}``; ``results`` is empty where nothing is found.

        Args:
            kind: what to search for; ``multi`` where that is unknown.
            title: the text to look for.
            year: of the movie, or of the series' first air date; never given with ``multi``.
            page: from 1; twenty results a page.
        """

    def details(self, kind: WorkKind, tmdb_id: int, append: tuple[str, ...] = ()) -> Answer | None:
        """Return ``/{kind}/{tmdb_id}``, or None where TMDB has no such id.

        Args:
            kind: movie or series.
            tmdb_id: TMDB's number.
            append: for ``append_to_response``, at most twenty: ``season/1``, ``alternative_titles``.
        """

    def find(self, source: str, external_id: str) -> Answer:
        """Return ``/find/{external_id}``; its lists are empty where nothing is found.

        Args:
            source: ``imdb_id`` or ``tvdb_id``.
            external_id: the id as that database writes it.
        """
