"""What deployments/prefect.yaml fills in when it is deployed: whose library, on whose clock."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from mediacensus.catalog import Catalog, default_catalog
from mediacensus.errors import ParameterError
from mediacensus.roots import resolve_roots

ROOTS_VARIABLE = "MEDIACENSUS_ROOTS"
"""Environment variable with the library folders, as a JSON list: ``["/media/Films", "/media/TV"]``."""
DASK_VARIABLE = "MEDIACENSUS_DASK"
"""Environment variable with the address of a Dask scheduler for scheduled runs: ``tcp://host:8786``."""
_ZONES = "zoneinfo/"


def read_library() -> dict[str, Any]:
    """Return the library folders and the catalog of the environment, and this machine's time zone.

    A Dask scheduler is among them where one is named; without it runs use processes of their own.

    Raises:
        ParameterError: the folders are not set, or are no list.
        RootError: one of them cannot be read.
    """
    try:
        named = json.loads(os.environ.get(ROOTS_VARIABLE, ""))
    except ValueError:
        named = None
    if not isinstance(named, list) or not all(isinstance(each, str) for each in named):
        raise ParameterError(
            f'Set {ROOTS_VARIABLE} to the library folders, as a JSON list: ["/media/Films", "/media/TV"]'
        )
    roots = resolve_roots(named)
    catalog = Catalog(default_catalog())
    catalog.check_outside(roots)
    dask = os.environ.get(DASK_VARIABLE)
    named_cluster = {"dask_address": dask} if dask else {}
    return named_cluster | {
        "roots": list(roots),
        "catalog": str(catalog.path),
        "timezone": local_timezone(),
    }


def local_timezone(clock: Path = Path("/etc/localtime")) -> str:
    """Return the name of this machine's time zone, as in ``Europe/Berlin``; UTC where it has none.

    Args:
        clock: the link that says so on Linux and macOS, where TZ does not.
    """
    named = os.environ.get("TZ", "").lstrip(":") or os.path.realpath(clock).rpartition(_ZONES)[2]
    return named if "/" in named and not named.startswith("/") else "UTC"
