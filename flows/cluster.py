"""Where batches are parsed: worker processes on this machine, or a Dask scheduler that runs already."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from contextvars import ContextVar
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Any

import dask
import httpx
from distributed import LocalCluster
from prefect.settings import PREFECT_API_URL
from prefect_dask.task_runners import DaskTaskRunner

from mediacensus.errors import ClusterError
from mediacensus.tmdb.access import token_kept_back
from mediacensus.workplace import find_fault, look_around

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from distributed import Client

    from mediacensus.settings import CensusParameters

_CONNECT_SECONDS = 10
_ASK_SECONDS = 2
_ANY_PORT = "127.0.0.1:0"
_standing: ContextVar[LocalCluster | None] = ContextVar("flows_standing_cluster", default=None)
"""The cluster that the command line has started already, beside the server."""


@contextmanager
def standing_cluster(parameters: CensusParameters) -> Iterator[None]:
    """Keep a local cluster for one flow that runs inside the block; none where a scheduler runs already."""
    if parameters.dask_address is not None:
        yield
        return
    with token_kept_back(), _interrupts_kept_from_children(), _samplers_of_dask(parameters):
        cluster = LocalCluster(**_local_options(parameters))  # type: ignore[no-untyped-call]
    token = _standing.set(cluster)
    try:
        yield
    finally:
        _standing.reset(token)
        cluster.close()


@contextmanager
def open_task_runner(parameters: CensusParameters, snapshot: Path) -> Iterator[DaskTaskRunner]:
    """Offer a task runner whose cluster is up, and take a local cluster down again.

    A cluster that the command line has started goes too: what comes after parsing needs its memory.
    Each local worker is one process with one thread: parsing is pure Python, and the memory mark of a
    batch belongs to a process. The dashboard is off unless the run is profiled, since it costs 90 MB.

    Raises:
        ClusterError: the scheduler cannot be reached, or has no workers, or one that cannot be used.
    """
    address = parameters.dask_address
    with DaskTaskRunner(**_runner_options(parameters)) as runner:
        try:
            with _interrupts_kept_from_children(), _samplers_of_dask(parameters):
                client = runner.client
        except OSError as error:
            raise ClusterError(
                f"The Dask scheduler {address} does not answer: {error}. Start it with 'dask scheduler', "
                "or leave --dask out to use this machine's processes."
            ) from error
        if not client.scheduler_info(n_workers=-1)["workers"]:
            raise ClusterError(
                f"The Dask scheduler {address} has no workers. Start one with 'dask worker {address}' in an "
                "environment that has mediacensus installed."
            )
        if address is not None:
            _check_workers(client, str(snapshot))
        yield runner
    if (standing := _standing.get()) is not None:
        standing.close()


def find_dashboard(runner: DaskTaskRunner) -> str | None:
    """Return the address of the cluster's dashboard, where it answers.

    It is asked, because a scheduler without a dashboard names an address as well.
    """
    if "dashboard" not in runner.client.scheduler_info(n_workers=0)["services"]:
        return None
    link = str(runner.client.dashboard_link)
    try:
        return link if httpx.get(link, timeout=_ASK_SECONDS, trust_env=False).is_success else None
    except httpx.HTTPError:
        return None


def _check_workers(client: Client, snapshot: str) -> None:
    """Make sure that workers started by somebody else can work for this run.

    Raises:
        ClusterError: one cannot.
    """
    api = str(PREFECT_API_URL.value())
    # What one of them cannot do is an answer as well, such as not to have our code.
    found = client.run(look_around, snapshot, api, on_error="return")
    for worker, workplace in sorted(found.items()):
        if (fault := find_fault(workplace, snapshot, api)) is not None:
            raise ClusterError(f"The Dask worker {worker} {fault}, or leave --dask out.")


def count_threads(runner: DaskTaskRunner) -> int:
    """Return how many batches the cluster can parse at once."""
    workers = runner.client.scheduler_info(n_workers=-1)["workers"]
    return sum(worker["nthreads"] for worker in workers.values())


@contextmanager
def _interrupts_kept_from_children() -> Iterator[None]:
    """Have the threads started in the block, and every process these start, never see Ctrl-C.

    A terminal sends it to all processes at once. It is for the run, which takes its workers down; they
    would else each die with a traceback first. The block itself sees it when it is over.
    """
    resource_tracker.ensure_running()  # its start unblocks signals as a side effect: have it over with
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


@contextmanager
def _samplers_of_dask(parameters: CensusParameters) -> Iterator[None]:
    """Have a cluster that is started in the block sample its own stacks if the run is profiled.

    Dask does so all the time, a hundred times a second in each worker, which is 2.7 % of parsing.
    """
    with dask.config.set({"distributed.worker.profile.enabled": parameters.profile}):
        yield


def _runner_options(parameters: CensusParameters) -> dict[str, Any]:
    standing = _standing.get()
    address = parameters.dask_address or (standing and standing.scheduler_address)
    if address is not None:
        return {"address": address, "client_kwargs": {"timeout": _CONNECT_SECONDS}}
    return {"cluster_class": "distributed.LocalCluster", "cluster_kwargs": _local_options(parameters)}


def _local_options(parameters: CensusParameters) -> dict[str, Any]:
    return {
        "n_workers": parameters.local_workers(),
        "threads_per_worker": 1,
        "processes": True,
        "dashboard_address": _ANY_PORT if parameters.profile else None,
        # A batch that loses its worker is tried again by the flow, alone, so that none is lost beside it.
        # The server for a dashboard is on in any case: on a free port, or it complains of a taken one.
        "scheduler_kwargs": {"allowed_failures": 0, "dashboard_address": _ANY_PORT},
        # One arena for all threads of a worker, of which one works: 10 MiB less, and no slower.
        "env": {"MALLOC_ARENA_MAX": "1"},
        "preload": [*dask.config.get("distributed.worker.preload"), "flows.preload"],
    }
