"""What a run leaves in Prefect beyond plain tables: comparison, memory over time, where the page is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mediacensus.catalog import REPORT_FILE
from mediacensus.history import compare_rows
from mediacensus.names import printable
from mediacensus.page.cells import size_text
from mediacensus.page.course import memory_image, peak_rows
from mediacensus.report import SUMMARY_TEXT
from mediacensus.report import summary_rows as plain_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MEMORY_TEXT: Final = (
    "Memory of every process of the run over time, looked at once a second, with its phases; all of it is in "
    "`run.json`."
)
PAGE_TEXT: Final = "The page about this run's snapshot: where it is, and how to open it."


def summary_rows(run: dict[str, Any], earlier: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the run's figures, one a row, each beside those of the last comparable runs."""
    return compare_rows(plain_rows(run), [plain_rows(each) for each in earlier])


def summary_text(earlier: Sequence[dict[str, Any]]) -> str:
    """Return what the summary's columns mean."""
    if not earlier:
        return f"{SUMMARY_TEXT} There is no earlier run over the same folders with the same parameters."
    return (
        f"{SUMMARY_TEXT} **before** is run {earlier[0]['run_id']}, over the same folders with the same "
        f"parameters; **usual** is the median of the last {len(earlier)} such runs."
    )


def memory_text(run: dict[str, Any]) -> str:
    """Return the drawing of the run's memory and the peak of each phase, in Markdown."""
    memory = run.get("memory")
    if not memory:
        return "The memory of this run was not sampled."
    lines = [
        f"![Memory of the run's processes over time]({memory_image(memory)})",
        "",
        f"At most **{size_text(memory['peak_bytes'])}**: {memory['method']}",
        "",
        *_iter_table(peak_rows(memory)),
    ]
    return "\n".join(lines)


def page_text(run: dict[str, Any], catalog: str) -> str:
    """Return where the run's page is, and the dashboard of its cluster where there was one, in Markdown."""
    page = Path(catalog) / "snapshots" / run["run_id"] / REPORT_FILE
    lines = [f"Snapshot **{run['run_id']}**.", ""]
    if page.is_file():
        path = printable(os.fspath(page)).replace("`", "'")
        lines += [
            "The page about it is a file on the machine that took the census; browsers open no file from "
            "a page such as this one, so open it there:",
            "",
            f"    mediacensus report --open {run['run_id']}",
            "",
            f"`{path}` · [{REPORT_FILE}]({page.as_uri()})",
        ]
    else:
        lines += ["No page was written; the log of this run's task `write-report` says why."]
    if run.get("profile"):
        lines += ["", "Profile of the run:", "", *_iter_profile_lines(page.parent, run["profile"]["files"])]
    if run.get("dask_dashboard"):
        lines += ["", f"[Dask's dashboard]({run['dask_dashboard']}), for as long as its scheduler runs."]
    return "\n".join(lines)


def _iter_profile_lines(snapshot: Path, files: list[str]) -> Iterator[str]:
    for name in files:
        path = snapshot / name
        shown = printable(os.fspath(path)).replace("`", "'")
        yield f"- `{shown}` · [{path.name}]({path.as_uri()})"


def _iter_table(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Yield rows as lines of a Markdown table."""
    if not rows:
        return
    names = list(rows[0])
    yield "| " + " | ".join(name.removesuffix("_bytes") for name in names) + " |"
    yield "| " + " | ".join("---:" if name.endswith("_bytes") else "---" for name in names) + " |"
    for row in rows:
        cells = (size_text(value) if name.endswith("_bytes") else str(value) for name, value in row.items())
        yield "| " + " | ".join(cells) + " |"
