"""What figures are measured on, and with."""

from __future__ import annotations

import doctest
import json
from typing import TYPE_CHECKING

from mediacensus.release import parse_release_name
from profiling import compare, corpus
from tests.trees import media_paths, walk

if TYPE_CHECKING:
    from pathlib import Path


def test_the_measured_library_is_the_same_everywhere() -> None:
    """A seed and a size give the tree that figures were taken on, name by name."""
    assert corpus.digest(10_000) == corpus.HASHES[corpus.SEED, 10_000]


def test_a_made_library_is_what_its_truth_says(tmp_path: Path) -> None:
    """The walk finds the media files that the truth has labels for, and no other."""
    truth = tmp_path / "truth.jsonl"
    corpus.make(tmp_path / "library", 600, truth=truth)

    labels = [json.loads(line) for line in truth.read_text(encoding="utf-8").splitlines()]
    found = media_paths(walk(str(tmp_path / "library")))

    assert sorted(found) == sorted(each["path"] for each in labels)
    movie = next(each for each in labels if each["kind"] == "movie" and each["title"].isascii())
    assert parse_release_name(movie["path"].rpartition("/")[2]).title == movie["title"]


def test_a_difference_is_told_from_chance() -> None:
    """Runs that are all slower are worse, however little; mixed ones are not; too few can show nothing."""
    assert doctest.testmod(compare).failed == 0
    before = [10.0, 10.1, 10.2, 10.3, 10.4]
    assert compare.compare(before, [10.5, 10.6, 10.7]) == "worse"
    assert compare.compare(before, [9.0, 9.1, 9.2]) == "better"
    assert compare.compare(before, [9.0, 10.25, 11.0]) == "no difference shown"
    assert compare.compare([], before).startswith("cannot tell")
    assert compare.compare([10.0] * 30, [10.0] * 30) == "no difference shown"
