"""Compose's services without an engine: their own commands, in a network and under mounts of their own.

Each is a process in a namespace where names, ports and paths are those of the containers. What an engine
would add is left out: images, users and limits. PostgreSQL is left out as well; the server uses SQLite.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import psutil
import yaml

from tests.commands import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMPOSE = PROJECT / "deployments" / "compose.yaml"
_SECONDS = 120
_WORKPLACE = "/srv/mediacensus"
# A variable with what it is where nobody sets it: ${TZ:-UTC}
_VARIABLE = re.compile(r"\$\{\w+:-([^}]*)\}")
_SET_UP = """
set -e
ip link set lo up
mount -t tmpfs tmpfs /run
mkdir /run/secrets
touch /run/secrets/tmdb_token /run/secrets/postgres_password
mount --bind "$1/hosts" /etc/hosts
mount -t tmpfs tmpfs /srv
mkdir /srv/mediacensus /srv/census /srv/media
mount --bind "$0" /srv/mediacensus
mount --bind "$1/census" /srv/census
mount --bind "$1/media" /srv/media
mount -o remount,bind,ro /srv/media
echo ready
exec cat
"""


def read_services() -> dict[str, dict[str, Any]]:
    """Return the services of the Compose file, its variables as where nobody sets them."""
    services: dict[str, dict[str, Any]] = yaml.safe_load(_VARIABLE.sub(r"\1", COMPOSE.read_text()))[
        "services"
    ]
    return services


class Containers:
    """Starts services one after the other, each when what it depends on is as it asks for."""

    def __init__(self, machine: int, folder: Path) -> None:
        self._enter = ("nsenter", f"--target={machine}", "--mount", "--net", f"--wdns={_WORKPLACE}")
        self._folder = folder
        self._services = read_services()
        self._services.pop("postgres")
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        """Start a service and, before it, all that it depends on."""
        if name in self._processes or name not in self._services:
            return
        for dependency, wish in self._services[name].get("depends_on", {}).items():
            self.start(dependency)
            if dependency in self._processes:
                self._wait(dependency, wish["condition"])
        command = [word.replace("$$", "$") for word in self._services[name]["command"]]
        with open(self._folder / f"{name}.log", "wb") as log:
            self._processes[name] = subprocess.Popen(
                [*self._enter, *command], env=self._environment(name), stdout=log, stderr=log
            )

    def is_healthy(self, name: str) -> bool:
        """Tell whether a service's own test passes."""
        return self.run(name, *self._services[name]["healthcheck"]["test"][1:]).returncode == 0

    def run(self, name: str, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command where a service runs."""
        return subprocess.run(
            [*self._enter, *command],
            env=self._environment(name),
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )

    def log(self, name: str) -> str:
        """Return what a service has said."""
        return (self._folder / f"{name}.log").read_text()

    def stop(self) -> None:
        """Stop all services, the last first, as an engine does; kill what does not end."""
        with ExitStack() as stack:
            for process in self._processes.values():
                stack.callback(_end, process)

    def _wait(self, name: str, condition: str) -> None:
        if condition == "service_completed_successfully":
            assert self._processes[name].wait(_SECONDS) == 0, self.log(name)
            return
        assert condition == "service_healthy"
        deadline = time.monotonic() + _SECONDS
        while not self.is_healthy(name):
            assert self._processes[name].poll() is None, self.log(name)
            assert time.monotonic() < deadline, self.log(name)
            time.sleep(0.5)

    def _environment(self, name: str) -> dict[str, str]:
        said = self._services[name].get("environment", {})
        database = {each for each in said if each.startswith("PREFECT_SERVER_DATABASE_")}
        return {
            "PATH": f"{PROJECT / '.venv' / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self._folder),
            **{each: value for each, value in said.items() if each not in database},
        }


def _end(process: subprocess.Popen[bytes]) -> None:
    inside = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    process.terminate()
    try:
        process.wait(_SECONDS / 4)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for left in psutil.wait_procs(inside, timeout=5)[1]:
        left.kill()


@contextmanager
def containers(folder: Path, library: Path) -> Iterator[Containers]:
    """Offer the services for a library; only root can make their namespaces.

    Raises:
        OSError: the namespaces cannot be made.
    """
    names = " ".join(read_services())
    (folder / "hosts").write_text(f"127.0.0.1 localhost {names}\n")
    (folder / "census").mkdir()
    (folder / "media").symlink_to(library)
    machine = subprocess.Popen(
        ["unshare", "--mount", "--net", "sh", "-c", _SET_UP, str(PROJECT), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert machine.stdin is not None
    assert machine.stdout is not None
    try:
        if machine.stdout.readline() != b"ready\n":
            raise OSError("no namespaces can be made here")
        made = Containers(machine.pid, folder)
        try:
            yield made
        finally:
            made.stop()
    finally:
        machine.stdin.close()
        machine.wait(_SECONDS)
        machine.stdout.close()
