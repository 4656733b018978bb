"""How many machine instructions a name takes: ``python -m profiling.parser_instructions [NAMES]``.

Valgrind counts them for three passes over the names and for two; the difference is one pass with everything
warm. For one build of Python the count is the same to some 500 instructions whatever else the machine does,
so it shows gains that no clock can tell from noise. It is not time: code that few names need takes two or
three times as long for each instruction as the loops that every name runs through.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from mediacensus.release import parse_as_guessit
from profiling.parser_names import sample

# totals: 1652168805
_TOTAL = re.compile(r"^totals: (\d+)", re.MULTILINE)
_FEW, _MORE = 2, 3
"""Passes of the two counts; the first of each warms up."""


def count_instructions(names: int, passes: int) -> int:
    """Return the instructions of a Python process that parses so many names so often."""
    with tempfile.TemporaryDirectory() as folder:
        counts = Path(folder) / "counts"
        command = [
            "valgrind",
            "--quiet",
            "--tool=callgrind",
            f"--callgrind-out-file={counts}",
            sys.executable,
        ]
        command += ["-m", "profiling.parser_instructions", str(names), "--passes", str(passes)]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": "0"})  # noqa: S603 - ourselves
        found = _TOTAL.search(counts.read_text("utf-8"))
    if found is None:
        raise SystemExit("Valgrind wrote no total: its version may be too old for this command.")
    return int(found[1])


def main() -> None:
    """Print the count, or be what is counted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="?", type=int, default=1500)
    parser.add_argument("--passes", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    names = sample(chosen.names)
    if chosen.passes:
        for _ in range(chosen.passes):
            for name in names:
                parse_as_guessit(name)
        return
    if shutil.which("valgrind") is None:
        raise SystemExit("valgrind is not installed: apt-get install valgrind.")
    counted = count_instructions(chosen.names, _MORE) - count_instructions(chosen.names, _FEW)
    print(f"{len(names)} names, {counted / len(names):,.0f} instructions a name")


if __name__ == "__main__":
    main()
