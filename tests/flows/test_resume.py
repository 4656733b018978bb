"""Killed runs, killed workers, and a batch that kills whoever parses it, with executions counted."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.trees import many_films

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands import Census

pytestmark = pytest.mark.slow

# Loaded by every Dask worker, as the system calls it: it writes down each part of the entries at the moment
# it would take its name, and there kills its process where the part is one that is to be deadly.
_WITNESS = """
import os, re, signal, sys

def watch(event, arguments):
    if event != "os.rename" or "/entries/" not in str(arguments[1]):
        return
    part = os.path.basename(arguments[1])
    with open(os.environ["WITNESS_LOG"], "a") as log:
        print(part, file=log)
    batch, first, count = re.match(r"part-(\\d+)(?:\\.(\\d+)\\+(\\d+))?", part).groups("0")
    deadly_batch, deadly_file, deaths = map(int, os.environ["DEADLY"].split())
    is_whole = int(count) == 0
    if int(batch) == deadly_batch and (is_whole or int(first) <= deadly_file < int(first) + int(count)):
        died = open(os.environ["WITNESS_LOG"]).read().count(f"part-{batch}")
        if died <= deaths:
            os.kill(os.getpid(), signal.SIGKILL)

if not hasattr(sys, "is_witnessed"):
    sys.is_witnessed = True
    sys.addaudithook(watch)
"""


class _Witnessed:
    """A command line whose workers are watched."""

    def __init__(self, census: Census, folder: Path) -> None:
        self.log = folder / "executions"
        self.log.touch()
        witness = folder / "witness.py"
        witness.write_text(_WITNESS)
        self._settings = census.settings | {
            "DASK_DISTRIBUTED__WORKER__PRELOAD": repr([str(witness)]),
            "WITNESS_LOG": str(self.log),
        }
        self._census = census

    def deadly(self, batch: int = -1, file: int = 0, deaths: int = 1_000) -> Census:
        """Return the command line with a file of a batch that kills its worker, so many times."""
        return replace(self._census, settings=self._settings | {"DEADLY": f"{batch} {file} {deaths}"})

    def executions(self) -> Counter[str]:
        """Return how often each part was about to be finished."""
        return Counter(self.log.read_text().split())


@pytest.fixture
def witnessed(census: Census, tmp_path: Path) -> _Witnessed:
    """The command line with workers that are watched."""
    return _Witnessed(census, tmp_path)


def _rows(census: Census) -> dict[str, int]:
    [row] = census.query("SELECT count(*) AS n, count(DISTINCT path) AS paths FROM entries")
    return row


def _kill_scan(witnessed: _Witnessed, census: Census, *arguments: object, executions: int) -> Path:
    """Kill a scan once so many batches have been executed; return the snapshot it leaves unfinished."""
    scan = census.start("scan", *arguments)
    while sum(witnessed.executions().values()) < executions:
        time.sleep(0.05)
        assert scan.poll() is None
    scan.kill()
    scan.communicate()
    assert census.wait_until_quiet() == []
    [unfinished] = (census.catalog / "unfinished").iterdir()
    return unfinished


def test_a_killed_run_is_continued(witnessed: _Witnessed, library: Path) -> None:
    """After kill -9 the same command goes on: no finished batch is parsed again, no row lost or doubled."""
    census, many = witnessed.deadly(), many_films(library.parent / "many")

    unfinished = _kill_scan(witnessed, census, many, "--batch-files", "10", "--workers", "2", executions=6)

    finished = {part.name for part in (unfinished / "entries").glob("*.parquet")}
    record = census.scan(many)
    assert record["run_id"] == unfinished.name
    assert record["batches_taken_over"] == len(finished) >= 4
    assert len(record["batches"]) > len(finished)
    assert {witnessed.executions()[part] for part in finished} == {1}
    assert _rows(census) == {"n": 400, "paths": 400}


def test_a_fresh_run_leaves_an_unfinished_one_aside(witnessed: _Witnessed, library: Path) -> None:
    """With --fresh, or other parameters, nothing of an unfinished run is used."""
    census, many = witnessed.deadly(), many_films(library.parent / "many", 60)
    unfinished = _kill_scan(witnessed, census, many, "--batch-files", "5", "--workers", "1", executions=3)

    record = census.scan(many, "--fresh")

    assert (record["batches_taken_over"], record["files"]["cataloged"]) == (0, 60)
    assert record["run_id"] != unfinished.name
    assert not unfinished.exists()


def test_a_worker_killed_in_a_batch_costs_one_more_execution(witnessed: _Witnessed, library: Path) -> None:
    """The batch whose worker died is parsed twice, every other once, and nothing is missing."""
    census, many = witnessed.deadly(batch=3, deaths=1), many_films(library.parent / "many", 100)

    record = census.scan(many, "--batch-files", "10", "--workers", "2")

    executions = witnessed.executions()
    assert executions.pop("part-00003.parquet") == 2
    assert set(executions.values()) == {1}
    assert record["files"]["cataloged"] == 100
    assert _rows(census) == {"n": 100, "paths": 100}


def test_a_deadly_batch_costs_the_name_at_fault(witnessed: _Witnessed, library: Path) -> None:
    """A batch that kills its worker each time is split until one name is a failure, all others cataloged."""
    census, many = witnessed.deadly(batch=1, file=6), many_films(library.parent / "many", 30)

    done = census.run("scan", many, "--batch-files", "10", "--workers", "2", "--json")

    assert done.returncode == 1, done.stderr
    record = json.loads(done.stdout)
    assert (record["files"]["media"], record["files"]["cataloged"], record["failures"]) == (30, 29, 1)
    [lost] = census.query("SELECT kind, path FROM failures")
    assert lost["kind"] == "lost batch"
    everything = {os.path.join(folder, name) for folder, _, names in os.walk(many) for name in names}
    cataloged = {row["path"] for row in census.query("SELECT path FROM entries")}
    assert everything - cataloged == {lost["path"]}
    executions = witnessed.executions()
    assert executions["part-00000.parquet"] == executions["part-00002.parquet"] == 1
    assert executions["part-00001.parquet"] == 2
