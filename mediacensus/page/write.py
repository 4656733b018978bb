"""Writing the page: one file that needs no other, and that no name in the library can make do anything."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from mediacensus.names import printable
from mediacensus.page.cells import size_text
from mediacensus.page.course import iter_run_tables, memory_svg
from mediacensus.page.doubts import iter_doubts, read_statuses
from mediacensus.page.holdings import read_holdings, read_plots
from mediacensus.page.questions import open_bounded
from mediacensus.page.templates import digest_of, read_asset, write
from mediacensus.page.works import iter_gaps, iter_largest, iter_repeated
from mediacensus.tmdb.access import NOTICE

if TYPE_CHECKING:
    from pathlib import Path

_TEMPLATE: Final = "report.html"


def write_page(snapshot: Path, run: dict[str, Any], out: Path) -> None:
    """Write the page about a snapshot.

    What it holds is bounded: plots of a dozen bars and tables of some hundred rows, whatever the library's
    size, with the SQL that gives the rest. It loads nothing, from this machine or from another, and runs
    one script of its own; its content security policy names both by digest and forbids everything else.

    Args:
        snapshot: all its parts written.
        run: the run's record.
        out: the page; it takes its name when it is complete.

    Raises:
        duckdb.Error: the parts cannot be read.
        OSError: the page cannot be written.
    """
    unfinished = out.with_name(out.name + ".unfinished")
    try:
        with open(unfinished, "w", encoding="utf-8") as page:
            write(_TEMPLATE, page, **_values(snapshot, run))
            page.flush()
            os.fsync(page.fileno())
        os.replace(unfinished, out)
    finally:
        unfinished.unlink(missing_ok=True)


def _values(snapshot: Path, run: dict[str, Any]) -> dict[str, Any]:
    """Return what the template is filled with."""
    style, script = read_asset("report.css"), read_asset("report.js")
    memory = run.get("memory")
    with open_bounded(snapshot) as connection:
        return {
            "style": Markup(style),  # noqa: S704 - a file of this package
            "script": Markup(script),  # noqa: S704 - a file of this package
            "style_digest": digest_of(style),
            "script_digest": digest_of(script),
            "run": run,
            "roots": [printable(root) for root in run["roots"]],
            "holdings": read_holdings(connection),
            "plots": read_plots(connection),
            "statuses": read_statuses(connection),
            "titles": run.get("tmdb") or {},
            "notice": NOTICE,
            "doubts": list(iter_doubts(connection)),
            "repeated": list(iter_repeated(connection)),
            "gaps": list(iter_gaps(connection)),
            "largest": list(iter_largest(connection)),
            "run_tables": list(iter_run_tables(run)),
            "memory": memory,
            "memory_svg": Markup(memory_svg(memory)) if memory else "",  # noqa: S704 - rendered with escapes
            "size": size_text,
        }
