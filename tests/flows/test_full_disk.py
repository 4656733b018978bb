"""A disk that fills up while a census runs."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.commands import Census
from tests.trees import many_films

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte, in memory; only root can mount it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if subprocess.run(["mount", *options], capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_stops_a_run_that_can_go_on(prefect_api: str, small_disk: Path, tmp_path: Path) -> None:
    """No space left ends a run with code 3; the old snapshot stays, and with room the next run continues."""
    census = Census(small_disk / "catalog", {"PREFECT_API_URL": prefect_api, "HOME": str(tmp_path)})
    few, many = many_films(tmp_path / "few", 3), many_films(tmp_path / "many", 400)
    census.scan(few)
    current = (census.catalog / "current").read_text()

    done = census.run("scan", many, "--batch-files", "10", "--workers", "1")

    assert done.returncode == 3, done.stderr
    assert "No space left on device" in done.stderr
    assert "Make room on its disk, then run the same command again" in done.stderr
    assert "Traceback" not in done.stderr
    assert (census.catalog / "current").read_text() == current
    assert census.query("SELECT count(*) AS n FROM entries") == [{"n": 3}]
    [unfinished] = (census.catalog / "unfinished").iterdir()
    finished = list((unfinished / "entries").glob("*.parquet"))
    assert len(finished) > 0

    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    record = census.scan(many)
    assert (record["run_id"], record["files"]["cataloged"]) == (unfinished.name, 400)
    assert record["batches_taken_over"] >= len(finished)
