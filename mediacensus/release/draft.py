"""A name being read: its tokens, and what has been found out about them so far."""

from __future__ import annotations

from bisect import bisect
from itertools import accumulate
from operator import add
from typing import TYPE_CHECKING, Any, Final

from mediacensus.release.tokens import read_brackets, split_any, split_plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mediacensus.release.shapes import Shape
    from mediacensus.release.tokens import Bracket
    from mediacensus.release.vocabulary import Facts

_IN_ORDER: Final = frozenset(("hdr", "audio_codecs", "audio_profiles", "audio_channels", "editions"))
"""Fields whose values keep the order of the name; elsewhere the surest comes first."""
_NO_BRACKETS: Final[list[Bracket]] = []
_MANY: Final = 64
_OUTSIDE: Final = [-1] * _MANY
Span = tuple[int, int]
"""(first word, word after the last)"""
Finding = tuple[Span, str, Any, str]
"""((first word, word after the last), field, value, rule)"""
_MOST_VALUES: Final = 720
"""Numbers of one field in a name; who has as many may have all of a range more, but no further one."""
_NOWHERE: Final = -1
"""The place of what a folder says."""


class Draft:
    """A name being read: its tokens, and what has been found out about them so far.

    Parallel lists rather than token objects: a parse looks at each of about ten tokens several times.
    """

    __slots__ = (
        "brackets",
        "container",
        "counts",
        "facts",
        "gaps",
        "hints",
        "in_season",
        "inside",
        "is_ascii",
        "is_folder",
        "library",
        "lows",
        "markers",
        "near",
        "numbers",
        "origins",
        "places",
        "several",
        "spoken",
        "tags",
        "text",
        "trail",
        "waiting",
        "words",
    )

    def __init__(self, text: str, trail: list[Finding] | None = None) -> None:
        self.text = text
        self.is_ascii = text.isascii()
        words, self.lows, gaps = (split_plain if self.is_ascii else split_any)(text)
        self.words, self.gaps = words, gaps
        """The words as written and in lower case; ``gaps[i]`` stands before word ``i``, the last one after
        the last word."""
        self.tags: list[str] = [""] * len(words)
        """What claimed each word; empty for nobody."""
        self.inside: Sequence[int]
        """For each word the innermost bracket around it, -1 for none; too long where a name has none."""
        if "[" in text or "(" in text or "{" in text:
            self.inside, self.brackets = read_brackets(gaps)
        else:
            self.inside = _OUTSIDE if len(words) <= _MANY else [-1] * len(words)
            self.brackets = _NO_BRACKETS
        self.facts: dict[str, tuple[Any, ...]] = {}
        """The values of each field, the surest first or in the order of the name."""
        self.several: tuple[str, ...] = ()
        """The fields that have been given more than one value."""
        self.origins: list[tuple[str, int, str]] = []
        """(field, where its first value stands, the rule that read it) in the order of finding."""
        self.places: dict[str, list[int]] | None = None
        """Where the values stand of the fields that have several and keep the order of the name."""
        self.trail = trail
        """Everything found, if anybody asks."""
        self.numbers: dict[int, Shape] = {}
        """Words that are plain numbers, or say how with digits, by their place."""
        self.counts: dict[int, Shape] = {}
        """Words whose spelling says that they count, ``s01e02``, by their place."""
        self.markers: list[int] = []
        """Words that say what a number beside them counts."""
        self.hints = ""
        """What a later pass may find: ``month`` of a written date, ``count`` as in 1 of 3, web ``site``, and
        the lexicon's own (an id's ``source``, a ``nation``, a ``maker``, a fansub's ``detail``, the
        ``ending`` of an extra), a series' ``film`` or ``bonus``, the ``dash`` of a title."""
        self.spoken: list[tuple[int, int, str, str]] = []
        """(first word, end, field, tag) of languages, before it is known which are subtitles."""
        self.waiting: list[tuple[int, int, int, Facts]] = []
        """(first word, end, strength, facts) of known words that need company before they count."""
        self.near: list[tuple[int, int, Facts]] = []
        """(first word, end, facts) of known words that count only beside a quality word."""
        self.container: str | None = None
        self.is_folder = False
        self.library = ""
        """``series`` or ``movies``, where a folder above says so."""
        self.in_season = False
        """Whether it lies in the folder of a season."""

    @property
    def starts_with_number(self) -> bool:
        """Whether the numbering comes before any title."""
        return bool(self.tags) and self.tags[0] == "numbering"

    def starts(self) -> list[int]:
        """Where each word begins in the text."""
        ends = accumulate(map(len, map(add, self.gaps, self.words)))
        return [end - len(word) for end, word in zip(ends, self.words, strict=True)]

    def between(self, first: int, end: int) -> str:
        """The text from one word up to the end of another, exclusive."""
        behind = map(add, self.gaps[first + 1 : end], self.words[first + 1 : end])
        return self.words[first] + "".join(behind)

    def note(self, span: tuple[int, int], field: str, value: Any, rule: str) -> None:
        """Record a finding; of several values of one field the surest or leftmost comes first."""
        known = self.facts.get(field)
        if known is None:
            self.facts[field] = (value,)
            self.origins.append((field, span[0], rule))
        elif value not in known or field == "proper_count":
            place = self._place(span[0], field) if field in _IN_ORDER else len(known)
            self.facts[field] = (*known[:place], value, *known[place:])
            self.several += (field,)
        if self.trail is not None:
            self.trail.append((span, field, value, rule))

    def _place(self, at: int, field: str) -> int:
        """Where a further value belongs among those of a field that keeps the order of the name."""
        if self.places is None:
            self.places = {}
        if field not in self.places:
            self.places[field] = [next(first for known, first, _ in reversed(self.origins) if known == field)]
        places = self.places[field]
        place = bisect(places, at)
        places.insert(place, at)
        return place

    def note_all(self, span: tuple[int, int], field: str, values: Sequence[Any], rule: str) -> None:
        """Record several values of one field at once, as a range has them."""
        known = self.facts.get(field)
        if known is not None or len(values) > 1:
            self.several += (field,)
        if known is None:
            self.facts[field] = tuple(values)
            self.origins.append((field, span[0], rule))
        elif len(known) < _MOST_VALUES:
            seen = set(known)
            self.facts[field] = (*known, *(value for value in values if value not in seen))
        if self.trail is not None:
            self.trail.append((span, field, values[0] if len(values) == 1 else tuple(values), rule))

    def claim_all(self, span: Span, field: str, values: Sequence[Any], rule: str) -> None:
        """Record several values of one field and take their words."""
        self.mark(span, rule)
        if field in self.facts or self.trail is not None:
            self.note_all(span, field, values, rule)
        else:
            self.facts[field] = tuple(values)
            self.origins.append((field, span[0], rule))
            if len(values) > 1:
                self.several += (field,)

    def claim(self, span: tuple[int, int], field: str, value: Any, rule: str) -> None:
        """Record a finding and take its words."""
        self.mark(span, rule)
        if field in self.facts or self.trail is not None:
            self.note(span, field, value, rule)
        else:
            self.facts[field] = (value,)
            self.origins.append((field, span[0], rule))

    def adopt(self, field: str, values: tuple[Any, ...]) -> None:
        """Take from a folder what the name itself does not say, or says less well."""
        self.facts[field] = values
        if len(values) > 1:
            self.several += (field,)
        self.origins.append((field, _NOWHERE, "folder"))

    def mark(self, span: tuple[int, int], rule: str) -> None:
        """Take words that carry no value of their own."""
        first, end = span
        self.tags[first] = self.tags[end - 1] = rule
        if end > first + 2:
            self.tags[first:end] = [rule] * (end - first)
