"""``mediacensus report`` and ``mediacensus runs``."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from tests.commands import Census
from tests.snapshots import entry, publish, run_record, write_part

if TYPE_CHECKING:
    from pathlib import Path

_OLD, _NEW = "20260101T000000Z-00aa", "20260102T000000Z-00aa"


@pytest.fixture
def census(tmp_path: Path) -> Census:
    """The command line with a catalog of two runs, of which only the newer has a page."""
    catalog = tmp_path / "catalog"
    write_part(publish(catalog, run_record(_OLD)), "entries", [entry("/a", title="Solaris")])
    new = publish(catalog, run_record(_NEW, media_files=20, failures=0))
    (new / "report.html").write_text("<p>page</p>")
    return Census(catalog, {})


def test_the_newest_page_is_named(census: Census) -> None:
    """``report`` prints the path of the page, and nothing else."""
    done = census.run("report")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{census.catalog}/snapshots/{_NEW}/report.html\n"


def test_the_page_is_opened(census: Census, tmp_path: Path) -> None:
    """With --open the browser of the environment is started with the page's address."""
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\necho "$1" > "{opened}"\n')
    browser.chmod(0o755)
    done = Census(census.catalog, {"BROWSER": f"{browser} %s"}).run("report", "--open", _NEW)
    assert done.returncode == 0
    assert opened.read_text() == f"file://{census.catalog}/snapshots/{_NEW}/report.html\n"


def test_a_run_without_a_page_can_have_one_elsewhere(census: Census, tmp_path: Path) -> None:
    """The message says how; the snapshot stays as it is, also when it is named as the place."""
    refused = census.run("report", _OLD)
    assert refused.returncode == 2
    assert f"mediacensus report {_OLD} --write report.html" in refused.stderr

    out = tmp_path / "report.html"
    done = census.run("report", _OLD, "--write", out)
    assert (done.returncode, done.stdout) == (0, f"{out}\n")
    assert "Solaris" in out.read_text()

    snapshot = census.catalog / "snapshots" / _OLD
    assert census.run("report", _OLD, "--write", snapshot / "report.html").returncode == 2
    assert sorted(os.listdir(snapshot)) == ["entries", "run.json"]


@pytest.mark.parametrize("run", ["20260109T000000Z-00aa", "../catalog"])
def test_an_unknown_run_is_refused(census: Census, run: str) -> None:
    """The message says where the ids of runs are."""
    done = census.run("report", run)
    assert done.returncode == 2
    assert "mediacensus runs" in done.stderr


def test_runs_are_a_table(census: Census) -> None:
    """One line a run, the newest first, its id whole."""
    done = census.run("runs")
    assert done.returncode == 0
    heads, first, second = done.stdout.splitlines()
    assert heads.split() == "run begun files failures walk/s parse/s seconds folders".split()
    assert first.split() == [_NEW, "2026-01-02", "03:04", "10", "0", "20", "5", "4.5", "/media"]
    assert second.split()[0] == _OLD


def test_runs_are_json_lines(census: Census) -> None:
    """With --json one object a run."""
    done = census.run("runs", "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["run_id"], row["media_files"], row["wall_seconds"]) for row in rows] == [
        (_NEW, 10, 4.5),
        (_OLD, 10, 4.5),
    ]


@pytest.mark.parametrize("command", ["report", "runs"])
def test_an_empty_catalog_says_so(tmp_path: Path, command: str) -> None:
    """There is nothing to show, and the message says how to change that."""
    done = Census(tmp_path / "none", {}).run(command)
    assert done.returncode == 2
    assert "mediacensus scan" in done.stderr
