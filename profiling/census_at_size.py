"""A whole census, measured from outside: ``python -m profiling.census_at_size FOLDER [FOLDER...]``.

Each folder is a tree of :mod:`profiling.corpus`. A run is the command a user types, in a process of its
own; its wall time has every start-up in it. Beside it stand the limits: the time of a bare ``os.scandir``
loop over the same tree, and the parser's own time on the same names divided by the cores.

Memory is proportional set size (PSS: pages shared by n processes count 1/n each), of every process of the
run, five times a second. Idle is the most that a census of a dozen films in as many batches ever holds:
start-up, imports and every worker's first batches included; what a library adds is the peak above that.
One row a run goes to ``runs.jsonl``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from flows.private_server import private_server
from mediacensus.context import names_of, parents_of
from mediacensus.model import Directory
from mediacensus.release import parse_folder
from mediacensus.walk import iter_library
from profiling.rows import census_part, keep, keep_option, new_row

_SECONDS_BETWEEN_LOOKS = 0.2
_IDLE_FILMS = 12
"""Each a batch of its own, so that every worker has parsed one."""
_MEBIBYTE = 1024 * 1024


def role_of(command: list[str]) -> str:
    """Tell what a process of a run does, by its command line."""
    line = " ".join(command)
    for mark, role in (
        ("private_server", "server"),
        ("resource_tracker", "tracker"),
        ("spawn_main", "worker"),
    ):
        if mark in line:
            return role
    return "flow"


@dataclass
class Memory:
    """The most memory a run's processes held, by role and together, in bytes of PSS."""

    peak: Counter[str] = field(default_factory=Counter)

    def look(self, process: psutil.Process) -> None:
        """Take one sample of a process and all its children."""
        now: Counter[str] = Counter()
        for each in [process, *process.children(recursive=True)]:
            try:
                now[role_of(each.cmdline())] += _pss_bytes(each.pid)
            except (psutil.Error, OSError):
                continue  # it ended meanwhile
        now["tree"] = sum(now.values())
        self.peak |= now


def _pss_bytes(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


@dataclass
class Run:
    """What one census came to."""

    record: dict[str, Any]
    wall_seconds: float
    cpu_seconds: float
    others_cpu_seconds: float
    """What other programs took of the machine meanwhile: with much of it, wall times say little."""
    memory: Memory


def measure_census(folder: Path, api: str | None = None, *options: str) -> Run:
    """Take a census of a folder into a catalog that is thrown away."""
    memory = Memory()
    before, busy = os.times(), _busy_seconds()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="census-") as scratch:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
        environment |= {"PREFECT_API_URL": api} if api else {}
        with open(f"{scratch}/out", "w+", encoding="utf-8") as out:
            scan = ["scan", str(folder), "--json", "--catalog", f"{scratch}/catalog", *options]
            process = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-m", "mediacensus", *scan],
                env=environment,
                stdout=out,
                stderr=subprocess.DEVNULL,
            )
            watched = psutil.Process(process.pid)
            while process.poll() is None:
                memory.look(watched)
                time.sleep(_SECONDS_BETWEEN_LOOKS)
            wall_seconds = time.perf_counter() - began
            if process.returncode not in {0, 1}:
                sys.exit(f"the census ended with code {process.returncode}")
            out.seek(0)
            record = json.load(out)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    ours = cpu + after.user + after.system - before.user - before.system
    return Run(record, wall_seconds, cpu, max(_busy_seconds() - busy - ours, 0.0), memory)


def _busy_seconds() -> float:
    """Return the CPU time that all programs of the machine have had."""
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system)


def scandir_seconds(folder: Path) -> float:
    """Return how long a bare listing of a tree takes, with nothing done about what is found."""
    began = time.perf_counter()
    folders = [str(folder)]
    while folders:
        with os.scandir(folders.pop()) as entries:
            folders += [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
    return time.perf_counter() - began


def parser_seconds(folder: Path) -> float:
    """Return the parser's own time on all names of a tree, each folder read together, in one thread."""
    seconds = 0.0
    for found in iter_library([str(folder)]):
        if isinstance(found, Directory):
            names, parents = names_of(found), parents_of(found)
            began = time.perf_counter()
            parse_folder(names, parents)
            seconds += time.perf_counter() - began
    return seconds


def describe(run: Run, idle: Run, limits: tuple[float, float], *, is_cold: bool) -> dict[str, Any]:
    """Return one row of ``runs.jsonl``."""
    phases, files = run.record["phases"], run.record["files"]
    working = phases["parse"] + phases["publish"]
    cores = len(os.sched_getaffinity(0))
    limit = limits[0] + limits[1] / cores
    row = {
        "server": "started by the run" if is_cold else "already running",
        "files": files["seen"],
        "media_files": files["media"],
        "directories": files["directories"],
        "batches": len(run.record["batches"]),
        "wall_seconds": round(run.wall_seconds, 2),
        "cpu_seconds": round(run.cpu_seconds, 2),
        "others_cpu_seconds": round(run.others_cpu_seconds, 2),
        "working_seconds": round(working, 2),
        "files_per_second": round(files["seen"] / working),
        "phases": phases,
        "batch_seconds": round(sum(b["duration_seconds"] for b in run.record["batches"]), 2),
        "batch_cpu_seconds": round(sum(b["cpu_seconds"] for b in run.record["batches"]), 2),
        "scandir_seconds": round(limits[0], 2),
        "parser_seconds": round(limits[1], 2),
        "efficiency": round(limit / working, 3),
        "idle_bytes": dict(idle.memory.peak),
        "peak_bytes": dict(run.memory.peak),
        "above_idle_mebibytes": {
            role: round((peak - idle.memory.peak[role]) / _MEBIBYTE, 1)
            for role, peak in run.memory.peak.items()
        },
    }
    part = census_part(row)
    return new_row(part["kind"], part["case"], figures=part["figures"], **row)


def main() -> None:
    """Measure each folder, print a table, and keep the rows."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--running", action="store_true", help="measure against a server that already runs")
    keep_option(parser)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="census-idle-") as scratch:
        for number in range(_IDLE_FILMS):
            film = Path(scratch, "few", f"Film {number} (1999)", f"Film {number} (1999).mkv")
            film.parent.mkdir(parents=True)
            film.touch()
        serving = private_server(Path(scratch, "server")) if chosen.running else nullcontext()
        with serving as server:
            api = server.wait_until_ready() if server else None
            idle = measure_census(Path(scratch, "few"), api, "--batch-files", "1")
            for folder in chosen.folders * chosen.rounds:
                limits = scandir_seconds(folder), parser_seconds(folder)
                run = measure_census(folder, api)
                row = describe(run, idle, limits, is_cold=api is None)
                keep(row, chosen.keep)
                _show(row)


def _show(row: dict[str, Any]) -> None:
    print(
        f"{row['files']:>9,} files ({row['media_files']:,} media, {row['batches']} batches), server "
        f"{row['server']}: {row['wall_seconds']} s wall, {row['cpu_seconds']} s CPU (others "
        f"{row['others_cpu_seconds']}); working "
        f"{row['working_seconds']} s = {row['files_per_second']:,} files/s, {row['efficiency']:.0%} of the "
        f"limit (scandir {row['scandir_seconds']} s, parser {row['parser_seconds']} s / {row['cores']} cores)"
    )
    print(f"          seconds {row['phases']}, in batches {row['batch_seconds']}")
    print(f"          MiB of PSS above idle {row['above_idle_mebibytes']}", flush=True)


if __name__ == "__main__":
    main()
