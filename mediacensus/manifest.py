"""The manifest: what a walk saw, written to disk as it walks, one pair of parts a batch."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import replace
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from mediacensus import schema
from mediacensus.measure import iter_timed
from mediacensus.model import Batch, Companion, Directory, Failure, MediaFile
from mediacensus.names import as_bytes, readable
from mediacensus.partition import PIECE_FILES, BatchBounds, Extent, iter_pieces
from mediacensus.parts import PartWriter, iter_rows
from mediacensus.resume import RecordedBatch, RecordedBatches, note_batch
from mediacensus.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mediacensus.failures import FailureLog
    from mediacensus.progress import Progress
    from mediacensus.walk import Found

_MEDIA, _DISC = "media", "disc"
_MEDIA_KINDS = frozenset({_MEDIA, _DISC})


def iter_batches(
    found: Iterable[Found], snapshot: Path, bounds: BatchBounds, log: WalkLog
) -> Iterator[Batch]:
    """Write what a walk finds below ``snapshot`` and yield each batch as soon as its part is complete.

    In a snapshot that an earlier attempt has begun, batches are cut where it cut them, and one with nothing
    new in it is the one it was.

    Args:
        found: the walk's directories and failures.
        snapshot: the folder of the snapshot being made.
        bounds: how large a batch is.
        log: counts directories, and takes failures.
    """
    recorded = RecordedBatches(snapshot)
    signed = map(_Signed.of, iter_pieces(log.iter_directories(found)))
    for _, group in groupby(_iter_numbered(signed, bounds, recorded), key=itemgetter(0)):
        yield _write_batch(snapshot, map(itemgetter(1), group), recorded)
    recorded.remove_unused()


class _Signed(NamedTuple):
    """A directory with what tells whether it is the same as in an earlier walk."""

    directory: Directory
    signature: str
    start: str

    @classmethod
    def of(cls, directory: Directory) -> _Signed:
        """Sign a directory."""
        signature = _signature_of(directory)
        start = blake2b(f"{directory.path}\0{signature}".encode(errors="surrogateescape"), digest_size=16)
        return cls(directory, signature, start.hexdigest())


def _iter_numbered(
    signed: Iterable[_Signed], bounds: BatchBounds, recorded: RecordedBatches
) -> Iterator[tuple[int, _Signed]]:
    """Yield directories with the number of the batch they fall into: a bounded one, or one known before."""
    number = directories = 0
    known: RecordedBatch | None = None
    batch, seen = Extent(), Extent()
    for each in signed:
        if directories:
            is_over = directories >= known.directories if known else bounds.is_full(batch, seen)
            if is_over or recorded.begun_by(each.start):
                number, directories, batch = number + 1, 0, Extent()
        if not directories:
            known = recorded.begun_by(each.start)
        directories += 1
        extent = Extent.of(each.directory)
        batch.add(extent)
        seen.add(extent)
        yield number, each


class WalkLog:
    """Stands in the stream of a walk: failures go to the log, directories are counted and passed on."""

    def __init__(self, failures: FailureLog, progress: Progress) -> None:
        self._failures = failures
        self._progress = progress

    def iter_directories(self, found: Iterable[Found]) -> Iterator[Directory]:
        """Yield the directories of a walk."""
        for each, seconds in iter_timed(found):
            if isinstance(each, Failure):
                self._failures.record(each)
                self._progress.count_failure(each)
            else:
                self._progress.count_directory(each, seconds)
                yield each


def _write_batch(snapshot: Path, group: Iterator[_Signed], recorded: RecordedBatches) -> Batch:
    """Write one batch's parts as a stream. They get their id, and so their names, when all is known."""
    digest, media_files, directories, first = blake2b(digest_size=16), 0, 0, None
    with ExitStack() as stack:
        rows, files = (
            stack.enter_context(PartWriter(snapshot / TABLES[name].folder / "part-new.parquet", columns))
            for name, columns in (("directories", schema.DIRECTORIES), ("files", schema.FILES))
        )
        for each in group:
            first = first or each
            row = _directory_row(each)
            rows.write(row)
            files.write_all(_iter_file_rows(each.directory))
            digest.update(repr(row).encode())
            media_files += len(each.directory.media)
            directories += 1
        assert first is not None  # noqa: S101 - groups are never empty
        batch_id = recorded.id_of(first.start, digest.hexdigest())
        for part in (rows, files):
            part.path = part.path.with_name(f"part-{batch_id:05}.parquet")
        note_batch(rows, RecordedBatch(batch_id, first.start, directories, digest.hexdigest()))
    return Batch(
        batch_id=batch_id,
        manifest_path=str(files.path),
        first_file=0,
        media_files=media_files,
        first_directory=readable(first.directory.path),
        digest=digest.hexdigest(),
    )


def _signature_of(directory: Directory) -> str:
    """Return what changes with the names, sizes and ages of a directory's files."""
    signature = blake2b(digest_size=16)
    listed: list[MediaFile | Companion] = [*directory.media, *directory.companions]
    text = "".join(f"{each.name}\0{each.size_bytes}\0{each.modified_ns}\0" for each in listed)
    signature.update(text.encode(errors="surrogateescape"))
    return signature.hexdigest()


def _directory_row(signed: _Signed) -> tuple[Any, ...]:
    directory = signed.directory
    listed: list[MediaFile | Companion] = [*directory.media, *directory.companions]
    return (
        readable(directory.path),
        as_bytes(directory.path),
        signed.signature,
        len(directory.media),
        len(directory.companions),
        directory.other_files,
        directory.pruned,
        sum(each.size_bytes for each in listed),
    )


def _iter_file_rows(directory: Directory) -> Iterator[tuple[Any, ...]]:
    where = (as_bytes(directory.root), as_bytes(directory.path))
    for file in directory.media:
        kind = _DISC if file.is_disc else _MEDIA
        yield (*where, as_bytes(file.name), kind, None, file.size_bytes, file.modified_ns)
    for each in directory.companions:
        owner = None if each.owner is None else as_bytes(each.owner)
        yield (*where, as_bytes(each.name), each.kind, owner, each.size_bytes, each.modified_ns)


def iter_manifest(batch: Batch) -> Iterator[Directory]:
    """Yield the directories of one batch as the walk saw them, without their counts of other files.

    Of a part of a batch, only its media files are there; companions are there with their directory.
    """
    last = batch.first_file + batch.media_files
    position = 0
    for directory in _iter_directories(Path(batch.manifest_path)):
        begin, position = position, position + len(directory.media)
        if batch.is_whole:
            yield directory
        elif begin < last and position > batch.first_file:
            media = directory.media[max(batch.first_file - begin, 0) : last - begin]
            yield replace(directory, media=media)


def _iter_directories(part: Path) -> Iterator[Directory]:
    """Yield the directories of a part; what was written in pieces comes in pieces."""
    for (root, path), siblings in groupby(iter_rows(part), key=itemgetter(0, 1)):
        where = os.fsdecode(root), os.fsdecode(path)
        media: list[MediaFile] = []
        companions: list[Companion] = []
        for _, _, name_bytes, kind, owner, size_bytes, modified_ns in siblings:
            name = os.fsdecode(name_bytes)
            if kind not in _MEDIA_KINDS:
                owner_name = None if owner is None else os.fsdecode(owner)
                companions.append(Companion(name, kind, size_bytes, modified_ns, owner_name))
                continue
            if companions or len(media) == PIECE_FILES:  # a piece ends with its companions
                yield Directory(*where, tuple(media), tuple(companions))
                media, companions = [], []
            media.append(MediaFile(name, size_bytes, modified_ns, kind == _DISC))
        yield Directory(*where, tuple(media), tuple(companions))
