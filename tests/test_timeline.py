"""Memory of a run over time."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediacensus.progress import Progress
from mediacensus.timeline import Sample, Timeline, sampled


def _sampler_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "memory-sampler"]


def _fail_while_sampled() -> None:
    with sampled(Progress()):
        assert len(_sampler_threads()) == 1
        raise ZeroDivisionError


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=400), st.integers(2, 20))
def test_the_peak_survives_thinning_out(held: list[int], most: int) -> None:
    """However long a run is, its samples are bounded, in order of time, and hold the most there was."""
    timeline = Timeline(most)
    for second, each in enumerate(held):
        timeline.add(Sample(float(second), "parsing", (each, 0, 0)))
    told = timeline.describe()
    assert len(told["samples"]) <= most
    assert told["peak_bytes"] == max(held) == max(sample[2] for sample in told["samples"])
    seconds = [sample[0] for sample in told["samples"]]
    assert seconds == sorted(set(seconds))


def test_every_phase_has_a_sample() -> None:
    """A phase is told by its first sample at least, however short it is."""
    timeline = Timeline()
    for second, phase in enumerate("aaabcca"):
        timeline.add(Sample(float(second), phase, (1, 2, 3)))
    told = timeline.describe()
    assert told["phases"] == ["a", "b", "c"]
    assert [sample[1] for sample in told["samples"]] == [0, 0, 0, 1, 2, 2, 0]
    assert told["peak_bytes"] == 6


def _held_bytes_by_role() -> tuple[int, int, int]:
    with sampled(Progress()) as timeline:
        flow, workers, server = timeline.describe()["samples"][-1][2:]
    return flow, workers, server


def test_processes_of_the_run_are_counted_by_what_they_do() -> None:
    """Memory of this process, of a worker and of a server is seen under their roles."""
    flow, workers, server = _held_bytes_by_role()  # other tests may have a server of their own
    assert flow > 10 * 1024**2
    waits = [sys.executable, "-c", "input()"]
    with (
        subprocess.Popen(waits, stdin=subprocess.PIPE) as worker,
        subprocess.Popen([*waits, "flows.private_server"], stdin=subprocess.PIPE) as private_server,
    ):
        deadline = time.monotonic() + 20
        seen = (0, 0, 0)
        while not (seen[1] - workers > 1024**2 < seen[2] - server) and time.monotonic() < deadline:
            seen = _held_bytes_by_role()
        for child in (worker, private_server):
            child.communicate(b"\n")
    assert seen[1] - workers > 1024**2
    assert seen[2] - server > 1024**2


def test_a_new_phase_is_looked_at_at_once() -> None:
    """The timeline of a run is its progress's, and knows a phase that has just begun."""
    progress = Progress()
    with sampled(progress) as timeline:
        progress.phase = "another"
        deadline = time.monotonic() + 20
        while len(timeline.describe()["phases"]) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
    assert timeline.describe()["phases"] == ["starting", "another"]
    assert progress.memory is timeline


def test_sampling_ends_with_its_block() -> None:
    """The thread is gone when the block ends, also by an error."""
    assert _sampler_threads() == []
    with pytest.raises(ZeroDivisionError):
        _fail_while_sampled()
    assert _sampler_threads() == []
