"""How a title reads that a name spells with separators: ``S.W.A.T``, ``The Simpsons``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from mediacensus.release.vocabulary import TITLES

if TYPE_CHECKING:
    from mediacensus.release.draft import Draft

Stretch = tuple[int, int]
"""Neighbouring words nobody claimed: (first word, end)."""
SOFT: Final = frozenset((" ", ".", "_", "-", " - ", "'", ", ", ""))
"""Gaps inside of a title."""
ATTACHED: Final = "!?)'…"
"""Signs behind a word that may belong to it."""
# The dots of "S.H.I.E.L.D." belong to it; those of "The.Show" are spaces.
_ACRONYM: Final = re.compile(r"(?:\b\w\.){2,}\w?\b")
# ".H." in "S.H.I.E.L.D."
_LETTER: Final = re.compile(r"\.\w\.")
_ARTICLES: Final = frozenset(TITLES["articles"])


def word_title(draft: Draft, stretch: Stretch) -> str:
    """A stretch as a title for people, with the signs that belong to the first and last word of it."""
    first, end = stretch
    text, tail = draft.between(first, end), draft.gaps[end]
    if tail not in SOFT and tail[0] in ATTACHED:
        text += tail[: len(tail) - len(tail.lstrip(ATTACHED))]
    if ")" in text:
        text = _close_bracket(text, draft.gaps[first], tail)
    return _clean(text)


def _close_bracket(text: str, before: str, tail: str) -> str:
    """``500) Days of Summer`` and ``Wag the Dog)`` with both signs of a bracket or neither."""
    is_opened = before[-1:] == "("
    if tail in SOFT:
        return "(" + text if is_opened else text
    if is_opened and 0 < text.find(")") < len(text) - 1:
        text = "(" + text
    return text[:-1] if text[-1] == ")" and "(" not in text else text


def _keep_dots(found: re.Match[str]) -> str:
    letters = found[0].replace(".", "\0")
    return letters + " " if letters.endswith("\0") else letters


def _clean(text: str) -> str:
    """Separators become spaces, acronyms keep their dots, "Simpsons, The" is turned."""
    if " " not in text:
        if "." in text:
            if _LETTER.search(text):
                text = _ACRONYM.sub(_keep_dots, text)
            text = text.replace(".", " ")
        text = text.replace("_", " ").replace("\0", ".")
    elif "_" in text:
        text = text.replace("_", " ")
    if "  " in text:
        text = " ".join(text.split())
    text = text.strip(" -,;:/~")
    if "," in text:
        head, _, article = text.rpartition(",")
        if article.strip().lower() in _ARTICLES and head:
            return f"{article.strip()} {head.strip(' ,')}"
    return text
