"""How fast names are parsed, against the other parsers installed: `python -m profiling.parser_race [NAMES]`.

All parsers read the same names in turns, pass by pass, so that a noisy machine is noisy for all of them; what
counts are the ratios. CPU time, one thread, warm. A last line gives folders and full paths. The race is one
row of ``runs.jsonl``, with the earlier system's rate as a reference where there are as many names as it had.
"""

from __future__ import annotations

import argparse
import importlib
import statistics
import sys
import time
from typing import TYPE_CHECKING

from mediacensus.release import parse_as_guessit, parse_folder, parse_release_name
from profiling.parser_names import digest_of, sample
from profiling.references import EARLIER_FILES, against_earlier
from profiling.rows import keep, keep_option, new_row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

_OURS, _AS_GUESSIT = "mediacensus", "mediacensus as guessit"
_OTHERS = (("guessit", "guessit", "guessit"), ("PTT", "PTT", "parse_title"), ("anitopy", "anitopy", "parse"))
_PASSES = 7
_FOLDER = "/srv/media/TV Shows/Harbour Lights (2010)/Season 02"


def installed() -> dict[str, Callable[[str], object]]:
    """The parsers at hand; ours always."""
    found: dict[str, Callable[[str], object]] = {
        _OURS: parse_release_name,
        _AS_GUESSIT: parse_as_guessit,
    }
    for label, module, function in _OTHERS:
        try:
            found[label] = _forgive(getattr(importlib.import_module(module), function))
        except ImportError:
            print(f"# {label} is not installed", file=sys.stderr)
    return found


def _forgive(parse: Callable[[str], object]) -> Callable[[str], object]:
    """Let a peer fail on a name: it costs the time until then, not the race."""

    def parse_or_fail(name: str) -> object:
        try:
            return parse(name)
        except Exception as error:  # noqa: BLE001  # another project's errors: any may come
            return error

    return parse_or_fail


def race_by_pass(
    parsers: dict[str, Callable[[str], object]], names: Sequence[str], passes: int
) -> dict[str, list[float]]:
    """Return the CPU seconds a name that each parser took in each of some passes, taken in turns."""
    seconds: dict[str, list[float]] = {label: [] for label in parsers}
    for _ in range(passes + 1):  # the first pass warms up
        for label, parse in parsers.items():
            began = time.process_time()
            for name in names:
                parse(name)
            seconds[label].append((time.process_time() - began) / len(names))
    return {label: found[1:] for label, found in seconds.items()}


def race(parsers: dict[str, Callable[[str], object]], names: Sequence[str], passes: int) -> dict[str, float]:
    """Return the median CPU seconds a name of each parser over interleaved passes."""
    return {label: statistics.median(found) for label, found in race_by_pass(parsers, names, passes).items()}


def row_of(names: Sequence[str], passes: dict[str, list[float]]) -> dict[str, Any]:
    """Return the row of a race; ratios are of our seconds to another parser's, pass by pass."""
    ours, costs = passes[_OURS], {label: statistics.median(found) for label, found in passes.items()}
    row = new_row(
        "names",
        {"names": len(names), "digest": digest_of(names)},
        figures={
            "cpu_seconds_per_name": round(costs[_OURS], 9),
            "names_per_second": round(1 / costs[_OURS], 1),
        },
        ratios={
            f"{_OURS} / {label}": [round(our / other, 6) for our, other in zip(ours, found, strict=True)]
            for label, found in passes.items()
            if label not in {_OURS, _AS_GUESSIT}
        },
        cpu_seconds_per_name={label: round(cost, 9) for label, cost in costs.items()},
    )
    return row | ({"reference": against_earlier(1 / costs[_OURS])} if len(names) == EARLIER_FILES else {})


def main() -> None:
    """Print the race, the cost by length, and the cost of paths and folders."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="?", type=int, default=EARLIER_FILES)
    parser.add_argument("--passes", type=int, default=_PASSES)
    keep_option(parser)
    chosen = parser.parse_args()
    names = sample(chosen.names)
    passes = race_by_pass(installed(), names, chosen.passes)
    row = row_of(names, passes)
    keep(row, chosen.keep)
    costs: dict[str, float] = row["cpu_seconds_per_name"]
    slowest = costs.get("guessit")
    print(f"{len(names)} names, mean length {statistics.mean(map(len, names)):.0f}")
    for label, cost in costs.items():
        ratio = f"{slowest / cost:8.1f} x guessit" if slowest else ""
        print(f"{label:24}{cost * 1e6:10.1f} us a name {ratio}")
    if (reference := row.get("reference")) is not None:
        print(
            f"{1 / costs[_OURS]:,.0f} names/s: {reference['times']} x {reference['files_per_second']} files/s"
        )
        print(f"  of {reference['of']}")
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
