"""Making a server know what there is to run. It is the server of this process's Prefect settings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import WorkPoolStatus
from prefect.exceptions import ObjectNotFound
from prefect.settings import get_current_settings

from flows.stack.library import ROOTS_VARIABLE
from flows.stack.parts import WORK_POOL
from mediacensus.catalog import CATALOG_VARIABLE
from mediacensus.errors import ServerError

if TYPE_CHECKING:
    from collections.abc import Iterable

_PROJECT = Path(__file__).parents[2]
_PREFECT_FILE = "deployments/prefect.yaml"
_WORKER_SECONDS = 60
_LOOK_SECONDS = 0.5


def wait_for_worker(log_path: Path) -> None:
    """Wait until a worker has reported to the server, having made the work pool where there was none.

    Args:
        log_path: where a worker on this machine writes its log.

    Raises:
        ServerError: none did.
    """
    deadline = time.monotonic() + _WORKER_SECONDS
    with get_client(sync_client=True) as client:
        while time.monotonic() < deadline:
            with suppress(ObjectNotFound):
                if client.read_work_pool(WORK_POOL).status == WorkPoolStatus.READY:
                    return
            time.sleep(_LOOK_SECONDS)
    raise ServerError(f"No worker has reported to the Prefect server. Look at its log, {log_path}.")


def deploy(roots: Iterable[str], catalog: str) -> None:
    """Make or renew the deployments of deployments/prefect.yaml for a library.

    Raises:
        ServerError: Prefect refuses; what it said is in the text.
    """
    library = {ROOTS_VARIABLE: json.dumps(list(roots)), CATALOG_VARIABLE: catalog}
    settings = get_current_settings().to_environment_variables(exclude_unset=True)
    done = subprocess.run(  # noqa: S603 - Prefect's own program
        [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--prefect-file", _PREFECT_FILE, "--all"],
        cwd=_PROJECT,
        env=os.environ | settings | library | {"PWD": str(_PROJECT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ServerError(f"The deployments cannot be registered:\n{done.stdout}{done.stderr}".rstrip())
