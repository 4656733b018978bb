"""Parquet parts: there when complete, and only then."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mediacensus.parts import ROWS_IN_MEMORY, PartWriter, iter_rows

if TYPE_CHECKING:
    from pathlib import Path

_SCHEMA = pa.schema([("number", pa.int32()), ("text", pa.string())])
_MANY = 2 * ROWS_IN_MEMORY + 5


def _write(path: Path, rows: int) -> PartWriter:
    with PartWriter(path, _SCHEMA) as part:
        for number in range(rows):
            part.write((number, str(number)))
    return part


@pytest.mark.parametrize("rows", [0, 1, ROWS_IN_MEMORY, _MANY])
def test_what_was_written_is_read_back(tmp_path: Path, rows: int) -> None:
    """Every row comes back in order, however many pieces it took."""
    part = _write(tmp_path / "new folder" / "part.parquet", rows)
    assert list(iter_rows(part.path)) == [(number, str(number)) for number in range(rows)]
    assert part.rows_written == rows


def test_an_empty_part_has_the_columns(tmp_path: Path) -> None:
    """A part without rows is a file all the same."""
    assert pq.read_schema(_write(tmp_path / "part.parquet", 0).path).equals(_SCHEMA)


def test_columns_come_in_the_order_asked_for(tmp_path: Path) -> None:
    """Some columns are read as they are named, whatever their order in the part."""
    path = _write(tmp_path / "part.parquet", 2).path
    assert list(iter_rows(path, ["text", "number"])) == [("0", 0), ("1", 1)]
    assert list(iter_rows(path, ["text"])) == [("0",), ("1",)]


def test_rows_are_stored_in_groups_of_bounded_size(tmp_path: Path) -> None:
    """What a writer holds before it writes is bounded, and no group is so small that reading it is slow."""
    assert _groups(_write(tmp_path / "part.parquet", _MANY).path) == [ROWS_IN_MEMORY, ROWS_IN_MEMORY, 5]
    assert _groups(_write(tmp_path / "part.parquet", ROWS_IN_MEMORY).path) == [ROWS_IN_MEMORY]


def _groups(path: Path) -> list[int]:
    stored = pq.read_metadata(path)
    return [stored.row_group(number).num_rows for number in range(stored.num_row_groups)]


def test_a_part_does_not_exist_before_its_block_ends(tmp_path: Path) -> None:
    """While rows are being written no file has the part's name."""
    path = tmp_path / "part.parquet"
    with PartWriter(path, _SCHEMA) as part:
        for number in range(_MANY):
            part.write((number, ""))
        assert path.exists() is False
    assert [each.name for each in tmp_path.iterdir()] == ["part.parquet"]


def _write_and_fail(path: Path, rows: int) -> None:
    with PartWriter(path, _SCHEMA) as part:
        for number in range(rows):
            part.write((number, ""))
        raise KeyError("theirs")


@pytest.mark.parametrize("rows", [0, 1, _MANY])
def test_an_error_in_the_block_leaves_nothing(tmp_path: Path, rows: int) -> None:
    """Neither the part nor the unfinished file stays, and the error is the block's own."""
    with pytest.raises(KeyError, match="theirs"):
        _write_and_fail(tmp_path / "part.parquet", rows)
    assert list(tmp_path.iterdir()) == []


def _write_with_last(path: Path, rows: int, last: tuple[object, ...]) -> None:
    with PartWriter(path, _SCHEMA) as part:
        for number in range(rows):
            part.write((number, ""))
        part.write(last)


@pytest.mark.parametrize("rows", [0, 1, _MANY])
@pytest.mark.parametrize("bad", [("text", "x"), (2**40, "x"), (1,)])
def test_a_row_that_does_not_fit_leaves_nothing(tmp_path: Path, rows: int, bad: tuple[object, ...]) -> None:
    """A wrong row is an error at the latest when the block ends, and the part is not there."""
    with pytest.raises((pa.ArrowException, ValueError)):
        _write_with_last(tmp_path / "part.parquet", rows, bad)
    assert list(tmp_path.iterdir()) == []


def test_an_error_leaves_an_earlier_part_as_it_was(tmp_path: Path) -> None:
    """A part is replaced whole or not at all."""
    path = _write(tmp_path / "part.parquet", 3).path
    with pytest.raises(KeyError):
        _write_and_fail(path, 1)
    assert [number for number, _ in iter_rows(path)] == [0, 1, 2]


def test_two_writers_of_one_part_do_not_mix(tmp_path: Path) -> None:
    """Two processes may write one batch at once: the part is one of the two, whole."""
    path = tmp_path / "part.parquet"
    with PartWriter(path, _SCHEMA) as first, PartWriter(path, _SCHEMA) as second:
        for number in range(_MANY):
            first.write((number, "first"))
            second.write((number, "second"))
    assert {text for _, text in iter_rows(path)} == {"first"}
    assert [number for number, _ in iter_rows(path)] == list(range(_MANY))
    assert [each.name for each in tmp_path.iterdir()] == ["part.parquet"]


def test_rows_may_be_left_unread(tmp_path: Path) -> None:
    """Whoever has seen enough stops reading."""
    path = _write(tmp_path / "part.parquet", _MANY).path
    assert list(islice(iter_rows(path), 2)) == [(0, "0"), (1, "1")]


def test_rows_may_have_an_order_of_their_own(tmp_path: Path) -> None:
    """Values go to the columns that the order names, whatever the order of the schema."""
    path = tmp_path / "part.parquet"
    with PartWriter(path, _SCHEMA, order=_SCHEMA.names[::-1]) as part:
        part.write(("text", 1))
    assert list(iter_rows(path)) == [(1, "text")]
