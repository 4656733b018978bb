"""Snapshots for tests, written as a run writes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mediacensus import schema
from mediacensus.parts import PartWriter

if TYPE_CHECKING:
    from pathlib import Path

_LISTS = (
    "alternative_titles seasons episodes fractional_episodes absolute_episodes episode_details editions "
    "audio_codecs audio_profiles audio_channels hdr languages subtitle_languages countries others companions "
    "matched_episodes ids"
).split()


def entry(path: str, **values: Any) -> dict[str, Any]:
    """Return an entry as a batch writes it: a film of a gibibyte where nothing else is said."""
    plain = {"path": path, "path_bytes": path.encode(errors="surrogateescape"), "size_bytes": 1024**3}
    said = {"kind": "movie", "title": "A Film", "match_status": "not looked up", "is_disc": False}
    return plain | said | {name: [] for name in _LISTS} | values


def episode(title: str, season: int | None, *numbers: int, **values: Any) -> dict[str, Any]:
    """Return an entry of an episode."""
    path = values.pop("path", f"/tv/{title}/{season}/{numbers}.mkv")
    counted = {"season": season, "episodes": list(numbers), "episode": numbers[0] if numbers else None}
    return entry(path, kind="episode", title=title, **(counted | values))


def write_part(snapshot: Path, table: str, rows: list[dict[str, Any]], name: str = "part-00000") -> None:
    """Write rows as a part of a table."""
    of = schema.TABLES[table]
    with PartWriter(snapshot / of.folder / f"{name}.parquet", of.columns) as part:
        for row in rows:
            part.write([row.get(column) for column in of.columns.names])


def run_record(run_id: str = "20260102T030405Z-abcd", **values: Any) -> dict[str, Any]:
    """Return the record of a small run."""
    batch = {
        "batch_id": 0,
        "files": 10,
        "titled": 9,
        "failures": 0,
        "started_at": 0.0,
        "duration_seconds": 0.5,
        "cpu_seconds": 0.4,
        "peak_memory_bytes": 80 * 1024**2,
        "memory_method": "VmHWM",
        "worker": "host:1",
    }
    counts = ("seen", "media", "cataloged", "with_title", "companions", "other", "pruned", "directories")
    return {
        "run_id": run_id,
        "flow_run_id": None,
        "started_at": "2026-01-02T03:04:05+00:00",
        "roots": ["/media"],
        "parameters": {"workers": 2, "catalog": "/c", "fresh": False},
        "files": dict.fromkeys(counts, 10),
        "failures": 1,
        "notices": 0,
        "problems": [],
        "phases": {"walk": 0.5, "parse": 2.0},
        "rates": {"walk_files_per_second": 20.0, "parse_files_per_second": 5.0},
        "peak_memory_bytes": 80 * 1024**2,
        "batches": [batch],
        "wall_seconds": 4.5,
        "slowest_directories": [{"path": "/media/slow", "seconds": 0.25}],
        "memory": {
            "method": "looked at",
            "seconds_per_sample": 1.0,
            "peak_bytes": 400 * 1024**2,
            "roles": ["flow", "workers", "server"],
            "phases": ["walking and parsing", "parsing"],
            "samples": [
                [0.0, 0, 100 * 1024**2, 80 * 1024**2, 0],
                [1.0, 0, 150 * 1024**2, 160 * 1024**2, 0],
                [2.0, 1, 160 * 1024**2, 240 * 1024**2, 0],
            ],
        },
        "dask_dashboard": None,
        "versions": {"mediacensus": "0"},
        **values,
    }


def publish(catalog: Path, run: dict[str, Any]) -> Path:
    """Put a snapshot with nothing but its record into a catalog folder, as the current one."""
    snapshot = catalog / "snapshots" / str(run["run_id"])
    snapshot.mkdir(parents=True)
    (snapshot / "run.json").write_text(json.dumps(run))
    (catalog / "current").write_text(f"{run['run_id']}\n")
    return snapshot
