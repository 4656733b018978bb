"""``mediacensus up`` and ``mediacensus down``, as a user types them."""

from __future__ import annotations

import os
import signal
import socket
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest

from flows.stack.place import Address, StackPlace
from tests.commands import Census, wait_until
from tests.deployments.held import Held
from tests.deployments.stack import CENSUS, Api

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import psutil

pytestmark = pytest.mark.slow

_SECONDS = 60


@pytest.fixture
def place(tmp_path: Path) -> StackPlace:
    """Where the stack's state lies."""
    return StackPlace(tmp_path / "state")


@pytest.fixture
def commands(tmp_path: Path, place: StackPlace) -> Iterator[Census]:
    """The command line; what it leaves running is ended."""
    census = Census(
        tmp_path / "catalog", {"MEDIACENSUS_STATE": str(place.folder), "PREFECT_WORKER_QUERY_SECONDS": "2"}
    )
    yield census
    census.run("down")


def _up(commands: Census, place: StackPlace, *arguments: object) -> Api:
    done = commands.run("up", *arguments)
    address = place.read_address()
    assert done.returncode == 0, done.stderr
    assert address is not None
    assert f"{address.pages}; runs" in done.stdout
    return Api(address)


def _find(place: StackPlace, text: str) -> list[psutil.Process]:
    return [each for each in place.iter_processes() if text in " ".join(each.cmdline())]


def test_up_and_down_and_up_again(commands: Census, place: StackPlace, library: Path, tmp_path: Path) -> None:
    """One command gives scheduled runs, another ends it all, a run as well; what was there is there again."""
    api = _up(commands, place, library)
    nightly = next(each for each in api.deployment()["schedules"] if each["slug"] == "nightly")
    api.request("PATCH", f"deployments/{api.deployment()['id']}/schedules/{nightly['id']}", {"active": False})

    # A worker that dies is started again.
    [worker] = _find(place, "flows.stack.parts")
    worker.kill()
    wait_until(
        lambda: [each.pid for each in _find(place, "flows.stack.parts")] not in ([], [worker.pid]), _SECONDS
    )

    held = Held.make(api, tmp_path / "held")
    run = held.run_until_parsing()
    done = commands.run("down")
    assert (done.returncode, done.stdout) == (0, "Stopped.\n")
    assert list(place.iter_processes()) == []
    with pytest.raises(httpx.ConnectError):
        api.flow_run(run)

    # The same address, history, deployments; a schedule that was switched off stays so, also when the
    # deployments are renewed. The run that was under way is known to have ended, and the next one goes on.
    again = _up(commands, place, library)
    assert again.address == api.address
    assert again.flow_run(run)["state_type"] == "CRASHED"
    assert {each["slug"]: each["active"] for each in again.deployment(CENSUS)["schedules"]} == {
        "nightly": False,
        "weekly-full": True,
    }
    finished = held.finished()
    held.let_go()
    assert again.wait_for(held.run())["state_type"] == "COMPLETED"
    assert held.record()["batches_taken_over"] == len(finished) >= 4
    assert {held.executions()[part] for part in finished} == {1}

    # A supervisor that is killed takes its programs with it, and its old pid file is in nobody's way. (A run
    # that has just ended would still try for a minute to send its last events.)
    wait_until(lambda: _find(place, "prefect.engine") == [], _SECONDS)
    supervisor = place.find_supervisor()
    assert supervisor is not None
    os.kill(supervisor.pid, signal.SIGKILL)
    wait_until(lambda: list(place.iter_processes()) == [], _SECONDS)
    assert _up(commands, place).flow_run(run)["state_type"] == "CRASHED"
    assert _up(commands, place).address == api.address


def test_what_cannot_be_brought_up_says_why(commands: Census, place: StackPlace, library: Path) -> None:
    """A taken port, a folder that is not there and an open door without a password end with a message."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = commands.run("up", library, "--port", taken.getsockname()[1])
    missing = commands.run("up", library / "missing")
    open_door = commands.run("up", library, "--host", "0.0.0.0", "--port", "1")
    nothing = commands.run("down")

    assert (refused.returncode, missing.returncode, open_door.returncode, nothing.returncode) == (2, 2, 2, 0)
    assert "Nothing can listen on 127.0.0.1" in refused.stderr
    assert "does not exist" in missing.stderr
    assert "PREFECT_SERVER_API_AUTH_STRING" in open_door.stderr
    assert nothing.stdout == f"Nothing runs in {place.folder}.\n"


def test_a_server_with_a_password(commands: Census, place: StackPlace, library: Path) -> None:
    """With a password set, the server lets nobody in without, and its own worker with it."""
    closed = replace(commands, settings=commands.settings | {"PREFECT_SERVER_API_AUTH_STRING": "me:secret"})

    api = _up(closed, place, library)

    with pytest.raises(httpx.HTTPStatusError, match="401"):
        api.deployment()
    mine = Api(api.address, ("me", "secret"))
    assert mine.wait_for(mine.run())["state_type"] == "COMPLETED"


def test_a_port_that_is_taken_is_told_from_one_that_is_free() -> None:
    """Where the usual port is another program's, a free one is found."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        wanted = Address(port=taken.getsockname()[1])
        assert wanted.or_free().port not in {0, wanted.port}
    assert wanted.or_free() == wanted
