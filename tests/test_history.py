"""Earlier runs, and the difference to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mediacensus.artifacts import memory_text, page_text, summary_rows, summary_text
from mediacensus.catalog import Catalog
from mediacensus.errors import CatalogEmptyError, ParameterError
from mediacensus.history import find_comparable, iter_runs, run_row
from tests.snapshots import publish, run_record

if TYPE_CHECKING:
    from pathlib import Path

_FIRST, _SECOND, _THIRD = (f"2026010{day}T000000Z-00aa" for day in (1, 2, 3))


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """A catalog of two runs over /media, and between them one over another folder."""
    publish(tmp_path, run_record(_FIRST))
    publish(tmp_path, run_record(_SECOND, roots=["/other"]))
    publish(tmp_path, run_record(_THIRD, failures=4))
    return Catalog(tmp_path)


def test_runs_are_listed_newest_first(catalog: Catalog) -> None:
    """Every complete snapshot with a readable record is a run; what is broken is passed over."""
    (catalog.path / "snapshots" / "20260104T000000Z-00aa").mkdir()
    broken = catalog.path / "snapshots" / "20260105T000000Z-00aa"
    broken.mkdir()
    (broken / "run.json").write_text("{")
    assert [run["run_id"] for run in iter_runs(catalog)] == [_THIRD, _SECOND, _FIRST]


@pytest.mark.parametrize(
    ("roots", "parameters", "found"),
    [
        ("/media", {}, [_THIRD, _FIRST]),
        ("/other", {}, [_SECOND]),
        ("/new", {}, []),
        ("/media", {"workers": 3}, []),
        ("/media", {"fresh": True, "catalog": "/elsewhere"}, [_THIRD, _FIRST]),
        ("/media", {"only_a_newer_version_knows": 1}, [_THIRD, _FIRST]),
    ],
)
def test_a_run_is_held_against_the_last_of_its_kind(
    catalog: Catalog, roots: str, parameters: dict[str, Any], found: list[str]
) -> None:
    """The last runs over the same folders with the same parameters, as far as both versions have them."""
    runs = find_comparable(catalog, (roots,), run_record()["parameters"] | parameters)
    assert [run["run_id"] for run in runs] == found


def test_a_run_is_held_against_five_at_most(tmp_path: Path) -> None:
    """However many runs there are, the five newest count."""
    days = [f"202601{day:02}T000000Z-00aa" for day in range(1, 8)]
    for day in days:
        publish(tmp_path, run_record(day))
    runs = find_comparable(Catalog(tmp_path), ("/media",), run_record()["parameters"])
    assert [run["run_id"] for run in runs] == days[:1:-1]


def test_a_summary_tells_the_difference() -> None:
    """Every figure stands beside that of the run before, with how much it differs, and the usual one."""
    before = run_record(_FIRST)
    long_ago = [run_record(wall_seconds=20.0, failures=2), run_record(wall_seconds=5.0, failures=2)]
    now = run_record(_SECOND, failures=4, wall_seconds=9.0)
    rows = {row["figure"]: row for row in summary_rows(now, [before, *long_ago])}
    assert (rows["failures"]["before"], rows["failures"]["change"]) == (1, "+3 (+300.0 %)")
    assert rows["wall, seconds"]["change"] == "+4.500 (+100.0 %)"
    assert (rows["wall, seconds"]["usual"], rows["failures"]["usual"]) == (5.0, 2)
    assert rows["run"]["usual"] is None
    assert rows["media files"]["change"] == "none"
    assert rows["run"]["change"] is None
    assert rows["peak memory of all processes, MiB"]["value"] == 400
    assert _FIRST in summary_text([before])


def test_a_first_run_has_nothing_to_be_held_against() -> None:
    """Without an earlier run the columns are empty, and the text says so."""
    assert {row["change"] for row in summary_rows(run_record(), [])} == {None}
    assert "no earlier run" in summary_text([])


def test_what_was_not_recorded_is_not_made_up() -> None:
    """A record of an older version has no figure in place of what it lacks."""
    run = run_record()
    del run["wall_seconds"], run["rates"]["walk_files_per_second"]
    row = run_row(run)
    assert (row["wall_seconds"], row["walk_files_per_second"]) == (None, None)
    assert memory_text(run | {"memory": None}) == "The memory of this run was not sampled."


def test_a_page_is_pointed_at_where_there_is_one(catalog: Catalog) -> None:
    """The artifact names the file, the command that opens it and the dashboard; or says there is none."""
    run = run_record(_FIRST, dask_dashboard="http://127.0.0.1:1/status")
    assert "No page was written" in page_text(run, str(catalog.path))
    page = catalog.path / "snapshots" / _FIRST / "report.html"
    page.touch()
    text = page_text(run, str(catalog.path))
    assert str(page) in text
    assert f"mediacensus report --open {_FIRST}" in text
    assert "(http://127.0.0.1:1/status)" in text


def test_a_snapshot_is_found_by_its_run(catalog: Catalog, tmp_path: Path) -> None:
    """An id names its snapshot, none the newest; what is no run of the catalog is refused."""
    assert catalog.snapshot(_FIRST).name == _FIRST
    assert catalog.snapshot().name == _THIRD
    for wrong in ("../..", "", "20260109T000000Z-00aa"):
        with pytest.raises(ParameterError, match="mediacensus runs"):
            catalog.snapshot(wrong)
    with pytest.raises(CatalogEmptyError):
        Catalog(tmp_path / "empty").snapshot(_FIRST)
