"""The context a name is read in: its siblings and the folders above it, as text a parser can take."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mediacensus.names import parsable

if TYPE_CHECKING:
    from mediacensus.model import Directory


def names_of(directory: Directory) -> list[str]:
    """Return the names of a directory's media files."""
    return [parsable(file.name) for file in directory.media]


def parents_of(directory: Directory) -> tuple[str, ...]:
    """Return the names of the folders above a directory's files, from the root's own name inwards."""
    below = directory.path[len(os.path.dirname(directory.root)) :].split(os.sep)
    return tuple(parsable(name) for name in below if name)
