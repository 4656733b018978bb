"""Spreading entries over buckets, and filling them with what was answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mediacensus import schema
from mediacensus.entries import parse_batch
from mediacensus.failures import FailureLog
from mediacensus.manifest import WalkLog, iter_batches
from mediacensus.match import MatchStatus, Resolution
from mediacensus.partition import BatchBounds
from mediacensus.parts import iter_rows
from mediacensus.pins import Pins
from mediacensus.progress import Progress
from mediacensus.spread import FILLED_COLUMNS, Spread, entry_parts
from mediacensus.walk import WalkRules, iter_library

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import TreeFactory

_NAMES = [
    *(f"Films/Film {n // 2} (1999)/Film {n // 2} (1999) {('720p', '1080p')[n % 2]}.mkv" for n in range(60)),
    *(f"TV/Show/Season 0{s}/Show S0{s}E{e:02}.mkv" for s in (1, 2) for e in range(1, 6)),
    "TV/05.mkv",
]


@pytest.fixture
def snapshot(tmp_path: Path, tree: TreeFactory) -> Path:
    """A snapshot of several parts: 30 films in two versions each, and a series of two seasons."""
    root = tree(dict.fromkeys(_NAMES, 1))
    folder = tmp_path / "snapshot"
    with FailureLog(folder / "failures" / "walk.parquet") as failures:
        log = WalkLog(failures, Progress())
        library = iter_library((root,), WalkRules.chosen(["mkv"], []))
        for batch in iter_batches(library, folder, BatchBounds(10, 10), log):
            parse_batch(batch, folder)
    return folder


def _rows(snapshot: Path) -> list[dict[str, Any]]:
    names = schema.ENTRIES.names
    return [dict(zip(names, row, strict=True)) for part in entry_parts(snapshot) for row in iter_rows(part)]


def _answer_all(spread: Spread, status: MatchStatus) -> set[str]:
    """Answer every bucket, and return the keys of what was asked."""
    asked: set[str] = set()
    for number in spread.buckets():
        queries = spread.queries_of(number)
        assert not asked & queries.keys()
        asked |= queries.keys()
        answers = {k: Resolution(status=status, matched_title=query.title) for k, query in queries.items()}
        spread.answer(number, answers)
    return asked


def test_every_entry_gets_the_answer_to_its_own_query(snapshot: Path, tmp_path: Path) -> None:
    """Each entry is filled with its query's answer, whatever part it lies in, and nothing else changes."""
    before = _rows(snapshot)
    assert len(entry_parts(snapshot)) > 3
    spread = Spread(snapshot, tmp_path / "scratch")

    assert spread.write(Pins({})) == len(before) - 1
    asked = _answer_all(spread, "review")
    spread.fill_entries()

    after = _rows(snapshot)
    [silent] = [row for row in after if row["title"] is None]
    assert (silent["query_key"], silent["match_status"]) == (None, "not looked up")
    assert {row["query_key"] for row in after} == asked | {None}
    assert len(asked) == 31
    assert [row["matched_title"] for row in after] == [row["title"] for row in after]
    assert {row["match_status"] for row in after} == {"review", "not looked up"}
    untouched = [name for name in schema.ENTRIES.names if name not in FILLED_COLUMNS]
    assert [[row[name] for name in untouched] for row in before] == [
        [row[name] for name in untouched] for row in after
    ]


def test_a_series_is_one_query_with_every_season_seen(snapshot: Path, tmp_path: Path) -> None:
    """All episodes of a series, whatever parts they lie in, ask one query that names their seasons."""
    spread = Spread(snapshot, tmp_path / "scratch")
    spread.write(Pins({}))

    queries = [query for number in spread.buckets() for query in spread.queries_of(number).values()]

    [series] = [query for query in queries if query.kind == "tv"]
    assert series.seasons == (1, 2)


def test_a_pin_is_part_of_what_is_asked(snapshot: Path, tmp_path: Path) -> None:
    """A folder's pin reaches the query of every file below it."""
    spread = Spread(snapshot, tmp_path / "scratch")
    spread.write(Pins({str(tmp_path / "library" / "TV"): "tv:1396"}))

    queries = [query for number in spread.buckets() for query in spread.queries_of(number).values()]

    assert {query.decision for query in queries if query.kind == "tv"} == {"tv:1396"}
    assert {query.decision for query in queries if query.kind != "tv"} == {None}


def test_buckets_without_an_answer_leave_entries_as_they_are(snapshot: Path, tmp_path: Path) -> None:
    """Where nothing was answered the entries say "not looked up"."""
    spread = Spread(snapshot, tmp_path / "scratch")
    spread.write(Pins({}))

    spread.fill_entries()

    assert {row["match_status"] for row in _rows(snapshot)} == {"not looked up"}
