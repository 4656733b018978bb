"""``mediacensus runs``: the runs of a catalog."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mediacensus.catalog import Catalog, default_catalog
from mediacensus.cli.options import catalog_option
from mediacensus.history import iter_runs, run_row
from mediacensus.names import printable

if TYPE_CHECKING:
    from typing import Any

_WIDTH_OF_A_PIPE = 200
_NUMBERS = {
    "media_files": ("files", "{:,}"),
    "failures": ("failures", "{:,}"),
    "walk_files_per_second": ("walk/s", "{:,.0f}"),
    "parse_files_per_second": ("parse/s", "{:,.0f}"),
    "wall_seconds": ("seconds", "{:,.1f}"),
}


@click.command()
@catalog_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a run.")
def runs(catalog: str | None, *, as_json: bool) -> None:
    """List the runs of the catalog, the newest first."""
    folder = Catalog(catalog or default_catalog())
    rows = (run_row(run) for run in iter_runs(folder))
    if as_json:
        for row in rows:
            click.echo(json.dumps(row))
        return
    folder.current_snapshot()  # an empty catalog says so
    table = Table(box=None)
    for name in ("run", "begun"):
        table.add_column(name, no_wrap=True)
    for name, _ in _NUMBERS.values():
        table.add_column(name, no_wrap=True, justify="right")
    table.add_column("folders", overflow="fold")
    for row in rows:
        table.add_row(row["run_id"], _begun(row), *_numbers(row), _folders(row))
    console = Console()
    if not console.is_terminal:
        console.width = _WIDTH_OF_A_PIPE
    console.print(table)


def _begun(row: dict[str, Any]) -> str:
    return (row["started_at"] or "?")[:16].replace("T", " ")


def _numbers(row: dict[str, Any]) -> list[str]:
    return ["?" if row[name] is None else form.format(row[name]) for name, (_, form) in _NUMBERS.items()]


def _folders(row: dict[str, Any]) -> Text:
    return Text(", ".join(printable(root) for root in row["roots"]))
