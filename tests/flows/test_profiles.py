"""Scans that are profiled, and scans that record nothing."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.browser import Browser, refusing_server
from tests.commands import wait_for_line
from tests.trees import many_films

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands import Census

pytestmark = pytest.mark.slow

_IMPORTS_TOLD = {"PYTHONPROFILEIMPORTTIME": "1"}
_IMPORT = re.compile(r"import time:[^|]*\|[^|]*\|\s*([\w.]+)")  # "import time:   99 |   1999 |   bokeh.core"
_LISTED = re.compile(r"dashboard: (\S+)")  # "… · dashboard: http://127.0.0.1:41999/status"


def _imported(told: str) -> set[str]:
    """Return the packages that a run's processes said they imported."""
    return {name.partition(".")[0] for name in _IMPORT.findall(told)}


def test_a_profiled_scan_keeps_where_the_time_went(census: Census, prefect_api: str, tmp_path: Path) -> None:
    """With --profile the dashboard answers during the run, and report, flames and stacks lie beside it."""
    films = many_films(tmp_path / "films")
    told_imports = replace(census, settings=census.settings | _IMPORTS_TOLD)
    process = told_imports.start("scan", films, "--batch-files", "40", "--profile", "--json")
    said = wait_for_line(process, "dashboard: http")
    [address] = _LISTED.findall(said)
    assert httpx.get(address, timeout=20, follow_redirects=True).is_success
    assert "bokeh" in httpx.get(address.replace("/status", "/individual-profile"), timeout=20).text.lower()
    out, err = process.communicate()
    assert process.returncode == 0, err[-2000:]
    assert "bokeh" in _imported(said + err)

    record = json.loads(out)
    snapshot = census.catalog / "snapshots" / record["run_id"]
    assert record == json.loads((snapshot / "run.json").read_text())
    assert record["profile"]["files"] == [
        "profile/dask-report.html",
        "profile/flames.html",
        "profile/stacks.speedscope.json",
    ]
    stacks = json.loads((snapshot / "profile/stacks.speedscope.json").read_text())
    names = {frame["name"] for frame in stacks["shared"]["frames"]}
    assert [profile["name"] for profile in stacks["profiles"]][:2] == ["workers", "flow"]
    assert {"parse_batch", "census_library", "write_report"} <= names  # on a worker, in the flow, at its end
    assert {"workers", "flow"} <= {row["sampled"] for row in record["profile"]["hot"]}

    page = (snapshot / "report.html").read_text()
    for name in record["profile"]["files"]:
        assert f'href="{name}"' in page
    _check_artifacts(prefect_api, record)
    _check_offline(
        tmp_path, [snapshot / name for name in record["profile"]["files"] if name.endswith("html")]
    )


def _check_artifacts(api: str, record: dict[str, Any]) -> None:
    wanted = {"artifacts": {"flow_run_id": {"any_": [record["flow_run_id"]]}}}
    found = httpx.post(f"{api}/artifacts/filter", json=wanted).raise_for_status().json()
    data = {each["key"]: each["data"] for each in found}
    assert json.loads(data["census-profile"]) == record["profile"]["hot"]
    assert all(name in data["census-report"] for name in record["profile"]["files"])


def _check_offline(folder: Path, pages: list[Path]) -> None:
    """Make sure that pages are drawn in a browser, and that it asks nobody for anything of theirs."""
    browser = Browser(folder / "browser")
    with refusing_server(403) as (proxy, asked):
        options = (f"--proxy-server={proxy}", "--virtual-time-budget=10000", "--window-size=800,600")
        control = folder / "control.html"
        control.write_text('<script src="https://cdn.bokeh.org/a.js"></script>')
        assert (
            len(browser.colours(control.as_uri(), *options)) == 1
        )  # blank, as a page without its scripts is
        assert [each for each in asked if "bokeh" in each] != []  # a request would be seen
        asked.clear()
        for page in pages:
            assert len(browser.colours(page.as_uri(), *options)) > 10
    of_the_browser = ("google", "gvt1.com")
    assert [each for each in asked if not any(maker in each for maker in of_the_browser)] == []


def test_a_scan_that_records_nothing_says_so(census: Census, library: Path) -> None:
    """With --no-record nothing is measured or sampled, and without --profile nothing of it is imported."""
    told_imports = replace(census, settings=census.settings | _IMPORTS_TOLD)
    done = told_imports.run("scan", library, "--no-record", "--json")
    assert done.returncode == 0, done.stderr[-2000:]

    record = json.loads(done.stdout)
    assert (record["files"]["cataloged"], record["memory"], record["profile"]) == (5, None, None)
    assert {batch["memory_method"] for batch in record["batches"]} == {"not measured"}
    assert {batch["duration_seconds"] for batch in record["batches"]} == {0}
    packages = _imported(done.stderr)
    assert {"prefect", "distributed", "pyarrow"} <= packages  # imports are told
    assert "bokeh" not in packages
    assert not (census.catalog / "snapshots" / record["run_id"] / "profile").exists()
    assert "measured" in (census.catalog / "snapshots" / record["run_id"] / "report.html").read_text()
