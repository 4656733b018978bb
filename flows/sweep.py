"""Keeping the cache of TMDB's answers small, as a flow that a schedule can run.

Cache policy: none; it removes what others cached.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from prefect import flow, get_run_logger

from mediacensus.catalog import TMDB_FOLDER, Catalog, default_catalog
from mediacensus.tmdb.sweeping import MOST_BYTES, sweep


@flow(name="sweep-cache", persist_result=False)
def sweep_cache(catalog: str | None = None, max_bytes: int = MOST_BYTES) -> dict[str, Any]:
    """Remove expired answers of TMDB from a catalog's cache, and hold it below a size.

    Args:
        catalog: the catalog folder. Default: MEDIACENSUS_CATALOG, else one in the user's data directory.
        max_bytes: how large the kept answers may be together.

    Returns:
        How many records were removed for which reason, and how many and how large those are that are left.
    """
    swept = asdict(sweep(Catalog(catalog or default_catalog()).path / TMDB_FOLDER, max_bytes))
    get_run_logger().info("Swept: %s", swept)
    return swept
