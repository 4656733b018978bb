"""Unfinished runs of a catalog, and which of them can be continued."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mediacensus.catalog import PLAN_FILE, Catalog
from mediacensus.settings import CensusParameters

if TYPE_CHECKING:
    from pathlib import Path

_OLD, _NEW = "20260101T000000Z-0000", "20260102T000000Z-0000"
_ROOTS = ("/r",)


def _leave(catalog: Catalog, run_id: str, plan: dict[str, object]) -> Path:
    folder = catalog.path / "unfinished" / run_id
    with catalog.new_snapshot(run_id, plan):
        (folder / "part").touch()
    return folder


def test_a_run_with_the_same_plan_is_found_and_kept(tmp_path: Path) -> None:
    """What an unfinished run has written is there again when it is continued."""
    catalog, plan = Catalog(tmp_path), CensusParameters(roots=["/r"]).plan(_ROOTS)
    folder = _leave(catalog, _OLD, plan)

    assert catalog.find_unfinished(plan) == _OLD
    with catalog.new_snapshot(_OLD, plan) as again:
        assert (again, (again / "part").exists()) == (folder, True)


@pytest.mark.parametrize(
    "changed",
    [
        {"ignore_patterns": ["x"]},
        {"media_extensions": ["mkv"]},
    ],
)
def test_what_decides_the_entries_decides_the_plan(tmp_path: Path, changed: dict[str, object]) -> None:
    """Other rules or folders make another plan; how much of the machine is used does not."""
    catalog, plan = Catalog(tmp_path), CensusParameters(roots=["/r"]).plan(_ROOTS)
    _leave(catalog, _OLD, plan)

    assert catalog.find_unfinished(CensusParameters(roots=["/r"], workers=7, fresh=True).plan(_ROOTS)) == _OLD
    assert (
        catalog.find_unfinished(CensusParameters.model_validate({"roots": ["/r"]} | changed).plan(_ROOTS))
        is None
    )
    assert catalog.find_unfinished(CensusParameters(roots=["/r"]).plan(("/other",))) is None


@pytest.mark.parametrize("text", ["", "{", "null"])
def test_half_a_plan_is_none(tmp_path: Path, text: str) -> None:
    """A run that was killed while it wrote down its plan is not continued."""
    catalog, plan = Catalog(tmp_path), CensusParameters(roots=["/r"]).plan(_ROOTS)
    (_leave(catalog, _OLD, plan) / PLAN_FILE).write_text(text)

    assert catalog.find_unfinished(plan) is None


def test_a_new_run_removes_what_is_left(tmp_path: Path) -> None:
    """Leftovers of other runs go when a run begins, and a published snapshot has no plan."""
    catalog, plan = Catalog(tmp_path), CensusParameters(roots=["/r"]).plan(_ROOTS)
    left = _leave(catalog, _OLD, plan)

    with catalog.new_snapshot(_NEW, plan) as folder:
        assert not left.exists()
        snapshot = catalog.publish(folder, {})
    assert sorted(path.name for path in snapshot.iterdir()) == ["run.json"]
