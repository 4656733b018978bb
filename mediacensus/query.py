"""Questions in SQL over one snapshot, answered by DuckDB, which can reach nothing else."""

from __future__ import annotations

import csv
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import duckdb
import pyarrow.dataset as ds

from mediacensus.errors import QueryError
from mediacensus.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CLOSED_WORLD: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
}
"""Settings of the connection: no extension fetched, no variable of this program seen as a table."""
_QUESTIONS = {duckdb.StatementType.SELECT, duckdb.StatementType.MULTI, duckdb.StatementType.EXPLAIN}
"""What may be asked: ``DESCRIBE``, ``SHOW`` and ``SUMMARIZE`` are selects to DuckDB, ``PIVOT`` is several."""


def open_snapshot(snapshot: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection in which each table of the snapshot is a view.

    DuckDB is handed Arrow readers and then loses access to every file, so that no query can read
    or write anything but these views.
    """
    connection = duckdb.connect(config=_CLOSED_WORLD)
    for name, table in TABLES.items():
        parts = sorted(str(part) for part in (snapshot / table.folder).glob("*.parquet"))
        connection.register(name, ds.dataset(parts, schema=table.columns, format="parquet"))
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def write_table(snapshot: Path, sql: str, max_rows: int) -> None:
    """Print an answer as a table for people: control characters escaped, the middle left out of a long one.

    Raises:
        QueryError: as ``_answer``.
    """
    with _answer(snapshot, sql) as answer:
        answer.show(max_rows=max_rows)


def write_csv(snapshot: Path, sql: str, out: TextIO) -> None:
    """Write an answer as CSV with a header, a bounded number of rows in memory; values as DuckDB spells them.

    Raises:
        QueryError: as ``_answer``.
    """
    with _answer(snapshot, sql) as answer:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(answer.columns)
        writer.writerows(answer.project("COLUMNS(*)::VARCHAR").iter_rows())


def write_json_lines(snapshot: Path, sql: str, out: TextIO) -> None:
    """Write an answer as one JSON object a line, a bounded number of rows in memory.

    Raises:
        QueryError: as ``_answer``.
    """
    with _answer(snapshot, sql) as answer:
        for (line,) in answer.project("to_json(struct_pack(*COLUMNS(*)))::VARCHAR").iter_rows():
            out.write(line + "\n")


@contextmanager
def _answer(snapshot: Path, sql: str) -> Iterator[duckdb.DuckDBPyRelation]:
    """Offer the rows of one question.

    Raises:
        QueryError: the text is not exactly one query, or DuckDB cannot answer it, then or while it is read.
    """
    try:
        statements = duckdb.extract_statements(sql)
        if len(statements) != 1:
            raise QueryError("Ask one question at a time.")
        if statements[0].type not in _QUESTIONS:
            raise QueryError("That asks nothing: only queries that return rows are answered.")
        yield open_snapshot(snapshot).sql(sql)
    except duckdb.Error as error:
        raise QueryError(f"DuckDB cannot answer: {error}") from error
