"""Runs that are held in the middle, for tests to break what they want to break, with executions counted."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mediacensus.catalog import Catalog
from tests.trees import many_films

if TYPE_CHECKING:
    from pathlib import Path

    from tests.deployments.stack import Stack

_SECONDS = 120
FILMS = 120
_FREE = 4
"""Batches that go through before others are held."""

# Loaded by every Dask worker: it writes down each part of the entries at the moment it would take its name,
# and from the fifth on waits there for as long as a file exists.
_HOLD = """
import os, sys, time

def watch(event, arguments):
    if event != "os.rename" or "/entries/" not in str(arguments[1]):
        return
    with open(os.environ["HELD_LOG"], "a") as log:
        print(os.path.basename(arguments[1]), file=log)
    if len(open(os.environ["HELD_LOG"]).readlines()) > int(os.environ["HELD_FROM"]):
        while os.path.exists(os.environ["HELD_WHILE"]):
            time.sleep(0.05)

if not hasattr(sys, "is_held"):
    sys.is_held = True
    sys.addaudithook(watch)
"""


@dataclass(frozen=True, slots=True)
class Held:
    """A library, a catalog of its own, and runs over it whose batches wait until they are let go."""

    stack: Stack
    folder: Path

    @classmethod
    def make(cls, stack: Stack, folder: Path) -> Held:
        """Make the library, and hold what will run over it."""
        many_films(folder / "films", FILMS)
        (folder / "hold.py").write_text(_HOLD)
        (folder / "executions").touch()
        (folder / "hold").touch()
        return cls(stack, folder)

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
        """Of a run, so that its workers are held."""
        return {
            "DASK_DISTRIBUTED__WORKER__PRELOAD": repr([str(self.folder / "hold.py")]),
            "HELD_LOG": str(self.folder / "executions"),
            "HELD_WHILE": str(self.folder / "hold"),
            "HELD_FROM": str(_FREE),
        }

    def run(self) -> str:
        """Start a run of the deployment; return its id."""
        return self.stack.run(parameters={"parameters": self.parameters}, environment=self.environment)

    def wait_until_held(self, run: str) -> None:
        """Wait until both workers of a run wait in the middle of a batch."""
        deadline = time.monotonic() + _SECONDS
        while self.executions().total() < _FREE + 2:
            state = self.stack.flow_run(run)["state"]
            assert state["type"] in {"SCHEDULED", "PENDING", "RUNNING"}, state
            assert time.monotonic() < deadline, self.stack.worker.log_path.read_text()[-3000:]
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

    def record(self) -> dict[str, Any]:
        """Return the record of the current snapshot."""
        import json  # noqa: PLC0415

        record: dict[str, Any] = json.loads((self.catalog.current_snapshot() / "run.json").read_text())
        return record
