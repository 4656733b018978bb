"""A census on a Dask scheduler that runs already."""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.commands import Census

pytestmark = pytest.mark.slow


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def _running(command: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    folder.mkdir()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def _scheduler(folder: Path) -> Iterator[str]:
    port = _free_port()
    dask = [sys.executable, "-m", "dask", "scheduler", "--host", "127.0.0.1", "--no-dashboard"]
    with _running([*dask, "--port", str(port)], folder):
        yield f"tcp://127.0.0.1:{port}"


def _worker(address: str) -> list[str]:
    return [
        sys.executable,
        "-m",
        "dask",
        "worker",
        address,
        "--nthreads",
        "1",
        "--no-dashboard",
        "--no-nanny",
    ]


def test_a_running_scheduler_is_used(census: Census, library: Path, tmp_path: Path) -> None:
    """With --dask the batches run on that scheduler's workers, started elsewhere, which stay up."""
    with ExitStack() as stack:
        address = stack.enter_context(_scheduler(tmp_path / "scheduler"))
        worker = stack.enter_context(_running(_worker(address), tmp_path / "worker"))

        # The worker may still be connecting: a run waits for nothing, so wait for it here.
        record = _scan_once_ready(census, library, address)

        assert [f"{socket.gethostname()}:{worker.pid}"] == [batch["worker"] for batch in record]
        assert worker.poll() is None
    assert census.query("SELECT count(*) AS n FROM entries") == [{"n": 5}]


def _scan_once_ready(census: Census, library: Path, address: str) -> list[dict[str, str]]:
    from distributed import Client  # noqa: PLC0415 - a second of import, for this test alone

    with Client(address, timeout=30, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        client.wait_for_workers(1, timeout=60)
    batches: list[dict[str, str]] = census.scan(library, "--dask", address)["batches"]
    return batches


def test_a_scheduler_without_workers_is_refused(census: Census, library: Path, tmp_path: Path) -> None:
    """A scheduler that has no workers ends the run before it begins, with the command that starts one."""
    with _scheduler(tmp_path / "scheduler") as address:
        done = census.run("scan", library, "--dask", address)

    assert done.returncode == 2
    assert f"has no workers. Start one with 'dask worker {address}'" in done.stderr
