"""Running the flow from a command line: a server where none is set, and errors in the user's words."""

from __future__ import annotations

import errno
import os
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from flows.interrupts import interrupts_held
from flows.private_server import private_server
from mediacensus.errors import CensusError, RunError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flows.private_server import PrivateServer
    from mediacensus.catalog import Catalog
    from mediacensus.progress import Progress
    from mediacensus.settings import CensusParameters

QUIET_SETTINGS = {
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "DASK_LOGGING__DISTRIBUTED": "critical",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}
"""For a terminal. Prefect's log goes to its API as ever, and not over the display; nor do the complaints of
Dask's workers when they are told to stop in the middle of a batch. Prefect reads them when it is imported."""

_SEND_SECONDS = 10


def run_census(parameters: CensusParameters, catalog: Catalog, progress: Progress) -> dict[str, Any]:
    """Run the flow, on the Prefect API of the environment or profile, else on a private server.

    Raises:
        RunError: the run began and could not be completed.
        CensusError: it could not begin.
        KeyboardInterrupt: it was interrupted; nothing is left running.
    """
    with ExitStack() as stack:
        # Both take seconds, and there are two processes for them: start the server, then import Prefect.
        server = None if _names_an_api() else stack.enter_context(private_server(catalog.path / "prefect"))
        with progress.phases.measure("import"):
            from prefect.settings import PREFECT_API_URL  # noqa: PLC0415

            from flows.census import census_library  # noqa: PLC0415
            from flows.cluster import standing_cluster  # noqa: PLC0415

        if server is not None and PREFECT_API_URL.value():
            server.stop()  # a profile names an API
            server = None
        if server is not None:
            stack.enter_context(used_here_and_by_workers(server))
        # The server's own start takes longest, so that of the workers costs no time beside it.
        progress.phase = "starting workers"
        with progress.phases.measure("cluster"):
            stack.enter_context(standing_cluster(parameters))
        if server is not None:
            progress.phase = "starting a private Prefect server"
            with progress.phases.measure("server"):
                server.wait_until_ready()
        progress.phase = "starting the flow"
        stack.enter_context(_errors_explained(catalog, progress))
        stack.enter_context(interrupts_held(progress))
        return census_library(parameters)


def _names_an_api() -> bool:
    """Tell whether the environment names an API; a profile is Prefect's to read, once it is imported."""
    return bool(os.environ.get("PREFECT_API_URL"))


@contextmanager
def used_here_and_by_workers(server: PrivateServer) -> Iterator[None]:
    """Have this process and the workers it starts use a server, and tell it all before it goes."""
    from prefect.settings import (  # noqa: PLC0415
        PREFECT_API_SSL_CERT_FILE,
        PREFECT_API_URL,
        temporary_settings,
    )

    certificate = str(server.certificate)
    os.environ |= {"PREFECT_API_URL": server.api, "PREFECT_API_SSL_CERT_FILE": certificate}
    with temporary_settings({PREFECT_API_URL: server.api, PREFECT_API_SSL_CERT_FILE: certificate}):
        try:
            yield
        finally:
            _send_what_is_left()


def _send_what_is_left() -> None:
    """Have Prefect send its last log lines and events while there is a server to take them.

    It would else try to at exit, and go on trying for more than a minute after the server is gone.
    """
    from prefect.events.worker import EventsWorker  # noqa: PLC0415 - loaded by the flow already
    from prefect.logging.handlers import APILogWorker  # noqa: PLC0415

    APILogWorker.drain_all(timeout=_SEND_SECONDS)
    EventsWorker.drain_all(timeout=_SEND_SECONDS)


def _next_step(error: Exception, catalog: Catalog) -> str:
    """Return what a run that began leaves, and what to do about it."""
    space = ""
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        space = "Make room on its disk, then run"
    return (
        f"The catalog {catalog.path} shows what it did before. {space or 'Run'} the same command again to "
        "continue: batches that are finished are kept."
    )


@contextmanager
def _errors_explained(catalog: Catalog, progress: Progress) -> Iterator[None]:
    """Turn what comes out of the flow into one of our errors, with what it means for the catalog."""
    from prefect.exceptions import TerminationSignal  # noqa: PLC0415

    try:
        yield
    except TerminationSignal:  # Prefect's own answer to SIGTERM while a flow runs
        raise KeyboardInterrupt from None
    except Exception as error:
        if progress.is_asked_to_stop:  # whatever it ended in, it was interrupted
            raise KeyboardInterrupt from error
        if progress.has_begun:
            raise RunError(
                f"The run could not be completed: {error or type(error).__name__}\n"
                f"{_next_step(error, catalog)} Add --verbose to see Prefect's log."
            ) from error
        if isinstance(error, CensusError):
            raise
        raise CensusError(
            f"The run could not be started: {error or type(error).__name__}\n"
            "Add --verbose to see Prefect's log. Where PREFECT_API_URL is set, check that it is right."
        ) from error
