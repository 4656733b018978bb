"""How fast names are parsed, against the other parsers installed: `python -m profiling.parser_race`.

All parsers read the same names in turns, pass by pass, so that a noisy machine is noisy for all of them; what
counts are the ratios. One thread, warm. A last line gives folders and full paths.
"""

from __future__ import annotations

import importlib
import statistics
import sys
import time
from typing import TYPE_CHECKING

from mediacensus.release import parse_as_guessit, parse_folder, parse_release_name
from profiling.parser_names import sample

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_OTHERS = (("guessit", "guessit", "guessit"), ("PTT", "PTT", "parse_title"), ("anitopy", "anitopy", "parse"))
_FOLDER = "/srv/media/TV Shows/Harbour Lights (2010)/Season 02"


def installed() -> dict[str, Callable[[str], object]]:
    """The parsers at hand; ours always."""
    found: dict[str, Callable[[str], object]] = {
        "mediacensus": parse_release_name,
        "mediacensus as guessit": parse_as_guessit,
    }
    for label, module, function in _OTHERS:
        try:
            found[label] = getattr(importlib.import_module(module), function)
        except ImportError:
            print(f"# {label} is not installed", file=sys.stderr)
    return found


def race(parsers: dict[str, Callable[[str], object]], names: Sequence[str], passes: int) -> dict[str, float]:
    """Median seconds per name of each parser over interleaved passes."""
    seconds: dict[str, list[float]] = {label: [] for label in parsers}
    for _ in range(passes + 1):  # the first pass warms up
        for label, parse in parsers.items():
            began = time.perf_counter()
            for name in names:
                parse(name)
            seconds[label].append((time.perf_counter() - began) / len(names))
    return {label: statistics.median(found[1:]) for label, found in seconds.items()}


def main() -> None:
    """Print the race, the cost by length, and the cost of paths and folders."""
    names = sample(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
    costs = race(installed(), names, 3)
    slowest = costs.get("guessit")
    print(f"{len(names)} names, mean length {statistics.mean(map(len, names)):.0f}")
    for label, cost in costs.items():
        ratio = f"{slowest / cost:8.1f} x guessit" if slowest else ""
        print(f"{label:24}{cost * 1e6:10.1f} us a name {ratio}")
    for low, high in ((0, 30), (30, 60), (60, 90), (90, 130), (130, 1000)):
        group = [name for name in names if low <= len(name) < high]
        if group:
            cost = race({"": parse_release_name}, group, 5)[""]
            print(f"{low:>4} to {high:<5} characters{cost * 1e6:10.1f} us a name")
    _race_folder(slowest)


def _race_folder(slowest: float | None) -> None:
    """A folder whose names differ by a few digits: name by name, by path, and together."""
    names = [f"Harbour.Lights.S02E{n:02d}.1080p.WEB-DL.DD5.1.H.264-GRP.mkv" for n in range(1, 90)]
    parents = _FOLDER.strip("/").split("/")
    bare = race({"": parse_as_guessit}, names, 5)[""]
    paths = race({"": parse_as_guessit}, [f"{_FOLDER}/{name}" for name in names], 5)[""]
    together = race({"": lambda _: parse_folder(names, parents)}, [""], 9)[""] / len(names)
    print(f"bare {bare * 1e6:.1f} us, full path {paths * 1e6:.1f} us ({paths / bare:.2f} x as long)")
    ratio = f", {slowest / together:.0f} x guessit on single names" if slowest else ""
    print(f"as one folder {together * 1e6:.1f} us a name{ratio}")


if __name__ == "__main__":
    main()
