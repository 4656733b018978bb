"""The same answer in guessit's property names, for programs written against guessit."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from mediacensus.release.context import (
    Surroundings,
    read_in_context,
    read_surroundings,
    read_within,
)
from mediacensus.release.language import is_language
from mediacensus.release.model import split_title
from mediacensus.release.parser import TUPLES, count_propers, decide_kind
from mediacensus.release.reading import read_name
from mediacensus.release.title import DASH

if TYPE_CHECKING:
    from mediacensus.release.draft import Draft

_SEPARATORS: Final = re.compile(r"[\\/]")
# "2xUkr" at the end, "Eng" at the start
_LAST_WORD: Final = re.compile(r"(?:\dx?)?([^\W\d_]+)$")
_FIRST_WORD: Final = re.compile(r"([^\W\d_]+)")
_LONGEST_WORD: Final = 40
"""Letters at the end of a text among which its last word is looked for; no language has as many."""
_SPECIAL: Final = frozenset(("hdr", "proper_count", "extra", "ids", "absolute_episodes"))
"""Fields that need more than another name."""
_LISTED: Final = (TUPLES | {"part", "disc", "video_profile"}) - _SPECIAL
"""What guessit gives as a list where there are several; of the last three a `Release` keeps the first."""
_MARKS: Final = "marks"
"""In place of a name, for the fields that need more."""
_NAMES: Final = dict(
    alternative_titles="alternative_title",
    seasons="season",
    episodes="episode",
    air_date="date",
    editions="edition",
    resolution="screen_size",
    audio_codecs="audio_codec",
    audio_profiles="audio_profile",
    languages="language",
    subtitle_languages="subtitle_language",
    countries="country",
    size_text="size",
    others="other",
    **dict.fromkeys(_SPECIAL, _MARKS),
)
"""Guessit's name for each field; those that it calls as we do are added when they are first met."""
_FIRST_YEAR: Final = 1900
_EXTRA_MARKS: Final = {"trailer": "Trailer", "sample": "Sample", "other": "Extras"}
_MOST_JOINED: Final = 32
"""Slashes in a path that are no borders; more are rubbish, and rubbish must stay cheap."""


def parse_as_guessit(path: str, type_hint: str | None = None) -> dict[str, object]:
    """A path (or a bare name) as guessit would answer it."""
    draft = _read_path(path) if "/" in path or "\\" in path else read_name(path)
    facts, names = draft.facts, _NAMES
    is_numbered = "seasons" in facts
    answer: dict[str, object] = {"type": type_hint or ("episode" if is_numbered else decide_kind(draft))}
    try:
        for field, values in facts.items():
            answer[names[field]] = values[0]
    except KeyError:
        names.update((field, field) for field in facts if field not in names)
        return parse_as_guessit(path, type_hint)
    if draft.several:
        _list_several(answer, draft)
    if _MARKS in answer:
        del answer[_MARKS]
        _add_special(answer, facts)
    if draft.hints and DASH in draft.hints:
        _add_second_reading(answer)
    if is_numbered and facts["seasons"][0] > _FIRST_YEAR:  # to guessit that is the year as well
        answer.setdefault("year", facts["seasons"][0])
    container = draft.container
    if container:
        answer["container"] = container
        if container == "m2ts":
            answer.setdefault("source", "Blu-ray")
    return answer


def _list_several(answer: dict[str, object], draft: Draft) -> None:
    for field in draft.several:
        values = draft.facts.get(field, ())
        if len(values) > 1 and field in _LISTED:
            answer[_NAMES[field]] = list(values)


def _add_second_reading(answer: dict[str, object]) -> None:
    """``A - B`` is one title to some and two to others: both are given, the whole one first."""
    first, *rest = split_title(str(answer.get("title", ""))) or [""]
    if rest:
        answer["title"] = [answer["title"], first]
        others = rest if len(rest) > 1 else rest[0]
        answer.setdefault("alternative_title", others)


def _read_path(path: str) -> Draft:
    """Read the last component of a path in the context of the others."""
    folder, _, name = path.rpartition("/")
    if "\\" in name:
        folder, _, name = path.rpartition("\\")
    is_open, is_spaced, speaks = _ending_of(folder)
    closes = is_open and ("]" in name or ")" in name or "/" not in folder)
    if closes or (is_spaced and name[:1] == " ") or (speaks and _starts_with_language(name)):
        *parents, name = split_path(path)
        return read_in_context(name, tuple(parents))
    return read_within(name, _read_parents(folder))


def _add_special(answer: dict[str, object], facts: dict[str, tuple[Any, ...]]) -> None:
    """The ids, the marks that are no `others` to us, and numbers that are an episode's if none else is."""
    others: tuple[object, ...] = facts.get("others", ()) + facts.get("hdr", ())
    if "proper_count" in facts:
        answer["proper_count"] = count_propers(facts["proper_count"])
        others += ("Proper",)
    if "extra" in facts:
        answer["extra"] = facts["extra"][0]
        if "episode_details" not in facts and facts["extra"][0] in _EXTRA_MARKS:
            others += (_EXTRA_MARKS[facts["extra"][0]],)
    if others:
        answer["other"] = list(others) if len(others) > 1 else others[0]
    if "absolute_episodes" in facts:
        numbers = facts["absolute_episodes"]
        counts = "absolute_episode" if "episodes" in facts else "episode"
        answer[counts] = list(numbers) if len(numbers) > 1 else numbers[0]
    for source, identifier in facts.get("ids", ()):
        answer[f"{source}_id"] = identifier


def _starts_with_language(name: str) -> bool:
    found = _FIRST_WORD.match(name.lower())
    return found is not None and is_language(found[1])


def _ends_with_language(text: str) -> bool:
    found = _LAST_WORD.search(text[-_LONGEST_WORD:].lower())
    return found is not None and is_language(found[1])


@lru_cache(maxsize=1024)
def _ending_of(folder: str) -> tuple[bool, bool, bool]:
    """Why a slash behind this may be no border: open brackets, a space, a language.

    Like the folders' meaning it is kept, since a folder has many files.
    """
    last = split_path(folder)[-1]
    return _is_open(last), last.endswith(" "), _ends_with_language(last)


def _is_open(piece: str) -> bool:
    return piece.count("[") > piece.count("]") or piece.count("(") > piece.count(")")


@lru_cache(maxsize=1024)
def _read_parents(path: str) -> Surroundings:
    return read_surroundings(tuple(split_path(path)))


def split_path(path: str) -> list[str]:
    """The components of a path; a slash between spaces, in brackets or between languages is no border."""
    pieces = _SEPARATORS.split(path)
    whole, joined = pieces[:1], 0
    for piece in pieces[1:]:
        if joined < _MOST_JOINED and _belongs_to(whole[-1], piece):
            whole[-1] = f"{whole[-1]}/{piece}"
            joined += 1
        else:
            whole.append(piece)
    return whole


def _belongs_to(before: str, piece: str) -> bool:
    if before.endswith(" ") and piece.startswith(" "):
        return True
    if _is_open(before):
        return True
    return _starts_with_language(piece) and _ends_with_language(before)
