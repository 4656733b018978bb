"""``mediacensus query``: SQL over the current snapshot."""

from __future__ import annotations

import sys

import click

from mediacensus.catalog import Catalog, default_catalog
from mediacensus.cli.options import catalog_option


@click.command()
@click.argument("sql")
@catalog_option
@click.option(
    "--format",
    "output",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="A table for people, CSV, or one JSON object a line.",
)
@click.option(
    "--rows", type=click.IntRange(min=1), default=1000, show_default=True, help="Most rows of a table."
)
def query(sql: str, catalog: str | None, *, output: str, rows: int) -> None:
    r"""Answer one SQL question over the newest snapshot.

    Its tables are entries (one row per media file), failures, directories and files (what the walk saw).
    DuckDB's SQL is understood; nothing but these tables can be read, and nothing can be written.

    \b
    mediacensus query "SELECT resolution, count(*) FROM entries GROUP BY ALL ORDER BY 2 DESC"
    """
    from mediacensus.query import write_csv, write_json_lines, write_table  # noqa: PLC0415 - half a second of --help

    snapshot = Catalog(catalog or default_catalog()).current_snapshot()
    if output == "table":
        write_table(snapshot, sql, rows)
    elif output == "csv":
        write_csv(snapshot, sql, sys.stdout)
    else:
        write_json_lines(snapshot, sql, sys.stdout)
