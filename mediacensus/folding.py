"""Titles as they are compared: without case, accents, punctuation, articles and ways to write a number."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_LETTERS: Final = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ħ": "h", "ŧ": "t"}
)
"""Letters that Unicode does not take apart, as release names spell them."""
_APOSTROPHES: Final = re.compile(r"(?<=\w)['’‘ʼ`´](?=\w)|['’‘ʼ`´](?=s\b)")
"""``Ocean's`` is written ``Oceans``."""
_ACCENTS: Final = re.compile(r"[\u0300-\u036f]")
"""The marks of Latin, Greek and Cyrillic letters: ``é`` taken apart. Those of Kana are letters."""
_NO_WORDS: Final = re.compile(r"[^\w\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u3099\u309a]+|_+")
"""What stands between words, ``: `` or ``.``; vowel signs of Indic and Thai scripts stand within."""
_INITIALS: Final = re.compile(r"\b[a-z](?: [a-z]\b)+")
"""``s h i e l d``, what remains of ``S.H.I.E.L.D.``"""
_ARTICLES: Final = frozenset(
    (
        "the a an le la les l un une des der die das ein eine el los las una il lo gli uno "
        "os um uma het een den det"
    ).split()
)
_NEVER_TRAILING: Final = frozenset("l un des den os um".split())
"""Articles that, behind a title, are more likely a word of it."""
_NUMBERS: Final = {
    word: str(number)
    for words in (
        "one two three four five six seven eight nine ten eleven twelve",
        "i ii iii iv v vi vii viii ix x xi xii",
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
    )
    for number, word in enumerate(words.split(), 1)
} | {word: str(number) for number, word in enumerate("xiii xiv xv xvi xvii xviii xix xx".split(), 13)}
_ROMAN: Final = {
    str(number): word.upper()
    for number, word in enumerate("ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi".split(), 2)
}
_COUNTED: Final = frozenset("part episode chapter volume vol book act season phase".split())
"""Before these alone a bare ``I`` is a number."""


@lru_cache(maxsize=8_192)
def fold(title: str) -> str:
    """Return a title without case, accents, punctuation and apostrophes; ``&`` is ``and``.

    Idempotent, and the same for composed and decomposed Unicode. A title of nothing but signs keeps them.

    >>> fold("Amélie & the Ocean's S.H.I.E.L.D.!")
    'amelie and the oceans shield'
    """
    text = unicodedata.normalize("NFKD", title.casefold()).casefold()
    text = _ACCENTS.sub("", text).translate(_LETTERS).replace("&", " and ").replace("½", " 1 2 ")
    words = _NO_WORDS.sub(" ", _APOSTROPHES.sub("", text)).split()
    if not words:  # "!!!", or "¯", of which the compatible form is a space and an accent
        words = text.split() or title.split()
    return unicodedata.normalize("NFC", _INITIALS.sub(_joined, " ".join(words)))


def _joined(found: re.Match[str]) -> str:
    return found[0].replace(" ", "")


@lru_cache(maxsize=8_192)
def fold_numbers(title: str) -> str:
    """Return a folded title with every numeral in digits: ``Rocky II``, ``Part Two``.

    A number that is the whole title stays as it is written: ``X`` is not ``10``.

    >>> fold_numbers("Rocky II"), fold_numbers("Malcolm in the Middle"), fold_numbers("X")
    ('rocky 2', 'malcolm in the middle', 'x')
    """
    words = fold(title).split()
    if len(words) < 2:
        return " ".join(words)
    return " ".join(
        _NUMBERS.get(word, word) if word != "i" or before in _COUNTED else word
        for before, word in zip(["", *words], words, strict=False)
    )


@lru_cache(maxsize=8_192)
def without_article(folded: str) -> str:
    """Return a folded title without the article before or behind it, unless nothing else would be left.

    >>> without_article("the mummy"), without_article("mummy the"), without_article("the the")
    ('mummy', 'mummy', 'the')
    """
    words = folded.split()
    if len(words) > 1 and words[0] in _ARTICLES:
        return " ".join(words[1:])
    if len(words) > 1 and words[-1] in _ARTICLES and words[-1] not in _NEVER_TRAILING:
        return " ".join(words[:-1])
    return folded


def in_plain_vowels(folded: str) -> str:
    """Return a folded title with ``ae``, ``oe``, ``ue`` as ``a``, ``o``, ``u``: ``ü`` is written both ways.

    >>> in_plain_vowels("die gefaehrten") == in_plain_vowels(fold("Die Gefährten"))
    True
    """
    return folded.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def in_other_numerals(title: str) -> tuple[str, ...]:
    """Return a title with its numbers in digits, and with them as Roman numerals, where that differs.

    >>> in_other_numerals("Rocky II"), in_other_numerals("Rocky 2"), in_other_numerals("Moon")
    (('Rocky 2',), ('Rocky II',), ())
    """
    first, *words = title.split() or [""]
    digits = " ".join(
        [first, *(_NUMBERS.get(fold(word), word) if word.lower() != "i" else word for word in words)]
    )
    roman = " ".join([first, *(_ROMAN.get(word, word) for word in digits.split()[1:])])
    return tuple(each for each in dict.fromkeys((digits, roman)) if each != " ".join([first, *words]))
