"""A run's record as tables and text for people; pure, so it reads the same in Prefect and in a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mediacensus.names import printable
from mediacensus.tmdb.access import HOW_TO_SET_THE_TOKEN, NOTICE

SUMMARY_TEXT = (
    "What this run saw and how long it took. **walk** is time spent listing and writing the manifest; "
    "**parse** runs from the first batch sent to the last one back and so overlaps the walk; "
    "**server** and **cluster** are start-up. Rates are media files over those seconds."
)
BATCHES_TEXT = (
    "One row a batch. Seconds and files/s are the batch's own, on its worker; the peak is the most memory "
    "its worker process held during the batch (`VmHWM`, reset before each), the interpreter included."
)
FAILURES_TEXT = (
    "Every kind of problem with its count and first examples; all of them are in the catalog's `failures` "
    "table. A failure means something is missing from the census, a notice that nothing is."
)
TITLES_TEXT = (
    "What the titles of this run cost at TMDB. **queries** are what media files ask, each once; they are "
    "answered by Prefect's cache of whole buckets, by answers kept one by one, or by asking. Seconds of "
    f"waits add up over the threads that waited. {NOTICE}"
)

PROFILE_TEXT = (
    "Functions that took most time themselves, by samples of call stacks, 100 a second. **workers** and "
    "**other threads** count where they were busy, **flow** also what it waited for; **seconds** are of "
    "all samples with the function on the stack. The flame graphs lie beside the snapshot, in `profile`."
)

_MEBIBYTE = 1024 * 1024


def summary_rows(run: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the run's figures, one a row, those that matter first: Prefect's page shows ten at a time."""
    files, phases = run["files"], run["phases"]
    rows = [
        ("media files", files["media"]),
        ("entries in the catalog", files["cataloged"]),
        ("entries with a title", files["with_title"]),
        ("failures", run["failures"]),
        ("notices", run["notices"]),
        *((name.replace("_files_per_second", ", files/s"), rate) for name, rate in run["rates"].items()),
        *_whole_rows(run),
        ("batches", len(run["batches"])),
        ("run", run["run_id"]),
        *((f"{name}, seconds", seconds) for name, seconds in phases.items()),
        ("companions", files["companions"]),
        ("other files", files["other"]),
        ("left out", files["pruned"]),
        ("directories with files", files["directories"]),
        ("roots", ", ".join(run["roots"])),
    ]
    return [{"figure": name, "value": value} for name, value in rows]


def _whole_rows(run: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return the figures of the run as a whole, where they were taken."""
    rows: list[tuple[str, Any]] = []
    if run["peak_memory_bytes"]:
        rows.append(("peak memory of a worker, MiB", round(run["peak_memory_bytes"] / _MEBIBYTE, 1)))
    if run.get("memory"):
        rows.append(("peak memory of all processes, MiB", round(run["memory"]["peak_bytes"] / _MEBIBYTE, 1)))
    if run.get("wall_seconds"):
        rows.append(("wall, seconds", run["wall_seconds"]))
    return rows


def batch_rows(run: dict[str, Any]) -> list[dict[str, Any]]:
    """Return one row a batch, in the order of the walk."""
    return [
        {
            "batch": batch["batch_id"],
            "files": batch["files"],
            "with title": batch["titled"],
            "failures": batch["failures"],
            "seconds": round(batch["duration_seconds"], 3),
            "CPU seconds": round(batch["cpu_seconds"], 3),
            "files/s": round(batch["files"] / batch["duration_seconds"])
            if batch["duration_seconds"]
            else None,
            "peak MiB": round(batch["peak_memory_bytes"] / _MEBIBYTE, 1),
            "measured as": batch["memory_method"],
            "worker": batch["worker"],
        }
        for batch in sorted(run["batches"], key=lambda batch: batch["batch_id"])
    ]


def failure_rows(run: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the examples of every kind of problem, each with its kind's count."""
    return [
        {
            "severity": problem["severity"],
            "kind": problem["kind"],
            "of this kind": problem["count"],
            "phase": example["phase"],
            "path": example["path"],
            "what happened": example["message"],
        }
        for problem in run["problems"]
        for example in problem["examples"]
    ]


def title_rows(run: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what looking titles up came to, one figure a row."""
    rows: list[dict[str, Any]] = []
    for name, value in (run.get("tmdb") or {}).items():
        if isinstance(value, dict):
            rows += [
                {"figure": f"{_words(name)}: {_words(each)}", "value": count} for each, count in value.items()
            ]
        else:
            rows.append({"figure": _words(name), "value": value})
    return rows


def _words(name: str) -> str:
    return name.replace("_", " ")


def title_lines(run: dict[str, Any]) -> list[str]:
    """Return what a person is told about titles at the end of a run."""
    told = run.get("tmdb") or {}
    if "not_looked_up" in told:
        return [f"Titles were not looked up: {told['not_looked_up']}. {HOW_TO_SET_THE_TOKEN}."]
    if not told:
        return []
    statuses = ", ".join(f"{count:,} {status}" for status, count in told["statuses"].items()) or "none"
    lines = [
        f"{told['queries']:,} titles of {told['entries']:,} files: {statuses}. "
        f"{told['calls']:,} requests to TMDB, where one per file would have been {told['entries']:,}.",
    ]
    if told["stopped_by"]:
        lines.append(told["stopped_by"])
    return [*lines, NOTICE]


def _profile_paths(run: dict[str, Any], catalog: str) -> list[str]:
    snapshot = Path(catalog) / "snapshots" / run["run_id"]
    return [printable(str(snapshot / name)) for name in run["profile"]["files"]]


def summary_lines(run: dict[str, Any], catalog: str) -> list[str]:
    """Return what a person is told at the end of a run."""
    files, phases = run["files"], run["phases"]
    lines = [
        f"{files['cataloged']:,} media files cataloged, {files['with_title']:,} with a title "
        f"({files['companions']:,} companions, {files['other']:,} other files, "
        f"{files['pruned']:,} left out).",
        "Seconds: " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in phases.items()) + ".",
    ]
    if run.get("batches_taken_over"):
        lines.append(
            f"Continued an unfinished run: {run['batches_taken_over']} of {len(run['batches'])} batches "
            "had been parsed already."
        )
    lines += [
        f"{name.replace('_files_per_second', '')}: {rate:,.0f} files/s" for name, rate in run["rates"].items()
    ]
    lines += title_lines(run)
    for problem in run["problems"]:
        first = problem["examples"][0]
        kind = f"{problem['count']:,} × {problem['kind']} ({problem['severity']})"
        lines.append(f"{kind}, first: {printable(first['path'])}")
    if not files["cataloged"]:
        lines.append("Nothing was found. If the folder is a mount, check that it is mounted.")
    if run.get("profile"):
        lines.append(f"Where the time went: {', '.join(_profile_paths(run, catalog))}")
    has_report = run.get("has_report")
    lines.append(f"A page about it: {'mediacensus report --open' if has_report else 'could not be written'}")
    lines.append(f'Snapshot {run["run_id"]} in {catalog}. Look at it with: mediacensus query "SELECT …"')
    return lines
