"""``mediacensus sweep``."""

from __future__ import annotations

import click

from mediacensus.catalog import TMDB_FOLDER, Catalog, default_catalog
from mediacensus.cli.options import catalog_option
from mediacensus.tmdb.sweeping import MOST_BYTES
from mediacensus.tmdb.sweeping import sweep as sweep_folder

_MEBIBYTE = 1024 * 1024


@click.command()
@catalog_option
@click.option(
    "--max-mebibytes",
    type=click.IntRange(min=0),
    default=MOST_BYTES // _MEBIBYTE,
    show_default=True,
    help="How large the kept answers may be together.",
)
def sweep(catalog: str | None, max_mebibytes: int) -> None:
    """Remove expired answers of TMDB from the catalog's cache, and hold it below a size.

    May run beside a scan. What is removed too early is asked for again.
    """
    folder = Catalog(catalog or default_catalog()).path / TMDB_FOLDER
    swept = sweep_folder(folder, max_mebibytes * _MEBIBYTE)
    click.echo(
        f"{swept.expired:,} expired and {swept.removed_for_size:,} more records removed from {folder}; "
        f"{swept.left:,} are left, {swept.left_bytes / _MEBIBYTE:,.1f} MiB."
    )
