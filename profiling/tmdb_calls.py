"""What a library costs at TMDB: calls, cold and warm, and how fast known titles are resolved.

    python -m profiling.tmdb_calls library      3,000 files of 2,600 movies, 17,000 episodes of 220 shows
    python -m profiling.tmdb_calls series       every show with counted seasons, a file per season
    python -m profiling.tmdb_calls warm         as many movies as there are, asked as fast as it goes

Names are made of real titles in ``../shared/tmdb`` (or the folder in ``MEDIACENSUS_TITLES``), which the
look-alike of TMDB serves as a process of its own; the runs are flows on a private Prefect server.
Only ``warm`` asks faster than a run may.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prefect import flow
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.private_server import private_server
from flows.resolve import resolve_titles
from mediacensus.catalog import new_run_id
from mediacensus.entries import parse_batch
from mediacensus.failures import FailureLog
from mediacensus.manifest import WalkLog, iter_batches
from mediacensus.measure import Stopwatch
from mediacensus.progress import Progress
from mediacensus.run import RunRecord
from mediacensus.settings import CensusParameters
from mediacensus.tmdb.access import TmdbAccess
from mediacensus.walk import iter_library

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TITLES = Path(os.environ.get("MEDIACENSUS_TITLES", Path(__file__).parents[2] / "shared" / "tmdb"))
_PROJECT = Path(__file__).parents[1]
_MEBIBYTE = 1024 * 1024
# what no file name holds, and what release names have in place of blanks: "AC/DC: Live"
_SEPARATORS = re.compile(r"[\s/:?*\"<>|]+")


def _lines(name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(TITLES / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _movies(count: int) -> list[dict[str, Any]]:
    """Return the best known movies, each title and year once."""
    by_name = {
        (each["title"], each["release_date"][:4]): each
        for each in sorted(_lines("movies"), key=lambda each: each.get("vote_count") or 0)
        if each.get("title") and each.get("release_date")
    }
    return list(reversed(by_name.values()))[:count]


def _shows() -> list[dict[str, Any]]:
    return [each for each in _lines("series_counts") if each["number_of_seasons"]]


def _dotted(title: str) -> str:
    return _SEPARATORS.sub(".", title).strip(".")


def _movie_file(movie: dict[str, Any], quality: str, tag: str = "") -> str:
    year, title = movie["release_date"][:4], movie["title"].replace("/", " ")
    return f"Movies/{title} ({year}){tag}/{_dotted(title)}.{year}.{quality}.BluRay.x264-GRP.mkv"


def _episode_files(show: dict[str, Any], per_season: int | None) -> Iterator[str]:
    """Yield files of a show, all its episodes or so many a season."""
    name, seasons = show["name"].replace("/", " "), show["number_of_seasons"]
    for season in range(1, seasons + 1):
        length = max(1, show["number_of_episodes"] // seasons)
        for episode in range(1, min(length, per_season or length) + 1):
            folder = f"TV/{name} ({show['first_air_year']})/Season {season:02}"
            yield f"{folder}/{_dotted(name)}.S{season:02}E{episode:02}.1080p.WEB-DL.H264-GRP.mkv"


def library() -> Iterator[str]:
    """Yield 20,000 files: 2,600 movies, 400 of them twice and 300 with an id, and 220 shows."""
    movies = _movies(2_600)
    for place, movie in enumerate(movies):
        tag = ""
        if place % 10 == 0:
            tag = f" [tmdbid-{movie['id']}]"
        elif place % 60 == 1 and movie.get("imdb_id"):
            tag = f" {{imdb-{movie['imdb_id']}}}"
        yield _movie_file(movie, "1080p", tag)
        if place < 400:
            yield _movie_file(movie, "2160p", tag)
    shows = sorted(_shows(), key=lambda each: abs(each["number_of_episodes"] - 86))[:220]
    episodes = [file for show in shows for file in _episode_files(show, None)]
    yield from episodes[:17_000]


def series() -> Iterator[str]:
    """Yield a file for every season of every show."""
    for show in _shows():
        yield from _episode_files(show, 1)


def many() -> Iterator[str]:
    """Yield a file for every movie."""
    for movie in _movies(20_000):
        yield _movie_file(movie, "1080p")


@contextlib.contextmanager
def _look_alike() -> Iterator[str]:
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "tests.tmdb", "--data", str(TITLES)],
        cwd=_PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()


def _write_library(files: Iterable[str], root: Path) -> int:
    count = 0
    for name in dict.fromkeys(files):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        count += 1
    return count


def _census(parameters: CensusParameters, folder: Path) -> tuple[RunRecord, float]:
    """Walk and parse into a snapshot, in this process."""
    record = RunRecord(new_run_id(), tuple(parameters.roots), {}, Progress())
    began = time.perf_counter()
    with FailureLog(folder / "failures" / "walk.parquet") as failures:
        tree = iter_library(tuple(parameters.roots), parameters.walk_rules())
        for batch in iter_batches(
            tree, folder, parameters.batch_bounds(), WalkLog(failures, record.progress)
        ):
            record.count(parse_batch(batch, folder))
    return record, time.perf_counter() - began


@flow(name="measure-titles", persist_result=False)
def measure_titles(roots: list[str], catalog: str, url: str, requests_per_second: float) -> None:
    """Look a library up cold, warm, and warm without the buckets, and print what it cost."""
    parameters = CensusParameters(roots=roots, catalog=catalog).model_copy(
        update={"tmdb_requests_per_second": requests_per_second}
    )
    access = TmdbAccess.checked("token", url)
    for label in ("cold", "warm", "warm, buckets expired"):
        folder = Path(catalog) / "unfinished" / new_run_id()
        if label.endswith("expired"):
            for record_path in Path(catalog).glob("tmdb/v1/buckets/*/*"):
                record_path.unlink()
        record, seconds = _census(parameters, folder)
        with Stopwatch() as watch:
            resolve_titles(parameters, record, folder, access)
        _print(label, record, watch, seconds)


def _print(label: str, record: RunRecord, watch: Stopwatch, parse_seconds: float) -> None:
    told = record.tmdb or {}
    print(
        f"{label}: {told['entries']:,} files, {told['queries']:,} queries, {told['calls']:,} calls "
        f"({told['calls'] / max(1, told['queries']):.3f} a query); {told['statuses']}\n"
        f"  {told.get('calls_per_endpoint')} retries {told.get('retries')} troubles {told.get('troubles')}\n"
        f"  from buckets {told['from_buckets']:,}, from answers {told['from_answers']:,}, "
        f"asked {told['asked']:,}; {told['answers']}\n"
        f"  seconds {told['seconds']} of {watch.duration_seconds:.1f} (walk and parse in one process "
        f"{parse_seconds:.1f}); {told['queries_per_second']:,.0f} queries/s looked up; "
        f"peak {watch.peak_memory_bytes / _MEBIBYTE:.0f} MiB; waits {told.get('budget_wait_seconds')} s",
        flush=True,
    )


_LIBRARIES = {"library": (library, 30.0), "series": (series, 30.0), "warm": (many, 100_000.0)}


def main() -> None:
    """Measure one library."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("library", choices=_LIBRARIES)
    parser.add_argument("--requests-per-second", type=float, help="in place of what a run may")
    chosen = parser.parse_args()
    files, requests_per_second = _LIBRARIES[chosen.library]
    with (
        tempfile.TemporaryDirectory(prefix="tmdb-calls-") as scratch,
        private_server(Path(scratch) / "prefect") as server,
        _look_alike() as url,
    ):
        root = Path(scratch) / "library"
        print(f"{_write_library(files(), root):,} files", flush=True)
        with temporary_settings({PREFECT_API_URL: server.wait_until_ready()}):
            measure_titles(
                [str(root)],
                str(Path(scratch) / "catalog"),
                url,
                chosen.requests_per_second or requests_per_second,
            )


if __name__ == "__main__":
    main()
