"""What figures are measured on, and with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from mediacensus.release import parse_release_name
from profiling import corpus
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
