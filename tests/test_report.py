"""A run's record as tables and text."""

from __future__ import annotations

from typing import Any

from mediacensus.report import batch_rows, failure_rows, summary_lines, summary_rows


def _batch(batch_id: int, **values: Any) -> dict[str, Any]:
    return {
        "batch_id": batch_id,
        "files": 100,
        "titled": 90,
        "failures": 1,
        "duration_seconds": 0.5,
        "cpu_seconds": 0.25,
        "peak_memory_bytes": 3 * 1024 * 1024,
        "memory_method": "VmHWM",
        "worker": "host:1",
        **values,
    }


def _run(**values: Any) -> dict[str, Any]:
    counts = ("seen", "media", "cataloged", "with_title", "companions", "other", "pruned", "directories")
    return {
        "run_id": "id",
        "has_report": True,
        "roots": ["/a", "/b"],
        "files": dict(zip(counts, (9000, 1234, 1230, 1200, 40, 3, 2, 50), strict=True)),
        "failures": 4,
        "notices": 1,
        "phases": {"walk": 1.25, "parse": 2.5},
        "rates": {"walk_files_per_second": 987.2, "parse_files_per_second": 493.6},
        "batches": [_batch(1), _batch(0)],
        "peak_memory_bytes": 3 * 1024 * 1024,
        "problems": [
            {
                "kind": "broken link",
                "severity": "failure",
                "count": 1500,
                "examples": [
                    {"path": "/a/x", "phase": "walk", "message": "gone"},
                    {"path": "/a/y", "phase": "walk", "message": "gone"},
                ],
            }
        ],
        **values,
    }


def test_the_summary_names_every_figure_once() -> None:
    """Each figure is a row of name and value, with its unit in the name."""
    rows = {row["figure"]: row["value"] for row in summary_rows(_run())}
    assert len(rows) == len(summary_rows(_run()))
    assert rows["roots"] == "/a, /b"
    assert (rows["media files"], rows["entries in the catalog"]) == (1234, 1230)
    assert (rows["walk, seconds"], rows["parse, files/s"]) == (1.25, 493.6)
    assert (rows["batches"], rows["peak memory of a worker, MiB"]) == (2, 3.0)


def test_batches_come_in_the_order_of_the_walk() -> None:
    """Whichever batch was parsed first, the rows follow the walk."""
    first, second = batch_rows(_run())
    assert (first["batch"], second["batch"]) == (0, 1)
    assert (first["files/s"], first["peak MiB"], first["CPU seconds"]) == (200, 3.0, 0.25)


def test_a_batch_that_took_no_time_has_no_rate() -> None:
    """Nothing is divided by nothing."""
    (row,) = batch_rows(_run(batches=[_batch(0, duration_seconds=0.0)]))
    assert row["files/s"] is None


def test_every_example_of_a_problem_is_a_row() -> None:
    """A row tells its kind's count, and what happened where."""
    rows = failure_rows(_run())
    assert [(row["path"], row["of this kind"], row["kind"]) for row in rows] == [
        ("/a/x", 1500, "broken link"),
        ("/a/y", 1500, "broken link"),
    ]


def test_people_are_told_what_a_run_came_to() -> None:
    """Counts, times, rates, problems and where to look, a line each."""
    assert summary_lines(_run(), "/catalog") == [
        "1,230 media files cataloged, 1,200 with a title (40 companions, 3 other files, 2 left out).",
        "Seconds: walk 1.2, parse 2.5.",
        "walk: 987 files/s",
        "parse: 494 files/s",
        "1,500 × broken link (failure), first: /a/x",
        "A page about it: mediacensus report --open",
        'Snapshot id in /catalog. Look at it with: mediacensus query "SELECT …"',
    ]


def test_people_are_told_when_there_is_no_page() -> None:
    """A page that could not be written is not pointed at."""
    assert "A page about it: could not be written" in summary_lines(_run(has_report=False), "/catalog")


def test_people_are_told_when_nothing_was_found() -> None:
    """An empty answer is likely a disk that is not there, and the text says so."""
    run = _run(problems=[], rates={}, batches=[])
    run["files"] |= {"cataloged": 0, "media": 0}
    text = "Nothing was found. If the folder is a mount, check that it is mounted."
    assert text in summary_lines(run, "/catalog")
