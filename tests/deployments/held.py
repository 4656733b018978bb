"""Runs that are held in the middle, for tests to break what they want to break, with executions counted."""

from __future__ import annotations

import json
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mediacensus.catalog import Catalog, new_run_id
from tests.snapshots import run_record
from tests.trees import many_films

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tests.deployments.stack import Api

_SECONDS = 120
FILMS = 120
_FREE = 4
"""Batches that go through before others are held."""

# Loaded by every Dask worker: it writes down each part of the entries at the moment it would take its name,
# and from the fifth on waits there for as long as a file exists. Loaded with Dask's scheduler, by the flow,
# it waits before a folder half-way through the walk for as long as another file exists.
_HOLD = """
import os, sys, time

def wait_while(path):
    while os.path.exists(path):
        time.sleep(0.05)

def watch(event, arguments):
    if event == "os.scandir" and str(arguments[0]).endswith("/Film 60 (1999)"):
        open(os.environ["HELD_LOG"] + ".walk", "w").close()
        wait_while(os.environ["HELD_WHILE"] + ".walk")
    if event != "os.rename" or "/entries/" not in str(arguments[1]):
        return
    with open(os.environ["HELD_LOG"], "a") as log:
        print(os.path.basename(arguments[1]), file=log)
    if len(open(os.environ["HELD_LOG"]).readlines()) > int(os.environ["HELD_FROM"]):
        wait_while(os.environ["HELD_WHILE"])

if not hasattr(sys, "is_held"):
    sys.is_held = True
    sys.addaudithook(watch)
"""


@dataclass(frozen=True, slots=True)
class Held:
    """A library, a catalog of its own, and runs over it that wait in the middle until they are let go."""

    api: Api
    folder: Path

    @classmethod
    def make(cls, api: Api, folder: Path) -> Held:
        """Make the library and a catalog with a snapshot, and hold what will run over them."""
        many_films(folder / "films", FILMS)
        (folder / "hold.py").write_text(_HOLD)
        (folder / "executions").touch()
        (folder / "hold").touch()
        held = cls(api, folder)
        with held.catalog.locked(), held.catalog.new_snapshot(new_run_id()) as unfinished:
            held.catalog.publish(unfinished, run_record(unfinished.name))
        return held

    @property
    def catalog(self) -> Catalog:
        """The catalog."""
        return Catalog(self.folder / "catalog")

    @property
    def parameters(self) -> dict[str, object]:
        """Of a run, in batches of ten films."""
        return {
            "roots": [str(self.folder / "films")],
            "catalog": str(self.catalog.path),
            "min_batch_files": 10,
            "max_batch_files": 10,
            "workers": 2,
        }

    @property
    def environment(self) -> dict[str, str]:
        """Of a run, so that it is held."""
        hold = repr([str(self.folder / "hold.py")])
        return {
            "DASK_DISTRIBUTED__WORKER__PRELOAD": hold,
            "DASK_DISTRIBUTED__SCHEDULER__PRELOAD": hold,
            "HELD_LOG": str(self.folder / "executions"),
            "HELD_WHILE": str(self.folder / "hold"),
            "HELD_FROM": str(_FREE),
        }

    def run(self, settings: Mapping[str, str] | None = None) -> str:
        """Start a run of the deployment, with more settings in its environment; return its id."""
        environment = self.environment | dict(settings or {})
        return self.api.run(parameters={"parameters": self.parameters}, environment=environment)

    def run_until_parsing(self, settings: Mapping[str, str] | None = None) -> str:
        """Start a run and wait until both its workers wait in the middle of a batch; return its id."""
        enough = self.executions().total() + 2 if self.executions() else _FREE + 2
        run = self.run(settings)
        self._wait_until(lambda: self.executions().total() >= enough, run)
        return run

    @contextmanager
    def walk_held(self) -> Iterator[str]:
        """Start a run whose batches go through and which waits in the walk while the block runs."""
        hold, hold_walk = self.folder / "hold", self.folder / "hold.walk"
        hold.rename(hold_walk)
        run = self.run()
        self._wait_until((self.folder / "executions.walk").exists, run)
        yield run
        hold_walk.rename(hold)

    def _wait_until(self, is_so: Callable[[], bool], run: str) -> None:
        deadline = time.monotonic() + _SECONDS
        while not is_so():
            state = self.api.flow_run(run)["state"]
            assert state["type"] in {"SCHEDULED", "PENDING", "RUNNING"}, state
            assert time.monotonic() < deadline, state
            time.sleep(0.1)

    def let_go(self) -> None:
        """Hold nothing any longer."""
        (self.folder / "hold").unlink()

    def executions(self) -> Counter[str]:
        """Return how often each part was about to be finished."""
        return Counter((self.folder / "executions").read_text().split())

    def finished(self) -> set[str]:
        """Return the parts of the one unfinished snapshot that are complete."""
        [unfinished] = (self.catalog.path / "unfinished").iterdir()
        return {part.name for part in (unfinished / "entries").glob("part-*.parquet")}

    def look(self) -> dict[str, tuple[int, ...]]:
        """Return what is in the library, with what changes when somebody writes there."""
        paths = [self.folder / "films", *(self.folder / "films").rglob("*")]
        looks = ((path, path.stat()) for path in paths)
        return {str(path): (found.st_size, found.st_mtime_ns, found.st_ctime_ns) for path, found in looks}

    def record(self) -> dict[str, Any]:
        """Return the record of the current snapshot."""
        record: dict[str, Any] = json.loads((self.catalog.current_snapshot() / "run.json").read_text())
        return record
