"""``mediacensus scan`` and ``mediacensus ui``: the commands that need Prefect."""

from __future__ import annotations

import json
import os
import threading
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import click
from pydantic import ValidationError

from flows.interrupts import raise_on_sigterm
from flows.launch import QUIET_SETTINGS, run_census
from flows.private_server import private_server
from mediacensus.catalog import Catalog, default_catalog
from mediacensus.cli import EXIT_COMPLETE, EXIT_WITH_FAILURES
from mediacensus.cli.display import shown
from mediacensus.cli.options import catalog_option, chosen_extensions, folders_argument, walk_options
from mediacensus.errors import ParameterError
from mediacensus.profiles import check_can_profile
from mediacensus.progress import watched
from mediacensus.report import summary_lines
from mediacensus.roots import resolve_roots
from mediacensus.settings import CensusParameters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mediacensus.progress import Progress


@click.command()
@folders_argument
@catalog_option
@click.option("--workers", type=int, help="Worker processes. Default: one for each core.")
@click.option(
    "--dask", "dask_address", metavar="ADDRESS", help="Use a running Dask scheduler, tcp://host:8786."
)
@walk_options
@click.option(
    "--batch-files", "min_batch_files", type=int, help="Files in the first batches; later ones may be larger."
)
@click.option("--max-batch-files", type=int, help="Bound on later batches. Default: none.")
@click.option(
    "--walk-concurrency",
    type=int,
    help="Folders listed at once on each device. Default: 1 on local disks, 16 on network file systems.",
)
@click.option(
    "--fresh", is_flag=True, help="Start anew even where an unfinished scan of the same folders could go on."
)
@click.option("--refresh", "lookup", flag_value="refresh", help="Ask TMDB again for what is known.")
@click.option("--offline", "lookup", flag_value="offline", help="Take from TMDB only what is known.")
@click.option("--language", "tmdb_language", help="Language of TMDB's titles, de-DE. Default: en-US.")
@click.option(
    "--record/--no-record",
    default=None,
    help="Measure batches and memory; the default.",
)
@click.option(
    "--profile",
    is_flag=True,
    help="Serve Dask's dashboard, and keep profiles beside the snapshot. Needs bokeh.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the run's record as JSON, and nothing else.")
@click.option("-v", "--verbose", is_flag=True, help="Show Prefect's and Dask's log instead of the display.")
def scan(folders: tuple[str, ...], *, as_json: bool, verbose: bool, **options: Any) -> int:
    """Take a census of media folders and publish it as a snapshot of the catalog.

    Without PREFECT_API_URL a private Prefect server runs for as long as the scan does.

    Exit code: 0 complete; 1 complete, with failures recorded; 2 could not start; 3 started and could not
    be completed; 130 interrupted.
    """
    parameters = _parameters(folders, options)
    catalog = parameters.open_catalog()
    catalog.check_outside(resolve_roots(parameters.roots))
    if parameters.profile:
        check_can_profile()
    if not verbose:
        os.environ.update(QUIET_SETTINGS)
    raise_on_sigterm()
    with catalog.locked(), watched() as progress, _display(progress, verbose=verbose):
        run = run_census(parameters, catalog, progress)
    click.echo(json.dumps(run) if as_json else "\n".join(summary_lines(run, str(catalog.path))))
    return EXIT_WITH_FAILURES if run["failures"] else EXIT_COMPLETE


@click.command()
@catalog_option
def ui(catalog: str | None) -> None:
    """Show past runs in Prefect's pages, until interrupted.

    Serves the private server of a catalog; where PREFECT_API_URL is set, look at that server instead.
    """
    raise_on_sigterm()
    folder = Catalog(catalog or default_catalog())
    with folder.locked(), private_server(folder.path / "prefect") as server:
        api = server.wait_until_ready()
        click.echo(f"Prefect's pages are at {api.removesuffix('/api')} (Ctrl-C ends this).")
        threading.Event().wait()


def _parameters(folders: tuple[str, ...], options: dict[str, Any]) -> CensusParameters:
    """Return the flow's parameters; what an option does not say is left to their defaults.

    Raises:
        ParameterError: a value is out of bounds, or two contradict each other.
    """
    extensions = chosen_extensions(options.pop("media_extensions"), all_files=options.pop("all_files"))
    chosen = options | {"media_extensions": extensions, "ignore_patterns": list(options["ignore_patterns"])}
    # Folders are made absolute here: a worker's current folder is another.
    roots = resolve_roots(folders)
    if chosen["catalog"] is not None:
        chosen["catalog"] = os.fspath(Catalog(chosen["catalog"]).path)
    try:
        return CensusParameters(roots=list(roots), **{k: v for k, v in chosen.items() if v is not None})
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise ParameterError(f"The options do not fit: {faults}") from error


@contextmanager
def _display(progress: Progress, *, verbose: bool) -> Iterator[None]:
    with nullcontext() if verbose else shown(progress):
        yield
