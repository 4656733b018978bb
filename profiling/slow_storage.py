"""A walk behind latency: ``python -m profiling.slow_storage FOLDER [--latency-ms 5] [--real]``.

Every listing of the walk first sleeps, as if the answer came over a network, and the same tree is walked
with more and more listings at once. Beside each rate stands the limit: concurrency divided by latency. The
last lines are the same walk with no latency, in turns: with and without listing ahead on a local disk.

With ``--real`` nothing is injected: the folder's own storage has that latency, for instance a mount of
``profiling.latency_mount``.
"""

from __future__ import annotations

import argparse
import time
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from mediacensus.listing import list_entries
from mediacensus.walk import iter_library

if TYPE_CHECKING:
    import os

    from mediacensus.lookahead import ListEntries
    from mediacensus.model import Failure

_TURNS = 7


class _Slow:
    """Lists folders with a wait before each, and counts them."""

    def __init__(self, latency_seconds: float) -> None:
        self.listings = 0
        self._latency_seconds = latency_seconds

    def __call__(self, path: str, failures: list[Failure]) -> list[os.DirEntry[str]]:
        self.listings += 1
        time.sleep(self._latency_seconds)
        return list_entries(path, failures)


def walk_seconds(
    folder: Path, concurrency: int, lister: ListEntries, directories: int | None = None
) -> float:
    """Return how long a walk takes, of all or of so many directories."""
    began = time.perf_counter()
    found = iter_library([str(folder)], concurrency=concurrency, list_entries=lister)
    for _ in islice(found, directories):
        pass
    return time.perf_counter() - began


def main() -> None:
    """Print a line for each concurrency, and the local walks."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--latency-ms", type=float, default=5.0)
    parser.add_argument("--real", action="store_true", help="the storage itself has that latency")
    parser.add_argument("--directories", type=int, default=4_000, help="how many to walk at most")
    chosen = parser.parse_args()
    latency_seconds = chosen.latency_ms / 1000
    for concurrency in (1, 2, 4, 8, 16, 32, 64):
        slow = _Slow(0.0 if chosen.real else latency_seconds)
        directories = min(chosen.directories, 250 * concurrency)
        seconds = walk_seconds(chosen.folder, concurrency, slow, directories)
        limit = concurrency / latency_seconds
        rate = slow.listings / seconds
        print(
            f"{concurrency:>3} at once: {rate:7,.0f} listings/s, {rate / limit:.0%} of the limit", flush=True
        )
    if not chosen.real:
        _show_local_walks(chosen.folder)


def _show_local_walks(folder: Path) -> None:
    turns = [[walk_seconds(folder, n, list_entries) for n in (1, 2, 16)] for _ in range(_TURNS)]
    for position, name in enumerate(("one by one", "2 at once", "16 at once")):
        ratio = median(turn[position] / turn[0] for turn in turns)
        print(
            f"no latency, {name}: {median(turn[position] for turn in turns):.2f} s, {ratio:.2f} x one by one"
        )


if __name__ == "__main__":
    main()
