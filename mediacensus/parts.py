"""Parquet parts: written as a stream of rows, and there only when complete."""

from __future__ import annotations

import os
import secrets
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

ROWS_IN_MEMORY = 4_096
"""Rows held before they are written, as columns: 1.3 MB of the widest table."""
ROWS_AS_VALUES = 512
"""Rows held as Python values, which take ten times the room, before they become columns and after."""
UNFINISHED_SUFFIX = ".unfinished"
"""Ends the name of a part while it is written; what a killed process leaves keeps it."""


class PartWriter:
    """Writes one part; a context manager. The file takes its name when the block ends without an error.

    Rows are tuples, a value for each column.

    Args:
        path: the part.
        schema: its columns.
        order: names of all columns as they stand in the rows, where that is not the schema's order.
        rows_in_memory: rows held before they are written; fewer where many parts are written at once.
    """

    def __init__(
        self,
        path: Path,
        schema: pa.Schema,
        *,
        order: Sequence[str] = (),
        rows_in_memory: int = ROWS_IN_MEMORY,
    ) -> None:
        self.path = path
        self.rows_written = 0
        self._schema = schema
        self._in_order = itemgetter(*map(order.index, schema.names)) if order else list
        self._rows_in_memory = rows_in_memory
        # A name of its own: a batch whose worker was given up may be written by two at once.
        self._unfinished = path.with_name(f"{path.stem}-{secrets.token_hex(4)}{UNFINISHED_SUFFIX}")
        self._rows: list[Sequence[Any]] = []
        self._columns: list[pa.RecordBatch] = []
        self._rows_as_columns = 0
        self._notes: dict[str, str] = {}
        self._writer: pq.ParquetWriter | None = None

    def note(self, name: str, text: str) -> None:
        """Add something to the part's footer; it is there if and only if the part is."""
        self._notes[name] = text

    def write(self, row: Sequence[Any]) -> None:
        """Add one row."""
        self.write_all((row,))

    def write_all(self, rows: Iterable[Sequence[Any]]) -> None:
        """Add rows, those of one directory at most: they are held before any is written."""
        self._rows.extend(rows)
        if len(self._rows) >= min(ROWS_AS_VALUES, self._rows_in_memory):
            self._turn_into_columns()
        if self._rows_as_columns >= self._rows_in_memory:
            self._flush()

    def _turn_into_columns(self) -> None:
        columns = list(zip(*self._rows, strict=True)) or [()] * len(self._schema)
        placed = zip(self._in_order(columns), self._schema, strict=True)
        arrays = [pa.array(values, field.type) for values, field in placed]
        self._columns.append(pa.record_batch(arrays, schema=self._schema))
        self._rows_as_columns += len(self._rows)
        self.rows_written += len(self._rows)
        self._rows.clear()

    def _flush(self) -> None:
        if self._writer is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = pq.ParquetWriter(self._unfinished, self._schema, compression="zstd")
        self._writer.write_table(pa.Table.from_batches(self._columns, self._schema))
        self._columns.clear()
        self._rows_as_columns = 0

    def __enter__(self) -> PartWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None and (self._rows or not self.rows_written):
                self._turn_into_columns()
            if kind is None and self._columns:
                self._flush()
            if self._writer is not None:
                if self._notes:
                    self._writer.add_key_value_metadata(self._notes)
                self._writer.close()
            if kind is None:
                os.replace(self._unfinished, self.path)
        finally:
            self._unfinished.unlink(missing_ok=True)


def iter_rows(
    path: Path, columns: Sequence[str] | None = None, *, rows_in_memory: int = ROWS_AS_VALUES
) -> Iterator[tuple[Any, ...]]:
    """Yield a part's rows as tuples, a bounded number of them in memory.

    Args:
        path: the part.
        columns: the names of those wanted, in that order; None for all.
        rows_in_memory: rows held at a time; fewer where many parts are read at once.
    """
    with pq.ParquetFile(path) as part:
        for batch in part.iter_batches(batch_size=rows_in_memory, columns=columns, use_threads=False):
            named = batch.columns if columns is None else [batch.column(name) for name in columns]
            yield from zip(*(column.to_pylist() for column in named), strict=True)


def read_note(path: Path, name: str) -> str | None:
    """Return what a part's footer notes under a name; None without the part or the note."""
    try:
        notes = pq.read_metadata(path).metadata or {}
    except FileNotFoundError:
        return None
    text: bytes | None = notes.get(name.encode())
    return None if text is None else text.decode()
