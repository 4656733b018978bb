"""Checking roots before a run: what is wrong with one must be said before anything is written."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mediacensus.errors import RootError
from mediacensus.names import readable

if TYPE_CHECKING:
    from collections.abc import Iterable


def resolve_roots(roots: Iterable[str | os.PathLike[str]]) -> tuple[str, ...]:
    """Return the roots as absolute paths, in the order given, each once.

    Raises:
        RootError: one is empty text, does not exist, is no directory, cannot be listed, has a path that
            is not UTF-8, or lies inside another.
    """
    roots = tuple(roots)
    if not all(map(os.fspath, roots)):
        raise RootError("A folder's name is empty. Name it: mediacensus scan /path/to/library")
    resolved = tuple(dict.fromkeys(os.path.abspath(os.path.expanduser(root)) for root in roots))
    if not resolved:
        raise RootError("No folder was given. Name at least one: mediacensus scan /path/to/library")
    for root in resolved:
        _check_root(root)
    for inner in resolved:
        for outer in resolved:
            if inner != outer and is_inside(inner, outer):
                raise RootError(
                    f"{inner} lies inside {outer}, which would count its files twice. Give only one."
                )
    return resolved


def _check_root(root: str) -> None:
    if "\0" in root:
        raise RootError(f"{root!r} holds a NUL, which no path can. Correct it.")
    try:
        root.encode()
    except UnicodeEncodeError:
        raise RootError(
            f"{readable(root)}: the path of a root must be UTF-8. Give a folder above it, or a link to it."
        ) from None
    try:
        with os.scandir(root) as entries:
            next(entries, None)
    except FileNotFoundError:
        raise RootError(f"{root} does not exist. Check the spelling, and that its disk is mounted.") from None
    except NotADirectoryError:
        raise RootError(f"{root} is not a folder. Give the folder that holds the media.") from None
    except OSError as error:
        raise RootError(
            f"{root} cannot be read: {error.strerror}. "
            "Check its permissions, or run as a user who may read it."
        ) from error


def is_inside(path: str, folder: str) -> bool:
    """Tell whether a path is a folder or below it, links resolved."""
    real_path, real_folder = os.path.realpath(path), os.path.realpath(folder)
    return real_path == real_folder or real_path.startswith(real_folder.rstrip(os.sep) + os.sep)
