"""The context a name is read in: its siblings and the folders above it, as text a parser can take."""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import TYPE_CHECKING

from mediacensus.names import parsable

if TYPE_CHECKING:
    from mediacensus.model import Directory


def names_of(directory: Directory) -> list[str]:
    """Return the names of a directory's media files."""
    return [parsable(file.name) for file in directory.media]


def parents_of(directory: Directory) -> tuple[str, ...]:
    """Return the names of the folders above a directory's files, from the root's own name inwards."""
    below = os.path.relpath(directory.path, os.path.dirname(directory.root))
    return tuple(map(parsable, PurePath(below).parts))
