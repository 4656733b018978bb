"""Questions to a snapshot whose answers are bounded: rows of a table on the page, and how many there are."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from mediacensus.schema import ENTRIES, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

ROWS_SHOWN: Final = 250
"""Most rows of a table on the page."""
_ROWS_PER_SLICE: Final = 100_000
"""Groups of so many entries are held at once, whatever the library's size: tens of megabytes."""

SLICE: Final = "/*slice*/ true"
"""Stands in the WHERE clause of a question that groups; on the page it reads as what it is."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question in SQL.

    Args:
        sql: without ORDER BY and LIMIT. Rows are ordered by the first column,
            which is never NULL.
        grouped_by: the expression that decides which entries are looked at together. Where it is set,
            ``SLICE`` stands in the WHERE clause, and entries are looked at in slices of this expression,
            so that no more than a slice of the groups is in memory.
        is_ascending: whether the smallest come first.
    """

    sql: str
    grouped_by: str | None = None
    is_ascending: bool = False

    def whole_sql(self) -> str:
        """Return the SQL that gives every row, for ``mediacensus query``."""
        order = "ASC" if self.is_ascending else "DESC"
        text = " ".join(self.sql.split()).replace(f"{SLICE} AND ", "")
        return f"{text} ORDER BY 1 {order}"


@dataclass(frozen=True, slots=True)
class Answer:
    """The first rows of a question's answer, and how many there are in all."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    total: int
    sql: str


def ask(connection: duckdb.DuckDBPyConnection, question: Question, most_rows: int = ROWS_SHOWN) -> Answer:
    """Answer a question, with a bounded number of rows and of groups in memory."""
    order = "ASC" if question.is_ascending else "DESC"
    choose = heapq.nsmallest if question.is_ascending else heapq.nlargest
    columns: tuple[str, ...] = ()
    best: list[tuple[Any, ...]] = []
    total = 0
    for sql in _iter_slices(connection, question):
        total += count(connection, f"({sql})")
        bounded = f"SELECT * FROM ({sql}) ORDER BY 1 {order} LIMIT {most_rows}"  # noqa: S608 - ours
        answer = connection.execute(bounded)
        columns = tuple(each[0] for each in answer.description)
        best = choose(most_rows, [*best, *answer.fetchall()], key=itemgetter(0))
    return Answer(columns, best, total, question.whole_sql())


def _iter_slices(connection: duckdb.DuckDBPyConnection, question: Question) -> Iterator[str]:
    """Yield the question for one slice of the entries after another; as it is where it groups nothing."""
    if question.grouped_by is None:
        yield question.sql
        return
    slices = count(connection, "entries") // _ROWS_PER_SLICE + 1
    for number in range(slices):
        yield question.sql.replace(SLICE, f"hash({question.grouped_by}) % {slices} = {number}")


def count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """Return how many rows a table, or a question in parentheses, has."""
    row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - a table of ours
    return int(row[0]) if row else 0


def has_column(name: str) -> bool:
    """Tell whether this version's entries have a column: those of matching came later."""
    return name in ENTRIES.names


def has_table(name: str) -> bool:
    """Tell whether this version's snapshots have a table."""
    return name in TABLES
