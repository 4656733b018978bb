"""Options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

_F = TypeVar("_F", bound="Callable[..., Any]")

# pathlib would refuse no path, but click's own conversion keeps bytes that are not UTF-8.
FOLDER = click.Path(path_type=str, readable=False)


def catalog_option(command: _F) -> _F:
    """``--catalog DIR``."""
    return click.option(
        "--catalog",
        type=FOLDER,
        envvar="MEDIACENSUS_CATALOG",
        show_envvar=True,
        help="Catalog folder. Default: a folder in your data directory.",
    )(command)


def folders_argument(command: _F) -> _F:
    """``FOLDER...``, one at least."""
    return click.argument("folders", nargs=-1, required=True, type=FOLDER, metavar="FOLDER...")(command)


def walk_options(command: _F) -> _F:
    """``--ignore``, ``--media`` and ``--all-files``: what counts, and what is left out."""
    ignore = click.option(
        "--ignore",
        "ignore_patterns",
        multiple=True,
        metavar="PATTERN",
        help="Leave out what a gitignore pattern names, relative to each folder. Repeatable.",
    )
    media = click.option(
        "--media",
        "media_extensions",
        multiple=True,
        metavar="EXTENSION",
        help="Count only files with this extension as media. Repeatable.",
    )
    every = click.option(
        "--all-files",
        is_flag=True,
        help="Count every file as media that is no subtitle, artwork or other companion.",
    )
    return ignore(media(every(command)))


def chosen_extensions(media_extensions: tuple[str, ...], *, all_files: bool) -> list[str] | None:
    """Return the extensions the options chose; None for the default ones."""
    if all_files and media_extensions:
        raise click.UsageError("--media and --all-files contradict each other.")
    return ["*"] if all_files else list(media_extensions) or None
