"""Symbolic links to directories: followed once, and never into what the walk reaches anyway."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from mediacensus.ignore import is_junk_directory
from mediacensus.listing import failure_of
from mediacensus.model import Failure, FailureKind

if TYPE_CHECKING:
    from collections.abc import Iterable


class FollowedLinks:
    """Decides about each folder met. Memory grows with links that leave the roots, not with files."""

    def __init__(self, roots: Iterable[str]) -> None:
        """Remember where the roots really are."""
        self._entrances: dict[str, str | None] = {os.path.realpath(root): None for root in roots}
        """Real folders that are walked, with the link that led there; None for a root."""
        self._followed: dict[tuple[int, int], str] = {}
        self._inodes: set[int] = set()
        for root in self._entrances:
            with suppress(OSError):  # listing it will say what is wrong
                self._inodes.add(os.stat(root).st_ino)

    def check(self, entry: os.DirEntry[str]) -> Failure | None:
        """Return None where a folder is to be walked, else why it is not.

        A link whose target is above it is a loop. A target that is walked anyway, in a root or behind
        another link, is walked there; so is a folder that some link has led to already. Targets are
        known by (device, inode) as well, so two links to one place mounted twice are one.
        """
        try:
            return self._check_link(entry.path) if entry.is_symlink() else self._check_folder(entry)
        except OSError as error:
            return failure_of(entry.path, error)

    def _check_link(self, link: str) -> Failure | None:
        target = os.path.realpath(link, strict=True)
        status = os.stat(target)
        if _contains(target, os.path.realpath(os.path.dirname(link))):
            return Failure(FailureKind.SYMLINK_LOOP, link, f"leads back to {target}; not followed")
        if (entrance := self._entrance_to(target)) is not None and self._entrances[entrance] != link:
            return _linked_twice(link, target, self._entrances[entrance])
        first = self._followed.setdefault((status.st_dev, status.st_ino), link)
        if first != link:
            return _linked_twice(link, target, first)
        self._entrances[target] = link
        self._inodes.add(status.st_ino)
        return None

    def _check_folder(self, entry: os.DirEntry[str]) -> Failure | None:
        # The listing tells the inode, so nearly every folder costs nothing; alone it proves nothing,
        # since network file systems give an inode to one folder after another.
        if entry.inode() not in self._inodes:
            return None
        target = os.path.realpath(entry.path)
        if target not in self._entrances:
            return None
        return _linked_twice(entry.path, target, self._entrances[target])

    def _entrance_to(self, target: str) -> str | None:
        """Return the walked folder through which a walk reaches the target, and not within junk."""
        entrance = target
        while entrance not in self._entrances:
            if is_junk_directory(os.path.basename(entrance)) or entrance == os.path.dirname(entrance):
                return None
            entrance = os.path.dirname(entrance)
        return entrance


def _linked_twice(path: str, target: str, first: str | None) -> Failure:
    where = "is walked in its own place" if first is None else f"is already reached by {first}"
    return Failure(FailureKind.LINKED_TWICE, path, f"{target} {where}")


def _contains(folder: str, path: str) -> bool:
    """Tell whether ``path`` is ``folder`` or below it; both real."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
