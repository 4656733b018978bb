"""A Prefect server of one's own, for as long as a block runs: loopback, a free port, SQLite.

As a program (``python -m flows.private_server HOST PORT``) it is the server itself. It ends when its
standard input does, so it cannot outlive whoever started it, however that one ends.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

import certifi
import httpx

from mediacensus.errors import ServerError
from mediacensus.tmdb.access import token_kept_back

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SERVER_COMMAND = (sys.executable, "-m", "flows.private_server")
"""Starts a server: followed by the address to listen on and the port, 0 for any that is free."""
_START_SECONDS = 120
"""Migrations of a new database take 10-20 s here, and several times that on a NAS's processor."""
_STOP_SECONDS = 10

SERVER_SETTINGS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "100",
}
"""The recorder and the event writer work in batches: 103 task runs a second instead of 24."""


def wait_until_ready(api: str, is_running: Callable[[], bool], log_path: Path) -> None:
    """Wait until an API that is being started answers.

    Args:
        api: its address.
        is_running: tells whether there is still something to wait for.
        log_path: where the server writes its log.

    Raises:
        ServerError: it did not come up; the end of its log is in the text.
    """
    deadline = time.monotonic() + _START_SECONDS
    while is_running() and time.monotonic() < deadline:
        try:
            if httpx.get(f"{api}/health", timeout=2, trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    last_lines = "\n".join(log_path.read_text(errors="replace").splitlines()[-5:])
    raise ServerError(f"The Prefect server did not start. Its log, {log_path}, ends with:\n{last_lines}")


def end_program(process: subprocess.Popen[Any], seconds: float) -> None:
    """Ask a program to end by closing its standard input, a pipe, and end it if it does not.

    Args:
        process: of a program that calls `end_with_standard_input`.
        seconds: how long it may take.
    """
    assert process.stdin is not None  # noqa: S101 - as the docstring asks for
    process.stdin.close()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class PrivateServer:
    """A server that has been started, and may not be ready yet."""

    def __init__(self, process: subprocess.Popen[str], log_path: Path, certificate: Path) -> None:
        self._process = process
        self._log_path = log_path
        self.certificate = certificate
        """All that Prefect's clients need to load to talk to this server."""

    @cached_property
    def api(self) -> str:
        """Where the API will answer: known as soon as the port is taken, long before it does."""
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        return self._process.stdout.readline().strip()

    def wait_until_ready(self) -> str:
        """Return the address of the API once it answers.

        Raises:
            ServerError: it did not come up; the end of its log is in the text.
        """
        wait_until_ready(self.api, lambda: self._process.poll() is None, self._log_path)
        return self.api

    def stop(self) -> None:
        """Ask the server to end by closing its input, and end it if it does not."""
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        end_program(self._process, _STOP_SECONDS)
        self._process.stdout.close()


@contextmanager
def private_server(home: Path, host: str = "127.0.0.1") -> Iterator[PrivateServer]:
    """Start a server whose state lies in ``home``, and stop it when the block ends.

    It has no password: any ``host`` but the loopback address is for networks that are private themselves.
    """
    home.mkdir(parents=True, exist_ok=True)
    log_path = home / "server.log"
    with open(log_path, "w", encoding="utf-8") as log, token_kept_back():
        process = subprocess.Popen(  # noqa: S603 - our own program
            [*SERVER_COMMAND, host, "0"],
            env=os.environ | SERVER_SETTINGS | {"PREFECT_HOME": str(home)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,  # Ctrl-C is for the run, which still has to tell the server how it ended
        )
    server = PrivateServer(process, log_path, _write_certificate(home))
    try:
        yield server
    finally:
        server.stop()


def _write_certificate(home: Path) -> Path:
    """Write one certificate of those that Prefect would load, and return where.

    Each of its clients loads all there are, also to talk HTTP to this machine, where none is used; a task run
    makes two clients on its worker. With one certificate in place of some 150 it costs half: of 165 ms a
    batch waits, 84 are gone (``profiling.task_runs``). Nothing is trusted that was not before.
    """
    first, end, _ = certifi.contents().partition("-----END CERTIFICATE-----")
    path = home / "certificate.pem"
    path.write_text(f"{first}{end}\n", encoding="utf-8")
    return path


def end_with_standard_input(grace_seconds: float = _STOP_SECONDS / 2) -> None:
    """Have this process end when its standard input does: asked to at first, for good after the grace.

    Args:
        grace_seconds: between the two; with 0 it is not asked.
    """

    def wait_for_the_end() -> None:
        sys.stdin.read()
        if grace_seconds:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(grace_seconds)
        os._exit(0)

    threading.Thread(target=wait_for_the_end, daemon=True).start()


def _serve(host: str, port: int, api_for_pages: str | None = None) -> None:
    """Serve, and tell the address on standard output once the port is ours.

    Prefect's pages, which run in a browser, ask for the API where ``api_for_pages`` says, if it does.
    """
    listener = socket.create_server((host, port))
    port = listener.getsockname()[1]
    api = f"http://{host}:{port}/api"
    api_for_pages = api_for_pages or api
    # All are read when Prefect is imported.
    os.environ |= {
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_UI_API_URL": api_for_pages,
        "PREFECT_UI_URL": api_for_pages.removesuffix("/api"),  # for links in notifications
    }
    os.environ.pop("PREFECT_API_URL", None)
    end_with_standard_input()
    print(api, flush=True)  # noqa: T201 - this is how the other side learns the port

    import uvicorn  # noqa: PLC0415 - after the environment is set
    from prefect.server.api.server import create_app  # noqa: PLC0415

    # Prefect's pages load settings of a service for analytics from its maker, also where analytics are off.
    # Browsers keep to this: pages ask this server and nobody else.
    headers = [("Content-Security-Policy", f"connect-src 'self' data: blob: {api_for_pages}/")]
    config = uvicorn.Config(create_app, factory=True, log_level="warning", headers=headers)
    uvicorn.Server(config).run([listener])


if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
