"""``mediacensus report``: the page about a snapshot."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mediacensus.catalog import REPORT_FILE, Catalog, default_catalog
from mediacensus.cli.options import catalog_option
from mediacensus.errors import CatalogFormatError, CensusError
from mediacensus.history import read_run

if TYPE_CHECKING:
    from typing import Any


@click.command()
@click.argument("run", required=False, metavar="[RUN]")
@catalog_option
@click.option("--open", "is_opened", is_flag=True, help="Open the page in a browser.")
@click.option(
    "--write",
    "out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Make the page anew and write it to this file, for a run that has none.",
)
def report(run: str | None, catalog: str | None, *, is_opened: bool, out: Path | None) -> None:
    """Print where the page about a run is: the newest, or the RUN that is named.

    The page is one file: what the library holds, what is doubtful, duplicates, gaps, and how the run went.
    It needs no network and no server. A snapshot is never changed, so old pages stay as they are.
    """
    snapshot = Catalog(catalog or default_catalog()).snapshot(run)
    page = snapshot / REPORT_FILE if out is None else _written(snapshot, out.absolute())
    if not page.is_file():
        raise CatalogFormatError(
            f"The run {snapshot.name} has no page: it is from a version that wrote none, or the page could "
            f"not be written. Make one elsewhere with: mediacensus report {snapshot.name} --write report.html"
        )
    click.echo(page)
    if is_opened and not webbrowser.open(page.as_uri()):
        click.echo("No browser was found to open it with.", err=True)


def _written(snapshot: Path, out: Path) -> Path:
    """Write a page about a snapshot outside of it."""
    import duckdb  # noqa: PLC0415 - a quarter of a second, for this option alone

    from mediacensus.page import write_page  # noqa: PLC0415 - the same

    run: dict[str, Any] | None = read_run(snapshot)
    if run is None:
        raise CatalogFormatError(f"The record {snapshot / 'run.json'} cannot be read. Scan again.")
    if snapshot in out.parents:
        raise CensusError(f"{out} lies in a snapshot, which is never changed. Name another file.")
    try:
        write_page(snapshot, run, out)
    except OSError as error:
        raise CensusError(f"The page {out} cannot be written: {error.strerror}.") from error
    except duckdb.Error as error:
        raise CatalogFormatError(f"The snapshot {snapshot} cannot be read: {error}") from error
    return out
