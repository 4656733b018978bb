"""Asking TMDB about one query, step by step, and remembering what it said."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from mediacensus.folding import fold
from mediacensus.match.distances import measure
from mediacensus.match.series import seasons_at_first, seasons_by_details, tells_series_apart
from mediacensus.match.titles import SAME, wording
from mediacensus.match.verdict import MARGIN, judge
from mediacensus.match.works import MOST_APPENDED, Work, iter_episodes, iter_works, with_details

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mediacensus.match.verdict import Verdict
    from mediacensus.queries import Query
    from mediacensus.tmdb.source import Answer, SearchKind, TmdbSource, WorkKind

OTHER_NAMES: Final = ("alternative_titles", "translations")
_MOST_WORKS: Final = 100
"""Works kept of one query: five full pages."""
_MOST_RESCUES: Final = 3
"""Works whose other titles are asked for, one call each, where the shown ones do not decide."""
_MOST_TIED: Final = 2
"""Series of one name whose seasons are compared, the best known first; one more where titles can tell."""
_YEAR_FITS: Final = 0.15
"""The distance of a year that is one off."""


class Inquiry:
    """One query, what was asked about it so far, and the works that TMDB offered."""

    def __init__(self, query: Query, source: TmdbSource) -> None:
        self.query = query
        self.source = source
        self.works: dict[tuple[WorkKind, int], Work] = {}
        """In the order in which TMDB offered them."""
        self.is_crowded = False
        """Whether TMDB has more works with these words than it showed on a page."""
        self._verdict: Verdict | None = None
        self._asked: set[tuple[str, str, int | None]] = set()
        self._seasons_asked: dict[int, set[int]] = {}
        self._rescues = 0

    def search(self, kind: SearchKind, title: str, year: int | None = None) -> None:
        """Ask once; what was asked before costs nothing and adds nothing."""
        title = unicodedata.normalize("NFC", title)  # TMDB finds nothing for decomposed letters
        question = (kind, fold(title), year)
        if not title or question in self._asked:
            return
        self._asked.add(question)
        answer = self.source.search(kind, title, year=year)
        for work in iter_works(answer, None if kind == "multi" else kind):
            if len(self.works) < _MOST_WORKS:
                self.works.setdefault((work.kind, work.tmdb_id), work)
        if year is None:
            self.is_crowded |= (answer.get("total_pages") or 1) > 1
        self._verdict = None

    def verdict(self) -> Verdict:
        """Decide with what is known by now; until something is asked again the decision stays the same."""
        if self._verdict is None:
            self._verdict = judge(self.query, self.works.values(), is_crowded=self.is_crowded)
        return self._verdict

    def nearest(self) -> Work | None:
        """Return the work that the verdict names first."""
        candidates = self.verdict().candidates
        return self.works[candidates[0].kind, candidates[0].tmdb_id] if candidates else None

    def look_up(self, kind: WorkKind, tmdb_id: int, *, with_names: bool) -> Work | None:
        """Ask for a work's details and keep them; None where TMDB has no such id.

        Of a series the seasons that were seen come along, as many as fit.
        """
        names = OTHER_NAMES if with_names else ()
        seasons = seasons_at_first(self.query)[: MOST_APPENDED - len(names)] if kind == "tv" else []
        details = self.source.details(kind, tmdb_id, (*map(_season, seasons), *names))
        if details is None:
            return None
        self._seasons_asked[tmdb_id] = set(seasons)
        work = with_details(details, kind)
        self.works[kind, tmdb_id] = work
        self._verdict = None
        return work

    def complete(self, work: Work) -> Work:
        """Ask for the seasons of a series that are still missing: more than fit, or told by its details."""
        missing = [
            season
            for season in seasons_by_details(self.query, work)
            if season not in self._seasons_asked[work.tmdb_id]
        ]
        for first in range(0, len(missing), MOST_APPENDED):
            more = tuple(map(_season, missing[first : first + MOST_APPENDED]))
            answer: Answer = self.source.details("tv", work.tmdb_id, more) or {}
            work = replace(work, episodes=(*work.episodes, *iter_episodes(answer)))
        return replace(
            work, episodes=tuple(sorted(work.episodes, key=lambda each: (each.season, each.number)))
        )

    def settle_next(self) -> bool:
        """Ask for the details of the one work that would help most; False where none would.

        First the series that fit equally well, then works whose shown titles do not fit, while TMDB
        thinks that they do: it searches alternative and translated titles, and shows neither.
        """
        tied = next(self._iter_tied(), None)
        if tied is not None and len(self._seasons_asked) < _MOST_TIED + bool(self.query.episode_titles):
            self.look_up("tv", tied.tmdb_id, with_names=False)
            return True
        if self.fits_by_title():
            return False  # too many fit: other titles of other works cannot make them fewer
        work = next(self.iter_hidden(), None) or next(self._iter_unlike(), None)
        return work is not None and self.rescue(work)

    def rescue(self, work: Work) -> bool:
        """Ask for a work's other titles; False where that was done often enough."""
        self._rescues += 1
        if self._rescues > _MOST_RESCUES:
            return False
        self.look_up(work.kind, work.tmdb_id, with_names=True)
        return True

    def fits_by_title(self) -> bool:
        """Tell whether the nearest work fits as far as a search can show."""
        candidates = self.verdict().candidates
        if not candidates:
            return False
        distances = dict(candidates[0].distances)
        is_of_kind = not distances.get("kind")
        return is_of_kind and distances["title"] <= SAME and distances.get("year", 0.0) <= _YEAR_FITS

    def _iter_tied(self) -> Iterator[Work]:
        """Yield series that fit equally well, if what was seen of them can tell which it is."""
        tied = self.verdict().candidates if tells_series_apart(self.query) else ()
        for each in tied[:_MOST_RESCUES]:
            work = self.works[each.kind, each.tmdb_id]
            is_near = each.distance - tied[0].distance < MARGIN and dict(each.distances)["title"] <= SAME
            if is_near and work.kind == "tv" and not work.is_detailed:
                yield work

    def iter_hidden(self) -> Iterator[Work]:
        """Yield the works that TMDB found by a title it does not show."""
        asked = set(wording(self.query.title).words)
        for work in self._iter_unfamiliar():
            if not any(asked <= set(wording(title).words) for title in work.shown_titles):
                yield work

    def _iter_unlike(self) -> Iterator[Work]:
        yield from sorted(self._iter_unfamiliar(), key=lambda work: measure(self.query, work)[0]["title"])

    def _iter_unfamiliar(self) -> Iterator[Work]:
        """Yield works of the right time whose other titles are unknown, and whose shown ones do not fit."""
        for work in self.works.values():
            if not work.is_detailed:
                distances, _ = measure(self.query, work)
                if distances["title"] > SAME and distances.get("year", 0.0) <= _YEAR_FITS:
                    yield work


def _season(number: int) -> str:
    return f"season/{number}"
