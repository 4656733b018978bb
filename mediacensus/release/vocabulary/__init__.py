"""The words release names are made of: TOML tables, compiled to one dictionary at import.

Each table is data (`source.toml`, `language.toml` …); a new word needs no code. A word may mean one thing
only: a second claim must be settled in `clashes.toml`, or the import fails.
"""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# How much company a word needs before it counts.
STRONG: Final = 3
"""Always counts and ends the title (``bluray``)."""
MENTION: Final = 4
"""Always noted, but left to the title (``trilogy``)."""
WEAK: Final = 2
"""Counts after a strong word, or right before one (``extended``)."""
NEAR: Final = 1
"""Counts only beside another word that counts (``nf`` in ``nf web-dl``)."""
CODE: Final = 0
"""Short for a language; counts in company that speaks of languages or quality (``ita eng``)."""

Facts = tuple[tuple[str, tuple[Any, ...]], ...]
"""(field, its one value as a tuple), as a finding is kept."""


class Word(NamedTuple):
    """What one word, or the compound that starts with it, can mean."""

    strength: int = 0
    facts: Facts = ()
    marker: str | None = None
    """What a number beside this word counts: ``season``, ``episode``, ``part`` …"""
    code: str | None = None
    """The language this word may be short for, where the company says so."""
    compounds: Mapping[str, Sequence[tuple[list[str], Word]]] | None = None
    """By the next word, all the words that may follow to make a compound, longest first."""


def table(name: str) -> dict[str, Any]:
    """One vocabulary table as it is written."""
    text = resources.files(__package__).joinpath(f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)


_TABLES = (
    "source screen video video_profile color_depth hdr audio audio_profile"
    " audio_channels edition other proper service technical"
)
_STRENGTHS = {"mention": MENTION, "strong": STRONG, "weak": WEAK, "near": NEAR}
_CLASHES: Final[dict[str, str]] = table("clashes")


class _Compiler:
    """Collects every word with its reading, then folds compounds into their first words."""

    def __init__(self) -> None:
        self.readings: dict[str, dict[str, Any]] = {}
        self.together: dict[str, dict[str, Any]] = {}

    def add(self, spelling: str, field: str, **reading: Any) -> None:
        """Give a spelling a reading, unless a clash says that another field owns the word."""
        if _CLASHES.get(spelling, field) != field:
            return
        known = self.readings.setdefault(spelling, {})
        if known.get("facts", reading.get("facts")) != reading.get("facts", known.get("facts")):
            raise ValueError(
                f"{spelling!r} is claimed by {field} and by {known['facts']}: settle it in clashes.toml"
            )
        known.update(reading)

    def add_all(self, spellings: list[str], field: str, **reading: Any) -> None:
        """Add spellings; a compound is also known written together (``web dl``, ``webdl``)."""
        for spelling in spellings:
            self.add(spelling, field, **reading)
            together = spelling.replace(" ", "")
            if together != spelling and _CLASHES.get(together, field) == field:
                self.together.setdefault(together, reading)

    def compile(self) -> dict[str, Word]:
        """One dictionary: single words, each with the compounds it starts."""
        self.readings = {**self.together, **self.readings}
        compounds: dict[str, dict[str, list[tuple[list[str], Word]]]] = {}
        for spelling in sorted(self.readings, key=lambda text: -text.count(" ")):
            first, *rest = spelling.split(" ")
            if rest:
                following = compounds.setdefault(first, {}).setdefault(rest[0], [])
                following.append((rest, Word(**self.readings[spelling])))
        singles = {text: reading for text, reading in self.readings.items() if " " not in text}
        return {
            text: Word(**singles.get(text, {}), compounds=compounds.get(text))
            for text in {*singles, *compounds}
        }


def _read_facts(field: str, meaning: str) -> Facts:
    """``Blu-ray + others:Rip`` → source Blu-ray, others Rip."""
    value, *others = meaning.split(" + ")
    pairs = [(field, value), *(other.split(":", 1) for other in others)]
    return tuple((name, (int(text) if name == "proper_count" else text,)) for name, text in pairs)


def _compile() -> dict[str, Word]:
    compiler = _Compiler()
    for name in _TABLES.split():
        content = table(name)
        field = content.pop("field")
        for strength, meanings in content.items():
            for meaning, spellings in meanings.items():
                facts = _read_facts(field, meaning)
                compiler.add_all(spellings, field, strength=_STRENGTHS[strength], facts=facts)
    _add_languages(compiler)
    for detail, spellings in table("detail")["weak"].items():
        compiler.add_all(spellings, "episode_details", strength=WEAK, facts=(("episode_details", (detail,)),))
    for extension in ("mkv", "mp4", "avi", "m4v", "wmv", "rmvb", "webm"):
        compiler.add(extension, "container", strength=WEAK, facts=(("container", (extension,)),))
    for marker, spellings in MARKER_TABLE["words"].items():
        for spelling in spellings:
            compiler.add(spelling, marker, marker=marker)
    return compiler.compile()


def _add_languages(compiler: _Compiler) -> None:
    languages = table("language")
    for tag, spellings in languages["names"].items():
        compiler.add_all(spellings, "languages", strength=WEAK, facts=(("languages", (tag,)),))
    for tag, spellings in languages["subtitles"].items():
        for spelling in spellings:
            clear = tag != "und" and len(spelling) > 3
            strength = STRONG if clear else WEAK
            compiler.add_all(
                [spelling], "subtitles", strength=strength, facts=(("subtitle_languages", (tag,)),)
            )
    for tag, spellings in languages["codes"].items():
        for spelling in spellings:
            compiler.add(spelling, "codes", code=tag)


MARKER_TABLE: Final = table("marker")
LONELY_CODES: Final = frozenset(table("language")["alone"]["codes"])
"""Codes that count only in brackets of their own: ``[GB]``."""
GLUED_MARKERS: Final = {text: marker for marker, texts in MARKER_TABLE["glued"].items() for text in texts}
NUMERALS: Final = {word: int(number) for number, words in MARKER_TABLE["numerals"].items() for word in words}
ANIME_DETAILS: Final = {word: detail for detail, words in table("detail")["anime"].items() for word in words}
CONTAINERS: Final = {ext: kind for kind, exts in table("container").items() for ext in exts}
EXTRAS: Final = {
    place: {word: kind for kind, words in kinds.items() for word in words}
    for place, kinds in table("extra").items()
}
FOLDERS: Final = {kind: frozenset(names) for kind, names in table("folder").items()}
TITLES: Final = table("title")
GROUPS: Final = table("group")
WORDS: Final = _compile()
"""Every known word; compounds hang on their first word."""
