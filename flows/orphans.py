"""Runs end with the worker that started them, however that one ends."""

from __future__ import annotations

import os
from contextlib import contextmanager
from contextvars import copy_context
from threading import Event, Thread
from typing import TYPE_CHECKING
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.runtime import deployment, flow_run
from prefect.states import Crashed

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOOK_SECONDS = 0.2
_REPORT_SECONDS = 20
_MESSAGE = (
    "The worker that started this run is gone: it was stopped, or killed. "
    "Run it again: what is finished is kept."
)


@contextmanager
def ended_with_worker() -> Iterator[None]:
    """Have the run of a deployment crash, and this process end, when the process that started it is gone.

    Its output leads nowhere then, which ends whoever writes to it: Dask's workers at first, and the run would
    wait for them for ever, with its catalog locked and the next run waiting for its turn. And nobody could
    cancel it, since a worker that is started again knows nothing of it.
    """
    run = flow_run.get_id()
    if run is None or deployment.get_id() is None:
        yield
        return
    is_over = Event()
    watch = Thread(target=copy_context().run, args=(_watch, UUID(run), os.getppid(), is_over), daemon=True)
    watch.start()
    try:
        yield
    finally:
        is_over.set()


def _watch(run: UUID, worker: int, is_over: Event) -> None:
    while not is_over.wait(_LOOK_SECONDS):
        if os.getppid() != worker:
            _end(run)


def _end(run: UUID) -> None:
    """Say what has happened and end, at once, as if killed: that is what the next run can start from."""
    report = Thread(target=copy_context().run, args=(_report, run), daemon=True)
    report.start()
    report.join(_REPORT_SECONDS)  # in vain where the server is gone too
    os._exit(1)


def _report(run: UUID) -> None:
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(run, Crashed(message=_MESSAGE))
