"""The walk: what is on disk, directory by directory, lazily, without opening a file.

One listing a directory; a ``stat`` only for media and companions, whose size and age the listing
does not give. Names are ``str`` with surrogate escapes, so every byte of the disk survives.
"""

from __future__ import annotations

import os
from collections import deque
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from stat import S_ISREG
from typing import TYPE_CHECKING, TypeAlias

from mediacensus import ignore
from mediacensus.companions import SUBTITLE_FOLDERS, match_companions
from mediacensus.errors import ParameterError
from mediacensus.extensions import COMPANION_KINDS, EVERY_FILE, MEDIA_EXTENSIONS, extension_of
from mediacensus.links import FollowedLinks
from mediacensus.listing import (
    encoding_failure,
    failure_of,
    list_entries,
    modified_ns,
    size_of_tree,
    stat_entry,
)
from mediacensus.lookahead import DirectLister, ListEntries, Lister, LookAhead
from mediacensus.model import Companion, Directory, Failure, FailureKind, MediaFile
from mediacensus.storage import choose_concurrency, group_by_device

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Found: TypeAlias = Directory | Failure
"""What a walk yields: a directory's contents, or a problem met on the way."""

MEDIA = "media"
"""The kind of a file that is one; those of companions stand in ``COMPANION_KINDS``."""
_DISC_FOLDERS = frozenset({"BDMV", "VIDEO_TS", "HVDVD_TS"})
_DISC_SIDE_FOLDERS = frozenset({"ANY!", "AUDIO_TS", "CERTIFICATE", "JACKET_P"})
"""Stand beside a disc's own folder and hold no work of their own."""
_Folder: TypeAlias = tuple[str, ignore.IgnoreRules]
"""A folder to list, and the rules in force there."""
_SUBTITLE_FOLDER_DEPTH = 2
"""``Subs/English.srt`` and ``Subs/Show.S01E01/English.srt``; nobody nests deeper."""


@dataclass(frozen=True, slots=True)
class WalkRules:
    """What counts as media, and what a walk leaves out."""

    media_extensions: frozenset[str] = MEDIA_EXTENSIONS
    """Lower case, without the dot; ``EVERY_FILE`` takes all that is not a companion."""
    ignore_patterns: tuple[str, ...] = ()
    """Gitignore lines, relative to each root."""

    @classmethod
    def chosen(cls, media_extensions: Iterable[str] | None, ignore_patterns: Iterable[str]) -> WalkRules:
        """Return the rules that people's choices make: extensions in any case, with a dot or without.

        Raises:
            ParameterError: an extension is empty, or a line is no gitignore pattern.
        """
        patterns = tuple(ignore_patterns)
        if faulty := ignore.find_faulty_patterns(patterns):
            raise ParameterError(f"{faulty[0]!r} is no gitignore pattern. Correct it or leave it out.")
        if media_extensions is None:
            return cls(ignore_patterns=patterns)
        extensions = frozenset(each.strip().lstrip(".").lower() for each in media_extensions)
        if "" in extensions:
            raise ParameterError("An extension is empty: every file without one would count as media.")
        return cls(extensions, patterns)

    def kind_of(self, name: str) -> str | None:
        """Return ``MEDIA``, the kind of a companion, or None, by a file's name."""
        extension = extension_of(name)
        if extension in self.media_extensions:
            return MEDIA
        return COMPANION_KINDS.get(extension) or (MEDIA if self.media_extensions == EVERY_FILE else None)


@dataclass(slots=True)
class _Listing:
    """The contents of one directory while they are being sorted out."""

    path: str
    rules: ignore.IgnoreRules
    folders: list[_Folder] = field(default_factory=list)
    subtitle_folders: list[_Folder] = field(default_factory=list)
    disc_folders: list[str] = field(default_factory=list)
    """Those of a disc that lies open here: ``VIDEO_TS`` and what stands beside it."""
    media: list[MediaFile] = field(default_factory=list)
    companions: list[Companion] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    other_files: int = 0
    pruned: int = 0

    def add_side_folders(self) -> None:
        """Make the folders that belong beside a disc's own part of the disc."""
        if self.disc_folders:
            beside = [folder for folder in self.folders if _is_side_folder(folder)]
            self.disc_folders += [path for path, _ in beside]
            self.folders = [folder for folder in self.folders if folder not in beside]

    def is_empty(self) -> bool:
        """Tell whether there is nothing to report of this directory itself."""
        return not (self.media or self.companions or self.other_files or self.pruned)


def iter_library(
    roots: Iterable[str],
    rules: WalkRules | None = None,
    *,
    concurrency: int | None = None,
    list_entries: ListEntries = list_entries,
) -> Iterator[Found]:
    """Walk roots depth first, in name order, and yield each directory and each problem as it is met.

    Roots on one device are walked one after the other. Where a device is slow, the devices are walked side
    by side, a directory of each in turn, so that the order is the same each time.

    Args:
        roots: absolute paths of directories; none inside another.
        rules: what counts as media and what is left out.
        concurrency: how many listings each device takes at once; by default as its storage can.
        list_entries: lists one directory.

    A directory that holds nothing at all but folders is not yielded.
    """
    roots, rules = tuple(roots), rules or WalkRules()
    links = FollowedLinks(roots)
    limits = {root: concurrency or choose_concurrency(root) for root in roots}
    if max(limits.values(), default=1) == 1:
        walker = _Walker(rules, links, DirectLister(list_entries))
        yield from chain.from_iterable(map(walker.iter_root, roots))
        return
    with ExitStack() as stack:
        walks = []
        for group in group_by_device(roots):
            limit = max(limits[root] for root in group)
            lister = stack.enter_context(LookAhead(limit, partial(_foresee, rules), list_entries))
            walks.append(chain.from_iterable(map(_Walker(rules, links, lister).iter_root, group)))
        yield from _iter_in_turn(walks)


def _iter_in_turn(walks: Iterable[Iterator[Found]]) -> Iterator[Found]:
    """Yield one value of each walk in turn, until all are over."""
    under_way = deque(walks)
    while under_way:
        walk = under_way.popleft()
        try:
            yield next(walk)
        except StopIteration:
            continue
        under_way.append(walk)


def _foresee(rules: WalkRules, entries: list[os.DirEntry[str]]) -> list[str]:
    """Fetch what a walk will ask of a folder's entries, and return the folders it will most likely enter.

    A listing keeps the status of its entries once it has been asked for, but not errors: those are met
    again by the walk, which records them.
    """
    folders: list[str] = []
    for entry in entries:
        with suppress(OSError):
            if not entry.is_dir():
                if rules.kind_of(entry.name) or entry.is_symlink():
                    entry.stat()
            elif not (entry.is_symlink() or is_left_out(entry.name)):
                folders.append(entry.path)
    return [] if any(entry.name in ignore.IGNORE_FILES for entry in entries) else folders


def is_left_out(name: str) -> bool:
    """Tell whether a folder is never walked into as such, by its name alone: junk, or a disc's own."""
    return ignore.is_junk_directory(name) or name.upper() in _DISC_FOLDERS


class _Walker:
    """One walk over several roots, which share the memory of links already followed."""

    def __init__(self, rules: WalkRules, links: FollowedLinks, lister: Lister) -> None:
        self.rules = rules
        self.links = links
        self.lister = lister

    def iter_root(self, root: str) -> Iterator[Found]:
        """Walk one root with an explicit stack: libraries can be deeper than Python's recursion."""
        stack = [(root, ignore.IgnoreRules.from_patterns(root, self.rules.ignore_patterns))]
        while stack:
            listing = self.list_directory(*stack.pop())
            if listing.disc_folders:
                yield _disc_entry(root, listing)
            yield from listing.failures
            if not listing.is_empty():
                yield _freeze(root, listing)
            stack.extend(reversed(listing.folders))

    def list_directory(self, path: str, rules: ignore.IgnoreRules) -> _Listing:
        """List and sort out one directory, its subtitle folders taken in."""
        listing = self.sort_out(path, rules)
        for folder in listing.subtitle_folders:
            self.add_subtitles(listing, folder, _SUBTITLE_FOLDER_DEPTH)
        folders = [folder for folder, _ in listing.folders]
        self.lister.settle(path, folders, is_plain=not listing.rules.specs)
        return listing

    def sort_out(self, path: str, rules: ignore.IgnoreRules) -> _Listing:
        """List one directory and put each entry where it belongs."""
        entries, failures = self.lister.list_folder(path)
        listing = _Listing(path, rules, failures=failures)
        if self.read_ignore_files(listing, {entry.name for entry in entries}):
            for entry in entries:
                self.sort_entry(listing, entry)
        else:
            listing.pruned = len(entries)
        listing.add_side_folders()
        return listing

    def read_ignore_files(self, listing: _Listing, names: set[str]) -> bool:
        """Add the directory's own ignore files to its rules. False: the whole directory is left out."""
        if names.isdisjoint(ignore.IGNORE_FILES):
            return True
        if ".nomedia" in names:
            return False
        for name in sorted(names & ignore.PATTERN_FILES):
            path = os.path.join(listing.path, name)
            try:
                lines = ignore.read_ignore_file(path)
            except OSError as error:
                listing.failures.append(_ignore_failure(path, error.strerror or str(error)))
                continue
            if name == ".ignore" and not any(map(str.strip, lines)):
                return False
            faulty = ignore.find_faulty_patterns(lines)
            listing.failures += [_ignore_failure(path, f"{line!r} is no pattern") for line in faulty]
            patterns = [line for line in lines if line not in faulty]
            listing.rules = listing.rules.with_patterns(listing.path, patterns)
        return True

    def sort_entry(self, listing: _Listing, entry: os.DirEntry[str]) -> None:
        """Put one entry where it belongs: pruned, a folder to descend into, or a file."""
        problem = None if entry.name.isascii() else encoding_failure(entry.name, entry.path)
        try:
            is_directory, is_reachable = entry.is_dir(), True
        except OSError as error:
            is_directory, is_reachable = False, False
            problem = failure_of(entry.path, error)
        is_junk = ignore.is_junk_directory if is_directory else ignore.is_junk_file
        if is_junk(entry.name) or listing.rules.is_ignored(entry.path, is_directory=is_directory):
            listing.pruned += 1
            return
        if problem is not None:
            listing.failures.append(problem)
        if is_directory:
            self.sort_folder(listing, entry)
        elif is_reachable:
            self.sort_file(listing, entry)

    def sort_folder(self, listing: _Listing, entry: os.DirEntry[str]) -> None:
        """Queue a folder, unless it is a disc's own, holds subtitles, or is reached in another way."""
        if (problem := self.links.check(entry)) is not None:
            listing.failures.append(problem)
        elif entry.name.upper() in _DISC_FOLDERS:
            listing.disc_folders.append(entry.path)
        elif entry.name.lower() in SUBTITLE_FOLDERS:
            listing.subtitle_folders.append((entry.path, listing.rules))
        else:
            listing.folders.append((entry.path, listing.rules))

    def sort_file(self, listing: _Listing, entry: os.DirEntry[str]) -> None:
        """Count a file as media, as a companion, or as something else."""
        kind = self.rules.kind_of(entry.name)
        if kind is None and not entry.is_symlink():
            listing.other_files += 1
            return
        status = stat_entry(entry, listing.failures)
        if status is None:
            return
        if kind is None or not S_ISREG(status.st_mode):
            listing.other_files += 1
        elif kind is MEDIA:
            listing.media.append(MediaFile(entry.name, status.st_size, modified_ns(status)))
        else:
            listing.companions.append(Companion(entry.name, kind, status.st_size, modified_ns(status)))

    def add_subtitles(self, listing: _Listing, folder: _Folder, levels: int) -> None:
        """Add a subtitle folder's files to its parent's companions.

        One that holds media, or lies deeper than ``levels``, is walked as any other.
        """
        inner = self.sort_out(*folder) if levels else None
        if inner is None or inner.media or inner.disc_folders:
            listing.folders.append(folder)
            return
        prefix = os.path.relpath(inner.path, listing.path)
        listing.companions += [replace(each, name=f"{prefix}/{each.name}") for each in inner.companions]
        listing.failures += inner.failures
        listing.other_files += inner.other_files
        listing.pruned += inner.pruned
        for each in (*inner.subtitle_folders, *inner.folders):
            self.add_subtitles(listing, each, levels - 1)
        self.lister.settle(inner.path, (), is_plain=False)


def _is_side_folder(folder: _Folder) -> bool:
    return os.path.basename(folder[0]).upper() in _DISC_SIDE_FOLDERS


def _ignore_failure(path: str, reason: str) -> Failure:
    message = f"{reason}; what it leaves out is in the census"
    return Failure(FailureKind.UNREADABLE_IGNORE_FILE, path, message)


def _freeze(root: str, listing: _Listing) -> Directory:
    """Return a listing as a value, its companions put beside their media."""
    return Directory(
        root=root,
        path=listing.path,
        media=tuple(listing.media),
        companions=match_companions(listing.media, listing.companions),
        other_files=listing.other_files,
        pruned=listing.pruned,
    )


def _disc_entry(root: str, listing: _Listing) -> Directory:
    """Return a disc folder as one media file, as large as the disc's own folders are together."""
    trees = [size_of_tree(folder, listing.failures) for folder in listing.disc_folders]
    parent, name = os.path.split(listing.path)
    disc = MediaFile(name, sum(size for size, _ in trees), max(newest for _, newest in trees), is_disc=True)
    return Directory(root, parent, (disc,))
