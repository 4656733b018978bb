"""Reading the file system so that every error becomes a recorded failure, never a lost run."""

from __future__ import annotations

import errno
import os
from stat import S_ISDIR

from mediacensus.model import Failure, FailureKind

_FIRST_NS, _LAST_NS = -(2**63), 2**63 - 1


def failure_of(path: str, error: OSError) -> Failure:
    """Name what went wrong with a path: a link loop, a broken link, or something unreadable."""
    reason = error.strerror or str(error)
    if error.errno == errno.ELOOP:
        return Failure(FailureKind.SYMLINK_LOOP, path, "a link that leads only to itself; not followed")
    if isinstance(error, FileNotFoundError) and (target := _target_of(path)) is not None:
        return Failure(FailureKind.BROKEN_LINK, path, f"its target {target} does not exist")
    if isinstance(error, FileNotFoundError):
        return Failure(FailureKind.UNREADABLE_FILE, path, "it vanished while its folder was being listed")
    return Failure(FailureKind.UNREADABLE_FILE, path, reason)


def _target_of(path: str) -> str | None:
    """Return where a link points; None for what is no link, or has gone meanwhile."""
    try:
        return os.readlink(path)
    except OSError:
        return None


def list_entries(path: str, failures: list[Failure]) -> list[os.DirEntry[str]]:
    """Return a directory's entries in name order; an error goes to ``failures``, what came before is kept."""
    entries: list[os.DirEntry[str]] = []
    try:
        with os.scandir(path) as found:
            entries.extend(found)
    except OSError as error:
        message = f"{error.strerror or error}; what is below is not in the census"
        failures.append(Failure(FailureKind.UNREADABLE_DIRECTORY, path, message))
    entries.sort(key=lambda entry: entry.name)
    return entries


def stat_entry(entry: os.DirEntry[str], failures: list[Failure]) -> os.stat_result | None:
    """Return an entry's status, its link followed; an error is added to ``failures`` and gives None."""
    try:
        return entry.stat()
    except OSError as error:
        failures.append(failure_of(entry.path, error))
        return None


def modified_ns(status: os.stat_result) -> int:
    """Return when a file was modified, kept within the 64 bits a column has: the years 1677 to 2262.

    File systems go beyond: a file without a date on NTFS is of 1601.
    """
    modified = status.st_mtime_ns
    return modified if _FIRST_NS <= modified <= _LAST_NS else min(max(modified, _FIRST_NS), _LAST_NS)


def encoding_failure(name: str, path: str) -> Failure | None:
    """Return a notice where a name is not UTF-8, else None."""
    if name.isascii():
        return None
    try:
        name.encode()
    except UnicodeEncodeError:
        return Failure(
            FailureKind.NAME_NOT_UTF8, path, "cataloged; bytes that are not UTF-8 are shown as \\x.."
        )
    return None


def size_of_tree(path: str, failures: list[Failure]) -> tuple[int, int]:
    """Return (size in bytes, newest modification in nanoseconds) of all files below a directory."""
    size_bytes = newest_ns = 0
    folders = [path]
    while folders:
        for entry in list_entries(folders.pop(), failures):
            status = stat_entry(entry, failures)
            if status is not None and S_ISDIR(status.st_mode):
                folders += [] if entry.is_symlink() else [entry.path]
            elif status is not None:
                size_bytes += status.st_size
                newest_ns = max(newest_ns, modified_ns(status))
    return size_bytes, newest_ns
