"""A Prefect server, a worker and the deployments as real processes, for tests to use and to break."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import httpx
import psutil
from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

from flows.private_server import wait_until_ready
from flows.stack.enrol import deploy, wait_for_worker
from flows.stack.parts import Part, server_part, worker_part
from flows.stack.place import Address, StackPlace
from flows.stack.supervisor import end_processes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

CENSUS = "census-library/census"
SWEEP = "sweep-cache/sweep"
ENDED = frozenset({"COMPLETED", "FAILED", "CRASHED", "CANCELLED"})
_IMPATIENT = {
    "PREFECT_WORKER_QUERY_SECONDS": "2",
    "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "2",
    "PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS": "2",
}
"""Looking for runs, for schedules and for a run's turn more often than every 10, 60 and 30 s."""
_SECONDS = 120
"""Far more than anything takes; only there so that a test ends."""


class Api:
    """What the API of a stack says, and the runs that it starts."""

    def __init__(self, address: Address, password: tuple[str, str] | None = None) -> None:
        self.address = address
        self._password = password

    @property
    def api(self) -> str:
        """Address of the API."""
        return self.address.api

    @property
    def pages(self) -> str:
        """Address of Prefect's pages."""
        return self.address.pages

    def request(self, method: str, path: str, content: object = None) -> Any:
        """Return what the API answers, asking again while it is busy, as Prefect's own client does.

        SQLite has one writer: a request that waits too long for its turn is answered with 503 and undone.

        Raises:
            httpx.HTTPStatusError: it refuses.
        """
        address = f"{self.api}/{path}"
        deadline = time.monotonic() + _SECONDS
        while True:
            answer = httpx.request(method, address, json=content, timeout=_SECONDS, auth=self._password)
            if answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE or time.monotonic() > deadline:
                return answer.raise_for_status().json() if answer.content else None
            time.sleep(0.5)

    def deployment(self, name: str = CENSUS) -> dict[str, Any]:
        """Return a deployment."""
        found: dict[str, Any] = self.request("GET", f"deployments/name/{name}")
        return found

    def run(
        self,
        name: str = CENSUS,
        parameters: Mapping[str, object] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> str:
        """Start a run of a deployment, as the button in the pages does; return its id.

        Args:
            name: flow and deployment.
            parameters: in place of the deployment's own.
            environment: variables for the processes of this run.
        """
        content = {
            "parameters": parameters or {},
            "state": {"type": "SCHEDULED"},
            "job_variables": {"env": dict(environment or {})},
        }
        made = self.request("POST", f"deployments/{self.deployment(name)['id']}/create_flow_run", content)
        return str(made["id"])

    def cancel(self, run: str) -> None:
        """Cancel a run, as the button in the pages does."""
        state = {"type": "CANCELLING", "name": "Cancelling"}
        self.request("POST", f"flow_runs/{run}/set_state", {"state": state, "force": True})

    def flow_run(self, run: str) -> dict[str, Any]:
        """Return a run, with ``state_type``, ``state_name`` and ``state`` (``message``)."""
        found: dict[str, Any] = self.request("GET", f"flow_runs/{run}")
        return found

    def wait_for(self, run: str, *states: str, seconds: float = _SECONDS) -> dict[str, Any]:
        """Wait until a run is in one of some types of state, by default until it has ended; return it.

        Raises:
            AssertionError: it ended in another, or is in none of them in time.
        """
        wanted = set(states) or ENDED
        deadline = time.monotonic() + seconds
        while (found := self.flow_run(run))["state_type"] not in wanted:
            assert found["state_type"] not in ENDED, found["state"]
            assert time.monotonic() < deadline, found["state"]
            time.sleep(0.3)
        return found


class Stack(Api):
    """A stack without its supervisor: what a test ends stays so until it is started again.

    ``server`` and ``worker`` have ``pid``, ``is_running``, ``start()`` and ``stop()``; the wrong end of a
    process is ``os.kill(stack.worker.pid, SIGKILL)``.
    """

    def __init__(self, folder: Path) -> None:
        self.place = StackPlace(folder)
        self.place.make()
        super().__init__(Address(port=0).or_free())
        self.server: Part = server_part(self.place, self.address)
        self.worker: Part = worker_part(self.place, self.address)

    def start_server(self) -> None:
        """Start the server, and wait until it answers."""
        self.server.start()
        wait_until_ready(self.api, lambda: self.server.is_running, self.server.log_path)

    def start_worker(self) -> None:
        """Start the worker, and wait until it takes runs."""
        self.worker.start()
        with self.settings():
            wait_for_worker(self.worker.log_path)

    def deploy(self, roots: list[str], catalog: str) -> None:
        """Register the deployments of deployments/prefect.yaml for a library."""
        with self.settings():
            deploy(roots, catalog)

    @contextmanager
    def settings(self) -> Iterator[None]:
        """Have Prefect's own client in this process talk to this stack while the block runs."""
        with temporary_settings({PREFECT_API_URL: self.api, PREFECT_HOME: self.place.home}):
            yield

    def processes(self, text: str = "") -> list[psutil.Process]:
        """Return the running processes of this stack whose command line holds ``text``."""
        found = []
        for process in self.place.iter_processes():
            try:
                if text in " ".join(process.cmdline()):
                    found.append(process)
            except psutil.NoSuchProcess:
                continue
        return found

    def run_processes(self) -> list[psutil.Process]:
        """Return the processes of runs: the flows' own and their Dask workers."""
        parts = {part.pid for part in (self.server, self.worker) if part.is_running}
        return [each for each in self.processes() if each.pid not in parts]

    def stop(self) -> None:
        """End everything."""
        self.worker.stop(0)
        self.server.stop(1)
        end_processes(self.place.iter_processes())


@contextmanager
def running_stack(folder: Path) -> Iterator[Stack]:
    """Offer a stack with a server and a worker, and nothing deployed yet."""
    stack = Stack(folder)
    before = dict(os.environ)
    os.environ |= _IMPATIENT
    try:
        stack.start_server()
        stack.start_worker()
        yield stack
    finally:
        os.environ.clear()
        os.environ.update(before)
        stack.stop()
