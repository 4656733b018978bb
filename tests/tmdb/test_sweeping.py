"""Sweeping real records of the cache."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from flows.storage import AtomicFileSystem, PrefectAnswerStore
from mediacensus.tmdb.cache import StoredAnswer
from mediacensus.tmdb.keys import answer_key
from mediacensus.tmdb.sweeping import sweep

if TYPE_CHECKING:
    from pathlib import Path

_NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A cache with ten records, of which record n expires n - 3 days from now."""
    store = PrefectAnswerStore(AtomicFileSystem(basepath=str(tmp_path)))
    for number in range(10):
        expires_at = _NOW + timedelta(days=number - 3)
        store.write(answer_key("s", str(number)), StoredAnswer({"id": number}, 0, expires_at))
    return tmp_path


def _left(folder: Path) -> set[int]:
    store = PrefectAnswerStore(AtomicFileSystem(basepath=str(folder)))
    return {number for number in range(10) if store.read(answer_key("s", str(number))) is not None}


def test_expired_records_go(folder: Path) -> None:
    """What has expired is removed, and nothing else."""
    swept = sweep(folder, now=_NOW)

    assert (swept.expired, swept.removed_for_size, swept.left) == (4, 0, 6)
    assert _left(folder) == {4, 5, 6, 7, 8, 9}


def test_the_limit_is_held(folder: Path) -> None:
    """Beyond the limit those that expire first go, until the rest is below it."""
    size = next(path for path in folder.rglob("*") if path.is_file()).stat().st_size

    swept = sweep(folder, most_bytes=3 * size + size // 2, now=_NOW)

    assert (swept.removed_for_size, swept.left) == (3, 3)
    assert swept.left_bytes <= 3 * size + size // 2
    assert _left(folder) == {7, 8, 9}


def test_what_cannot_be_read_goes(folder: Path) -> None:
    """A damaged record, and one that would never expire, is removed."""
    first, second = [path for path in folder.rglob("*") if path.is_file()][:2]
    first.write_text("{")
    second.write_text('{"metadata": {"expiration": null}, "result": "1"}')

    sweep(folder, now=_NOW - timedelta(days=100))

    assert not first.exists()
    assert not second.exists()
    assert len(_left(folder)) == 8


def test_what_a_killed_writer_left_goes_once_it_is_old(folder: Path) -> None:
    """A half-written file is removed after a day, and left to its writer before."""
    old, new = folder / "v1/answers/old.unfinished", folder / "v1/answers/new.unfinished"
    for path in (old, new):
        path.touch()
    os.utime(old, (0, 0))

    sweep(folder, now=_NOW)

    assert not old.exists()
    assert new.exists()


def test_what_is_no_record_is_left_alone(folder: Path) -> None:
    """A sweep looks at its own folders and at nothing beside them."""
    (folder / "notes.txt").write_text("mine")

    sweep(folder, most_bytes=0, now=_NOW)

    assert (folder / "notes.txt").read_text() == "mine"
    assert _left(folder) == set()


def test_there_need_be_no_cache(tmp_path: Path) -> None:
    """Sweeping where nothing was ever kept does nothing."""
    assert sweep(tmp_path / "nowhere").left == 0
