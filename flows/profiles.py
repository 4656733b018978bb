"""A profile of a run: Dask's own report, and samples of the stacks of its workers and of this process.

Loaded for a run that is profiled, and for no other.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from contextlib import contextmanager
from statistics import fmean
from typing import TYPE_CHECKING, Any

from distributed import WorkerPlugin, performance_report
from distributed.profile import create, merge, plot_data, plot_figure, process
from prefect import get_run_logger

from mediacensus.errors import ClusterError
from mediacensus.profiles import (
    DASK_FILE,
    FILES,
    FLAMES_FILE,
    FOLDER,
    INSTALL_BOKEH,
    SECONDS_BETWEEN_SAMPLES,
    SPEEDSCOPE_FILE,
    Samples,
    closed_page,
    hot_rows,
    speedscope,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from types import FrameType

    from distributed import Worker
    from prefect_dask.task_runners import DaskTaskRunner

    from mediacensus.profiles import Tree

_WAITING = frozenset(
    {
        ("threading.py", "wait"),
        ("threading.py", "_wait_for_tstate_lock"),
        ("selectors.py", "select"),
        ("queue.py", "get"),
        ("thread.py", "_worker"),
        ("threadpoolexecutor.py", "_worker"),
        ("connection.py", "_recv"),  # for the process that started this one
        ("popen_fork.py", "poll"),  # for one that this one started
        ("flow_engine.py", "heartbeat_loop"),
    }
)
"""Files and functions in which a thread that has nothing to do is found."""


class ThreadSampler:
    """Counts the stacks of a process's threads, a hundred times a second; a context manager.

    Threads count where they do something, the one that makes the sampler also where it waits. What is held
    is bounded by the code that runs, not by how long it does.

    Dask samples its workers itself, but counts the innermost function of each stack as none (2026.8), and
    the threads of other processes not at all.
    """

    def __init__(self) -> None:
        self._own: Tree = create()
        self._others: Tree = create()
        self._looks = 0
        self._began = time.monotonic()
        self._seconds = 0.0
        self._own_thread = threading.get_ident()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._repeat, name="stack-sampler", daemon=True)

    def __enter__(self) -> ThreadSampler:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def own(self) -> Samples:
        """What the thread did that made the sampler."""
        return Samples(self._own, self._seconds / max(self._looks, 1))

    @property
    def others(self) -> Samples:
        """What the other threads did."""
        return Samples(self._others, self._seconds / max(self._looks, 1))

    def _repeat(self) -> None:
        sampler = threading.get_ident()
        while not self._over.wait(SECONDS_BETWEEN_SAMPLES):
            self._looks += 1
            for thread, frame in sys._current_frames().items():
                if thread == self._own_thread:
                    process(frame, None, self._own)
                elif thread != sampler and not _is_waiting(frame):
                    process(frame, None, self._others)
        self._seconds = time.monotonic() - self._began


class WorkerSampler(WorkerPlugin):
    """Samples every worker of a cluster while it is registered, those that are started again as well."""

    name = "mediacensus-stacks"

    def setup(self, worker: Worker) -> None:  # noqa: ARG002 - Dask's signature
        """Begin. This is called in the worker's event loop, which so counts apart, and is left out."""
        self._sampler = ThreadSampler().__enter__()

    def teardown(self, worker: Worker) -> None:  # noqa: ARG002 - Dask's signature
        """End, if that has not been done."""
        self._sampler.__exit__()

    def end(self) -> Samples:
        """End, and return what the worker's threads were seen to do."""
        self._sampler.__exit__()
        return self._sampler.others


def _samples_of(dask_worker: Worker) -> Samples:
    """Return what a worker's sampler has; Dask fills in the worker."""
    sampler = dask_worker.plugins[WorkerSampler.name]
    assert isinstance(sampler, WorkerSampler)  # noqa: S101 - by its name
    return sampler.end()


def _merged(each: Sequence[Samples]) -> Samples:
    """Return samples of several processes as one."""
    trees = merge(*(samples.tree for samples in each))
    return Samples(trees, fmean(samples.seconds_per_sample for samples in each))


def _is_waiting(frame: FrameType) -> bool:
    code = frame.f_code
    return (code.co_filename.rpartition("/")[2], code.co_name) in _WAITING


class RunProfiler:
    """Profiles one run into the folder of its snapshot; a context manager around the flow's work.

    An exception passes through, and leaves no profile.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sampler = ThreadSampler()
        self._sampled: dict[str, Samples] = {}
        (folder / FOLDER).mkdir(exist_ok=True)

    def __enter__(self) -> RunProfiler:
        self._sampler.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._sampler.__exit__()

    @contextmanager
    def watching(self, runner: DaskTaskRunner) -> Iterator[None]:
        """Keep Dask's performance report of the block, and the stacks of its workers.

        Raises:
            ClusterError: a scheduler elsewhere has no bokeh to make the report with.
        """
        client = runner.client
        if not client.run_on_scheduler(_has_bokeh):  # type: ignore[no-untyped-call]
            raise ClusterError(
                "The Dask scheduler has no bokeh, which makes its report. Install it there with: "
                f"{INSTALL_BOKEH}, or scan without --profile."
            )
        report = performance_report(filename=str(self._folder / DASK_FILE), mode="inline")  # type: ignore[no-untyped-call]
        client.register_plugin(WorkerSampler())
        with client.as_current():
            report.__enter__()  # type: ignore[no-untyped-call]
            yield
            try:
                self._sampled["workers"] = _merged(list(client.run(_samples_of).values()))
                self._write_report(report)
            except Exception as error:  # noqa: BLE001 - no reason to lose the census
                get_run_logger().warning("Dask's part of the profile could not be kept: %r", error)
        client.unregister_worker_plugin(WorkerSampler.name)  # type: ignore[no-untyped-call]

    def _write_report(self, report: performance_report) -> None:
        report.__exit__(None, None, None)  # type: ignore[no-untyped-call]
        page = self._folder / DASK_FILE
        page.write_text(closed_page(page.read_text(encoding="utf-8")), encoding="utf-8")

    def describe(self) -> dict[str, Any]:
        """Write what was sampled, and return the profile's part of the run's record."""
        self._sampler.__exit__()
        self._sampled["flow"] = self._sampler.own
        self._sampled["other threads of the flow's process"] = self._sampler.others
        sampled = {name: samples for name, samples in self._sampled.items() if samples.tree["count"]}
        document = json.dumps(speedscope(sampled, "mediacensus scan"))
        (self._folder / SPEEDSCOPE_FILE).write_text(document, encoding="utf-8")
        (self._folder / FLAMES_FILE).write_text(_draw(sampled), encoding="utf-8")
        return {
            "files": [name for name in FILES if (self._folder / name).is_file()],
            "samples": {name: samples.tree["count"] for name, samples in sampled.items()},
            "hot": hot_rows(sampled),
        }


def _has_bokeh() -> bool:
    from importlib.util import find_spec  # noqa: PLC0415 - travels to the scheduler by value

    return find_spec("bokeh") is not None


def _draw(sampled: Mapping[str, Samples]) -> str:
    """Return a page with a flame graph for each group of threads, which loads nothing."""
    from bokeh.embed import file_html  # noqa: PLC0415 - of an extra, which has been checked by now
    from bokeh.models import TabPanel, Tabs  # noqa: PLC0415
    from bokeh.resources import INLINE  # noqa: PLC0415

    panels = []
    for name, samples in sampled.items():
        drawn = plot_data(samples.tree, samples.seconds_per_sample)  # type: ignore[no-untyped-call]
        figure, _ = plot_figure(drawn, sizing_mode="stretch_both")  # type: ignore[no-untyped-call]
        panels.append(TabPanel(child=figure, title=name))
    tabs = Tabs(tabs=panels, sizing_mode="stretch_both")
    return closed_page(file_html(tabs, INLINE, "Where the time went"))
