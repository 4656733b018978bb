"""Values of a table as text for people, safe whatever a name holds, with what they are sorted by."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from mediacensus.names import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mediacensus.page.questions import Answer

_UNITS: Final = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
_ORDINALS: Final = frozenset({"year", "nearest_year", "season", "episode", "first", "last", "batch"})
"""Columns of numbers that count nothing."""
_LONG: Final = 24
_MOST_CHARACTERS: Final = 600
"""Of one cell; a path can have 4,096 bytes."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value: its lines of text, and the number it is sorted by where it is one."""

    lines: tuple[str, ...]
    number: float | None = None

    @property
    def is_long(self) -> bool:
        """Tell whether it needs room, also where there is little."""
        return any(len(line) > _LONG for line in self.lines)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the page."""

    title: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int
    sql: str = ""
    """Gives every row; empty where the rows are all there are."""

    @property
    def is_cut(self) -> bool:
        """Tell whether there are more rows than these."""
        return self.total > len(self.rows)


def table_of(title: str, note: str, answer: Answer) -> Table:
    """Return an answer as a table; the names of its columns say what their values are."""
    names = tuple(name.removesuffix("_bytes").replace("_", " ") for name in answer.columns)
    rows = tuple(
        tuple(cell_of(value, name) for value, name in zip(row, answer.columns, strict=True))
        for row in answer.rows
    )
    return Table(title, note, names, rows, answer.total, answer.sql)


def cell_of(value: Any, column: str = "") -> Cell:
    """Return a value as a cell: bytes in the unit that fits, runs of numbers by their ends, lists by line."""
    if value is None:
        return Cell(("",))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Cell((_number(value, column),), value)
    if isinstance(value, list):
        if column == "missing_numbers":
            return Cell((runs_text(value),), value[0] if value else None)
        return Cell(tuple(_text(each) for each in value))
    return Cell((_text(value),))


def _text(value: Any) -> str:
    text = printable(str(value))
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"


def _number(value: float, column: str) -> str:
    if column.endswith("_bytes"):
        return size_text(value)
    if column in _ORDINALS:
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"


def size_text(size_bytes: float) -> str:
    """Return a number of bytes in the unit that gives three digits or so.

    >>> size_text(1536), size_text(2 * 1024**3)
    ('1.5 KiB', '2 GiB')
    """
    unit = 0
    while abs(size_bytes) >= 1000 and unit < len(_UNITS) - 1:
        size_bytes, unit = size_bytes / 1024, unit + 1
    return f"{size_bytes:,.1f}".removesuffix(".0") + f" {_UNITS[unit]}"


def runs_text(numbers: Sequence[int]) -> str:
    """Return ascending numbers with runs by their ends.

    >>> runs_text([2, 3, 4, 7])
    '2–4, 7'
    """
    runs: list[list[int]] = [[number] for number in numbers[:1]]
    for before, after in pairwise(numbers):
        if after == before + 1:
            runs[-1].append(after)
        else:
            runs.append([after])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
