"""Questions in SQL over one snapshot, and nothing else."""

from __future__ import annotations

import csv
import io
import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from mediacensus import schema
from mediacensus.errors import QueryError
from mediacensus.failures import failure_row
from mediacensus.model import Failure, FailureKind
from mediacensus.parts import PartWriter
from mediacensus.query import open_snapshot, write_csv, write_json_lines, write_table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_ODD = os.fsdecode(b"/r/caf\xe9\n.mkv")


def _write_entries(folder: Path, part: str, *entries: dict[str, Any]) -> None:
    with PartWriter(folder / "entries" / part, schema.ENTRIES) as writer:
        for entry in entries:
            writer.write([entry.get(name) for name in schema.ENTRIES.names])


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    """A snapshot of three entries in two parts, and two failures."""
    first = {
        "path": "/r/a.mkv",
        "path_bytes": b"/r/caf\xe9",
        "size_bytes": 5,
        "modified_at": datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC),
        "is_disc": False,
        "title": 'Say "Hi", é',
        "seasons": [1, 2],
        "others": [],
        "ids": [("tmdb", "1"), ("imdb", "tt2")],
        "companions": [{"name": "a.srt", "kind": "subtitle", "languages": ["en"], "size_bytes": 3}],
    }
    _write_entries(tmp_path, "part-00000.parquet", first, {"path": "/r/b.mkv", "title": "two\nlines"})
    _write_entries(tmp_path, "part-00001.parquet", {"path": "/r/c.mkv"})
    with PartWriter(tmp_path / "failures" / "walk.parquet", schema.FAILURES) as writer:
        writer.write(failure_row(Failure(FailureKind.BROKEN_LINK, "/r/x", "gone")))
        writer.write(failure_row(Failure(FailureKind.SYMLINK_LOOP, _ODD, "loop")))
    return tmp_path


def _csv(snapshot: Path, sql: str) -> list[list[str]]:
    out = io.StringIO()
    write_csv(snapshot, sql, out)
    return list(csv.reader(io.StringIO(out.getvalue())))


def _json(snapshot: Path, sql: str) -> list[Any]:
    out = io.StringIO()
    write_json_lines(snapshot, sql, out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def _table(snapshot: Path, sql: str) -> None:
    write_table(snapshot, sql, 10)


@pytest.mark.parametrize("answer", [_csv, _json, _table])
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_blob('/etc/passwd')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_parquet('{snapshot}/entries/part-00000.parquet')",
        "SELECT * FROM '{snapshot}/entries/*.parquet'",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM entries, read_text('/etc/passwd')",
        "FROM query('SELECT * FROM read_text(''/etc/passwd'')')",
        "COPY (SELECT 1) TO '{snapshot}/out.csv'",
        "COPY entries TO '{snapshot}/out.parquet'",
        "EXPORT DATABASE '{snapshot}/out'",
        "IMPORT DATABASE '{snapshot}/out'",
        "ATTACH '{snapshot}/out.db'",
        "ATTACH ':memory:' AS other",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET threads = 1",
        "SET enable_external_access = true",
        "RESET enable_external_access",
        "PRAGMA enable_external_access",
        "CREATE TABLE t (a INTEGER)",
        "CREATE VIEW v AS SELECT 1",
        "CREATE SECRET s (TYPE S3)",
        "DROP VIEW entries",
        "INSERT INTO entries SELECT * FROM entries",
        "UPDATE entries SET title = 'x'",
        "DELETE FROM entries",
        "BEGIN",
        "CHECKPOINT",
        "CALL pragma_version()",
        "PREPARE p AS SELECT 1",
        "SELECT 1; SELECT 2",
        "SELECT 1; DROP VIEW entries",
        "",
        "  ;  ",
        "-- nothing",
        "SELEC 1",
        "SELECT * FROM nothing",
        "SELECT nothing FROM entries",
        "SELECT * FROM snapshot",
        "SELECT $1",
        "SELECT error('theirs')",
        "SELECT path::INTEGER FROM entries",
    ],
)
def test_nothing_but_questions_over_the_tables_is_answered(
    snapshot: Path, sql: str, answer: Callable[[Path, str], object]
) -> None:
    """Whatever would read, write or change anything else is refused, and nothing appears on the disk."""
    before = sorted(snapshot.rglob("*"))
    with pytest.raises(QueryError):
        answer(snapshot, sql.format(snapshot=snapshot))
    assert sorted(snapshot.rglob("*")) == before


@pytest.mark.parametrize(
    "sql",
    [
        "DESCRIBE entries",
        "SHOW TABLES",
        "SUMMARIZE failures",
        "EXPLAIN SELECT 1",
        "FROM files",
        "VALUES (1)",
        "WITH a AS (SELECT 1) SELECT * FROM a",
        "PIVOT failures ON kind USING count(*)",
        "SELECT 1;",
    ],
)
def test_every_kind_of_question_is_answered(snapshot: Path, sql: str) -> None:
    """Queries need not begin with SELECT."""
    assert len(_csv(snapshot, sql)) > 0
    _json(snapshot, sql)


def test_csv_has_a_header_and_values_as_duckdb_spells_them(snapshot: Path) -> None:
    """Lists, maps, bytes and missing values have one text each; quotes and line ends survive."""
    sql = "SELECT title, seasons, others, ids, path_bytes, year FROM entries ORDER BY path"
    assert _csv(snapshot, sql) == [
        ["title", "seasons", "others", "ids", "path_bytes", "year"],
        ['Say "Hi", é', "[1, 2]", "[]", "{tmdb=1, imdb=tt2}", r"/r/caf\xE9", ""],
        ["two\nlines", "", "", "", "", ""],
        ["", "", "", "", "", ""],
    ]


def test_json_lines_keep_lists_maps_and_missing_values(snapshot: Path) -> None:
    """Each row is an object on a line of its own, nested values as JSON has them."""
    columns = "title, seasons, ids, companions, path_bytes, year, epoch_us(modified_at) AS moment, is_disc"
    first, second, _ = _json(snapshot, f"SELECT {columns} FROM entries ORDER BY path")
    assert first == {
        "title": 'Say "Hi", é',
        "seasons": [1, 2],
        "ids": {"tmdb": "1", "imdb": "tt2"},
        "companions": [{"name": "a.srt", "kind": "subtitle", "languages": ["en"], "size_bytes": 3}],
        "path_bytes": r"/r/caf\xE9",
        "year": None,
        "moment": datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC).timestamp() * 1_000_000,
        "is_disc": False,
    }
    assert second["title"] == "two\nlines"
    assert set(second.values()) == {"two\nlines", None}


@pytest.mark.parametrize("column", ["answer_", "COLUMNS", "entries", "a b", 'say "x"', "select"])
def test_columns_may_have_any_name(snapshot: Path, column: str) -> None:
    """A row is an object with its columns' names, whatever they are."""
    quoted = '"' + column.replace('"', '""') + '"'
    assert _json(snapshot, f"SELECT 1 AS {quoted}") == [{column: 1}]
    assert _csv(snapshot, f"SELECT 1 AS {quoted}") == [[column], ["1"]]


def test_a_table_is_printed_with_its_middle_left_out(
    snapshot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A long answer shows no more rows than asked for, and no control character reaches the terminal."""
    write_table(snapshot, "SELECT 'row' || range AS r, chr(27) || '[2J' AS e FROM range(100)", 4)
    shown = capsys.readouterr().out
    assert shown.count("row") - shown.count("rows") == 4
    assert "\x1b" not in shown


@pytest.mark.parametrize("table", list(schema.TABLES))
def test_a_snapshot_without_parts_answers_with_no_rows(tmp_path: Path, table: str) -> None:
    """Every table is there with its columns, even where nothing was written."""
    assert _csv(tmp_path, f"SELECT * FROM {table}") == [schema.TABLES[table].columns.names]
    assert _json(tmp_path, f"SELECT * FROM {table}") == []


def test_parts_of_a_table_are_read_together(snapshot: Path) -> None:
    """A table is all its parts; what is unfinished is not read."""
    (snapshot / "entries" / "part-00002-0000.unfinished").write_text("half")
    assert _json(snapshot, "SELECT count(*) AS n FROM entries") == [{"n": 3}]


def test_tables_can_be_joined(snapshot: Path) -> None:
    """One question may speak of several tables."""
    sql = "SELECT e.path, f.kind FROM entries e JOIN failures f ON f.path = '/r/x' ORDER BY ALL LIMIT 1"
    assert _json(snapshot, sql) == [{"path": "/r/a.mkv", "kind": "broken link"}]


def test_a_broken_part_is_an_error_of_the_query(snapshot: Path) -> None:
    """A part that is no Parquet file is reported, and the other tables answer."""
    (snapshot / "entries" / "part-00000.parquet").write_bytes(b"PAR1 and nothing more")
    with pytest.raises(QueryError, match=r"part-00000\.parquet"):
        _json(snapshot, "SELECT * FROM entries")
    assert _json(snapshot, "SELECT count(*) AS n FROM failures") == [{"n": 2}]


def test_a_connection_to_a_snapshot_has_its_tables_as_views(snapshot: Path) -> None:
    """The four tables are all there is."""
    with open_snapshot(snapshot) as connection:
        names = [name for (name,) in connection.sql("SHOW TABLES").fetchall()]
    assert names == sorted(schema.TABLES)
