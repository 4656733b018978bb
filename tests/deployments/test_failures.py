"""What becomes of a run whose parts of the stack are cancelled, killed, stopped or started again."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest
from prefect.client.orchestration import get_client

from tests.commands import Census, wait_until
from tests.deployments.held import FILMS, Held

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from tests.deployments.stack import Stack

pytestmark = pytest.mark.slow

_ORPHAN_SECONDS = 30
"""How long a process of a run may outlive it."""
_SECONDS = 120
"""Far more than anything takes; only there so that a test ends."""


@pytest.fixture
def held(stack: Stack, tmp_path: Path) -> Held:
    """A library and runs over it that are held."""
    return Held.make(stack, tmp_path)


def _check_continued(held: Held, run: str, finished: set[str]) -> None:
    """Check that a run is completed, takes over what is finished, and has each film once."""
    held.let_go()
    held.api.wait_for(run, "COMPLETED")
    record = held.record()
    assert record["flow_run_id"] == run
    assert record["batches_taken_over"] == len(finished) >= 4
    assert {held.executions()[part] for part in finished} == {1}
    assert record["files"]["cataloged"] == FILMS
    assert {f"part-{each['batch_id']:05}.parquet" for each in record["batches"]} == set(held.executions())


def test_a_cancelled_run_ends_and_the_next_one_goes_on(stack: Stack, held: Held) -> None:
    """Cancelled in the walk or in parsing, a run is Cancelled, leaves no process and touches nothing."""
    before, library = held.catalog.current_snapshot(), held.look()

    with held.walk_held() as first:
        stack.cancel(first)
        stack.wait_for(first, "CANCELLED")
    second = held.run_until_parsing()
    stack.cancel(second)
    stack.wait_for(second, "CANCELLED")

    wait_until(lambda: stack.run_processes() == [], _ORPHAN_SECONDS)
    assert held.catalog.current_snapshot() == before
    assert held.look() == library
    assert stack.flow_run(first)["state_type"] == "CANCELLED"
    _check_continued(held, held.run(), held.finished())


def test_a_run_ends_with_its_worker(stack: Stack, held: Held) -> None:
    """Where a worker is killed its run crashes at once and says why, and the next one goes on from there."""
    run = held.run_until_parsing()

    os.kill(stack.worker.pid, signal.SIGKILL)
    ended = stack.wait_for(run, "CRASHED")
    wait_until(lambda: stack.run_processes() == [], _ORPHAN_SECONDS)
    stack.start_worker()

    assert "The worker that started this run is gone" in ended["state"]["message"]
    _check_continued(held, held.run(), held.finished())


def test_a_run_ends_itself_where_its_worker_does_not_listen(stack: Stack, held: Held) -> None:
    """A run is cancelled also where its worker hears nothing of it, as after a while without the server."""
    run = held.run_until_parsing()

    os.kill(stack.worker.pid, signal.SIGSTOP)
    try:
        stack.cancel(run)
        stack.wait_for(run, "CANCELLED")
        wait_until(lambda: all(each.status() == "zombie" for each in stack.run_processes()), _ORPHAN_SECONDS)
    finally:
        os.kill(stack.worker.pid, signal.SIGCONT)


def test_a_run_survives_a_server_that_is_started_again(stack: Stack, held: Held) -> None:
    """A server that is away from the middle of a run until its snapshot is there costs it nothing.

    Its turn, which no other run of the deployment may take meanwhile, is still the run's.
    """
    run, before = held.run_until_parsing(), held.catalog.current_snapshot()

    stack.server.stop()
    held.let_go()
    wait_until(lambda: held.catalog.current_snapshot() != before, _SECONDS)
    stack.start_server()

    _renew(stack, stack.flow_run(run)["state"]["state_details"]["deployment_concurrency_lease_id"])
    assert stack.wait_for(run)["state_type"] == "COMPLETED"
    _check_complete(held, run)


def _renew(stack: Stack, lease: UUID) -> None:
    """Do what Prefect does every four minutes of a run, which it ends if the server refuses."""
    with stack.settings(), get_client(sync_client=True) as client:
        client.renew_concurrency_lease(lease_id=lease, lease_duration=300)


def test_a_run_that_a_server_is_away_for_too_long_has_crashed(stack: Stack, held: Held) -> None:
    """Where the server is away for longer than a run asks, its snapshot is there, and the run has crashed."""
    run = held.run_until_parsing({"PREFECT_CLIENT_MAX_RETRIES": "0"})

    stack.server.stop()
    held.let_go()
    given_up = f"Execution of flow run '{run}' exited with unexpected exception"
    wait_until(lambda: given_up in stack.worker.log_path.read_text(), _SECONDS)
    stack.start_server()

    assert stack.wait_for(run)["state_type"] == "CRASHED"
    wait_until(lambda: stack.run_processes() == [], _ORPHAN_SECONDS)
    _check_complete(held, run)


def _check_complete(held: Held, run: str) -> None:
    """Check that the current snapshot is that of a run, has each film, and that no batch was parsed twice."""
    assert (held.record()["flow_run_id"], held.record()["files"]["cataloged"]) == (run, FILMS)
    assert set(held.executions().values()) == {1}


def test_a_scan_beside_a_run_says_who_holds_the_catalog(stack: Stack, held: Held) -> None:
    """While a deployment's run writes to a catalog, a scan into it is refused and names the run's process."""
    run = held.run_until_parsing()
    [flow] = [each for each in stack.run_processes() if "prefect.engine" in each.cmdline()]

    scan = Census(held.catalog.path, {"PREFECT_API_URL": stack.api}).run("scan", held.folder / "films")

    held.let_go()
    assert scan.returncode == 2
    assert f"Another run is writing to the catalog {held.catalog.path} (process {flow.pid} " in scan.stderr
    assert stack.wait_for(run)["state_type"] == "COMPLETED"
