"""The command line as a test drives it: real processes, their output, and what they leave running."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable

PROJECT = Path(__file__).parents[1]
COMMAND = (sys.executable, "-m", "mediacensus")
_SECONDS = 240
"""Far more than any command takes; only there so that a test ends."""


@dataclass(frozen=True)
class Census:
    """Runs ``mediacensus`` with one catalog and, where set, one Prefect API."""

    catalog: Path
    settings: dict[str, str]

    def environment(self) -> dict[str, str]:
        """Return the environment of a command: ours without Prefect's and our own settings."""
        kept = {
            k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "MEDIACENSUS_", "TMDB_"))
        }
        home = self.catalog.parent / "home"
        home.mkdir(exist_ok=True)
        return kept | {"HOME": str(home), "MEDIACENSUS_CATALOG": str(self.catalog)} | self.settings

    def start(self, *arguments: object, prefix: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        """Start a command in a process group of its own, as a terminal would."""
        return subprocess.Popen(
            [*prefix, *COMMAND, *map(str, arguments)],
            cwd=self.catalog.parent,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: object, prefix: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        process = self.start(*arguments, prefix=prefix)
        out, err = process.communicate(timeout=_SECONDS)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def scan(self, *arguments: object) -> dict[str, Any]:
        """Run a scan that must be complete, and return its record."""
        done = self.run("scan", *arguments, "--json")
        assert done.returncode == 0, done.stderr
        record: dict[str, Any] = json.loads(done.stdout)
        return record

    def query(self, sql: str) -> list[dict[str, Any]]:
        """Return the rows of a query over the current snapshot."""
        done = self.run("query", sql, "--format", "json")
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def processes(self) -> list[psutil.Process]:
        """Return the processes that work for this catalog: its server, and scans with their workers."""
        mine = []
        for process in psutil.process_iter():
            try:
                if process.environ().get("MEDIACENSUS_CATALOG") == str(self.catalog):
                    mine.append(process)
            except psutil.Error:
                continue  # gone meanwhile, or somebody else's
        return mine

    def wait_until_quiet(self, seconds: float = 20) -> list[str]:
        """Wait for all of them to be gone, and return the command lines of those that stay."""
        deadline = time.monotonic() + seconds
        while (left := self.processes()) and time.monotonic() < deadline:
            time.sleep(0.2)
        return [" ".join(process.cmdline()) for process in left if process.is_running()]


def interrupt(process: subprocess.Popen[str], number: signal.Signals = signal.SIGINT) -> None:
    """Send a signal to a command and all its children, as a terminal does."""
    os.killpg(process.pid, number)


def wait_until(is_so: Callable[[], bool], seconds: float) -> None:
    """Wait for something that other processes bring about.

    Raises:
        AssertionError: it is not so in time.
    """
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def wait_for_line(process: subprocess.Popen[str], text: str) -> str:
    """Read a command's standard error until a line holds ``text``; return what was read.

    Raises:
        AssertionError: the command ended first.
    """
    assert process.stderr is not None
    read = ""
    for line in process.stderr:
        read += line
        if text in line:
            return read
    raise AssertionError(f"no line with {text!r} in:\n{read}")
