"""``mediacensus review`` and ``mediacensus pin``: what is left to people, and what they decide."""

from __future__ import annotations

import dataclasses
import json
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from mediacensus.catalog import Catalog, default_catalog
from mediacensus.cli.options import catalog_option
from mediacensus.names import printable
from mediacensus.pins import PINS_FILE, Pins, parse_decision, pinned_path, write_pin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mediacensus.review import OpenMatch


@click.command()
@catalog_option
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Most titles shown.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a title.")
def review(catalog: str | None, *, limit: int, as_json: bool) -> None:
    """List the titles of the newest snapshot that nobody could be sure of, and why.

    Decide with: mediacensus pin PATH WORK
    """
    from mediacensus.review import iter_open_matches  # noqa: PLC0415 - half a second of --help

    folder = Catalog(catalog or default_catalog())
    pins = Pins.load(folder.path)
    matches = iter_open_matches(folder.current_snapshot())
    shown = 0
    for match in islice(matches, limit):
        shown += 1
        pinned = pins.decision_for(match.path)
        if as_json:
            click.echo(json.dumps(dataclasses.asdict(match) | {"pinned": pinned}))
        else:
            click.echo("\n".join(_iter_lines(match, pinned)) + "\n")
    if not as_json:
        more = sum(1 for _ in matches)
        left = f", {more} more with --limit" if more else ""
        click.echo(f"{shown} titles to look at{left}." if shown else "Nothing is left to decide.")


def _iter_lines(match: OpenMatch, pinned: str | None) -> Iterator[str]:
    files = f"{match.files} file{'s' if match.files > 1 else ''}"
    kind = {"movie": "movie", "tv": "series"}.get(match.kind or "", "movie or series")
    status = "named by an id" if match.work else match.status
    yield printable(f"{match.title or '?'} ({match.year or 'no year'}, {kind}): {status}, {files}")
    yield f"  {printable(match.path)}"
    if pinned is not None:
        yield f"  pinned as {pinned}; the next scan obeys"
    yield from (f"  {printable(reason)}" for reason in match.reasons)
    for each in match.candidates:
        yield f"  {candidate_line(each)}"


def candidate_line(candidate: dict[str, Any]) -> str:
    """Return a candidate as one line."""
    title = printable(f"{candidate['title']} ({candidate['year'] or 'no year'})")
    against = printable("; ".join(candidate["reasons"]))
    return f"{candidate['link']:<16}{candidate['confidence']:<8.2g}{title}{'  ' + against if against else ''}"


@click.command()
@click.argument("path", type=click.Path(path_type=str, readable=False))
@click.argument("work", required=False, metavar="WORK")
@catalog_option
@click.option("--remove", is_flag=True, help="Forget what was decided for PATH.")
def pin(path: str, work: str | None, catalog: str | None, *, remove: bool) -> None:
    r"""Decide which work a file, or all files of a folder, are. Every later scan obeys.

    WORK is movie:603 or tv:1396 (the number in the address of its page on TMDB), tmdb:603 where the name
    itself says which of the two it is, or none. The decisions are kept in the catalog's pins.jsonl.

    \b
    mediacensus pin "/media/Films/Heat" movie:949
    """
    from mediacensus.review import count_entries_below  # noqa: PLC0415 - half a second of --help

    if remove == (work is not None):
        raise click.UsageError("Give a work, or --remove.")
    folder = Catalog(catalog or default_catalog())
    snapshot = folder.current_snapshot()
    decision = None if work is None else parse_decision(work)
    write_pin(folder.path, path, decision)
    place = printable(pinned_path(path))
    files = count_entries_below(snapshot, pinned_path(path))
    click.echo(f"{place} is {decision}." if decision else f"Nothing is decided for {place} any more.")
    click.echo(
        f"{files} files of the newest snapshot; the next scan obeys. Kept in {folder.path / PINS_FILE}"
    )
    if not files:
        click.echo("The newest snapshot has nothing there: check the spelling.", err=True)
