"""Keeping a stack's server and worker running: started again when they end, ended when it is told to.

As a program (``python -m flows.stack.supervisor STATE HOST PORT``) it does so in the background.
"""

from __future__ import annotations

import logging
import signal
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil

from flows.private_server import wait_until_ready
from flows.stack.parts import PROGRAMS, Part, server_part, worker_part
from flows.stack.place import Address, StackPlace
from mediacensus.errors import ServerError

if TYPE_CHECKING:
    from collections.abc import Iterable

SUPERVISOR_COMMAND = (sys.executable, "-m", "flows.stack.supervisor")
"""Starts one: followed by the state folder, the address to listen on and the port."""
_LOOK_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 60
_STEADY_SECONDS = 60
"""Whoever ran this long is started again at once."""
_RUNS_END_SECONDS = 20

_log = logging.getLogger(__name__)


class Watched:
    """A part that is started again when it ends, after a pause that grows while it ends at once."""

    def __init__(self, name: str, part: Part) -> None:
        self._name = name
        self._part = part
        self._pause_seconds = 0.0
        self._started_at = time.monotonic()
        self._due_at: float | None = None

    def look(self) -> None:
        """Start it again where it has ended and its pause is over."""
        now = time.monotonic()
        if self._part.is_running:
            return
        if self._due_at is None:
            lasted = now - self._started_at
            self._pause_seconds = _next_pause(self._pause_seconds, lasted)
            self._due_at = now + self._pause_seconds
            _log.warning("The %s ended; it is started again in %.0f s", self._name, self._pause_seconds)
        if now >= self._due_at:
            self._part.start()
            self._started_at, self._due_at = now, None


def _next_pause(pause_seconds: float, lasted_seconds: float) -> float:
    """Return how long to wait before a start, after a part lasted so long.

    >>> _next_pause(0, 3600), _next_pause(0, 2), _next_pause(4, 2), _next_pause(50, 2), _next_pause(8, 3600)
    (0, 1, 8, 60, 0)
    """
    if lasted_seconds >= _STEADY_SECONDS:
        return 0
    return min(max(1, 2 * pause_seconds), _LONGEST_PAUSE_SECONDS)


def supervise(place: StackPlace, address: Address) -> None:
    """Run a stack until SIGTERM or Ctrl-C.

    Raises:
        ServerError: it runs already, or its server does not start.
    """
    is_over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: is_over.set())
    with place.owned():
        end_processes(each for each in place.iter_processes() if _is_part(each))  # of one that was killed
        address.check_free()
        server, worker = server_part(place, address), worker_part(place, address)
        try:
            server.start()
            wait_until_ready(address.api, lambda: server.is_running and not is_over.is_set(), server.log_path)
            place.write_address(address)
            worker.start()
            _log.info("The stack runs at %s", address.pages)
            watched = [Watched("server", server), Watched("worker", worker)]
            while not is_over.wait(_LOOK_SECONDS):
                for each in watched:
                    each.look()
        finally:
            _stop(place, server, worker)


def _stop(place: StackPlace, server: Part, worker: Part) -> None:
    """End the worker, whose runs end then by themselves while there is a server to tell; then the server."""
    worker.stop()
    parts = {server.pid} if server.is_running else set()
    runs = [each for each in place.iter_processes() if each.pid not in parts]
    _, left = psutil.wait_procs(runs, timeout=_RUNS_END_SECONDS)
    end_processes(left)
    server.stop()
    end_processes(place.iter_processes())


def _is_part(process: psutil.Process) -> bool:
    """Tell whether a process of the stack is a server or worker, and no run: runs can end by themselves."""
    try:
        return not PROGRAMS.isdisjoint(process.cmdline())
    except psutil.Error:
        return False  # gone meanwhile


def end_processes(processes: Iterable[psutil.Process]) -> None:
    """Ask processes to end, and end those that do not."""
    asked = list(processes)
    for process in asked:
        _send(process, signal.SIGTERM)
    _, left = psutil.wait_procs(asked, timeout=_RUNS_END_SECONDS)
    for process in left:
        _send(process, signal.SIGKILL)
    psutil.wait_procs(left, timeout=_RUNS_END_SECONDS)


def _send(process: psutil.Process, number: signal.Signals) -> None:
    with suppress(psutil.NoSuchProcess):  # it has ended meanwhile
        process.send_signal(number)


if __name__ == "__main__":
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    try:
        supervise(StackPlace(sys.argv[1]), Address(sys.argv[2], int(sys.argv[3])))
    except ServerError as error:
        sys.exit(str(error))
