"""Records that are whole or not there."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from flows.storage import AtomicFileSystem, PrefectAnswerStore
from mediacensus.tmdb.cache import StoredAnswer
from tests.commands import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

_WRITE_ON_AND_ON = """
import sys
from datetime import UTC, datetime, timedelta
from flows.storage import AtomicFileSystem, PrefectAnswerStore
from mediacensus.tmdb.cache import StoredAnswer

store = PrefectAnswerStore(AtomicFileSystem(basepath=sys.argv[1]))
print("ready", flush=True)
for number in range(100_000):
    filler = "x" * (number % 7 * 10_000)
    tomorrow = datetime.now(UTC) + timedelta(1)
    store.write("v1/answers/aa/key", StoredAnswer({"id": number, "filler": filler}, 0, tomorrow))
"""


def test_a_reader_never_sees_half_a_record(tmp_path: Path) -> None:
    """While another process writes a record again and again, every read gives a whole one."""
    store = PrefectAnswerStore(AtomicFileSystem(basepath=str(tmp_path)))
    store.write("v1/answers/aa/key", StoredAnswer({"id": -1}, 0, datetime.now(UTC) + timedelta(days=1)))
    command = [sys.executable, "-c", _WRITE_ON_AND_ON, str(tmp_path)]
    writer = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None

    with writer, writer.stdout:
        writer.stdout.readline()
        read = [store.read("v1/answers/aa/key") for _ in range(1_500)]
        assert writer.poll() is None
        writer.kill()

    numbers = [each.answer["id"] for each in read if each is not None and each.answer is not None]
    assert len(numbers) == 1_500
    assert len(set(numbers)) > 100
    assert numbers == sorted(numbers)


def test_nothing_is_written_outside_the_folder(tmp_path: Path) -> None:
    """A key that leads out of the folder is refused."""
    storage = AtomicFileSystem(basepath=str(tmp_path / "cache"))

    with pytest.raises(ValueError, match="outside"):
        storage.write_path("../outside", b"x")

    assert list(tmp_path.rglob("outside")) == []
