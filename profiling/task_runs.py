"""What Prefect costs a batch: ``python -m profiling.task_runs [--batches 20]``.

One tiny batch is parsed again and again on one Dask worker, in turns as a Prefect task run, as censuses do,
and as a plain Dask task. Both parse the same and wait for the answer, so the difference is what a task run
costs: seconds a batch waits, and CPU seconds of the worker and of the flow's process. A private server runs.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import psutil
from prefect import flow

from flows.cluster import open_task_runner, standing_cluster
from flows.launch import used_here_and_by_workers
from flows.private_server import private_server
from mediacensus import entries
from mediacensus.model import Batch, BatchSummary
from mediacensus.settings import CensusParameters
from profiling.libraries import iter_written_batches
from profiling.rows import keep, keep_option, new_row
from tasks.parsing import parse_batch

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class _Cost:
    wall_seconds: float
    worker_cpu_seconds: float
    flow_cpu_seconds: float


def _cost_of(work: Callable[[], object], worker: psutil.Process) -> _Cost:
    wall, own, its = time.perf_counter(), time.process_time(), _cpu_seconds(worker)
    work()
    return _Cost(time.perf_counter() - wall, _cpu_seconds(worker) - its, time.process_time() - own)


def _cpu_seconds(process: psutil.Process) -> float:
    """Return the CPU time a process has had, to the nanosecond where the system tells (Linux)."""
    try:
        tasks = Path(f"/proc/{process.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
    except OSError:
        times = process.cpu_times()
        return float(times.user + times.system)


@flow(name="measure-task-runs", persist_result=False)
def measure_task_runs(batch: Batch, folder: str, batches: int, parameters: CensusParameters) -> list[Any]:
    """Parse a batch in turns with Prefect and without, and return what each turn cost both ways."""
    with open_task_runner(parameters, Path(folder)) as runner:
        client = runner.client

        def without() -> BatchSummary:
            future = client.submit(entries.parse_batch, batch, Path(folder), pure=False)  # type: ignore[no-untyped-call]
            summary: BatchSummary = future.result()
            return summary

        def with_prefect() -> None:
            runner.submit(parse_batch, {"batch": batch, "folder": folder}).result()

        worker = psutil.Process(int(without().worker.rpartition(":")[2]))
        turns = [(_cost_of(with_prefect, worker), _cost_of(without, worker)) for _ in range(batches + 2)]
    return turns[2:]  # the first ones connect and import


def _batch(root: Path, folder: Path) -> Batch:
    film = root / "Film (1999)" / "Film.1999.1080p.mkv"
    film.parent.mkdir(parents=True)
    film.touch()
    [batch] = iter_written_batches(root, folder)
    return batch


def row_of(turns: list[tuple[_Cost, _Cost]]) -> dict[str, Any]:
    """Return the row of some turns."""

    def each(name: str) -> tuple[float, float]:
        with_prefect, without = ([getattr(cost, name) for cost in way] for way in zip(*turns, strict=True))
        return median(with_prefect), median(without)

    waited, worker, flow_process = (each(f"{name}_seconds") for name in ("wall", "worker_cpu", "flow_cpu"))
    return new_row(
        "task runs",
        {"files": 1},
        figures={
            "prefect_seconds_per_batch": round(waited[0] - waited[1], 4),
            "worker_cpu_seconds_per_batch": round(worker[0] - worker[1], 4),
            "flow_cpu_seconds_per_batch": round(flow_process[0] - flow_process[1], 4),
        },
        medians={
            "with Prefect": [round(value[0], 4) for value in (waited, worker, flow_process)],
            "without": [round(value[1], 4) for value in (waited, worker, flow_process)],
        },
        turns=len(turns),
    )


def main() -> None:
    """Measure, and keep a row."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--batches", type=int, default=20)
    keep_option(parser)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="task-runs-") as scratch:
        folder = Path(scratch, "snapshot")
        batch = _batch(Path(scratch, "library"), folder)
        parameters = CensusParameters(roots=[f"{scratch}/library"], workers=1)
        with (
            private_server(Path(scratch, "server")) as server,
            used_here_and_by_workers(server),
            standing_cluster(parameters),
        ):
            server.wait_until_ready()
            row = row_of(measure_task_runs(batch, str(folder), chosen.batches, parameters))
    keep(row, chosen.keep)
    print(
        json.dumps(
            {"figures": row["figures"], "medians (wall, worker CPU, flow CPU)": row["medians"]}, indent=1
        )
    )


if __name__ == "__main__":
    main()
