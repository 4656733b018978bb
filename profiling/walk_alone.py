"""What walking costs: ``python -m profiling.walk_alone FOLDER [--turns 9]``.

The walk and a bare ``os.scandir`` loop over the same tree, in turns, in one process and warm; CPU seconds.
The walk looks at sizes and times of media and companions, orders names, and pairs companions; the bare loop
does nothing with what it finds. What is measured is the walk's own work, not the disk's: behind latency see
``profiling.slow_storage``. Writing the manifest is not in it.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from mediacensus.model import Directory
from mediacensus.walk import iter_library
from profiling.census_at_size import scandir_seconds
from profiling.rows import keep, keep_option, new_row

if TYPE_CHECKING:
    from collections.abc import Callable


def cpu_seconds_of(work: Callable[[], object]) -> float:
    """Return the CPU time that a piece of work takes this process."""
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    """Measure in turns, and keep a row."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--turns", type=int, default=9)
    keep_option(parser)
    chosen = parser.parse_args()
    roots = [str(chosen.folder)]
    files = sum(each.files for each in iter_library(roots) if isinstance(each, Directory))  # and warms up
    turns = [
        (
            cpu_seconds_of(lambda: sum(1 for _ in iter_library(roots))),
            cpu_seconds_of(lambda: scandir_seconds(chosen.folder)),
        )
        for _ in range(chosen.turns)
    ]
    seconds = median(walk for walk, _ in turns)
    ratios = [round(walk / bare, 4) for walk, bare in turns]
    row = new_row(
        "walk",
        {"files": files},
        figures={"cpu_seconds": round(seconds, 4), "files_per_second": round(files / seconds)},
        ratios={"walk / bare listing": ratios},
    )
    keep(row, chosen.keep)
    print(
        f"{files:,} files: {seconds:.3f} CPU seconds, {files / seconds:,.0f} files/s, "
        f"{median(ratios):.2f} x a bare listing ({min(ratios):.2f} to {max(ratios):.2f})"
    )


if __name__ == "__main__":
    main()
