"""Runs of the deployments on a server with a worker."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from flows.access import TOKEN_BLOCK
from mediacensus.catalog import Catalog
from tests.deployments.stack import CENSUS, SWEEP
from tests.tmdb.__main__ import TITLES
from tests.tmdb.server import look_alike

if TYPE_CHECKING:
    from pathlib import Path

    from tests.deployments.stack import Stack

pytestmark = pytest.mark.slow

_SECONDS = 60
TOKEN = "eyJhbGciOiJIUzI1NiJ9.c3RhY2stdG9rZW4.bG9vay1hbGlrZQ"


def _command(stack: Stack, *arguments: str, given: str = "", **settings: str) -> str:
    """Run a command against the stack's server and return what it says; it must succeed."""
    environment = os.environ | {"PREFECT_API_URL": stack.api, "PREFECT_HOME": str(stack.place.home)}
    done = subprocess.run(
        [sys.executable, *arguments],
        env=environment | settings,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def _runs_of(stack: Stack, deployment: str) -> list[dict[str, Any]]:
    wanted = {"deployments": {"id": {"any_": [deployment]}}}
    found: list[dict[str, Any]] = stack.request("POST", "flow_runs/filter", wanted)
    return found


def _current_record(catalog: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((Catalog(catalog).current_snapshot() / "run.json").read_text())
    return record


def test_the_deployments_are_scheduled_one_run_at_a_time(stack: Stack, library: Path) -> None:
    """Nightly, weekly and sweeping schedules are on, runs of a deployment wait for one another."""
    census, sweep = stack.deployment(), stack.deployment(SWEEP)
    schedules = {each["slug"]: each for each in census["schedules"] + sweep["schedules"]}

    assert {"nightly", "weekly-full", "weekly"} == set(schedules)
    assert all(each["active"] for each in schedules.values())
    assert schedules["nightly"]["parameters"] == {}
    weekly = schedules["weekly-full"]["parameters"]["parameters"]
    assert (weekly["fresh"], weekly["lookup"], weekly["roots"]) == (True, "refresh", [str(library)])
    for each in (census, sweep):
        assert each["global_concurrency_limit"]["limit"] == 1
        assert each["concurrency_options"]["collision_strategy"] == "ENQUEUE"
        assert each["enforce_parameter_schema"]


def test_a_schedule_fires_and_its_run_completes(stack: Stack, deployed_catalog: Path) -> None:
    """A schedule with an interval makes a run by itself, which is completed and fills the catalog."""
    before = {each.name for each in Catalog(deployed_catalog).iter_snapshots()}
    deployment = stack.deployment()["id"]
    soon = (datetime.now(UTC) + timedelta(seconds=8)).isoformat()
    often = {"schedule": {"interval": 3600, "anchor_date": soon}, "active": True, "slug": "often"}
    [schedule] = stack.request("POST", f"deployments/{deployment}/schedules", [often])
    try:
        deadline = time.monotonic() + _SECONDS
        while not (made := [each for each in _runs_of(stack, deployment) if _is_due(each)]):
            assert time.monotonic() < deadline
            time.sleep(0.5)
        ended = stack.wait_for(made[0]["id"])
    finally:
        stack.request("DELETE", f"deployments/{deployment}/schedules/{schedule['id']}")

    assert (ended["state_type"], ended["auto_scheduled"]) == ("COMPLETED", True)
    assert len({each.name for each in Catalog(deployed_catalog).iter_snapshots()} - before) == 1
    assert _current_record(deployed_catalog)["files"]["cataloged"] == 3


def _is_due(run: dict[str, Any]) -> bool:
    due = datetime.fromisoformat(run["expected_start_time"])
    return run["auto_scheduled"] and due < datetime.now(UTC) + timedelta(minutes=1)


def test_a_form_refuses_what_is_unfit(stack: Stack) -> None:
    """A value out of bounds, an unknown choice or a missing folder makes no run."""
    unfits: list[dict[str, object]] = [{"workers": 0}, {"lookup": "sometimes"}, {"roots": []}, {"unknown": 1}]
    for unfit in unfits:
        with pytest.raises(httpx.HTTPStatusError, match="409"):
            stack.run(parameters={"parameters": {"roots": ["/media"]} | unfit})


def test_a_run_whose_catalog_is_in_use_fails_and_says_so(stack: Stack, tmp_path: Path, library: Path) -> None:
    """Where another run writes to the catalog, the state in the pages names the catalog and who holds it."""
    catalog = Catalog(tmp_path / "catalog")
    with catalog.locked():
        run = stack.run(parameters={"parameters": {"roots": [str(library)], "catalog": str(catalog.path)}})
        ended = stack.wait_for(run)

    assert ended["state_type"] == "FAILED"
    assert (
        f"Another run is writing to the catalog {catalog.path} (process {os.getpid()}"
        in (ended["state"]["message"])
    )


def test_the_kept_token_is_used_and_not_shown(stack: Stack, deployed_catalog: Path) -> None:
    """With the token kept by one command, runs look titles up; the API and the database show none of it."""
    with look_alike(TITLES, token=TOKEN) as tmdb:
        said = _command(stack, "-m", "mediacensus", "token", "save", given=f"{TOKEN}\n")
        try:
            ended = stack.wait_for(stack.run(environment={"TMDB_API_URL": tmdb.url}))
            blocks = stack.request("POST", "block_documents/filter", {"include_secrets": False})
        finally:
            removed = _command(stack, "-m", "mediacensus", "token", "remove")

    assert TOKEN_BLOCK in said
    assert TOKEN_BLOCK in removed
    assert ended["state_type"] == "COMPLETED"
    assert _current_record(deployed_catalog)["tmdb"]["statuses"]["accepted"] == 3
    assert TOKEN_BLOCK in str(blocks)
    assert TOKEN not in str(blocks) + said + removed
    kept = [
        path
        for path in stack.place.folder.rglob("*")
        if path.is_file() and TOKEN.encode() in path.read_bytes()
    ]
    assert kept == []


def test_a_run_started_by_hand_waits_for_the_one_under_way(stack: Stack) -> None:
    """Two runs of the deployment are both completed, one after the other."""
    first, second = stack.run(CENSUS), stack.run(CENSUS)

    ended = sorted((stack.wait_for(first), stack.wait_for(second)), key=lambda each: str(each["start_time"]))

    assert [each["state_type"] for each in ended] == ["COMPLETED", "COMPLETED"]
    assert ended[0]["end_time"] <= ended[1]["start_time"]


def test_the_sweeper_runs(stack: Stack) -> None:
    """The sweeping deployment's run is completed."""
    assert stack.wait_for(stack.run(SWEEP))["state_type"] == "COMPLETED"
