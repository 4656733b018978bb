"""The page about a snapshot, as it is written."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from mediacensus.page import write_page
from mediacensus.page.cells import Table, runs_text, size_text
from mediacensus.page.course import iter_run_tables, memory_svg
from mediacensus.page.doubts import iter_doubts
from mediacensus.page.holdings import MOST_BARS, read_holdings, read_plots
from mediacensus.page.questions import ROWS_SHOWN, open_bounded
from mediacensus.page.works import iter_gaps, iter_largest, iter_repeated
from mediacensus.query import open_snapshot
from tests.browser import Document
from tests.commands import PROJECT
from tests.snapshots import entry, episode, run_record, write_part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import duckdb


def _tables(snapshot: Path, of: Callable[[duckdb.DuckDBPyConnection], Iterator[Table]]) -> dict[str, Table]:
    with open_bounded(snapshot) as connection:
        return {table.title: table for table in of(connection)}


def _texts(table: Table) -> list[dict[str, str]]:
    return [
        {name: "|".join(cell.lines) for name, cell in zip(table.columns, row, strict=True)}
        for row in table.rows
    ]


def test_the_library_is_counted(tmp_path: Path) -> None:
    """Kinds, series and bytes are those of the entries."""
    rows = [entry("/a"), episode("One", 1, 1), episode("one", 1, 2), entry("/x", kind="extra")]
    write_part(tmp_path, "entries", rows)
    with open_bounded(tmp_path) as connection:
        holdings = read_holdings(connection)
    assert (holdings.files, holdings.movies, holdings.episodes, holdings.extras) == (4, 1, 2, 1)
    assert (holdings.series, holdings.size_bytes) == (1, 4 * 1024**3)


def test_a_plot_counts_every_value(tmp_path: Path) -> None:
    """A file with two values counts for both, one with none as such, last; decades are in order."""
    rows = [
        entry("/a", hdr=["HDR10", "Dolby Vision"], year=1999),
        entry("/b", hdr=["HDR10"], year=1951, size_bytes=5),
        entry("/c"),
    ]
    write_part(tmp_path, "entries", rows)
    with open_bounded(tmp_path) as connection:
        plots = {plot.title: plot for plot in read_plots(connection)}
    assert [(bar.label, bar.files) for bar in plots["HDR"].bars] == [
        ("HDR10", 2),
        ("Dolby Vision", 1),
        ("not said", 1),
    ]
    assert [bar.label for bar in plots["Decade"].bars] == ["1950s", "1990s", "not said"]
    assert [(bar.label, bar.files) for bar in plots["Size of a file"].bars] == [
        ("under 256 MiB", 1),
        ("1–2 GiB", 2),
    ]
    assert "Resolution" not in plots  # nothing is said about it


def test_a_plot_is_bounded(tmp_path: Path) -> None:
    """However many values there are, the rarest are added up as one bar."""
    rows = [entry(f"/{number}", resolution=f"{number}p") for number in range(40)]
    write_part(tmp_path, "entries", [*rows, entry("/x", resolution="7p")])
    with open_bounded(tmp_path) as connection:
        (plot,) = (plot for plot in read_plots(connection) if plot.title == "Resolution")
    assert len(plot.bars) == MOST_BARS
    assert (plot.bars[0].label, plot.bars[0].files) == ("7p", 2)
    assert (plot.bars[-1].label, sum(bar.files for bar in plot.bars)) == ("29 others", 41)


def test_works_that_are_there_twice_are_listed(tmp_path: Path) -> None:
    """The same film or episode in several files is one row, by what its copies take; parts are no copies."""
    rows = [
        entry("/big", title="Heat", year=1995, resolution="2160p", size_bytes=50),
        entry("/small", title="heat", year=1995, resolution="1080p", size_bytes=20),
        entry("/other", title="Heat", year=1986),
        episode("Show", 1, 4, path="/e1", size_bytes=7),
        episode("Show", 1, 4, path="/e2", size_bytes=7),
        episode("Show", 1, 4, 5, path="/e3"),
        episode("Show", None, path="/n1"),
        episode("Show", None, path="/n2"),
        entry("/cd1", title="Ran", part=1),
        entry("/cd2", title="Ran", part=2),
    ]
    write_part(tmp_path, "entries", rows)
    (table,) = _tables(tmp_path, iter_repeated).values()
    assert [
        (row["title"].lower(), row["episode"], row["files"], row["how"], row["beyond the largest"])
        for row in _texts(table)
    ] == [("heat", "", "2", "versions", "20 B"), ("show", "4", "2", "alike", "7 B")]
    assert _texts(table)[0]["paths of the first 5"] == "/big|/small"
    assert table.total == 2


def test_gaps_are_what_lies_between(tmp_path: Path) -> None:
    """Numbers missing between first and last are told; specials and what comes before or after are not."""
    rows = [
        *(episode("Show", 1, number) for number in (2, 3, 5, 9)),
        episode("show", 1, 6, 7),
        *(episode("Show", 2, number) for number in (1, 2, 3)),
        *(episode("Show", 0, number) for number in (1, 9)),
        *(episode("Anime", None, absolute_episodes=[number], path=f"/{number}") for number in (101, 103)),
        *(episode("Daily", 1, number) for number in (1, 20_240_131)),
    ]
    write_part(tmp_path, "entries", rows)
    (table,) = _tables(tmp_path, iter_gaps).values()
    assert [
        (row["title"].lower(), row["season"], row["there"], row["missing numbers"]) for row in _texts(table)
    ] == [("anime", "", "2", "102"), ("show", "1", "6", "4, 8")]


def test_what_is_doubtful_has_its_table(tmp_path: Path) -> None:
    """Files without title, number or year, and every problem with its reason, are listed."""
    rows = [
        entry("/a", title=None),
        episode("Show", 1, path="/b"),
        entry("/c", title="Solaris"),
        entry("/d", title="Solaris", year=1972),
    ]
    write_part(tmp_path, "entries", rows)
    failure = {"severity": "failure", "kind": "broken link", "path": "/gone", "message": "no target"}
    notice = {"severity": "notice", "kind": "symlink loop", "path": "/loop", "message": "above"}
    write_part(tmp_path, "failures", [notice | {"phase": "walk"}, failure | {"phase": "walk"}])
    tables = _tables(tmp_path, iter_doubts)
    assert [row["path"] for row in _texts(tables["Files without a title"])] == ["/a"]
    assert [row["path"] for row in _texts(tables["Episodes without a number"])] == ["/b"]
    assert [row["path"] for row in _texts(tables["Films without a year"])] == ["/c"]
    assert [(row["problem"], row["what happened"]) for row in _texts(tables["Problems"])] == [
        ("failure: broken link", "no target"),
        ("notice: symlink loop", "above"),
    ]


def _many(snapshot: Path, works: int) -> None:
    """Write a library in which everything occurs more often than a table has rows."""
    rows = []
    for number in range(works):
        rows += [entry(f"/{number}/{copy}", title=f"Film {number}") for copy in range(2)]
        rows += [episode(f"Show {number}", 1, at) for at in (1, 3)]
        rows += [episode(f"Other {number}", 1), entry(f"/u{number}", title=None)]
    write_part(snapshot, "entries", rows)
    problem = {"severity": "failure", "kind": "broken link", "phase": "walk", "message": "gone"}
    write_part(snapshot, "failures", [problem | {"path": f"/x{number}"} for number in range(works)])


@pytest.mark.parametrize("of", [iter_doubts, iter_repeated, iter_gaps, iter_largest])
def test_a_table_is_bounded_and_says_how_to_get_the_rest(tmp_path: Path, of: Any) -> None:
    """A table shows so many rows and no more, how many there are, and the SQL that gives them to users."""
    works = ROWS_SHOWN + 10
    _many(tmp_path, works)
    cut = [table for table in _tables(tmp_path, of).values() if table.total]
    assert len(cut) > 0
    with open_snapshot(tmp_path) as users:
        for table in cut:
            assert len(table.rows) <= ROWS_SHOWN < table.total
            rows = users.sql(table.sql).fetchall()
            assert len(rows) == table.total
            assert len(rows[0]) == len(table.columns)
            assert set('"$`\\!').isdisjoint(table.sql)  # it is shown inside a shell's double quotes


def test_a_snapshot_of_an_older_version_is_read(tmp_path: Path) -> None:
    """Columns and tables that a snapshot lacks are empty; a folder's name is taken as it is."""
    import pyarrow as pa  # noqa: PLC0415 - for this test alone
    import pyarrow.parquet as pq  # noqa: PLC0415

    snapshot = tmp_path / "[odd] ? * 'name'"
    (snapshot / "entries").mkdir(parents=True)
    old = pa.table({"path": ["/a"], "kind": ["movie"], "title": ["Heat"], "size_bytes": [1]})
    pq.write_table(old, snapshot / "entries" / "part-00000.parquet")
    run = run_record(memory=None)
    for name in ("wall_seconds", "slowest_directories", "dask_dashboard"):
        del run[name]
    out = tmp_path / "page.html"
    write_page(snapshot, run, out)
    assert "Heat" in Document(out.read_text()).text


def test_an_empty_library_has_a_page(tmp_path: Path) -> None:
    """Nothing at all can be reported on."""
    out = tmp_path / "page.html"
    write_page(tmp_path, run_record(batches=[], rates={}, roots=[]), out)
    assert "What the library holds" in Document(out.read_text()).text


def test_a_page_that_cannot_be_made_leaves_nothing(tmp_path: Path) -> None:
    """Where a part is no Parquet there is an error and no piece of a page."""
    import duckdb  # noqa: PLC0415 - for its error alone

    (tmp_path / "entries").mkdir()
    (tmp_path / "entries" / "part-00000.parquet").write_bytes(b"no parquet at all")
    with pytest.raises(duckdb.Error):
        write_page(tmp_path, run_record(), tmp_path / "page.html")
    assert list(tmp_path.glob("page*")) == []


def test_the_run_is_told_in_tables() -> None:
    """Phases, memory by phase, slow directories and batches come from the record."""
    tables = {table.title: _texts(table) for table in iter_run_tables(run_record())}
    assert tables["Phases"][0] == {"phase": "walk", "seconds": "0.50"}
    assert tables["Memory by phase"][1]["peak"] == "400 MiB"
    assert tables["Slowest directories"][0]["path"] == "/media/slow"
    assert tables["Batches"][0]["files per second"] == "20"


@pytest.mark.parametrize("samples", [[], [[0.0, 0, 5, 0, 0]]])
def test_memory_of_a_moment_can_be_drawn(samples: list[Any]) -> None:
    """A run without a second sample has a drawing too."""
    memory = {"samples": samples, "peak_bytes": 5, "roles": ["flow", "workers", "server"], "phases": ["x"]}
    assert memory_svg(memory).startswith("<svg")


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 B"), (999, "999 B"), (1017.6 * 1024**3, "1 TiB"), (1024**6, "1,024 PiB")]
)
def test_sizes_are_short(size: float, text: str) -> None:
    """A size has the unit that keeps it below four digits, as far as there is one."""
    assert size_text(size) == text


def test_no_numbers_are_no_runs() -> None:
    """An empty list is an empty text."""
    assert runs_text([]) == ""


def test_the_flow_imports_no_duckdb() -> None:
    """Workers import the flow's modules: what only the page needs is loaded when it is written."""
    code = "import flows.census, sys; sys.exit('duckdb' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=PROJECT).returncode == 0


def test_what_matching_leaves_open_is_listed_with_its_reasons(tmp_path: Path) -> None:
    """A title left to people stands with its reasons and the nearest candidate, and TMDB's notice with it."""
    write_part(tmp_path, "entries", [entry("/a", title="Hero", match_status="review", match_note="odd")])
    question = {"query_key": "movie|hero|", "query_title": "Hero", "match_status": "review"}
    write_part(tmp_path, "matches", [question | {"reasons": ["2 more fit as well"]}])
    near = {"query_key": "movie|hero|", "rank": 1, "title": "Hero", "year": 2002, "distance": 0.0}
    write_part(tmp_path, "candidates", [near | {"distances": [], "reasons": []}])
    tables = _tables(tmp_path, iter_doubts)
    (row,) = _texts(tables["Titles without a sure match"])
    assert (row["asked for"], row["why"], row["nearest year"]) == ("Hero", "2 more fit as well", "2002")
    assert [each["why"] for each in _texts(tables["Remarks on matches"])] == ["odd"]
    write_page(tmp_path, run_record(), tmp_path / "page.html")
    assert "not endorsed, certified, or otherwise approved by TMDB" in (tmp_path / "page.html").read_text()


def test_numbers_of_a_match_stand_in_for_those_of_the_name(tmp_path: Path) -> None:
    """Where TMDB's numbering is known it tells copies and gaps; where it is not, the name's does."""
    matched = {"tmdb_id": 7, "matched_title": "Show", "matched_season": 2}
    rows = [
        episode("Show", None, path="/1", absolute_episodes=[13], matched_episodes=[1], **matched),
        episode("The Show", 2, 3, path="/3", matched_episodes=[3], **matched),
        episode("Other", 1, 1, path="/4"),
        episode("Other", 1, 4, path="/5"),
    ]
    write_part(tmp_path, "entries", rows)
    (table,) = _tables(tmp_path, iter_gaps).values()
    assert [(row["title"], row["season"], row["missing numbers"]) for row in _texts(table)] == [
        ("Show", "2", "2"),
        ("Other", "1", "2–3"),
    ]
