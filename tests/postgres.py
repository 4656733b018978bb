"""A PostgreSQL server of a test's own, from the programs of Debian's package."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flows.stack.place import Address

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROGRAMS = "/usr/lib/postgresql/*/bin"
"""Where Debian keeps them, by version."""
_NAME = "prefect"
"""Of the user and of the database."""
_PASSWORD = "correct-horse"
_OWNER: dict[str, Any] = {} if os.getuid() else {"user": "postgres", "group": "postgres", "extra_groups": []}
"""Whose its processes are: ours, but where we are root, whose they refuse to be, that of Debian's package."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server with an empty database."""

    folder: Path
    programs: Path
    port: int

    @property
    def url(self) -> str:
        """Address of the database, as Prefect takes it."""
        return f"postgresql+asyncpg://{_NAME}:{_PASSWORD}@127.0.0.1:{self.port}/{_NAME}"

    def ask(self, sql: str) -> str:
        """Return what a query answers, a line for each row."""
        return self.run(
            "psql", *self._place(), "--no-align", "--tuples-only", "--command", sql, _NAME
        ).strip()

    def start(self) -> None:
        """Make the server's files, start it, and make the database."""
        (self.folder / "password").write_text(_PASSWORD)
        data, password = f"--pgdata={self.folder / 'data'}", f"--pwfile={self.folder / 'password'}"
        self.run("initdb", data, f"--username={_NAME}", "--auth=scram-sha-256", password)
        options = f"-h 127.0.0.1 -p {self.port} -k {self.folder} -F"
        self.run("pg_ctl", "start", "--wait", data, f"--log={self.folder / 'log'}", f"--options={options}")
        self.run("createdb", *self._place(), _NAME)

    def stop(self) -> None:
        """End the server, whoever is connected."""
        self.run("pg_ctl", "stop", "--wait", "--mode=immediate", f"--pgdata={self.folder / 'data'}")

    def run(self, program: str, *arguments: str) -> str:
        """Run one of its programs, and return what it says."""
        done: subprocess.CompletedProcess[str] = subprocess.run(
            [self.programs / program, *arguments],
            **_OWNER,
            cwd=self.folder,
            env={"PGPASSWORD": _PASSWORD, "LC_ALL": "C.UTF-8"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout

    def _place(self) -> tuple[str, ...]:
        return ("--host=127.0.0.1", f"--port={self.port}", f"--username={_NAME}")


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """Offer a server that runs as long as the block does."""
    found = sorted(Path("/").glob(f"{_PROGRAMS[1:]}/pg_ctl"))
    if not found:
        pytest.skip("no PostgreSQL is installed; on Debian: apt install postgresql")
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        if _OWNER:
            shutil.chown(folder, _OWNER["user"], _OWNER["group"])
        server = Postgres(Path(folder), found[-1].parent, Address(port=0).or_free().port)
        server.start()
        try:
            yield server
        finally:
            server.stop()
