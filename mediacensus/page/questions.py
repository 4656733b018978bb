"""Questions to a snapshot whose answers are bounded, asked with a bounded memory."""

from __future__ import annotations

import re
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mediacensus.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

    from mediacensus.schema import Table

ROWS_SHOWN: Final = 250
"""Most rows of a table on the page."""
BOUND: Final = "/*bound*/"
"""Stands in a question that finds the first rows before it gathers what is to be told of them."""

_MEMORY: Final = "64MB"
"""Of DuckDB's own; what does not fit goes to a temporary folder. With one thread, the page of a million
entries is written in 6 seconds and adds 140 MiB to the process, that of 10,000 in 0.4 seconds and adds 65."""
_GLOB: Final = re.compile(r"[*?\[]")  # what is special in a path: [TV] of /data/[TV]/catalog


@dataclass(frozen=True, slots=True)
class Question:
    """One question in SQL.

    Args:
        sql: without ORDER BY and LIMIT, which come at its end, and where ``BOUND`` stands.
        counted: what is counted to say how many rows there are; by default the question itself.
        is_ascending: whether the rows with the smallest first column come first.
    """

    sql: str
    counted: str | None = None
    is_ascending: bool = False

    @property
    def order(self) -> str:
        """How rows are ordered: by the first column."""
        return f"ORDER BY 1 {'ASC' if self.is_ascending else 'DESC'}"

    def first_rows(self, rows: int) -> str:
        """Return the SQL that gives the first rows."""
        bound = f"{self.order} LIMIT {rows}"
        return f"SELECT * FROM ({self.sql.replace(BOUND, bound)}) {bound}"  # noqa: S608 - questions are ours

    def all_rows(self) -> str:
        """Return the SQL that gives every row, for ``mediacensus query``, on one line."""
        return " ".join(f"{self.sql.replace(BOUND, '')} {self.order}".split())


@dataclass(frozen=True, slots=True)
class Answer:
    """The first rows of a question's answer, and how many there are in all."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    total: int
    sql: str


@contextmanager
def open_bounded(snapshot: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Offer a connection in which each table of the snapshot is a view, as in ``mediacensus.query``.

    Not that one, which shuts DuckDB off from every file for the sake of users' SQL: DuckDB's own reader
    holds a fraction of the memory, and may put aside what does not fit. Only questions of this package
    are asked here.
    """
    import duckdb  # noqa: PLC0415 - workers import the flow, and would each hold 20 MB of it for nothing

    with tempfile.TemporaryDirectory(prefix="mediacensus-") as aside:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": _MEMORY,
            "temp_directory": aside,
            "preserve_insertion_order": "false",
            "threads": 1,
            "autoinstall_known_extensions": "false",
            "python_enable_replacements": "false",
        }
        with duckdb.connect(config=settings) as connection:
            for name, table in TABLES.items():
                _add_view(connection, name, table, snapshot)
            yield connection


def _add_view(connection: duckdb.DuckDBPyConnection, name: str, table: Table, snapshot: Path) -> None:
    """Make a table of the snapshot a view with all columns, those NULL that an older version lacked."""
    connection.register(f"no_{name}", table.columns.empty_table())
    there = ""  # nothing, where the snapshot has no such table
    parts = sorted(snapshot.glob(f"{table.folder}/*.parquet"))
    if parts:
        escaped = [_GLOB.sub(r"[\g<0>]", str(part)) for part in parts]
        connection.read_parquet(escaped, union_by_name=True).create_view(f"some_{name}")
        there = f"UNION ALL BY NAME SELECT * FROM some_{name}"  # noqa: S608 - a table of ours
    connection.execute(f"CREATE VIEW {name} AS SELECT * FROM no_{name} {there}")  # noqa: S608 - as above


def ask(connection: duckdb.DuckDBPyConnection, question: Question, most_rows: int = ROWS_SHOWN) -> Answer:
    """Answer a question with its first rows."""
    answer = connection.execute(question.first_rows(most_rows))
    columns = tuple(each[0] for each in answer.description)
    rows = answer.fetchall()
    total = len(rows) if len(rows) < most_rows else count(connection, question.counted or question.sql)
    return Answer(columns, rows, total, question.all_rows())


def count(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    """Return how many rows a query gives."""
    row = connection.execute(f"SELECT count(*) FROM ({sql})").fetchone()  # noqa: S608 - questions are ours
    assert row is not None  # noqa: S101 - a count is one row
    return int(row[0])
