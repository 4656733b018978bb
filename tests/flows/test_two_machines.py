"""A census over machines: each in a network of its own where the system lets us, else on loopback."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from distributed import Client

import mediacensus
from flows.private_server import private_server
from tests.commands import PROJECT, Census
from tests.trees import many_films

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

_SUBNET = f"10.{os.getpid() % 200 + 20}.7"
_SECONDS = 60


@dataclass(frozen=True)
class _Network:
    """Where the first machine is, and how to start a program on each of the others."""

    address: str
    machines: tuple[tuple[str, ...], ...]


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


@contextmanager
def _machines(names: tuple[str, ...]) -> Iterator[_Network]:
    """Offer network namespaces on one bridge; only root can make them."""
    bridge = f"mc{os.getpid()}"
    with ExitStack() as stack:
        _ip("link", "add", bridge, "type", "bridge")
        stack.callback(_ip, "link", "del", bridge)
        _ip("addr", "add", f"{_SUBNET}.1/24", "dev", bridge)
        _ip("link", "set", bridge, "up")
        for number, name in enumerate(names, 2):
            _ip("netns", "add", f"{bridge}{name}")
            stack.callback(_ip, "netns", "del", f"{bridge}{name}")
            _ip("link", "add", f"{bridge}{name}", "type", "veth", "peer", "eth0", "netns", f"{bridge}{name}")
            _ip("link", "set", f"{bridge}{name}", "master", bridge, "up")
            inside = ("-n", f"{bridge}{name}")
            _ip(*inside, "addr", "add", f"{_SUBNET}.{number}/24", "dev", "eth0")
            _ip(*inside, "link", "set", "eth0", "up")
            _ip(*inside, "link", "set", "lo", "up")
        commands = tuple(("ip", "netns", "exec", f"{bridge}{name}") for name in names)
        yield _Network(f"{_SUBNET}.1", commands)


@pytest.fixture(scope="module")
def network() -> Iterator[_Network]:
    """Two machines beside this one."""
    with ExitStack() as stack:
        try:
            made = stack.enter_context(_machines(("a", "b")))
        except (OSError, subprocess.CalledProcessError):
            made = _Network("127.0.0.1", ((), ()))
        yield made


@pytest.fixture(scope="module")
def api(network: _Network, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Prefect API that all machines reach."""
    with private_server(tmp_path_factory.mktemp("prefect"), network.address) as server:
        yield server.wait_until_ready()


@contextmanager
def _running(command: tuple[str, ...], folder: Path, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """Run a program in a folder of its own, without our environment's settings."""
    folder.mkdir()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "MEDIACENSUS_"))}
    with open(folder / "log", "w", encoding="utf-8") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=kept | settings, stdout=log, stderr=log, text=True
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(_SECONDS)


@contextmanager
def _scheduler(network: _Network, folder: Path) -> Iterator[str]:
    command = (sys.executable, "-m", "dask", "scheduler", "--host", network.address, "--port", "0")
    port_file = folder / "scheduler.json"
    with _running((*command, "--no-dashboard", "--scheduler-file", str(port_file)), folder) as process:
        while not port_file.exists() or not port_file.read_text().rstrip().endswith("}"):
            assert process.poll() is None
        address = re.search(r"tcp://[\d.:]+", port_file.read_text())
        assert address is not None
        yield address[0]


def _worker(address: str, machine: tuple[str, ...]) -> tuple[str, ...]:
    dask = (sys.executable, "-m", "dask", "worker", address, "--nthreads", "1")
    return (*machine, *dask, "--no-dashboard", "--no-nanny")


def _wait_for_workers(address: str, count: int) -> None:
    with Client(address, timeout=_SECONDS, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        client.wait_for_workers(count, timeout=_SECONDS)


def test_two_machines_share_a_census(network: _Network, api: str, tmp_path: Path) -> None:
    """Workers on two machines, started in folders of their own, both parse, and every file is one row."""
    census = Census(tmp_path / "catalog", {"PREFECT_API_URL": api})
    many = many_films(tmp_path / "many", 200)
    with ExitStack() as stack:
        address = stack.enter_context(_scheduler(network, tmp_path / "scheduler"))
        workers = [
            stack.enter_context(_running(_worker(address, machine), tmp_path / f"worker{number}"))
            for number, machine in enumerate(network.machines)
        ]
        _wait_for_workers(address, 2)

        record = census.scan(many, "--dask", address, "--batch-files", "10")

        assert {int(batch["worker"].rpartition(":")[2]) for batch in record["batches"]} == {
            worker.pid for worker in workers
        }
    assert record["files"]["cataloged"] == 200
    assert census.query("SELECT count(DISTINCT path) AS n FROM entries") == [{"n": 200}]


def test_a_worker_of_another_version_is_refused(network: _Network, api: str, tmp_path: Path) -> None:
    """A worker with another mediacensus ends the run before it begins; the message names both versions."""
    shutil.copytree(PROJECT / "mediacensus", tmp_path / "old" / "mediacensus")
    told = tmp_path / "old" / "mediacensus" / "__init__.py"
    told.write_text(told.read_text().replace(mediacensus.__version__, "0.0.9"))
    census = Census(tmp_path / "catalog", {"PREFECT_API_URL": api})
    with ExitStack() as stack:
        address = stack.enter_context(_scheduler(network, tmp_path / "scheduler"))
        worker = _worker(address, network.machines[0])
        stack.enter_context(_running(worker, tmp_path / "worker", PYTHONPATH=str(tmp_path / "old")))
        _wait_for_workers(address, 1)

        done = census.run("scan", many_films(tmp_path / "few", 2), "--dask", address)

    assert done.returncode == 2
    assert f"mediacensus 0.0.9 where this run has {mediacensus.__version__}" in done.stderr
    assert not (census.catalog / "current").exists()


def test_a_worker_that_cannot_report_is_refused(network: _Network, tmp_path: Path) -> None:
    """Where a worker on another machine cannot reach the run's own server, the message says what to set."""
    if network.address == "127.0.0.1":
        pytest.skip("the machines are one")
    census = Census(tmp_path / "catalog", {})
    with ExitStack() as stack:
        address = stack.enter_context(_scheduler(network, tmp_path / "scheduler"))
        stack.enter_context(_running(_worker(address, network.machines[1]), tmp_path / "worker"))
        _wait_for_workers(address, 1)

        done = census.run("scan", many_films(tmp_path / "few", 2), "--dask", address)

    assert done.returncode == 2
    assert "cannot reach the Prefect API http://127.0.0.1:" in done.stderr
    assert "set PREFECT_API_URL" in done.stderr
