"""What a walk leaves out: junk that no library means, and what its ignore files name.

Read are Plex's ``.plexignore`` (a glob a line), Jellyfin's ``.ignore`` (empty: the whole folder;
else gitignore syntax) and Kodi's ``.nomedia`` (the whole folder). All three reach into sub-folders.
"""

from __future__ import annotations

import errno
import os
import re
from dataclasses import dataclass, field
from stat import S_ISREG
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pathspec import GitIgnoreSpec

# Folders of NAS systems, recycle bins, snapshots and servers' own artwork. Sources: Jellyfin's
# IgnorePatterns, tinyMediaManager's skip folders, Sonarr's and Radarr's disk scan.
_JUNK_DIRECTORIES = frozenset(
    {
        "#recycle",
        "#snapshot",
        "$recycle.bin",
        "@eadir",
        "@recently-snapshot",
        "@recycle",
        "__macosx",
        "extrafanart",
        "extrathumbs",
        "found.000",
        "lost+found",
        "plex versions",
        "recycler",
        "system volume information",
    }
)
_JUNK_FILES = frozenset({"desktop.ini", "ehthumbs.db", "thumbs.db"})

WHOLE_FOLDER_FILES = frozenset({".nomedia", ".ignore"})
PATTERN_FILES = frozenset({".plexignore", ".ignore"})
IGNORE_FILES = WHOLE_FOLDER_FILES | PATTERN_FILES


def is_junk_directory(name: str) -> bool:
    """Tell whether a folder is never part of a library, by its name alone.

    >>> [is_junk_directory(n) for n in (".Trash-1000", "@eaDir", "Movie.trickplay", "Junk Yard (1999)")]
    [True, True, True, False]
    """
    return name.startswith(".") or name.lower() in _JUNK_DIRECTORIES or name.endswith(".trickplay")


def is_junk_file(name: str) -> bool:
    """Tell whether a file is left behind by a system (``._Movie.mkv``, ``.DS_Store``, ``Thumbs.db``).

    ``.plexmatch`` is a companion and stays.
    """
    return (name.startswith(".") and name != ".plexmatch") or name.lower() in _JUNK_FILES


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """The ignore patterns in force in a folder: its own and those of the folders above."""

    specs: tuple[tuple[str, GitIgnoreSpec], ...] = field(default=())
    """Pairs of the folder a spec was written for and the spec."""

    @classmethod
    def from_patterns(cls, base: str, patterns: Iterable[str]) -> IgnoreRules:
        """Rules of one folder. Patterns are gitignore lines, relative to ``base``."""
        return cls().with_patterns(base, patterns)

    def with_patterns(self, base: str, patterns: Iterable[str]) -> IgnoreRules:
        """Return these rules and those of ``patterns``, which speak of paths below ``base``."""
        lines = [line for line in patterns if line.strip()]
        if not lines:
            return self
        # Few libraries hold ignore files, and the import is a third of a preview's first line.
        from pathspec import GitIgnoreSpec  # noqa: PLC0415

        return IgnoreRules((*self.specs, (base, GitIgnoreSpec.from_lines(lines))))

    def is_ignored(self, path: str, *, is_directory: bool) -> bool:
        """Tell whether ``path`` (absolute, below every spec's folder) is left out.

        The nearest ignore file that says anything of it decides, as with git.
        """
        slash = "/" if is_directory else ""
        for base, spec in reversed(self.specs):
            verdict = spec.check_file(path[len(base) :].lstrip("/") + slash).include
            if verdict is not None:
                return verdict
        return False


def find_faulty_patterns(patterns: Iterable[str]) -> list[str]:
    """Return the lines that no gitignore pattern can be read from, such as ``!`` and ``[z-a]``."""
    return [line for line in patterns if line.strip() and not _is_pattern(line)]


def _is_pattern(line: str) -> bool:
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - as above

    try:
        GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error):
        return False
    return True


def _open_untouched(path: str, flags: int) -> int:
    """Open without moving the access time where the system lets us; only a file's owner may ask for that.

    Without waiting, too: a named pipe would keep the walk until somebody writes to it.
    """
    flags |= os.O_NONBLOCK
    try:
        return os.open(path, flags | getattr(os, "O_NOATIME", 0))
    except PermissionError:
        return os.open(path, flags)


def read_ignore_file(path: str) -> list[str]:
    """Return an ignore file's lines; bytes that are not UTF-8 stay as surrogate escapes.

    Raises:
        OSError: the file cannot be opened or read, or is a pipe or a device, which may never end.
    """
    with open(path, encoding="utf-8-sig", errors="surrogateescape", opener=_open_untouched) as lines:
        if not S_ISREG(os.fstat(lines.fileno()).st_mode):
            raise OSError(errno.EINVAL, "not a regular file", path)
        return lines.read().splitlines()
