"""The record of one run."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from mediacensus import __version__, schema
from mediacensus.errors import CatalogFormatError
from mediacensus.failures import FailureLog
from mediacensus.model import BatchSummary, Directory, Failure, FailureKind
from mediacensus.parts import PartWriter, iter_rows
from mediacensus.progress import Progress
from mediacensus.run import RunRecord, check_complete, problems_by_kind, sync_parts
from tests.trees import companions, media

if TYPE_CHECKING:
    from pathlib import Path


def _summary(batch_id: int, peak: int) -> BatchSummary:
    return BatchSummary(batch_id, 10, 8, 1, 0.0, 2.0, 1.0, peak, "VmHWM", "host:1")


def _record_failures(folder: Path, part: str, *failures: Failure) -> None:
    with FailureLog(folder / "failures" / part) as log:
        for each in failures:
            log.record(each)


def _write_entries(folder: Path, part: str, rows: int) -> Path:
    path = folder / "entries" / part
    with PartWriter(path, schema.ENTRIES) as writer:
        for _ in range(rows):
            writer.write([None] * len(schema.ENTRIES))
    return path


def _described(folder: Path) -> dict[str, Any]:
    record = RunRecord("id", ("/r",), {"roots": ["/r"]}, Progress(), flow_run_id="flow")
    record.progress.count_directory(Directory("/r", "/r/a", media(*"abcd"), companions("x"), 2, 3))
    record.progress.phases.seconds.update({"walk": 2.0, "parse": 0.5, "server": 1.23456})
    record.count(_summary(0, 30))
    record.count(_summary(1, 20))
    return record.describe(folder)


def test_a_record_holds_every_figure_of_a_run(tmp_path: Path) -> None:
    """Counts are those of the progress and the batches, rates are media files over seconds."""
    run = _described(tmp_path)
    assert run["files"] == {
        "seen": 7,
        "media": 4,
        "cataloged": 20,
        "with_title": 16,
        "companions": 1,
        "other": 2,
        "pruned": 3,
        "directories": 1,
    }
    assert (run["failures"], run["notices"], run["problems"]) == (2, 0, [])
    assert run["phases"] == {"walk": 2.0, "parse": 0.5, "server": 1.235}
    assert run["rates"] == {"walk_files_per_second": 2.0, "parse_files_per_second": 8.0}
    assert (run["peak_memory_bytes"], len(run["batches"]), run["flow_run_id"]) == (30, 2, "flow")


def test_a_record_is_json_and_names_its_versions(tmp_path: Path) -> None:
    """What is published can be read back as it was, and says what made it."""
    run = _described(tmp_path)
    assert json.loads(json.dumps(run)) == run
    assert run["versions"]["mediacensus"] == __version__
    assert {"parser", "python", "prefect", "distributed", "pyarrow", "duckdb"} <= set(run["versions"])


def test_a_run_over_nothing_has_a_record(tmp_path: Path) -> None:
    """An empty library divides by nothing."""
    run = RunRecord("id", ("/r",), {}, Progress()).describe(tmp_path)
    assert (run["rates"], run["peak_memory_bytes"], run["files"]["media"]) == ({}, 0, 0)


def test_problems_are_counted_by_kind_with_first_examples(tmp_path: Path) -> None:
    """Failures come before notices, the most frequent first; no more than twenty examples of each."""
    odd = os.fsdecode(b"/r/caf\xe9")
    broken = [Failure(FailureKind.BROKEN_LINK, f"/r/{number:02}", "gone") for number in range(25)]
    loops = [Failure(FailureKind.SYMLINK_LOOP, "/r/l", "loop")] * 30
    _record_failures(tmp_path, "walk.parquet", *broken[5:], *loops)
    _record_failures(
        tmp_path, "part-00000.parquet", *broken[:5], Failure(FailureKind.PARSE_ERROR, odd, "x", phase="parse")
    )
    problems = problems_by_kind(tmp_path)
    assert [(each["severity"], each["kind"], each["count"]) for each in problems] == [
        ("failure", "broken link", 25),
        ("failure", "parse error", 1),
        ("notice", "symlink loop", 30),
    ]
    assert [example["path"] for example in problems[0]["examples"]] == [f"/r/{n:02}" for n in range(20)]
    assert problems[1]["examples"] == [{"path": r"/r/caf\xe9", "phase": "parse", "message": "x"}]


def test_a_complete_snapshot_passes(tmp_path: Path) -> None:
    """All parts together hold what the run counted; a snapshot of nothing holds nothing."""
    check_complete(tmp_path, 0)
    _write_entries(tmp_path, "part-00000.parquet", 3)
    _write_entries(tmp_path, "part-00001.parquet", 0)
    check_complete(tmp_path, 3)


@pytest.mark.parametrize("counted", [2, 4, 0])
def test_a_snapshot_with_missing_or_doubled_rows_is_refused(tmp_path: Path, counted: int) -> None:
    """The message says what differs and that the catalog is unharmed."""
    _write_entries(tmp_path, "part-00000.parquet", 3)
    with pytest.raises(CatalogFormatError, match=f"holds 3 entries where the run counted {counted}"):
        check_complete(tmp_path, counted)


def test_what_killed_writers_left_is_not_published(tmp_path: Path) -> None:
    """Complete parts stay as they are, half-written ones go."""
    part = _write_entries(tmp_path, "part-00000.parquet", 3)
    (tmp_path / "entries" / "part-00001-ab12.unfinished").write_text("half")
    sync_parts(tmp_path)
    assert list((tmp_path / "entries").iterdir()) == [part]
    assert len(list(iter_rows(part))) == 3
