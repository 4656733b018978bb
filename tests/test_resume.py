"""Continuing a run: batches are cut where they were, and what is finished is not parsed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from mediacensus.entries import parse_batch
from mediacensus.failures import FailureLog
from mediacensus.manifest import WalkLog, iter_batches, iter_manifest
from mediacensus.model import Batch, Directory
from mediacensus.partition import PIECE_FILES, BatchBounds
from mediacensus.progress import Progress
from mediacensus.resume import find_summary
from tests.trees import companions, media

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def _library(folders: Iterable[int]) -> list[Directory]:
    return [
        Directory("/r", f"/r/{number:03}", media(*(f"{number} {each}.mkv" for each in range(number % 4 + 1))))
        for number in folders
    ]


def _attempt(snapshot: Path, library: list[Directory], stop_after: int | None = None) -> tuple[int, int]:
    """Walk and parse what is not finished; return how many batches were parsed and how many taken over."""
    parsed = taken_over = 0
    with FailureLog(snapshot / "failures" / "walk.parquet") as failures:
        for batch in iter_batches(library, snapshot, BatchBounds(10, 10), WalkLog(failures, Progress())):
            if stop_after is not None and parsed >= stop_after:
                return parsed, taken_over
            if find_summary(snapshot, batch) is None:
                parse_batch(batch, snapshot)
                parsed += 1
            else:
                taken_over += 1
    return parsed, taken_over


def _paths(snapshot: Path) -> list[str]:
    table = pq.read_table(snapshot / "entries", columns=["path"])
    return sorted(table.column("path").to_pylist())


def _expected(library: list[Directory]) -> list[str]:
    return sorted(f"{each.path}/{file.name}" for each in library for file in each.media)


def test_finished_batches_are_taken_over(tmp_path: Path) -> None:
    """Of a run that ended after three batches, three are not parsed again and the others are."""
    library = _library(range(40))
    assert _attempt(tmp_path, library, stop_after=3) == (3, 0)
    parsed, taken_over = _attempt(tmp_path, library)
    assert (taken_over, parsed) == (3, 7)
    assert _attempt(tmp_path, library) == (0, 10)
    assert _paths(tmp_path) == _expected(library)


def test_a_change_costs_the_batch_it_is_in(tmp_path: Path) -> None:
    """A folder that came, went or changed meanwhile has its own batch parsed again, and none far from it."""
    _attempt(tmp_path, _library(range(80)))
    changed = [each for each in _library(range(80)) if each.path != "/r/010"]
    changed.insert(40, Directory("/r", "/r/039b", media("new.mkv")))
    changed[60] = Directory("/r", changed[60].path, media("renamed.mkv"))
    parsed, taken_over = _attempt(tmp_path, changed)
    assert parsed <= 6
    assert taken_over >= 15
    assert _paths(tmp_path) == _expected(changed)


@settings(max_examples=25)
@given(
    before=st.sets(st.integers(0, 60)),
    after=st.sets(st.integers(0, 60)),
    stops=st.lists(st.integers(0, 3), max_size=3),
)
def test_no_row_is_lost_or_doubled(
    tmp_path_factory: object, before: set[int], after: set[int], stops: list[int]
) -> None:
    """However often a run is stopped and whatever changes between, the entries are those of the last walk."""
    snapshot: Path = tmp_path_factory.mktemp("snapshot")  # type: ignore[attr-defined]
    for stop in stops:
        _attempt(snapshot, _library(sorted(before)), stop_after=stop)
    library = _library(sorted(after))
    _attempt(snapshot, library)
    if library:
        assert _paths(snapshot) == _expected(library)


def _whole_batch(snapshot: Path, *directories: Directory) -> Batch:
    with FailureLog(snapshot / "failures" / "walk.parquet") as failures:
        log = WalkLog(failures, Progress())
        (batch,) = iter_batches(directories, snapshot, BatchBounds(10**6), log)
    return batch


def test_halves_of_a_batch_are_parsed_apart(tmp_path: Path) -> None:
    """Two halves have all media files once, each beside its companions, in parts of their own."""
    first = Directory("/r", "/r/a", media("1.mkv", "2.mkv", "3.mkv"), companions("3.srt", owner="3.mkv"))
    batch = _whole_batch(tmp_path, first, Directory("/r", "/r/b", media("4.mkv", "5.mkv")))
    halves = batch.halves()
    assert [[file.name for each in iter_manifest(half) for file in each.media] for half in halves] == [
        ["1.mkv", "2.mkv"],
        ["3.mkv", "4.mkv", "5.mkv"],
    ]
    for half in halves:
        parse_batch(half, tmp_path)
    rows = pq.read_table(tmp_path / "entries").to_pylist()
    assert {row["path"]: len(row["companions"]) for row in rows} == {
        "/r/a/1.mkv": 0,
        "/r/a/2.mkv": 0,
        "/r/a/3.mkv": 1,
        "/r/b/4.mkv": 0,
        "/r/b/5.mkv": 0,
    }


def test_what_was_parsed_by_halves_is_parsed_anew(tmp_path: Path) -> None:
    """Pieces of a batch that a stopped run left are not taken for a finished batch, nor left beside it."""
    library = _library([3])
    batch = _whole_batch(tmp_path, *library)
    parse_batch(batch.halves()[0], tmp_path)
    assert _attempt(tmp_path, library) == (1, 0)
    assert _paths(tmp_path) == _expected(library)


def test_a_very_large_directory_comes_back_in_pieces(tmp_path: Path) -> None:
    """A worker never holds all names of a very large directory, and gets each of them once."""
    names = [f"{number:05}.mkv" for number in range(2 * PIECE_FILES + 5)]
    subtitles = companions(f"{names[0]}.srt", owner=names[0])
    batch = _whole_batch(tmp_path, Directory("/r", "/r/d", media(*names), subtitles))
    pieces = list(iter_manifest(batch))
    assert [len(each.media) for each in pieces] == [PIECE_FILES, PIECE_FILES, 5]
    assert [file.name for each in pieces for file in each.media] == names
