"""What recording costs: ``python -m profiling.recording_cost FOLDER [--turns 15] [--censuses 0]``.

Recording is what ``--no-record`` leaves out: time and memory of each batch (the mark of the kernel set back
and read, two clocks), and the memory of all processes once a second. The same batch is parsed again and again
in this process, in turns with both and with neither, and the CPU seconds of each turn give a ratio. In a run
one is done by the workers and the other by the flow's process, so here each carries more than it has to. Some
idle children stand for the processes that the memory timeline looks at.

With ``--censuses`` whole runs are taken in turns as well, each as the command a user types; their ratio is of
the CPU seconds of all processes.

The limit is 1.02: recording costs two per cent of throughput at most. It is kept if the whole interval of the
median lies below, and broken if all of it lies above.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, closing, nullcontext
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from flows.private_server import private_server
from mediacensus.entries import parse_batch
from mediacensus.progress import Progress
from mediacensus.timeline import sampled
from profiling.census_at_size import measure_census
from profiling.libraries import count_files, iter_written_batches
from profiling.rows import keep, keep_option, new_row
from profiling.verdicts import judge_ratios, median_interval

if TYPE_CHECKING:
    from collections.abc import Callable

    from mediacensus.model import Batch

LIMIT = 1.02
_CHILDREN = 4
"""A server, two workers and a tracker of shared resources."""
_BATCHES_PER_TURN = 4
"""Together more than a second, so that the timeline looks as often as it does in a run."""


def first_batch(folder: Path, snapshot: Path) -> Batch:
    """Return the first batch of a library, its part of the manifest written."""
    with closing(iter_written_batches(folder, snapshot)) as batches:
        return next(batches)


def parse_cpu_seconds(batch: Batch, snapshot: Path, *, is_recorded: bool) -> float:
    """Return the CPU time of this process for some batches, recorded or not."""
    began = time.process_time()
    with sampled(Progress()) if is_recorded else nullcontext():
        for _ in range(_BATCHES_PER_TURN):
            parse_batch(batch, snapshot, is_recorded=is_recorded)
    return time.process_time() - began


def ratios_of(seconds: Callable[[bool], float], turns: int) -> list[float]:
    """Return with to without, turn by turn, whichever comes first changing each time; the first warms up."""
    ratios = []
    for turn in range(turns + 1):
        taken = {is_on: seconds(is_on) for is_on in ((True, False) if turn % 2 else (False, True))}
        ratios.append(round(taken[True] / taken[False], 5))
    return ratios[1:]


def parsing_ratios(folder: Path, turns: int) -> list[float]:
    """Return what recording makes of the CPU time of parsing, turn by turn."""
    with tempfile.TemporaryDirectory(prefix="recording-") as scratch, ExitStack() as stack:
        for _ in range(_CHILDREN):
            child = subprocess.Popen(
                [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            stack.enter_context(child)
            stack.callback(child.kill)
        batch = first_batch(folder, Path(scratch))
        return ratios_of(lambda on: parse_cpu_seconds(batch, Path(scratch), is_recorded=on), turns)


def census_ratios(folder: Path, turns: int) -> list[float]:
    """Return what recording makes of the CPU time of whole runs, turn by turn."""
    with (
        tempfile.TemporaryDirectory(prefix="recording-") as scratch,
        private_server(Path(scratch)) as server,
    ):
        api = server.wait_until_ready()
        return ratios_of(
            lambda on: measure_census(folder, api, *(() if on else ("--no-record",))).cpu_seconds, turns
        )


def main() -> None:
    """Measure, print the interval and the verdict, and keep a row."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--turns", type=int, default=15)
    parser.add_argument(
        "--censuses", type=int, default=0, help="how many turns of whole runs to take as well"
    )
    keep_option(parser)
    chosen = parser.parse_args()
    ratios = {"parsing recorded / not": parsing_ratios(chosen.folder, chosen.turns)}
    if chosen.censuses:
        ratios["census recorded / not"] = census_ratios(chosen.folder, chosen.censuses)
    files = count_files(chosen.folder)
    row = new_row("recording", {"files": files}, ratios=ratios, limits=dict.fromkeys(ratios, LIMIT))
    keep(row, chosen.keep)
    for name, each in ratios.items():
        interval = median_interval(each)
        told = f", {interval[0] - 1:+.2%} to {interval[1] - 1:+.2%} at 95 %" if interval else ""
        print(f"{name}: {median(each) - 1:+.2%}{told}, {len(each)} turns: {judge_ratios(each, LIMIT)}")


if __name__ == "__main__":
    main()
