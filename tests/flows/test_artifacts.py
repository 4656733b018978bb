"""What a run leaves in Prefect."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands import Census

pytestmark = pytest.mark.slow


def _artifact(api: str, key: str, flow_run_id: str) -> list[dict[str, Any]]:
    """Return the rows of a run's table artifact, as Prefect's own pages get them."""
    wanted = {
        "artifacts": {"key": {"any_": [key]}, "flow_run_id": {"any_": [flow_run_id]}},
        "sort": "CREATED_DESC",
    }
    [artifact] = httpx.post(f"{api}/artifacts/filter", json=wanted).raise_for_status().json()
    rows: list[dict[str, Any]] = json.loads(artifact["data"])
    return rows


@pytest.fixture
def failing_record(census: Census, library: Path) -> dict[str, Any]:
    """The record of a run that met a broken link."""
    (library / "gone.mkv").symlink_to("nowhere")
    done = census.run("scan", library, "--json")
    assert done.returncode == 1
    record: dict[str, Any] = json.loads(done.stdout)
    return record


def test_a_run_leaves_its_figures_as_artifacts(prefect_api: str, failing_record: dict[str, Any]) -> None:
    """Summary, batches and failures are table artifacts of the flow run, with the figures of its record."""
    run_id = failing_record["flow_run_id"]

    summary = {row["figure"]: row["value"] for row in _artifact(prefect_api, "census-summary", run_id)}
    assert {name: summary[name] for name in ("media files", "entries in the catalog", "failures")} == {
        "media files": 5,
        "entries in the catalog": 5,
        "failures": 1,
    }
    assert summary["parse, seconds"] == failing_record["phases"]["parse"] > 0

    [batch] = _artifact(prefect_api, "census-batches", run_id)
    assert (batch["files"], batch["measured as"]) == (5, "VmHWM")
    assert batch["peak MiB"] > 10

    [failure] = _artifact(prefect_api, "census-failures", run_id)
    assert (failure["kind"], failure["of this kind"]) == ("broken link", 1)
    assert failure["path"].endswith("gone.mkv")


def test_each_batch_is_a_task_run_with_a_log(prefect_api: str, census: Census, library: Path) -> None:
    """The walk and every batch are task runs of the flow run, and the flow's log tells how far it got."""
    run_id = census.scan(library)["flow_run_id"]

    logs = httpx.post(
        f"{prefect_api}/logs/filter", json={"logs": {"flow_run_id": {"any_": [run_id]}}}
    ).raise_for_status()
    messages = [line["message"] for line in logs.json()]
    assert any(message.startswith("The walk is over: 5 media files in ") for message in messages)
    assert any(message.startswith("Parsed 5 of 5 files") for message in messages)

    flow_run = httpx.get(f"{prefect_api}/flow_runs/{run_id}").raise_for_status().json()
    assert flow_run["state_type"] == "COMPLETED"
    assert [os.fspath(library)] == flow_run["parameters"]["parameters"]["roots"]
