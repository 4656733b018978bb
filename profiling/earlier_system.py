"""The work of the earlier system, done by this one: ``python -m profiling.earlier_system [--rounds 3]``.

Before there was mediacensus, 417 files were parsed at 183.6 files a second, with guessit. That system cannot
be run again, and its machine is not at hand, so its figure stands in the rows as a reference and nothing is
paired with it; what can be paired is guessit itself on 417 names (``python -m profiling.parser_race``).

Here 417 files with those names are cataloged by the command a user types, against a server that already runs.
Two rates are told: files over the seconds of parsing and publishing, which is the same work and more; and
files over all of the command's wall time, which is start-up mostly, since 417 files are next to nothing.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flows.private_server import private_server
from profiling.census_at_size import measure_census
from profiling.parser_names import digest_of, sample
from profiling.references import EARLIER_FILES, against_earlier
from profiling.rows import keep, keep_option, new_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from profiling.census_at_size import Run

_FILES_PER_FOLDER: Final = 20
_LONGEST_NAME: Final = 250
"""In bytes; a file system takes 255."""


def write_library(names: Sequence[str], root: Path) -> int:
    """Make an empty media file of each name, some in a folder, and return how many there are."""
    made = set()
    for place, name in enumerate(names):
        stem = name.replace("/", " ").encode(errors="surrogateescape")[:_LONGEST_NAME]
        path = root / f"Folder {place // _FILES_PER_FOLDER}" / f"{stem.decode(errors='ignore')}.mkv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        made.add(path)
    return len(made)


def row_of(run: Run, files: int, digest: str) -> dict[str, Any]:
    """Return the row of one census."""
    phases = run.record["phases"]
    working = phases["parse"] + phases["publish"]
    return new_row(
        "417 files",
        {"files": files, "digest": digest, "server": "already running"},
        figures={
            "census_files_per_second": round(files / working, 1),
            "wall_files_per_second": round(files / run.wall_seconds, 1),
            "cpu_seconds": round(run.cpu_seconds, 2),
            "wall_seconds": round(run.wall_seconds, 2),
        },
        phases=phases,
        others_cpu_seconds=round(run.others_cpu_seconds, 2),
        reference=against_earlier(files / working),
    )


def main() -> None:
    """Take a census of 417 files, so many times, and keep a row of each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=1)
    keep_option(parser)
    chosen = parser.parse_args()
    names = sample(EARLIER_FILES)
    with tempfile.TemporaryDirectory(prefix="earlier-") as scratch:
        files = write_library(names, Path(scratch, "library"))
        with private_server(Path(scratch, "server")) as server:
            api = server.wait_until_ready()
            for _ in range(chosen.rounds):
                row = row_of(measure_census(Path(scratch, "library"), api), files, digest_of(names))
                keep(row, chosen.keep)
                told = row["figures"]
                print(
                    f"{files} files: {told['census_files_per_second']:,} files/s parsed and published, "
                    f"{row['reference']['times']} x {row['reference']['files_per_second']}; "
                    f"{told['wall_files_per_second']} files/s of {told['wall_seconds']} s wall",
                    flush=True,
                )


if __name__ == "__main__":
    main()
