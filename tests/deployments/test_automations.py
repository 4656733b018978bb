"""What the server does by itself when runs go wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import TYPE_CHECKING, Any

import pytest
from prefect.client.orchestration import get_client

from flows.stack.automations import ZOMBIES, save_automation, zombie_automation
from tests.commands import PROJECT
from tests.tmdb.__main__ import TITLES
from tests.tmdb.faults import Fault
from tests.tmdb.server import look_alike

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.deployments.stack import Stack

pytestmark = pytest.mark.slow

_SECONDS = 60


@contextmanager
def _automation(stack: Stack, silence: timedelta) -> Iterator[None]:
    """Have the server mark zombies after a shorter silence than usual."""
    with stack.settings():
        save_automation(zombie_automation(silence))
    try:
        yield
    finally:
        with stack.settings(), get_client(sync_client=True) as client:
            [made] = client.read_automations_by_name(ZOMBIES)
            client.delete_automation(made.id)


def test_a_run_without_a_sign_of_life_has_crashed(stack: Stack) -> None:
    """Where a run's process and its worker are both gone, the server marks it as crashed and says why."""
    with look_alike(TITLES) as tmdb, _automation(stack, timedelta(seconds=10)):
        tmdb.faults.plan(Fault(kind="hang", times=100, seconds=600))
        run = stack.run(environment={"TMDB_API_URL": tmdb.url, "TMDB_API_TOKEN": "any"})
        while not tmdb.requests:
            assert stack.flow_run(run)["state_type"] in {"SCHEDULED", "PENDING", "RUNNING"}
        os.kill(stack.worker.pid, signal.SIGKILL)
        for process in stack.run_processes():
            process.kill()
        try:
            ended = stack.wait_for(run, "CRASHED")
        finally:
            stack.start_worker()

    assert "No sign of life" in ended["state"]["message"]
    assert stack.wait_for(stack.run())["state_type"] == "COMPLETED"  # and keeps no other waiting


def test_a_run_that_never_began_has_crashed(stack: Stack) -> None:
    """Where a worker is killed while it starts a run, the server marks that as crashed."""
    with _automation(stack, timedelta(seconds=10)):
        run = stack.run()
        stack.wait_for(run, "PENDING")
        os.kill(stack.worker.pid, signal.SIGKILL)
        for process in stack.run_processes():
            process.kill()
        try:
            assert stack.wait_for(run)["state_type"] == "CRASHED"
        finally:
            stack.start_worker()


class _Receiver(BaseHTTPRequestHandler):
    received: Queue[dict[str, Any]] = Queue()

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.received.put(json.loads(content))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def webhook() -> Iterator[str]:
    """The address of a server that takes what is posted to it."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Receiver) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/hook"
        server.shutdown()


def test_somebody_is_told_of_a_failed_run(stack: Stack, webhook: str, tmp_path: Path) -> None:
    """The example of deployments/notify.py posts which run failed and why to an address."""
    settings = {"PREFECT_API_URL": stack.api, "PREFECT_HOME": str(stack.place.home), "NOTIFY_URL": webhook}
    subprocess.run([sys.executable, PROJECT / "deployments/notify.py"], env=os.environ | settings, check=True)

    run = stack.run(parameters={"parameters": {"roots": [str(tmp_path / "gone")]}})
    assert stack.wait_for(run)["state_type"] == "FAILED"
    told = _Receiver.received.get(timeout=_SECONDS)["text"]

    assert f"{stack.flow_run(run)['name']} is Failed" in told
    assert f"{tmp_path / 'gone'} does not exist" in told
    assert f"{run}" in told
