"""``mediacensus preview``: walk and parse at once, in one process, with nothing written."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from mediacensus.cli import EXIT_COMPLETE, EXIT_WITH_FAILURES
from mediacensus.cli.options import chosen_extensions, folders_argument, walk_options
from mediacensus.cli.text import numbering, quality
from mediacensus.context import names_of, parents_of
from mediacensus.model import Directory, Failure, Severity
from mediacensus.names import printable
from mediacensus.release import parse_folder
from mediacensus.roots import resolve_roots
from mediacensus.walk import WalkRules, iter_library

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROW = "{:<7}  {:<44}  {:<4}  {:<12}  {:<24}  {}"


@click.command()
@folders_argument
@walk_options
@click.option("--limit", type=click.IntRange(min=1), help="Stop after this many files.")
def preview(
    folders: tuple[str, ...],
    ignore_patterns: tuple[str, ...],
    media_extensions: tuple[str, ...],
    *,
    all_files: bool,
    limit: int | None,
) -> int:
    """Print what a census would see, as it is found. No server is started and nothing is written."""
    rules = WalkRules.chosen(chosen_extensions(media_extensions, all_files=all_files), ignore_patterns)
    roots = resolve_roots(folders)
    click.echo(_ROW.format("KIND", "TITLE", "YEAR", "EPISODE", "QUALITY", "PATH"))
    files = failures = 0
    for found in iter_library(roots, rules):
        if isinstance(found, Failure):
            failures += found.kind.severity is Severity.FAILURE
            click.echo(
                f"{found.kind.severity}: {found.kind}: {printable(found.path)}: {found.message}", err=True
            )
            continue
        for line in _iter_lines(found):
            click.echo(line)
            files += 1
            if files == limit:
                return EXIT_COMPLETE
        sys.stdout.flush()
    click.echo(f"{files} media files, {failures} failures", err=True)
    return EXIT_WITH_FAILURES if failures else EXIT_COMPLETE


def _iter_lines(directory: Directory) -> Iterator[str]:
    below = os.path.relpath(directory.path, os.path.dirname(directory.root))
    for file, release in zip(
        directory.media, parse_folder(names_of(directory), parents_of(directory)), strict=True
    ):
        yield _ROW.format(
            release.extra or release.kind,
            _cut(printable(release.title or "?"), 44),
            release.year or "",
            numbering(release),
            _cut(quality(release), 24),
            printable(os.path.join(below, file.name)),
        )


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
