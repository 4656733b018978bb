"""Real trees of files, links and folders, built below a test's own folder."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeAlias

from mediacensus.model import Companion, Directory, Failure, MediaFile
from mediacensus.walk import iter_library

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from mediacensus.walk import Found, WalkRules

Name: TypeAlias = str | bytes
Files: TypeAlias = "Mapping[Name, int | str]"
"""Paths below the tree with a size in bytes or a text; one that ends in a slash is a folder."""


def build_tree(base: Path, files: Files, links: Mapping[Name, Name]) -> str:
    """Make files and links below ``base``, and return it as the walk takes it."""
    base.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        _write(os.path.join(os.fsencode(base), os.fsencode(name)), content)
    for name, target in links.items():
        link = os.path.join(os.fsencode(base), os.fsencode(name))
        os.makedirs(os.path.dirname(link), exist_ok=True)
        os.symlink(os.fsencode(target), link)
    return str(base)


def _write(path: bytes, content: int | str) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if not path.endswith(b"/"):
        with open(path, "wb") as out:
            out.write(b"\0" * content if isinstance(content, int) else content.encode())


def many_films(root: Path, count: int = 400) -> Path:
    """Make films in folders of their own, and return where."""
    for number in range(count):
        folder = root / f"Film {number} (1999)"
        folder.mkdir(parents=True)
        (folder / f"Film {number} (1999) 1080p.mkv").touch()
    return root


def walk(*roots: str, rules: WalkRules | None = None) -> list[Found]:
    """Walk roots to the end."""
    return list(iter_library(roots, rules))


def directories_of(found: Iterable[Found]) -> list[Directory]:
    """Return the directories among what a walk found."""
    return [each for each in found if isinstance(each, Directory)]


def media_paths(found: Iterable[Found]) -> list[str]:
    """Return the paths of all media below their roots, in the order of the walk."""
    return [
        os.path.relpath(os.path.join(directory.path, file.name), directory.root)
        for directory in directories_of(found)
        for file in directory.media
    ]


def problems(root: str, found: Iterable[Found]) -> list[tuple[str, str]]:
    """Return kind and path below the root of all problems."""
    return [
        (each.kind.value, os.path.relpath(each.path, root)) for each in found if isinstance(each, Failure)
    ]


def media(*names: str, size: int = 1) -> tuple[MediaFile, ...]:
    """Return media files of one size."""
    return tuple(MediaFile(name, size, 0) for name in names)


def companions(*names: str, kind: str = "subtitle", owner: str | None = None) -> tuple[Companion, ...]:
    """Return companions of one kind."""
    return tuple(Companion(name, kind, 1, 0, owner) for name in names)
