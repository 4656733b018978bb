"""The manifest: what the walk saw, on disk."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mediacensus.failures import FailureLog
from mediacensus.manifest import WalkLog, iter_batches, iter_manifest
from mediacensus.model import Batch, Companion, Directory, Failure, FailureKind, MediaFile
from mediacensus.partition import BatchBounds
from mediacensus.parts import iter_rows
from mediacensus.progress import Progress
from tests.trees import companions, media

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from mediacensus.walk import Found

_ODD = os.fsdecode(b"caf\xe9")


def _batches(folder: Path, found: Iterable[Found], files: int = 2_000) -> list[Batch]:
    with FailureLog(folder / "failures" / "walk.parquet") as failures:
        return list(iter_batches(found, folder, BatchBounds(files, files), WalkLog(failures, Progress())))


def _directory(path: str = "/r/d", **counts: int) -> Directory:
    return Directory("/r", path, media("a.mkv", "b.mkv"), companions("a.srt", owner="a.mkv"), **counts)


def test_directories_come_back_as_the_walk_saw_them(tmp_path: Path) -> None:
    """Names, sizes, ages, owners and the bytes of every path survive; only counts of other files do not."""
    directories = [
        Directory("/r", "/r", (MediaFile("Disc", 9, -5, is_disc=True),)),
        Directory("/r", f"/r/{_ODD}", media(f"{_ODD}.mkv", size=2**40), (Companion(_ODD, "audio", 3, 4),)),
        _directory("/r/d\ne"),
        Directory("/other", "/other/x", (), companions("tvshow.nfo", kind="metadata")),
    ]
    (batch,) = _batches(tmp_path, directories)
    assert list(iter_manifest(batch)) == directories


def test_a_batch_tells_where_its_rows_are(tmp_path: Path) -> None:
    """A batch is a path, a range of rows and counts: never a list of files."""
    found = [_directory(f"/r/{_ODD}"), _directory("/r/2"), _directory("/r/3")]
    first, second = _batches(tmp_path, found, files=4)
    assert first == Batch(
        batch_id=0,
        manifest_path=str(tmp_path / "manifest/files/part-00000.parquet"),
        first_file=0,
        media_files=4,
        first_directory=r"/r/caf\xe9",
        digest=first.digest,
    )
    assert (second.batch_id, second.first_file, second.media_files) == (1, 0, 2)
    assert len({first.digest, second.digest, ""}) == 3
    assert [each.path for each in iter_manifest(second)] == ["/r/3"]


def test_a_batch_is_yielded_when_its_part_is_complete(tmp_path: Path) -> None:
    """Whoever gets a batch can read it at once, while the walk goes on."""
    with FailureLog(tmp_path / "walk.parquet") as failures:
        log = WalkLog(failures, Progress())
        found = (_directory(f"/r/{number}") for number in range(3))
        batches = iter_batches(found, tmp_path, BatchBounds(1, 1), log)
        seen = [[each.path for each in iter_manifest(batch)] for batch in batches]
    assert seen == [["/r/0"], ["/r/1"], ["/r/2"]]


def test_failures_of_the_walk_are_rows_and_counted(tmp_path: Path) -> None:
    """Failures and directories go apart; notices and failures are counted apart."""
    progress = Progress()
    found: list[Found] = [
        Failure(FailureKind.UNREADABLE_DIRECTORY, "/r/x", "no"),
        _directory(other_files=3, pruned=2),
        Failure(FailureKind.SYMLINK_LOOP, "/r/y", "loop"),
    ]
    with FailureLog(tmp_path / "walk.parquet") as failures:
        (batch,) = iter_batches(found, tmp_path, BatchBounds(), WalkLog(failures, progress))
    assert [row[0] for row in iter_rows(tmp_path / "walk.parquet")] == ["/r/x", "/r/y"]
    assert (failures.failures, progress.failures, progress.notices) == (1, 1, 1)
    assert (progress.directories, progress.media_files, progress.files) == (1, 2, 6)
    assert batch.media_files == 2


def test_a_directorys_row_sums_it_up(tmp_path: Path) -> None:
    """Counts, size and the bytes of the path stand in the table of directories."""
    _batches(tmp_path, [Directory("/r", f"/r/{_ODD}", media("a.mkv", size=5), companions("a.srt"), 3, 4)])
    (row,) = iter_rows(tmp_path / "manifest/directories/part-00000.parquet")
    path, path_bytes, _, *counts = row
    assert (path, path_bytes) == (r"/r/caf\xe9", b"/r/caf\xe9")
    assert counts == [1, 1, 3, 4, 6]


def test_a_signature_changes_with_names_sizes_and_ages(tmp_path: Path) -> None:
    """Directories with the same files have the same signature, any difference makes another."""
    variants = [
        (MediaFile("a", 1, 1), MediaFile("b", 1, 1)),
        (MediaFile("a", 1, 1), MediaFile("c", 1, 1)),
        (MediaFile("a", 2, 1), MediaFile("b", 1, 1)),
        (MediaFile("a", 1, 2), MediaFile("b", 1, 1)),
        (MediaFile("a", 1, 1),),
        (),
    ]
    found = [Directory("/r", f"/r/{number}", files) for number, files in enumerate((*variants, *variants))]
    _batches(tmp_path, found)
    signatures = [row[2] for row in iter_rows(tmp_path / "manifest/directories/part-00000.parquet")]
    assert signatures[: len(variants)] == signatures[len(variants) :]
    assert len(set(signatures)) == len(variants)


def test_directories_without_files_are_rows_of_their_own_table_only(tmp_path: Path) -> None:
    """A directory of nothing but other files is in the manifest, and no work of a batch."""
    (batch,) = _batches(tmp_path, [Directory("/r", "/r/x", other_files=2)])
    assert (batch.media_files, list(iter_manifest(batch))) == (0, [])
    assert [row[5] for row in iter_rows(tmp_path / "manifest/directories/part-00000.parquet")] == [2]


def test_folders_of_one_file_are_joined(tmp_path: Path) -> None:
    """Very many folders with a file each make few batches, each read back whole and in order."""
    found = [Directory("/r", f"/r/{number:05}", media(f"{number}.mkv")) for number in range(5_000)]
    with FailureLog(tmp_path / "failures" / "walk.parquet") as failures:
        batches = list(iter_batches(found, tmp_path, BatchBounds(200), WalkLog(failures, Progress())))
    assert len(batches) < 40
    assert [each for batch in batches for each in iter_manifest(batch)] == found


def test_a_very_large_folder_is_several_batches(tmp_path: Path) -> None:
    """One folder of 20,000 files is split, and every file is in one batch."""
    names = [f"{number:05}.mkv" for number in range(20_000)]
    (one, *others) = _batches(tmp_path, [Directory("/r", "/r/d", media(*names))], files=8_000)
    assert [batch.media_files for batch in (one, *others)] == [8_192, 8_192, 3_616]
    found = [file.name for batch in (one, *others) for each in iter_manifest(batch) for file in each.media]
    assert found == names
