"""``mediacensus scan`` on real servers, clusters and signals."""

from __future__ import annotations

import hashlib
import json
import os
import signal
from typing import TYPE_CHECKING, Any

import pytest

from tests.commands import Census, interrupt, wait_for_line
from tests.trees import many_films

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

_ORDINARY_USER = (
    "setpriv",
    "--bounding-set=-dac_override,-dac_read_search",
    "--inh-caps=-dac_override,-dac_read_search",
)
"""For root: a process to which file permissions apply like to anybody else."""


def _digests(folder: Path) -> dict[str, str]:
    """Return a digest of each file below a folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_every_media_file_is_one_row(census: Census, library: Path) -> None:
    """A scan catalogs each media file once, with what name and folders say and its companions beside it."""
    record = census.scan(library)

    assert {
        name: record["files"][name]
        for name in ("seen", "media", "cataloged", "companions", "other", "pruned")
    } == {"seen": 7, "media": 5, "cataloged": 5, "companions": 1, "other": 1, "pruned": 1}
    rows = census.query(
        "SELECT kind, title, year, season, episode, is_disc, match_status, size_bytes FROM entries "
        "ORDER BY kind, title, episode"
    )
    shared = {"match_status": "not looked up", "size_bytes": 1}
    assert [{k: v for k, v in row.items() if k not in shared} for row in rows if row["kind"] != "extra"] == [
        {
            "kind": "episode",
            "title": "Slow Horses",
            "year": None,
            "season": 2,
            "episode": 3,
            "is_disc": False,
        },
        {
            "kind": "episode",
            "title": "Slow Horses",
            "year": None,
            "season": 2,
            "episode": 4,
            "is_disc": False,
        },
        {"kind": "movie", "title": "Ran", "year": 1985, "season": None, "episode": None, "is_disc": True},
        {
            "kind": "movie",
            "title": "The Iron Giant",
            "year": 1999,
            "season": None,
            "episode": None,
            "is_disc": False,
        },
    ]
    assert all(shared.items() <= row.items() for row in rows)
    assert census.query("SELECT extra_kind FROM entries WHERE kind = 'extra'") == [{"extra_kind": "trailer"}]
    assert census.query("SELECT c.name, c.kind FROM (SELECT unnest(companions) AS c FROM entries)") == [
        {"name": "The.Iron.Giant.1999.1080p.BluRay.x264-TEST.en.srt", "kind": "subtitle"}
    ]


def test_json_is_all_there_is_on_stdout(census: Census, library: Path) -> None:
    """With --json nothing but the run's record is on standard output, and progress is on standard error."""
    done = census.run("scan", library, "--json")

    record = json.loads(done.stdout)
    assert record["files"]["cataloged"] == 5
    assert {"import", "cluster", "walk", "parse", "publish"} <= record["phases"].keys()
    assert "media files parsed" in done.stderr


def test_a_second_snapshot_leaves_the_first_alone(census: Census, library: Path) -> None:
    """A second scan adds a snapshot, makes it current, and changes no byte of the first."""
    first = census.catalog / "snapshots" / census.scan(library)["run_id"]
    before = _digests(first)
    (library / "Movies/Heat (1995).mkv").touch()

    second = census.scan(library)["run_id"]

    assert before == _digests(first)
    assert second == (census.catalog / "current").read_text().strip()
    assert census.query("SELECT count(*) AS n FROM entries") == [{"n": 6}]


def test_a_scan_touches_nothing_in_the_library(census: Census, library: Path) -> None:
    """After a scan every file and folder of the library has the times, size and content it had."""

    def state() -> dict[str, Any]:
        return {
            str(path): (path.lstat().st_mtime_ns, path.lstat().st_ctime_ns, path.lstat().st_size)
            for path in [library, *library.rglob("*")]
        }

    before = state()

    census.scan(library)

    assert before == state()


def test_without_a_server_one_is_started_and_stopped(private_census: Census, library: Path) -> None:
    """With no PREFECT_API_URL a scan starts a server of its own, and nothing of it is left at the end."""
    record = private_census.scan(library)

    assert record["phases"]["server"] > 0
    assert private_census.wait_until_quiet(0) == []


def test_options_reach_the_walk(census: Census, library: Path) -> None:
    """--ignore, --media and --all-files decide what counts."""
    assert census.scan(library, "--ignore", "Movies/The*")["files"]["cataloged"] == 3
    assert census.scan(library, "--media", "txt", "--ignore", "Movies/Ran*")["files"]["cataloged"] == 1
    assert census.scan(library, "--all-files")["files"]["cataloged"] == 6


def test_an_empty_folder_is_a_complete_census(census: Census, tmp_path: Path) -> None:
    """A folder with nothing in it gives an empty snapshot, and a hint that it may be an unmounted disk."""
    (tmp_path / "empty").mkdir()

    done = census.run("scan", tmp_path / "empty")

    assert done.returncode == 0
    assert "check that it is mounted" in done.stdout
    assert census.query("SELECT count(*) AS n FROM entries") == [{"n": 0}]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing"], "does not exist"),
        (["library/notes.txt"], "is not a folder"),
        (["library", "library/TV"], "lies inside"),
        (["library", "--catalog", "library/catalog"], "lies inside the library"),
        (["library", "--dask", "tcp://127.0.0.1:1"], "does not answer"),
        (["library", "--workers", "0"], "workers"),
        (["library", "--media", "mkv", "--all-files"], "contradict"),
        ([], "Missing argument"),
    ],
)
def test_what_cannot_start_says_why(census: Census, library: Path, arguments: list[str], said: str) -> None:
    """A run that cannot start ends with code 2 and a message, no traceback, and publishes nothing."""
    assert library.is_dir()

    done = census.run("scan", *arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (census.catalog / "current").exists()
    assert not (library / "catalog").exists()


def test_an_unreadable_root_writes_nothing(census: Census, library: Path) -> None:
    """A root that may not be read stops the run with code 2 before anything is written."""
    library.chmod(0)

    done = census.run("scan", library, prefix=_ORDINARY_USER if os.geteuid() == 0 else ())

    library.chmod(0o755)
    assert done.returncode == 2
    assert f"{library} cannot be read: Permission denied" in done.stderr
    assert not census.catalog.exists()


def test_a_broken_decision_is_told_before_the_walk(census: Census, library: Path) -> None:
    """A line of pins.jsonl that is no pin stops a run that looks titles up before it has walked anything."""
    assert census.run("scan", library).returncode == 0
    (census.catalog / "pins.jsonl").write_text("movie:603\n")

    done = census.run("scan", library, "--offline")

    assert (done.returncode, done.stdout) == (2, "")
    assert f"{census.catalog / 'pins.jsonl'}" in done.stderr
    assert list((census.catalog / "unfinished").glob("*")) == []


def test_problems_are_recorded_and_the_run_goes_on(census: Census, library: Path) -> None:
    """Unreadable folders and broken links are failures (code 1); loops and bytes not UTF-8 are notices."""
    locked = library / "Locked"
    locked.mkdir()
    (locked / "Unseen.mkv").touch()
    locked.chmod(0)
    (library / "gone.mkv").symlink_to("nowhere.mkv")
    (library / "Movies" / "again").symlink_to(library)
    with open(os.fsencode(library) + b"/Caf\xe9 (2001).mkv", "wb"):
        pass

    done = census.run("scan", library, "--json", prefix=_ORDINARY_USER if os.geteuid() == 0 else ())

    locked.chmod(0o755)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert [
        {"kind": "broken link", "severity": "failure", "path": f"{library}/gone.mkv"},
        {"kind": "name is not UTF-8", "severity": "notice", "path": f"{library}/Caf\\xe9 (2001).mkv"},
        {"kind": "symlink loop", "severity": "notice", "path": f"{library}/Movies/again"},
        {"kind": "unreadable directory", "severity": "failure", "path": f"{library}/Locked"},
    ] == census.query("SELECT kind, severity, path FROM failures ORDER BY kind")
    [row] = census.query("SELECT year, hex(path_bytes) AS bytes FROM entries WHERE path LIKE '%Caf%'")
    assert (2001, (os.fsencode(library) + b"/Caf\xe9 (2001).mkv").hex().upper()) == (
        row["year"],
        row["bytes"],
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_no_process_and_the_old_snapshot(
    private_census: Census, library: Path, number: signal.Signals
) -> None:
    """Ctrl-C or SIGTERM ends with code 130, no traceback, no process left, and the old snapshot current."""
    private_census.scan(library)
    current = (private_census.catalog / "current").read_text()
    many = many_films(library.parent / "many")
    process = private_census.start("scan", many, "--batch-files", "1", "--workers", "1")
    read = wait_for_line(process, "walking and parsing")

    interrupt(process, number)

    out, err = process.communicate()
    assert (process.returncode, out) == (130, "")
    assert "mediacensus: interrupted." in err
    assert "Traceback" not in read + err
    assert private_census.wait_until_quiet() == []
    assert current == (private_census.catalog / "current").read_text()


def test_a_killed_scan_leaves_no_process_and_the_next_one_works(
    private_census: Census, library: Path
) -> None:
    """After kill -9 server and workers end by themselves, and the next scan clears up and completes."""
    many = many_films(library.parent / "many")
    process = private_census.start("scan", many, "--batch-files", "1", "--workers", "1")
    wait_for_line(process, "walking and parsing")

    process.kill()

    process.communicate()
    assert private_census.wait_until_quiet() == []
    assert private_census.scan(library)["files"]["cataloged"] == 5
    assert list((private_census.catalog / "unfinished").glob("*")) == []


def test_a_second_scan_of_one_catalog_is_refused(census: Census, library: Path) -> None:
    """While one scan writes to a catalog a second names it and ends with code 2; the first goes on."""
    many = many_films(library.parent / "many")
    first = census.start("scan", many, "--batch-files", "20", "--workers", "1", "--json")
    wait_for_line(first, "walking and parsing")

    second = census.run("scan", library)

    assert second.returncode == 2
    assert f"Another run is writing to the catalog {census.catalog} (process {first.pid}" in second.stderr
    out, _ = first.communicate()
    assert (first.returncode, json.loads(out)["files"]["cataloged"]) == (0, 400)


def test_a_dead_worker_costs_no_file(census: Census, library: Path) -> None:
    """When a worker is killed in the middle its batches are parsed again: no row is lost or doubled."""
    many = many_films(library.parent / "many")
    process = census.start("scan", many, "--batch-files", "20", "--workers", "2", "--json")
    wait_for_line(process, "walking and parsing")
    workers = [p for p in census.processes() if "spawn_main" in " ".join(p.cmdline())]

    workers[0].kill()

    out, err = process.communicate()
    assert process.returncode == 0, err
    assert json.loads(out)["files"]["cataloged"] == 400
    assert census.query("SELECT count(*) AS n, count(DISTINCT path) AS paths FROM entries") == [
        {"n": 400, "paths": 400}
    ]
