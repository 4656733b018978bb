"""The programs of a stack. Each ends when the one that started it does, however that one ends.

As a program (``python -m flows.stack.parts``) this is the worker.
"""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from typing import TYPE_CHECKING

from flows.private_server import SERVER_COMMAND, SERVER_SETTINGS, end_program, end_with_standard_input
from flows.stack.place import MARK_VARIABLE
from mediacensus.tmdb.access import token_kept_back

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from flows.stack.place import Address, StackPlace

WORK_POOL = "census"
_WORKER_COMMAND = (sys.executable, "-m", "flows.stack.parts")
PROGRAMS = frozenset({SERVER_COMMAND[-1], _WORKER_COMMAND[-1]})
"""What tells a server and a worker from other processes, in their command lines."""
HEARTBEAT_SECONDS = 30
"""Between two signs of life of a run; Prefect allows no less."""
_LOOK_VARIABLE = "PREFECT_WORKER_QUERY_SECONDS"
_LOOK_SECONDS = "5"
"""Between two looks of the worker for runs: what somebody waits who starts one. Prefect's own 10 are long."""
PASSWORD_VARIABLE = "PREFECT_SERVER_API_AUTH_STRING"  # noqa: S105 - the variable's name
"""Environment variable with the user and password that the server asks for."""
_STOP_SECONDS = 20
_PAGES_VARIABLE = "PREFECT_SERVER_UI_API_URL"

UPKEEP_SETTINGS = {
    # What is done with is removed: events after a week, runs after Prefect's 90 days.
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    # A run holds its deployment's turn by a lease that it renews every four minutes. Those in memory are
    # forgotten by a server that is started again: it would refuse, and the run would end itself.
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
}
"""Of a server that lasts, beside those of any of ours."""


class Part:
    """A program that can be started again and again."""

    def __init__(self, command: Sequence[str], settings: Mapping[str, str], log_path: Path) -> None:
        self._command = command
        self._settings = settings
        self.log_path = log_path
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Process id; it must have been started."""
        assert self._process is not None  # noqa: S101 - as the docstring asks for
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it has been started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it, once what was started before has ended; what it says goes to its log."""
        self.stop(0)
        with open(self.log_path, "ab") as log, token_kept_back():
            self._process = subprocess.Popen(  # noqa: S603 - our own programs
                self._command,
                env=os.environ | self._settings,
                cwd=self.log_path.parent,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop(self, seconds: float = _STOP_SECONDS) -> None:
        """Ask it to end, and end it if it does not."""
        if self._process is not None:
            end_program(self._process, seconds)


def server_part(place: StackPlace, address: Address) -> Part:
    """Return the Prefect server of a stack."""
    pages = [os.environ[_PAGES_VARIABLE]] if os.environ.get(_PAGES_VARIABLE) else []
    settings = {"PREFECT_HOME": str(place.home), MARK_VARIABLE: str(place.folder)}
    return Part(
        [*SERVER_COMMAND, address.host, str(address.port), *pages],
        SERVER_SETTINGS | UPKEEP_SETTINGS | settings,
        place.log("server"),
    )


def worker_part(place: StackPlace, address: Address) -> Part:
    """Return the worker of a stack, which starts the runs that are due."""
    settings = client_settings(place, address) | {
        MARK_VARIABLE: str(place.folder),
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_SECONDS),
        _LOOK_VARIABLE: os.environ.get(_LOOK_VARIABLE, _LOOK_SECONDS),
    }
    return Part(_WORKER_COMMAND, settings, place.log("worker"))


def client_settings(place: StackPlace, address: Address) -> dict[str, str]:
    """Return what a program needs to talk to a stack's server."""
    password = os.environ.get("PREFECT_API_AUTH_STRING") or os.environ.get(PASSWORD_VARIABLE)
    return ({"PREFECT_API_AUTH_STRING": password} if password else {}) | {
        "PREFECT_HOME": str(place.home),
        "PREFECT_API_URL": address.api,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }


def _work() -> None:
    # At once: asked to end, Prefect's worker kills its runs, and none of them is known to have ended. Left
    # alone they notice that it is gone, and say so.
    end_with_standard_input(0)
    sys.argv = ["prefect", "worker", "start", "--pool", WORK_POOL, "--type", "process"]
    runpy.run_module("prefect", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _work()
