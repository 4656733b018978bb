"""Runs that nobody looks after any longer, since their worker is gone or deaf, end by themselves."""

from __future__ import annotations

import os
from contextlib import contextmanager
from contextvars import copy_context
from threading import Event, Thread
from typing import TYPE_CHECKING

from prefect.client.orchestration import get_client
from prefect.context import FlowRunContext
from prefect.states import Cancelled, Crashed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from prefect.client.schemas.objects import State

_LOOK_SECONDS = 0.2
_ASK_SECONDS = 10
_REPORT_SECONDS = 20
_WORKER_IS_GONE = (
    "The worker that started this run is gone: it was stopped, or killed. "
    "Run it again: what is finished is kept."
)
_WORKER_IS_DEAF = "The run ended itself, since its worker did not."


@contextmanager
def ended_with_worker() -> Iterator[None]:
    """Have the run of a deployment end, and this process with it, when its worker no longer looks after it.

    Where the process that started it is gone its output leads nowhere, which ends whoever writes to it:
    Dask's workers at first, and the run would wait for them for ever, with its catalog locked and the next
    run waiting for its turn. And nobody could cancel it, since a worker that is started again knows nothing
    of it. Nor could they once the server has been away for half a minute: Prefect's worker listens no more.
    """
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    if run is None or run.deployment_id is None:
        yield
        return
    is_over = Event()
    _start(_watch_worker, run.id, os.getppid(), is_over)
    _start(_watch_state, run.id, is_over)
    try:
        yield
    finally:
        is_over.set()


def _start(watch: Callable[..., None], *arguments: object) -> Thread:
    thread = Thread(target=copy_context().run, args=(watch, *arguments), daemon=True)
    thread.start()
    return thread


def _watch_worker(run: UUID, worker: int, is_over: Event) -> None:
    while not is_over.wait(_LOOK_SECONDS):
        if os.getppid() != worker:
            _end(run, Crashed(message=_WORKER_IS_GONE))


def _watch_state(run: UUID, is_over: Event) -> None:
    """Look for a cancellation that has been left to lie for a while."""
    was_cancelling = False
    while not is_over.wait(_ASK_SECONDS):
        is_cancelling = _is_cancelling(run)
        if was_cancelling and is_cancelling:
            _end(run, Cancelled(message=_WORKER_IS_DEAF))
        was_cancelling = is_cancelling


def _is_cancelling(run: UUID) -> bool:
    try:
        with get_client(sync_client=True) as client:
            state = client.read_flow_run(run).state
    except Exception:  # noqa: BLE001 - a server that is away must not end a run
        return False
    return state is not None and state.is_cancelling()


def _end(run: UUID, state: State) -> None:
    """Say what has happened and end, at once, as if killed: that is what the next run can start from."""
    _start(_report, run, state).join(_REPORT_SECONDS)  # in vain where the server is gone too
    os._exit(1)


def _report(run: UUID, state: State) -> None:
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(run, state)
