"""Time and memory."""

from __future__ import annotations

from itertools import count, islice
from typing import TYPE_CHECKING

import pytest

from mediacensus.measure import Phases, Stopwatch

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_a_stopwatch_fills_in_every_figure() -> None:
    """After the block all figures are there, and the method says what the memory means."""
    with Stopwatch() as watch:
        held = bytearray(1024)
    assert len(held) == 1024
    assert watch.started_at > 0
    assert watch.duration_seconds > 0
    assert watch.cpu_seconds >= 0
    assert watch.peak_memory_bytes > 1_000_000
    assert watch.memory_method in {"VmHWM", "RSS at end"}


def test_the_peak_is_that_of_the_block() -> None:
    """Memory that was let go within the block counts, memory from before it does not."""
    with Stopwatch() as large:
        held = bytearray(b"x") * 100_000_000
        del held
    if large.memory_method != "VmHWM":
        pytest.skip("this system cannot reset the mark of a process's memory")
    with Stopwatch() as small:
        pass
    assert large.peak_memory_bytes - small.peak_memory_bytes > 80_000_000


def test_a_stopwatch_stops_when_the_block_fails() -> None:
    """The figures of a failed block are there as well, and its error goes on."""
    watch = Stopwatch()
    with pytest.raises(KeyError), watch:
        raise KeyError
    assert watch.duration_seconds > 0


def test_a_phase_entered_twice_adds_up() -> None:
    """Each phase has one figure, and a block that fails counts."""
    phases = Phases({"walk": 100.0})
    with phases.measure("walk"):
        pass
    with pytest.raises(KeyError), phases.measure("parse"):
        raise KeyError
    assert list(phases.seconds) == ["walk", "parse"]
    assert phases.seconds["walk"] > 100.0


def test_values_are_passed_on_one_by_one() -> None:
    """The values of a measured iterator are drawn only when asked for."""
    numbers = count()
    assert list(islice(Phases().iter("walk", numbers), 3)) == [0, 1, 2]
    assert next(numbers) == 3


def test_an_iterator_that_ends_or_fails_is_measured() -> None:
    """An empty iterator ends, an error goes on; both have their time."""

    def failing() -> Iterator[int]:
        yield 1
        raise KeyError("theirs")

    phases = Phases()
    assert list(phases.iter("empty", [])) == []
    with pytest.raises(KeyError, match="theirs"):
        list(phases.iter("failing", failing()))
    assert list(phases.seconds) == ["empty", "failing"]
