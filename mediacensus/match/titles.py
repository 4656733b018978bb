"""How far one title is from another, whatever the way in which either is written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from mediacensus.folding import fold, fold_numbers, in_plain_vowels, without_article

SAME: Final = 0.05
"""Titles no farther apart than this are one title, written in two ways."""
ALTERNATIVE: Final = 0.02
"""What a match costs that rests on a second title of the name, or on an unusual one of the work."""

_SPACING, _MOVED, _NUMERALS, _ARTICLE, _ARTICLE_AND_SPACING = 0.01, 0.01, 0.02, 0.04, 0.05
_LONGER: Final = 0.3
"""One title goes on where the other ends: ``Alien`` and ``Alien Resurrection`` are two works."""
_OTHER_NUMBERS: Final = 0.5
"""Titles with unlike numbers are two works of one franchise."""
_SPELLING: Final = 0.9
"""From this likeness on, two long titles are one with another spelling or a slip."""
_LONG_LETTERS: Final = 10


@dataclass(frozen=True, slots=True)
class Wording:
    """One title in the forms in which it is compared."""

    folded: str
    letters: str
    """Without spaces: ``L'Avventura`` is written ``L Avventura`` as well."""
    compact: str
    """Without spaces, article and numerals, umlauts as plain vowels."""
    in_digits: str
    bare: str
    words: tuple[str, ...]
    numbers: tuple[str, ...]
    pairs: frozenset[str]


@lru_cache(maxsize=8_192)
def wording(title: str) -> Wording:
    """Return the forms of a title."""
    in_digits = fold_numbers(title)
    bare = without_article(in_digits)
    compact = in_plain_vowels(bare.replace(" ", ""))
    words = tuple(bare.split())
    return Wording(
        folded=fold(title),
        letters=fold(title).replace(" ", ""),
        compact=compact,
        in_digits=in_digits,
        bare=bare,
        words=words,
        numbers=tuple(word for word in words if word.isdecimal()),
        pairs=frozenset(map("".join, pairwise(f" {compact} "))),
    )


def title_distance(one: str, other: str) -> float:
    """Return how far two titles are apart, from 0 (the same letters) to 1 (nothing in common).

    >>> title_distance("The Mummy", "Mummy, The"), title_distance("The Mummy", "Mummy")
    (0.01, 0.04)
    >>> title_distance("Moon", "New Moon") > 0.3 < title_distance("Rocky II", "Rocky III")
    True
    """
    a, b = wording(one), wording(other)
    if a.folded == b.folded:
        return 0.0
    if a.letters == b.letters or a.bare == b.bare or a.compact == b.compact:
        return _other_writing(a, b)
    return _unlike(a, b)


def _other_writing(a: Wording, b: Wording) -> float:
    """Two ways to write one title."""
    if a.letters == b.letters:
        return _SPACING
    if a.in_digits == b.in_digits:
        return _NUMERALS
    if sorted(a.in_digits.split()) == sorted(b.in_digits.split()):
        return _MOVED
    return _ARTICLE if a.bare == b.bare else _ARTICLE_AND_SPACING


def _unlike(a: Wording, b: Wording) -> float:
    shorter, longer = sorted((a.words, b.words), key=len)
    if shorter and longer[: len(shorter)] == shorter:
        return _LONGER + 0.5 * (len(longer) - len(shorter)) / len(longer)
    common = len(a.pairs & b.pairs)
    likeness = 2 * common / (len(a.pairs) + len(b.pairs)) if common else 0.0
    if a.numbers != b.numbers:
        return max(_OTHER_NUMBERS, 1 - likeness)
    if likeness >= _SPELLING and min(len(a.compact), len(b.compact)) >= _LONG_LETTERS:
        return SAME + (1 - likeness)
    return min(1.0, 0.15 + 0.85 * (1 - likeness))
