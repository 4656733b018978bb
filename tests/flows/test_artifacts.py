"""What a run leaves in Prefect."""

from __future__ import annotations

import json
import os
from base64 import b64decode
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
import pytest
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterKey,
    FlowRunFilter,
    FlowRunFilterId,
)
from prefect.client.schemas.sorting import ArtifactSort
from prefect.settings import PREFECT_API_URL, temporary_settings

from mediacensus.catalog import Catalog, new_run_id
from mediacensus.settings import CensusParameters
from tests.browser import Browser, Document

if TYPE_CHECKING:
    from collections.abc import Iterator
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


def test_a_run_is_held_against_the_last_one(census: Census, prefect_api: str, library: Path) -> None:
    """The second run over the same folders stands beside the first, under the same key: its history."""
    first, second = census.scan(library), census.scan(library)

    with _client(prefect_api) as client:
        history = client.read_artifacts(
            artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=["census-summary"])),
            flow_run_filter=FlowRunFilter(
                id=FlowRunFilterId(any_=[UUID(each["flow_run_id"]) for each in (first, second)])
            ),
            sort=ArtifactSort.CREATED_DESC,
        )
    assert len(history) == 2
    rows = {row["figure"]: row for row in json.loads(str(history[0].data))}
    assert (rows["run"]["value"], rows["run"]["before"]) == (second["run_id"], first["run_id"])
    assert rows["media files"]["change"] == "none"
    assert rows["wall, seconds"]["before"] == first["wall_seconds"]
    assert first["run_id"] in str(history[0].description)
    assert {row["before"] for row in json.loads(str(history[1].data))} == {None}


def test_a_run_draws_its_memory_and_points_at_its_page(
    census: Census, prefect_api: str, library: Path, tmp_path: Path
) -> None:
    """Memory over time is a picture with its phases on Prefect's page; the report is named and there."""
    record = census.scan(library)
    page = census.catalog / "snapshots" / record["run_id"] / "report.html"
    assert census.run("report").stdout == f"{page}\n"
    assert "The Iron Giant" in Document(page.read_text()).text
    assert {"parsing", "writing the report"} <= set(record["memory"]["phases"])
    assert record["memory"]["peak_bytes"] > record["peak_memory_bytes"] > 0
    assert record["phases"]["report"] > 0
    assert record["dask_dashboard"] is None  # the local cluster serves none

    with _client(prefect_api) as client:
        found = client.read_artifacts(
            flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[UUID(record["flow_run_id"])]))
        )
    texts = {str(each.key): each for each in found}
    assert {"census-summary", "census-batches", "census-failures"} <= set(texts)
    assert str(page) in str(texts["census-report"].data)
    drawing = str(texts["census-memory"].data).partition("base64,")[2].partition(")")[0]
    assert b"parsing" in b64decode(drawing)

    seen = Document(
        Browser(tmp_path / "profile").open(
            f"{prefect_api.removesuffix('/api')}/v2/artifacts/artifact/{texts['census-memory'].id}",
            "--virtual-time-budget=30000",
        )
    )
    assert "writing the report" in seen.text
    pictures = [each["src"] or "" for tag, each in seen.elements if tag == "img"]
    assert any(source.startswith("data:image/svg+xml;base64,") for source in pictures)


def test_a_page_that_cannot_be_written_costs_nothing_else(census: Census, library: Path) -> None:
    """The snapshot is published without it, and who asks for it is told; here a folder stands in its way."""
    plan = CensusParameters(roots=[str(library)]).plan((str(library),))
    catalog, run_id = Catalog(census.catalog), new_run_id()
    with catalog.locked(), catalog.new_snapshot(run_id, plan) as folder:
        (folder / "report.html" / "in the way").mkdir(parents=True)

    record = census.scan(library)

    assert (record["run_id"], record["has_report"]) == (run_id, False)
    assert len(census.query("SELECT path FROM entries")) == 5
    assert "has no page" in census.run("report").stderr


@contextmanager
def _client(api: str) -> Iterator[SyncPrefectClient]:
    with temporary_settings({PREFECT_API_URL: api}), get_client(sync_client=True) as client:
        yield client


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
