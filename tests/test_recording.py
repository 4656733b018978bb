"""What recording a run takes, and that it takes nothing where it is off."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mediacensus.entries import parse_batch
from mediacensus.failures import FailureLog
from mediacensus.manifest import WalkLog, iter_batches
from mediacensus.partition import BatchBounds
from mediacensus.progress import Progress
from mediacensus.walk import iter_library
from tests.trees import many_films

if TYPE_CHECKING:
    from types import FrameType

    from mediacensus.model import Batch, BatchSummary

_CLOCKS = {"perf_counter", "process_time", "time"}


def _batch(root: Path, snapshot: Path) -> Batch:
    with FailureLog(snapshot / "failures" / "walk.parquet") as failures:
        found = iter_library((str(root),))
        [batch] = iter_batches(found, snapshot, BatchBounds(), WalkLog(failures, Progress()))
    return batch


def _parse_watched(batch: Batch, snapshot: Path, *, is_recorded: bool) -> tuple[BatchSummary, set[str], int]:
    """Parse a batch; return its summary, what was called that measures, and how many calls there were."""
    measuring: set[str] = set()
    calls = 0

    def note(frame: FrameType, event: str, called: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}
        file = Path(frame.f_code.co_filename)
        if event == "call" and (file.name in {"measure.py", "timeline.py"} or "psutil" in file.parts):
            measuring.add(frame.f_code.co_name)
        elif event == "c_call" and getattr(called, "__name__", "") in _CLOCKS:
            measuring.add(getattr(called, "__name__", ""))

    sys.setprofile(note)
    try:
        summary = parse_batch(batch, snapshot, is_recorded=is_recorded)
    finally:
        sys.setprofile(None)
    return summary, measuring, calls


def test_parsing_calls_nothing_to_record_where_it_is_off(tmp_path: Path) -> None:
    """Without recording no clock is read and no function that measures is called; with it they are."""
    batch = _batch(many_films(tmp_path / "films", 30), tmp_path)

    without, measuring, calls = _parse_watched(batch, tmp_path, is_recorded=False)
    assert (without.files, measuring) == (30, set())
    assert calls > 1_000
    assert (without.duration_seconds, without.cpu_seconds, without.peak_memory_bytes) == (0, 0, 0)
    assert without.memory_method == "not measured"

    with_it, measuring, _ = _parse_watched(batch, tmp_path, is_recorded=True)
    assert measuring >= {"start", "stop", "perf_counter", "process_time"}
    assert with_it.duration_seconds > 0
