"""From the manifest to entries."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NoReturn

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mediacensus import schema
from mediacensus.entries import NOT_LOOKED_UP, iter_releases, parse_batch
from mediacensus.failures import FailureLog
from mediacensus.manifest import WalkLog, iter_batches
from mediacensus.model import Batch, Companion, Directory, MediaFile
from mediacensus.partition import BatchBounds
from mediacensus.parts import iter_rows
from mediacensus.progress import Progress
from tests.trees import companions, media

_ODD = os.fsdecode(b"caf\xe9")


def _batch(folder: Path, *directories: Directory) -> Batch:
    with FailureLog(folder / "walk.parquet") as failures:
        log = WalkLog(failures, Progress())
        return next(iter_batches(directories, folder, BatchBounds(), log))


def _entries(folder: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(folder / "entries/part-00000.parquet").to_pylist()
    return rows


def test_an_entry_tells_where_a_file_is_and_what_its_name_says(tmp_path: Path) -> None:
    """Place, size and age are the disk's; what is not known is null, and TMDB was not asked."""
    file = MediaFile("Harbour.Lights.S02E05.720p.HDTV.x264-GRP.mkv", 7, 1_500_000_000_123_456_789)
    summary = parse_batch(_batch(tmp_path, Directory("/r", f"/r/{_ODD}", (file,))), tmp_path)
    (entry,) = _entries(tmp_path)
    assert {
        name: entry[name] for name in ("path", "path_bytes", "root", "size_bytes", "is_disc", "batch_id")
    } == {
        "path": rf"/r/caf\xe9/{file.name}",
        "path_bytes": b"/r/caf\xe9/" + file.name.encode(),
        "root": "/r",
        "size_bytes": 7,
        "is_disc": False,
        "batch_id": 0,
    }
    assert entry["modified_at"] == datetime.fromtimestamp(1_500_000_000, UTC).replace(microsecond=123_456)
    assert (entry["kind"], entry["season"], entry["episode"]) == ("episode", 2, 5)
    assert (entry["match_status"], entry["tmdb_id"], entry["year"]) == (NOT_LOOKED_UP, None, None)
    assert (summary.files, summary.titled, summary.failures, summary.batch_id) == (1, 1, 0, 0)


def test_companions_stand_in_the_entry_of_their_owner(tmp_path: Path) -> None:
    """Subtitles with their languages, the others without; orphans in no entry."""
    owned = (
        Companion("Heat (1995).English.srt", "subtitle", 5, 0, "Heat (1995).mkv"),
        Companion("Heat (1995).nfo", "metadata", 6, 0, "Heat (1995).mkv"),
        Companion("other.srt", "subtitle", 7, 0),
    )
    directory = Directory("/r", "/r/d", media("Heat (1995).mkv", "Ronin (1998).mkv"), owned)
    parse_batch(_batch(tmp_path, directory), tmp_path)
    heat, ronin = _entries(tmp_path)
    assert heat["companions"] == [
        {"name": "Heat (1995).English.srt", "kind": "subtitle", "languages": ["en"], "size_bytes": 5},
        {"name": "Heat (1995).nfo", "kind": "metadata", "languages": [], "size_bytes": 6},
    ]
    assert ronin["companions"] == []


def test_one_id_a_service_is_kept(tmp_path: Path) -> None:
    """Two ids of one service in a name leave the first, since a map holds one value a key."""
    names = media("Film (2001) {tmdb-1} [tmdbid-2] {imdb-tt0133093}.mkv")
    parse_batch(_batch(tmp_path, Directory("/r", "/r/d", names)), tmp_path)
    (entry,) = _entries(tmp_path)
    assert dict(entry["ids"]) == {"tmdb": "1", "imdb": "tt0133093"}
    assert len(entry["ids"]) == 2


def test_parsing_twice_leaves_the_same_parts(tmp_path: Path) -> None:
    """A batch that a dead worker left half done may be done again."""
    batch = _batch(tmp_path, Directory("/r", "/r/d", media("Heat (1995).mkv"), companions("a.srt")))
    parse_batch(batch, tmp_path)
    once = _entries(tmp_path)
    parse_batch(batch, tmp_path)
    assert _entries(tmp_path) == once
    assert sorted(each.name for each in tmp_path.glob("*/*.parquet")) == ["part-00000.parquet"] * 2


def test_an_empty_batch_leaves_empty_parts(tmp_path: Path) -> None:
    """A batch without media has no entries, and says so."""
    summary = parse_batch(_batch(tmp_path, Directory("/r", "/r/d", other_files=1)), tmp_path)
    assert (summary.files, summary.titled, _entries(tmp_path)) == (0, 0, [])
    assert list(iter_rows(tmp_path / "failures/part-00000.parquet")) == []


def test_a_batch_says_what_it_took(tmp_path: Path) -> None:
    """Time and memory are positive, and the worker is this process."""
    summary = parse_batch(_batch(tmp_path, Directory("/r", "/r/d", media("a.mkv"))), tmp_path)
    assert summary.duration_seconds > 0
    assert summary.peak_memory_bytes > 0
    assert summary.worker.endswith(f":{os.getpid()}")
    assert summary.files_per_second == 1 / summary.duration_seconds


class _Hostile(str):
    """A name that breaks whatever looks into it."""

    __slots__ = ()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise RuntimeError("hostile name")

    __len__ = __iter__ = __getitem__ = __hash__ = __contains__ = _refuse
    lower = casefold = split = rsplit = partition = rpartition = find = rfind = strip = replace = _refuse
    translate = endswith = upper = splitlines = rstrip = lstrip = _refuse


def test_a_name_that_breaks_the_parser_costs_itself(tmp_path: Path) -> None:
    """Its siblings are parsed; it is an entry without a title, and a failure under its own path."""
    directory = Directory("/r", "/r/d", (*media("Heat (1995).mkv"), MediaFile(_Hostile("bad.mkv"), 1, 0)))
    with FailureLog(tmp_path / "f.parquet") as failures:
        releases = [release for _, release in iter_releases(directory, failures)]
    assert [release.title for release in releases] == ["Heat", None]
    (row,) = iter_rows(tmp_path / "f.parquet")
    assert (row[1], row[2], row[3], row[4]) == (b"/r/d/bad.mkv", "parse", "parse error", "failure")


_NAMES = st.binary(min_size=1, max_size=60).filter(lambda name: not {0, 47} & {*name})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    names=st.lists(st.binary(min_size=1, max_size=60).filter(lambda name: not {0, 47} & {*name}), max_size=20)
)
def test_any_names_become_entries(tmp_path: Path, names: list[bytes]) -> None:
    """Whatever bytes a disk holds as names, each file is an entry with these bytes."""
    files = media(*map(os.fsdecode, names))
    snapshot = Path(mkdtemp(dir=tmp_path))
    subtitles = tuple(Companion(each.name, "subtitle", 1, 0, each.name) for each in files)
    summary = parse_batch(_batch(snapshot, Directory("/r", "/r/d", files, subtitles)), snapshot)
    assert (summary.files, summary.failures) == (len(names), 0)
    assert [entry["path_bytes"] for entry in _entries(snapshot)] == [b"/r/d/" + name for name in names]


_SHAPES = "S01E{0} S{0}E01 {0}x01 E{0} -_{0} Season_{0} cd{0} part{0} vol.{0} v{0} {0}of{0} ({0}) [{0}] x{0}"
_NUMBERS = ["9" * 5, "9" * 12, "9" * 40, "1e400", "0", "²", "٣", "-1", "1.5", "99999.99999"]


@pytest.mark.parametrize("number", _NUMBERS)
def test_numbers_of_any_size_become_entries(tmp_path: Path, number: str) -> None:
    """A number that no column holds is no number of the entry, and costs no batch."""
    shapes = (
        "S01E{0} S{0}E01 {0}x01 E{0} -_{0} Season_{0} cd{0} part{0} vol.{0} v{0} {0}of{0} ({0}) [{0}] x{0}"
    )
    names = [f"Show {shape.format(number)} b.mkv" for shape in shapes.split()]
    summary = parse_batch(_batch(tmp_path, Directory("/r", "/r/d", media(*names))), tmp_path)
    assert (summary.files, summary.failures) == (len(names), 0)


def test_every_column_of_the_schema_is_filled_in(tmp_path: Path) -> None:
    """The columns of a part are those of the schema, in order and type."""
    parse_batch(_batch(tmp_path, Directory("/r", "/r/d", media("a.mkv"))), tmp_path)
    assert pq.read_schema(tmp_path / "entries/part-00000.parquet").equals(schema.ENTRIES)
