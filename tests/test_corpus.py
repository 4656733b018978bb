"""The labelled corpus of release names: what the parser must read, and how often it is right.

``corpus/*.yml`` maps names to fields of ``Release``; a key with slashes is a path, its last part the name.
A field that is not listed is not asserted; ``~`` and ``[]`` say that it must be absent. Every expectation
must be met exactly, lists in the order of the name, but for these:

* ``others`` and ``episode_details`` are open lists: the expected words must be among those found;
* a language tag is also met by a more precise one (``zh`` by ``zh-Hans``);
* ``absolute_episodes`` without ``episodes`` is also met by ``episodes``: a bare number does not say which;
* text is compared in composed form and with straight apostrophes, a web site without ``www.``.

``corpus/floors.toml`` holds the share of each file that is read right already. Floors only rise.
"""

from __future__ import annotations

import dataclasses
import tomllib
import unicodedata
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml

from mediacensus.release import parse_release_name
from mediacensus.release.model import Release

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CORPUS = Path(__file__).with_name("corpus")
FILES = sorted(path.stem for path in CORPUS.glob("*.yml"))
FIELDS = {field.name for field in dataclasses.fields(Release)}
OPEN_LISTS = {"others", "episode_details"}
LANGUAGE_LISTS = {"languages", "subtitle_languages"}


class Label(NamedTuple):
    """One name of the corpus and what it must be read as."""

    key: str
    expected: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The release name itself, without its folders."""
        return self.key.rsplit("/", 1)[-1]

    @property
    def parents(self) -> tuple[str, ...]:
        """The folders above the name, outermost first."""
        return tuple(self.key.split("/")[:-1])


@cache
def labels(file: str) -> tuple[Label, ...]:
    """The labels of one file, in its order."""
    loaded = yaml.safe_load((CORPUS / f"{file}.yml").read_text(encoding="utf-8"))
    return tuple(Label(key, expected) for key, expected in loaded.items())


def written_names(file: str) -> list[str]:
    """The names as they stand in a file, also one that a later one of the same spelling would replace."""
    root = yaml.compose((CORPUS / f"{file}.yml").read_text(encoding="utf-8"))
    assert isinstance(root, yaml.MappingNode), f"{file}.yml is not a mapping of names"
    return [key.value for key, _ in root.value]


@cache
def floors() -> dict[str, float]:
    """The share of each file that is read right already; raised when the parser gets better."""
    return dict(tomllib.loads((CORPUS / "floors.toml").read_text(encoding="utf-8"))["floors"])


def plain(value: object) -> object:
    """A value as it is compared: lists as tuples, dates as text, letters composed."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value).replace("’", "'")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return tuple(plain(part) for part in value)
    return value


def covers(found: Iterable[str], wanted: Iterable[str]) -> bool:
    """Whether each wanted language tag is met by the one found in its place."""
    pairs = list(zip(found, wanted, strict=False))
    return all(tag == general or tag.startswith(f"{general}-") for tag, general in pairs)


def meets(field: str, wanted: Any, release: Release) -> bool:
    """Whether one expectation is met."""
    found: Any = plain(getattr(release, field))
    wanted = plain(wanted)
    if wanted in (None, ()) or found in (None, ()):
        return found in (None, ()) and wanted in (None, ())
    if field in OPEN_LISTS:
        return set(wanted) <= set(found)
    if field in LANGUAGE_LISTS:
        return len(found) == len(wanted) and covers(found, wanted)
    if field == "website":
        return bool(found.casefold().removeprefix("www.") == wanted.casefold())
    return bool(found == wanted)


def differences(label: Label) -> list[str]:
    """What the parser reads otherwise than the label says; empty when all is right."""
    release = parse_release_name(label.name, label.parents)
    wrong = [field for field, wanted in label.expected.items() if not meets(field, wanted, release)]
    bare = "episodes" not in label.expected and label.expected.get("absolute_episodes")
    if "absolute_episodes" in wrong and bare and meets("episodes", bare, release):
        wrong.remove("absolute_episodes")
    return [f"{field}: {getattr(release, field)!r}, not {label.expected[field]!r}" for field in wrong]


def listing(wrong: Mapping[str, list[str]]) -> str:
    """The names that were read wrong, each with its differences below it."""
    return "".join(f"\n{key!r}\n    " + "\n    ".join(found) for key, found in wrong.items())


@pytest.mark.parametrize("file", FILES)
def test_names_are_read_right(file: str) -> None:
    """At least the promised share of each file's names is read right, in every field that is listed."""
    wrong = {label.key: found for label in labels(file) if (found := differences(label))}
    share = (len(labels(file)) - len(wrong)) / len(labels(file))
    assert share >= floors()[file], f"{share:.3f} of {file}, not {floors()[file]}:{listing(wrong)}"


@pytest.mark.parametrize("file", FILES)
def test_labels_name_fields_of_a_release(file: str) -> None:
    """Every label of the corpus asserts something, and only fields that a release has."""
    unknown = {label.key: set(label.expected) - FIELDS for label in labels(file)}
    assert not {key: fields for key, fields in unknown.items() if fields}
    assert all(label.expected for label in labels(file))


def test_every_file_has_a_floor() -> None:
    """Each file of the corpus has a share that it may not fall below, and no floor is left over."""
    assert sorted(floors()) == FILES
    assert all(0 <= floor <= 1 for floor in floors().values())


def test_no_name_stands_twice() -> None:
    """A name has one label in the whole corpus, so no two labels can contradict each other."""
    counts = Counter(name for file in FILES for name in written_names(file))
    assert [name for name, count in counts.items() if count > 1] == []


def test_corpus_is_large() -> None:
    """The corpus holds at least 600 names."""
    assert sum(len(labels(file)) for file in FILES) >= 600
