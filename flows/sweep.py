"""Keeping the cache of TMDB's answers small, as a flow that a schedule can run.

Cache policy: none; it removes what others cached.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from prefect import flow, get_run_logger

from mediacensus.catalog import TMDB_FOLDER
from mediacensus.settings import SweepParameters
from mediacensus.tmdb.sweeping import sweep


@flow(name="sweep-cache", persist_result=False)
def sweep_cache(parameters: SweepParameters) -> dict[str, Any]:
    """Remove expired answers of TMDB from a catalog's cache, and hold it below a size.

    Args:
        parameters: Which cache, and how large it may be.

    Returns:
        How many records were removed for which reason, and how many and how large those are that are left.
    """
    swept = asdict(sweep(parameters.open_catalog().path / TMDB_FOLDER, parameters.max_bytes))
    get_run_logger().info("Swept: %s", swept)
    return swept
