"""The budget that all requests of a run share."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from mediacensus.tmdb.budget import Budget, WakeableClock
from tests.tmdb.clock import ManualClock


def test_no_second_holds_more_requests_than_allowed() -> None:
    """Requests go at an even distance, so that no window of a second has more than the limit."""
    clock = ManualClock()
    budget = Budget(30, clock)

    went = [(budget.wait_for_turn(), clock.now())[1] for _ in range(300)]

    assert max(sum(start <= each < start + 1 - 1e-6 for each in went) for start in went) <= 30
    assert went[-1] == pytest.approx(299 / 30)


def test_threads_share_one_budget() -> None:
    """However many threads ask, the last of n requests goes no earlier than n turns after the first."""
    clock = WakeableClock()
    budget = Budget(400, clock)
    began = clock.now()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _: budget.wait_for_turn(), range(81)))

    assert clock.now() - began >= 80 / 400


def test_idle_time_is_not_saved_up() -> None:
    """A pause in asking is not made up for with a burst."""
    clock = ManualClock()
    budget = Budget(10, clock)
    budget.wait_for_turn()
    clock.sleep(60)

    waits = [budget.wait_for_turn() for _ in range(3)]

    assert waits == pytest.approx([0, 0.1, 0.1])


def test_a_pause_holds_those_who_wait_already() -> None:
    """Whoever has a turn that lies within a pause waits for the pause to end."""
    clock = ManualClock()
    budget = Budget(1, clock)
    budget.wait_for_turn()

    budget.pause(40)

    assert budget.wait_for_turn() == pytest.approx(40)


def test_a_pause_overtakes_a_turn_that_was_given_out() -> None:
    """A thread that sleeps towards its turn goes on sleeping when a pause is called meanwhile."""

    class PausedMeanwhile(ManualClock):
        def sleep(self, seconds: float) -> None:
            if not self.slept:
                budget.pause(5)
            super().sleep(seconds)

    clock = PausedMeanwhile()
    budget = Budget(1, clock)
    budget.wait_for_turn()

    assert budget.wait_for_turn() == pytest.approx(5)


def test_sleepers_wake_when_the_run_ends() -> None:
    """A clock that ends all waits wakes who sleeps, and lets nobody sleep again."""
    clock = WakeableClock()
    sleeper = threading.Thread(target=clock.sleep, args=(600,))
    sleeper.start()

    clock.end_waits()

    sleeper.join(timeout=30)
    assert not sleeper.is_alive()
    clock.sleep(600)
