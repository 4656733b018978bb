"""The manifest: what a walk saw, written to disk as it walks, one pair of parts a batch."""

from __future__ import annotations

import os
from hashlib import blake2b
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mediacensus import schema
from mediacensus.model import Batch, Companion, Directory, Failure, MediaFile
from mediacensus.names import readable
from mediacensus.partition import BatchBounds, iter_groups
from mediacensus.parts import PartWriter, iter_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mediacensus.failures import FailureLog
    from mediacensus.progress import Progress
    from mediacensus.walk import Found

_MEDIA, _DISC = "media", "disc"


def iter_batches(
    found: Iterable[Found], snapshot: Path, bounds: BatchBounds, log: WalkLog
) -> Iterator[Batch]:
    """Write what a walk finds below ``snapshot`` and yield each batch as soon as its part is complete.

    Args:
        found: the walk's directories and failures.
        snapshot: the folder of the snapshot being made.
        bounds: how large a batch is.
        log: counts directories, and takes failures.
    """
    for batch_id, group in enumerate(iter_groups(log.iter_directories(found), bounds)):
        yield _write_batch(snapshot, batch_id, group)


class WalkLog:
    """Stands in the stream of a walk: failures go to the log, directories are counted and passed on."""

    def __init__(self, failures: FailureLog, progress: Progress) -> None:
        self._failures = failures
        self._progress = progress

    def iter_directories(self, found: Iterable[Found]) -> Iterator[Directory]:
        """Yield the directories of a walk."""
        for each in found:
            if isinstance(each, Failure):
                self._failures.record(each)
                self._progress.count_failure(each)
            else:
                self._progress.count_directory(each)
                yield each


def _write_batch(snapshot: Path, batch_id: int, group: list[Directory]) -> Batch:
    part = f"part-{batch_id:05}.parquet"
    with PartWriter(snapshot / schema.TABLES["directories"].folder / part, schema.DIRECTORIES) as directories:
        for directory in group:
            directories.write(_directory_row(directory))
    with PartWriter(snapshot / schema.TABLES["files"].folder / part, schema.FILES) as files:
        for directory in group:
            for row in _iter_file_rows(directory):
                files.write(row)
    return Batch(
        batch_id=batch_id,
        manifest_path=str(files.path),
        first_row=0,
        rows=files.rows_written,
        media_files=sum(len(directory.media) for directory in group),
        first_directory=readable(group[0].path),
    )


def _directory_row(directory: Directory) -> tuple[Any, ...]:
    listed: list[MediaFile | Companion] = [*directory.media, *directory.companions]
    signature = blake2b(digest_size=16)
    for each in listed:
        signature.update(
            f"{each.name}\0{each.size_bytes}\0{each.modified_ns}\0".encode(errors="surrogateescape")
        )
    return (
        readable(directory.path),
        os.fsencode(directory.path),
        signature.hexdigest(),
        len(directory.media),
        len(directory.companions),
        directory.other_files,
        directory.pruned,
        sum(each.size_bytes for each in listed),
    )


def _iter_file_rows(directory: Directory) -> Iterator[tuple[Any, ...]]:
    where = (os.fsencode(directory.root), os.fsencode(directory.path))
    for file in directory.media:
        kind = _DISC if file.is_disc else _MEDIA
        yield (*where, os.fsencode(file.name), kind, None, file.size_bytes, file.modified_ns)
    for each in directory.companions:
        owner = None if each.owner is None else os.fsencode(each.owner)
        yield (*where, os.fsencode(each.name), each.kind, owner, each.size_bytes, each.modified_ns)


def iter_manifest(batch: Batch) -> Iterator[Directory]:
    """Yield the directories of one batch as the walk saw them, without their counts of other files."""
    rows = iter_rows(Path(batch.manifest_path), batch.first_row, batch.rows)
    for (root, path), siblings in groupby(rows, key=lambda row: (row[0], row[1])):
        media: list[MediaFile] = []
        companions: list[Companion] = []
        for _, _, name_bytes, kind, owner, size_bytes, modified_ns in siblings:
            name = os.fsdecode(name_bytes)
            if kind in {_MEDIA, _DISC}:
                media.append(MediaFile(name, size_bytes, modified_ns, is_disc=kind == _DISC))
            else:
                owner_name = None if owner is None else os.fsdecode(owner)
                companions.append(Companion(name, kind, size_bytes, modified_ns, owner_name))
        yield Directory(os.fsdecode(root), os.fsdecode(path), tuple(media), tuple(companions))
