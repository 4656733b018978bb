"""Explicit ids: ``{tmdb-603}``, ``[tmdbid-603]``, ``[imdb-tt0133093]``, ``{edition-Final Cut}``."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mediacensus.release.draft import Draft

ID: Final = "id"
SOURCES: Final = frozenset(
    f"{source}{tail}"
    for source in ("tmdb", "imdb", "tvdb", "tvdb2", "tvdb3", "tvdb4", "anidb", "tvmaze", "mal", "anilist")
    for tail in ("", "id")
)
"""Words with which an id names its source."""
_MOST: Final = 4
"""Ids read in one name."""
# {tmdb-603}, [tmdbid=603], (imdb-tt0133093), [anidb-123], [tvdb2-456]
_TAG: Final = re.compile(
    r"[\[{(](tmdb|imdb|tvdb|anidb|tvmaze|mal|anilist)\d?(?:id)?[-=: ]((?:tt)?\d+)[\]})]", re.ASCII
)
# tt0133093 on its own; what stands before is looked at last, since the search is fast for two letters
_IMDB: Final = re.compile(r"tt(?<![a-z0-9]tt)\d{7,8}(?![a-z0-9])", re.ASCII)
# {edition-Final Cut}
_EDITION: Final = re.compile(r"\{edition-([^{}]{1,64})\}")


def read_ids(draft: Draft) -> None:
    """Claim every explicit id."""
    text = draft.text
    lower = text.lower()
    if draft.brackets:
        for found in islice(_TAG.finditer(lower), _MOST):
            claim_text(draft, found.span(), "ids", (found[1], found[2]))
        for found in islice(_EDITION.finditer(lower), _MOST):
            claim_text(draft, found.span(), "editions", draft.text[found.start(1) : found.end(1)])
    if "tt" in lower and "ids" not in draft.facts:
        for found in islice(_IMDB.finditer(lower), _MOST):
            claim_text(draft, found.span(), "ids", ("imdb", found[0]))


def claim_text(draft: Draft, span: tuple[int, int], field: str, value: object) -> None:
    """Claim the words that lie in a stretch of text."""
    begin, stop = span
    first = end = at = 0
    for gap, word in zip(draft.gaps, draft.words, strict=False):  # a gap more stands behind the last word
        at += len(gap)
        if at >= stop:
            break
        first += at < begin
        end += 1
        at += len(word)
    if first < end:
        draft.claim((first, end), field, value, ID)
