"""From a query to a resolution: what TMDB is asked, in which order, and when that is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mediacensus.match.model import Resolution

if TYPE_CHECKING:
    from mediacensus.queries import Query
    from mediacensus.tmdb.source import TmdbSource


def resolve(query: Query, source: TmdbSource) -> Resolution:
    """Return what TMDB has for a query.

    A question that gets no answer makes the resolution ``lookup failed``, never ``no match``.

    Args:
        query: what the names say.
        source: who answers.

    Raises:
        TmdbRefusedError: TMDB answers nothing at all, so that there is no use in asking on.
    """
    source.search("multi", query.title)
    return Resolution(status="review", reasons=("not decided yet",))
