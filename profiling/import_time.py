"""What importing costs: ``python -m profiling.import_time [--turns 9]``.

Each module is imported by a Python process of its own, all in turns; CPU seconds of the whole process, so the
interpreter's own start is in them, and ``nothing`` is that alone. Bytecode is there already.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

from profiling.rows import keep, keep_option, new_row

_MODULES = {
    "nothing": "sys",
    "the parser": "mediacensus.release",
    "preview": "mediacensus.cli.preview",
    "query": "mediacensus.cli.query",
    "the command line": "flows.command",
    "a worker": "tasks.parsing",
    "the flow": "flows.census",
}
"""What a user or a process loads, by what it is for."""


def cpu_seconds_to_import(module: str) -> float:
    """Return the CPU time of a Python process that imports a module and ends."""
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", f"import {module}"], check=True)  # noqa: S603 - our own modules
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure in turns, and keep a row."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--turns", type=int, default=9)
    keep_option(parser)
    chosen = parser.parse_args()
    seconds: dict[str, list[float]] = {name: [] for name in _MODULES}
    for turn in range(chosen.turns + 1):
        for name, module in _MODULES.items():
            taken = cpu_seconds_to_import(module)
            if turn:  # the first warms up
                seconds[name].append(taken)
    bare = seconds["nothing"]
    row = new_row(
        "imports",
        {},
        figures={
            f"{name.replace(' ', '_')}_cpu_seconds": round(median(taken), 4)
            for name, taken in seconds.items()
        },
        ratios={
            f"{name} / nothing": [round(one / other, 3) for one, other in zip(taken, bare, strict=True)]
            for name, taken in seconds.items()
            if name != "nothing"
        },
    )
    keep(row, chosen.keep)
    for name, all_taken in seconds.items():
        print(f"{name:20} {median(all_taken):.3f} CPU seconds ({min(all_taken):.3f} to {max(all_taken):.3f})")


if __name__ == "__main__":
    main()
