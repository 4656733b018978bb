"""All names of one directory: alike names are read once, and siblings settle what one name leaves open."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mediacensus.release.context import Surroundings, read_surroundings, read_within
from mediacensus.release.model import Release
from mediacensus.release.parser import release_values
from mediacensus.release.shapes import shape
from mediacensus.release.tokens import normalise
from mediacensus.release.vocabulary import WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

# S01E07 with nothing glued behind it
_EPISODE: Final = re.compile(r"(?<![^\W_])[sS]\d{1,4}[eE](\d{2,4})(?![^\W_])")
# Show - 07 [1080p], but not 05 - 07 [1080p]
_AFTER_DASH: Final = re.compile(r"(?<=\D - )(\d\d)(?= [\[(])")
# [1A2B3C4D].mkv
_CHECKSUM: Final = re.compile(r"\[([0-9A-Fa-f]{8})\](?=\.\w+$)")
_CHECKSUM_LENGTH: Final = 8
_DIGITS: Final = re.compile(r"\d+")
_NEXT_WORD: Final = re.compile(r"[\W_]*([^\W_]*)")
_COUNTS_ON: Final = frozenset(("number", "season_episode", "episode", "marked", "number_version", "glued"))
_NUMBERED: Final = ("seasons", "episodes", "absolute_episodes", "air_date", "disc", "part", "year", "extra")
_EPISODE_FIELDS: Final = ("episodes", "absolute_episodes")
_ENOUGH_SIBLINGS: Final = 3


class _Template(NamedTuple):
    """A name that has been read, cut around the digits of its episode."""

    before: str
    after: str
    length: int
    field: str
    """Where the number went: ``episodes`` or ``absolute_episodes``."""
    checksum: int
    """Where in ``after`` a checksum begins, which may be another in each name; -1 without one."""
    values: dict[str, Any]


def parse_folder(names: Sequence[str], parents: Sequence[str] = ()) -> list[Release]:
    """All media names of one directory, in their order.

    Names that differ from the one before in nothing but the episode and a checksum are not read again.
    Where at least three names differ in one number alone, and none of them says what it counts, it counts
    episodes.
    """
    around = read_surroundings(tuple(parents))
    releases: list[Release] = []
    template: _Template | None = None
    for name in names:
        release = template and _read_alike(name, template)
        if not release:
            values = release_values(name, read_within(name, around))
            template = _make_template(name, values)
            release = Release.of(values)
        releases.append(release)
    _settle_siblings(releases, around)
    return releases


def _make_template(name: str, values: dict[str, Any]) -> _Template | None:
    """Cut a name around its one episode, unless what follows goes on counting."""
    found = _EPISODE.search(name) or _AFTER_DASH.search(name)
    if found is None or (field := _field_of(found[1], values)) is None:
        return None
    before, after = name[: found.start(1)], name[found.end(1) :]
    if found.re.search(after) or _counts_on(after) or normalise(name) != name:
        return None
    return _Template(before, after, len(name), field, _find_checksum(after, values), values)


def _field_of(digits: str, values: dict[str, Any]) -> str | None:
    """Which of the fields holds this number and no other."""
    return next((field for field in _EPISODE_FIELDS if values.get(field) == (int(digits),)), None)


def _counts_on(after: str) -> bool:
    """Whether the next word may belong to the number, or is too short to tell."""
    following = _NEXT_WORD.match(after)
    word = following[1].lower() if following else ""
    found_shape = None if word.isalpha() else shape(word)
    return len(word) < 3 or bool(found_shape and found_shape[0] in _COUNTS_ON)


def _find_checksum(after: str, values: dict[str, Any]) -> int:
    found = _CHECKSUM.search(after)
    return found.start(1) if found and values.get("crc32") == found[1] else -1


def _read_alike(name: str, template: _Template) -> Release | None:
    """The template's release with another episode, if the name differs in nothing else."""
    before, after, length, field, checksum, values = template
    start, end = len(before), length - len(after)
    if len(name) != length or not name.startswith(before):
        return None
    digits, behind = name[start:end], name[end:]
    if not (digits.isascii() and digits.isdecimal()):
        return None
    if behind != after and (checksum < 0 or not _differ_in_checksum(behind, after, checksum)):
        return None
    if checksum >= 0:
        values["crc32"] = behind[checksum : checksum + _CHECKSUM_LENGTH]
    values["name"] = name
    values[field] = (int(digits),)
    return Release.of(values)


def _differ_in_checksum(behind: str, after: str, start: int) -> bool:
    """Whether there is another checksum at the same place, and nothing else is different."""
    end = start + _CHECKSUM_LENGTH
    if behind[:start] != after[:start] or behind[end:] != after[end:]:
        return False
    word = behind[start:end].lower()
    found_shape = None if word.isalpha() or word in WORDS else shape(word)
    return found_shape is not None and found_shape[0] == "crc"


def _settle_siblings(releases: list[Release], around: Surroundings) -> None:
    """Read names that differ in one number alone as the episodes of one series."""
    if around.library == "movies":
        return
    groups: dict[str, list[int]] = defaultdict(list)
    for index, release in enumerate(releases):
        if release.kind == "movie" and not any(getattr(release, field) for field in _NUMBERED):
            skeleton = _DIGITS.sub("#", release.name)
            if "#" in skeleton:
                groups[skeleton].append(index)
    for indexes in groups.values():
        if len(indexes) >= _ENOUGH_SIBLINGS and _vary_in_one([releases[index].name for index in indexes]):
            for index in indexes:
                name = releases[index].name
                draft = read_within(name, around, in_series=True)
                releases[index] = Release.of(release_values(name, draft))


def _vary_in_one(names: list[str]) -> bool:
    """Whether exactly one of the numbers in these names is different in each of them."""
    columns = list(zip(*(_DIGITS.findall(name) for name in names), strict=True))
    varying = [column for column in columns if len(set(column)) > 1]
    return len(varying) == 1 and len(set(varying[0])) == len(names)
