"""All names of one directory: alike names are read once, and siblings settle what one name leaves open."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mediacensus.release.context import Surroundings, read_surroundings, read_within
from mediacensus.release.model import Release
from mediacensus.release.parser import release_values
from mediacensus.release.shapes import shape

if TYPE_CHECKING:
    from collections.abc import Sequence

# S01E07 with nothing glued behind it
_EPISODE: Final = re.compile(r"(?<![^\W_])[sS]\d{1,4}[eE](\d{2,4})(?![^\W_])")
_DIGITS: Final = re.compile(r"\d+")
_NEXT_WORD: Final = re.compile(r"[\W_]*([^\W_]*)")
_COUNTS_ON: Final = frozenset(("number", "season_episode", "episode", "marked", "number_version", "glued"))
_NUMBERED: Final = ("seasons", "episodes", "absolute_episodes", "air_date", "disc", "part", "year", "extra")
_ENOUGH_SIBLINGS: Final = 3


class _Template(NamedTuple):
    """A name that has been read, cut around the digits of its episode."""

    before: str
    after: str
    length: int
    values: dict[str, Any]


def parse_folder(names: Sequence[str], parents: Sequence[str] = ()) -> list[Release]:
    """All media names of one directory, in their order.

    Names that differ from the one before in nothing but the episode are not read again. Where at least
    three names differ in one number alone, and none of them says what it counts, it counts episodes.
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
    found = _EPISODE.search(name)
    if found is None or values.get("episodes") != (int(found[1]),) or not name.isascii():
        return None
    before, after = name[: found.start(1)], name[found.end(1) :]
    following = _NEXT_WORD.match(after)
    word = following[1].lower() if following else ""
    found_shape = None if word.isalpha() else shape(word)
    if _EPISODE.search(after) or (found_shape and found_shape[0] in _COUNTS_ON) or len(word) < 3:
        return None
    return _Template(before, after, len(name), values)


def _read_alike(name: str, template: _Template) -> Release | None:
    """The template's release with another episode, if the name differs in nothing else."""
    before, after, length, values = template
    if len(name) != length or not (name.startswith(before) and name.endswith(after)):
        return None
    digits = name[len(before) : length - len(after)]
    if not (digits.isascii() and digits.isdecimal()):
        return None
    values["name"] = name
    values["episodes"] = (int(digits),)
    return Release.of(values)


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
