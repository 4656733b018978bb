"""The folder that a stack's state lies in, and who runs it.

::

    STATE/
      address.json     host and port of the server, the same at every start
      supervisor.pid   locked for as long as the stack runs; holds the supervisor's process id
      *.log            of the supervisor, the server and the worker
      prefect/         PREFECT_HOME: the database with history, deployments, schedules and blocks
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
import psutil

from mediacensus.catalog import write_durably
from mediacensus.errors import ServerError

if TYPE_CHECKING:
    from collections.abc import Iterator

STATE_VARIABLE = "MEDIACENSUS_STATE"
"""Environment variable that names the state folder where no option does."""
MARK_VARIABLE = "MEDIACENSUS_STACK"
"""In the environment of every process of a stack: its state folder, by which they are known as its own."""
_USUAL_PORT = 4200
_EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - told apart, not listened on


def default_state() -> Path:
    """Return the state folder of the environment variable, else one in the user's state folder."""
    named = os.environ.get(STATE_VARIABLE)
    return Path(named) if named else platformdirs.user_state_path("mediacensus")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a stack's server listens."""

    host: str = "127.0.0.1"
    port: int = _USUAL_PORT

    @property
    def api(self) -> str:
        """The API, as this machine reaches it."""
        host = _EVERY_ADDRESS.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/api"

    @property
    def pages(self) -> str:
        """Prefect's pages."""
        return self.api.removesuffix("/api")

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine reaches it."""
        return self.host.startswith("127.") or self.host in {"localhost", "::1"}

    def check_free(self) -> None:
        """Make sure that a server can listen here.

        Raises:
            ServerError: the port is another program's, or the address none of this machine.
        """
        try:
            _listen(self.host, self.port).close()
        except OSError as error:
            raise ServerError(
                f"Nothing can listen on {self.host}, port {self.port}: {error.strerror}. "
                "Name another with --port or --host."
            ) from error

    def or_free(self) -> Address:
        """Return this address, or one with a free port where another program has this one."""
        try:
            listener = _listen(self.host, self.port)
        except OSError:
            listener = _listen(self.host, 0)
        with listener:
            return Address(self.host, listener.getsockname()[1])


def _listen(host: str, port: int) -> socket.socket:
    return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)


class StackPlace:
    """One state folder."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(os.path.abspath(os.path.expanduser(folder)))

    @property
    def home(self) -> Path:
        """Prefect's home."""
        return self.folder / "prefect"

    def log(self, name: str) -> Path:
        """Return the log of one part of the stack."""
        return self.folder / f"{name}.log"

    def make(self) -> None:
        """Make the folder, for this user alone: the database holds what only they may read.

        Raises:
            ServerError: it cannot be made.
        """
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o700)
        except OSError as error:
            raise ServerError(
                f"The state folder {self.folder} cannot be made: {error.strerror}. "
                f"Name another with --state or {STATE_VARIABLE}."
            ) from error

    def read_address(self) -> Address | None:
        """Return the address the stack has, or had when it last ran; None where it never did."""
        try:
            return Address(**json.loads((self.folder / "address.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write_address(self, address: Address) -> None:
        """Keep an address for the next start."""
        text = json.dumps({"host": address.host, "port": address.port})
        write_durably(self.folder / "address.json", text + "\n")

    @contextmanager
    def owned(self) -> Iterator[None]:
        """Be the one process that runs this stack. That ends with the process, however it ends.

        Raises:
            ServerError: another one does.
        """
        with open(self.folder / "supervisor.pid", "a+", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise ServerError(f"The stack in {self.folder} runs already.") from None
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
            yield

    def find_supervisor(self) -> psutil.Process | None:
        """Return the process that runs this stack; None for none, whatever an old file says."""
        try:
            with open(self.folder / "supervisor.pid", encoding="utf-8") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except OSError:
                    return psutil.Process(int(file.read()))
        except (OSError, ValueError, psutil.NoSuchProcess):
            pass  # never started, just starting, or just gone
        return None

    def iter_processes(self) -> Iterator[psutil.Process]:
        """Yield every process of this stack, its runs and their workers included, but this one."""
        for process in psutil.process_iter():
            try:
                mark = process.environ().get(MARK_VARIABLE)
            except psutil.Error:
                continue  # gone meanwhile, or somebody else's
            if mark == str(self.folder) and process.pid != os.getpid():
                yield process
