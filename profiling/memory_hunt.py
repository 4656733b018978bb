"""Who allocates: ``python -m profiling.memory_hunt FOLDER [--what batch|walk|page] [--into DIR]``.

Runs one piece of a census over a folder in this process under memray, which sees every allocation, Arrow's
and DuckDB's as well, at about twice the time. Prints how much was held at the peak and by whom, and keeps
what memray recorded (``memray summary``, ``memray tree`` and others read it) with a flame graph of the peak.

What is told is what was asked of the allocator, not what is resident: pages that the allocator keeps, the
interpreter and its modules are not in it. Resident memory is told by ``profiling.census_at_size``.

memray is the extra ``memory``: pip install 'memray>=1.17,<2'.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mediacensus.entries import parse_batch
from mediacensus.page import write_page
from mediacensus.progress import Progress
from mediacensus.run import RunRecord
from profiling.libraries import count_files, iter_written_batches
from profiling.rows import keep, keep_option, new_row

if TYPE_CHECKING:
    from collections.abc import Callable

_MEBIBYTE = 1024 * 1024
_SHOWN = 12
_HOW_TO_INSTALL = "A memory hunt needs memray. Install it with: pip install 'memray>=1.17,<2'"


def prepared(what: str, folder: Path, snapshot: Path) -> Callable[[], object]:
    """Return the piece of work that is to be watched, what it needs being there."""
    if what == "walk":
        return lambda: sum(1 for _ in iter_written_batches(folder, snapshot))
    record = RunRecord("20260101T000000Z-0000", (str(folder),), {}, Progress())
    batches = list(iter_written_batches(folder, snapshot, record.progress))
    if what == "batch":
        return lambda: parse_batch(max(batches, key=lambda batch: batch.media_files), snapshot)
    for batch in batches:
        record.count(parse_batch(batch, snapshot))
    run = record.describe(snapshot)
    return lambda: write_page(snapshot, run, snapshot / "report.html")


def watch(work: Callable[[], object], recorded: Path) -> None:
    """Run something under memray, and write what it saw to a file."""
    import memray  # noqa: PLC0415 - an extra, looked for before

    work()  # once before: what is imported and cached at the first time is not what a library costs
    with memray.Tracker(recorded):
        work()


def describe(recorded: Path) -> tuple[dict[str, float], list[tuple[str, int, int]]]:
    """Return the figures of what was recorded, and who held most at its peak: place, bytes, allocations."""
    import memray  # noqa: PLC0415 - as above

    with memray.FileReader(recorded) as reader:
        figures = {
            "peak_mebibytes": round(reader.metadata.peak_memory / _MEBIBYTE, 2),
            "allocations": float(reader.metadata.total_allocations),
        }
        places: dict[str, tuple[int, int]] = {}
        for record in reader.get_high_watermark_allocation_records(merge_threads=True):
            stack = record.stack_trace(max_stacks=1)
            function, file, line = stack[0] if stack else ("?", "?", 0)
            place = f"{function} ({'/'.join(Path(file).parts[-2:])}:{line})"
            held, allocations = places.get(place, (0, 0))
            places[place] = (held + record.size, allocations + record.n_allocations)
    ordered = sorted(((place, *each) for place, each in places.items()), key=lambda each: -each[1])
    return figures, ordered[:_SHOWN]


def main() -> None:
    """Hunt, print who held most, and keep what was recorded."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--what", choices=("batch", "walk", "page"), default="batch")
    parser.add_argument("--into", type=Path, default=Path("memory-hunt"), help="new folder for the records")
    keep_option(parser)
    chosen = parser.parse_args()
    if importlib.util.find_spec("memray") is None:
        sys.exit(_HOW_TO_INSTALL)
    recorded = chosen.into / f"{chosen.what}.bin"
    if recorded.exists():
        sys.exit(f"{recorded} is there already; name another folder with --into")
    chosen.into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="memory-hunt-") as scratch:
        watch(prepared(chosen.what, chosen.folder, Path(scratch)), recorded)
    figures, held = describe(recorded)
    _draw(recorded)
    row: dict[str, Any] = new_row(
        "memory", {"what": chosen.what, "files": count_files(chosen.folder)}, figures=figures
    )
    keep(row, chosen.keep)
    print(f"{figures['peak_mebibytes']} MiB at the peak, {figures['allocations']:,.0f} allocations in all.")
    print("Held at the peak:")
    for place, held_bytes, allocations in held:
        print(f"{held_bytes / _MEBIBYTE:9.2f} MiB in {allocations:>8,} by {place}")
    print(f"Recorded in {recorded}; drawn in {recorded.with_suffix('.html')}")


def _draw(recorded: Path) -> None:
    page = str(recorded.with_suffix(".html"))
    command = [sys.executable, "-m", "memray", "flamegraph", "--output", page, str(recorded)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - memray itself


if __name__ == "__main__":
    main()
