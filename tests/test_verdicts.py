"""What is said of figures: worse, better, no difference shown, or that nobody can tell."""

from __future__ import annotations

import doctest
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from profiling import verdicts
from profiling.compare import iter_verdicts
from profiling.rows import RUNS, keep, new_row, read
from tests.commands import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

_CANNOT_TELL = "cannot tell: 1 and 1 rows can show nothing"


def _rows(kind: str, part: str, name: str, values: list[Any]) -> list[dict[str, Any]]:
    return [new_row(kind, {"of": 1}, **{part: {name: value}}) for value in values]


def _verdict(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> str:
    [(_, _, verdict)] = iter_verdicts(before, after)
    return verdict


def test_a_difference_is_told_from_chance() -> None:
    """Runs that are all slower are worse, however little; mixed ones are not; too few can show nothing."""
    assert doctest.testmod(verdicts).failed == 0
    before = [10.0, 10.1, 10.2, 10.3, 10.4]
    assert verdicts.judge_rows(before, [10.5, 10.6, 10.7]) == "worse"
    assert verdicts.judge_rows(before, [9.0, 9.1, 9.2]) == "better"
    assert verdicts.judge_rows(before, [9.0, 10.25, 11.0]) == "no difference shown"
    assert verdicts.judge_rows([], before).startswith("cannot tell")
    assert verdicts.judge_rows([10.0] * 30, [10.0] * 30) == "no difference shown"


@pytest.mark.parametrize(
    ("kind", "name", "good", "bad"),
    [
        ("names", "cpu_seconds_per_name", [50e-6, 51e-6, 52e-6, 51e-6], [60e-6, 61e-6, 62e-6]),
        ("walk", "cpu_seconds", [3.0, 3.1, 3.2, 3.3], [3.6, 3.7, 3.8]),
        ("imports", "flows.census_cpu_seconds", [1.1, 1.2, 1.1, 1.2], [1.4, 1.5, 1.6]),
        ("task runs", "prefect_seconds_per_batch", [0.10, 0.11, 0.12, 0.11], [0.15, 0.16, 0.14]),
        ("memory", "peak_mebibytes", [20.0, 20.5, 21.0, 20.2], [30.0, 31.0, 30.5]),
        ("417 files", "census_files_per_second", [50.0, 51.0, 52.0, 49.0], [40.0, 41.0, 42.0]),
        ("titles", "looked_up_per_second", [1300.0, 1310.0, 1290.0, 1320.0], [900.0, 910.0, 950.0]),
    ],
)
def test_each_kind_of_row_is_judged(kind: str, name: str, good: list[float], bad: list[float]) -> None:
    """Enough rows that all got worse are worse, those that got better better; one can show nothing."""
    assert _verdict(_rows(kind, "figures", name, good), _rows(kind, "figures", name, bad)) == "worse"
    assert _verdict(_rows(kind, "figures", name, bad), _rows(kind, "figures", name, good)) == "better"
    assert _verdict(_rows(kind, "figures", name, good), _rows(kind, "figures", name, good[1:])).startswith(
        "no d"
    )
    assert (
        _verdict(_rows(kind, "figures", name, good[:1]), _rows(kind, "figures", name, bad[:1]))
        == _CANNOT_TELL
    )
    assert _verdict([], _rows(kind, "figures", name, bad)).startswith("cannot tell: 0 and 3")


@pytest.mark.parametrize(
    ("kind", "name", "good", "bad"),
    [
        ("accuracy", "sonarr_core_percent", 93.8, 93.7),
        ("titles", "requests", 3064, 3065),
        ("titles", "warm_hits", 2811, 2810),
    ],
)
def test_what_is_exact_needs_one_row(kind: str, name: str, good: float, bad: float) -> None:
    """What is the same in every run of the same code is worse by any difference, as soon as it is seen."""
    assert _verdict(_rows(kind, "exact", name, [good]), _rows(kind, "exact", name, [bad])) == "worse"
    assert _verdict(_rows(kind, "exact", name, [bad]), _rows(kind, "exact", name, [good])) == "better"
    assert _verdict(_rows(kind, "exact", name, [good]), _rows(kind, "exact", name, [good])).startswith("no d")
    assert _verdict([], _rows(kind, "exact", name, [good])).startswith("cannot tell")


def test_turns_are_judged_by_themselves() -> None:
    """Ratios of after to before need no earlier row: above 1 is worse, on both sides shows nothing."""
    slower = [1.03, 1.05, 1.02, 1.04, 1.06, 1.03]
    assert _verdict([], _rows("paired", "ratios", "cpu_seconds", [slower])) == "worse"
    assert _verdict([], _rows("paired", "ratios", "cpu_seconds", [[1 / each for each in slower]])) == "better"
    mixed = [0.99, 1.05, 1.02, 0.98, 1.01, 0.97, 1.03]
    assert _verdict([], _rows("paired", "ratios", "cpu_seconds", [mixed])) == "no difference shown"
    assert _verdict([], _rows("paired", "ratios", "cpu_seconds", [slower[:5]])).startswith(
        "cannot tell: 5 turns"
    )


def test_turns_with_something_else_are_judged_by_earlier_rows() -> None:
    """A ratio to a bare listing says something only beside the ratios that earlier rows had."""
    good = _rows("walk", "ratios", "walk / bare listing", [[5.0, 5.1], [5.2, 5.1], [5.0, 5.3], [5.1, 5.2]])
    bad = _rows("walk", "ratios", "walk / bare listing", [[6.0, 6.1], [6.2, 6.1], [6.0, 6.3]])
    assert _verdict(good, bad) == "worse"
    assert _verdict(bad, good) == "better"
    assert _verdict(good[:1], bad[:1]) == _CANNOT_TELL


def test_a_limit_is_kept_exceeded_or_neither_is_shown() -> None:
    """Recording may cost two per cent: the whole interval has to lie on one side of that for a verdict."""

    def said(ratios: list[float]) -> str:
        row = new_row("recording", {}, ratios={"on / off": ratios}, limits={"on / off": 1.02})
        return _verdict([], [row])

    assert said([1.001, 0.998, 1.004, 1.01, 0.99, 1.002, 1.0]) == "within the limit"
    assert said([1.03, 1.04, 1.03, 1.05, 1.04, 1.06]) == "worse"
    assert said([1.00, 1.04, 1.01, 1.03, 1.0, 1.05]).startswith("cannot tell whether it is within")
    assert said([1.0] * 5).startswith("cannot tell: 5 turns")


def test_the_command_compares_with_what_was_before(tmp_path: Path) -> None:
    """It judges the last commit by the rows before, machine by machine, and ends with 1 if it is worse."""
    path = tmp_path / "rows.jsonl"
    for commit, seconds in [("a", [1.0, 1.1, 1.2, 1.3]), ("b", [2.0, 2.1, 2.2])]:
        for row in _rows("walk", "figures", "cpu_seconds", seconds):
            keep(row | {"commit": commit}, path)
            keep(row | {"commit": commit, "machine": "another" if commit == "a" else "a third"}, path)

    def said(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "profiling.compare", "--runs", str(path), *arguments]
        return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)

    done = said()
    assert done.returncode == 1, done.stderr
    assert "cpu_seconds: 1.15 -> 2.1: worse" in done.stdout
    assert "cannot tell: 0 and 3 rows" in done.stdout
    assert said("a").returncode == 0


def test_the_rows_that_are_kept_can_be_compared() -> None:
    """Every row that is kept has a kind, a case and figures with numbers, those of older forms as well."""
    rows = read(RUNS)
    assert len(rows) > 20
    for row in rows:
        assert row["kind"]
        assert json.dumps(row["case"])
        values = [*row.get("figures", {}).values(), *row.get("exact", {}).values()]
        values += [ratio for ratios in row.get("ratios", {}).values() for ratio in ratios]
        assert values
        assert all(isinstance(value, int | float) for value in values)
    assert {row["kind"] for row in rows} >= {"census"}
