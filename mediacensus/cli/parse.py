"""``mediacensus parse``: what one name says."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import click

from mediacensus.names import printable
from mediacensus.release import explain, parse_release_name

if TYPE_CHECKING:
    from mediacensus.release import Release


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a name.")
@click.option("--explain", "with_reasons", is_flag=True, help="Show which rule claimed which characters.")
def parse(names: tuple[str, ...], *, as_json: bool, with_reasons: bool) -> None:
    """Show what release names say. A NAME may be a path; the folders in it are read too."""
    for name in names:
        *parents, last = [part for part in name.split("/") if part] or [name]
        told = _told(parse_release_name(last, parents))
        reasons = explain(last, parents).lines() if with_reasons else []
        if as_json:
            click.echo(
                json.dumps(told | ({"explanation": reasons} if with_reasons else {}), ensure_ascii=True)
            )
            continue
        click.echo(printable(name))
        for field, value in told.items():
            if field != "name":
                click.echo(f"  {field:20} {printable(_shown(value))}")
        for line in reasons:
            click.echo(f"    {printable(line)}")


def _told(release: Release) -> dict[str, Any]:
    """Return the fields a name says something about, as JSON-ready values."""
    told = {}
    for field in dataclasses.fields(release):
        value = getattr(release, field.name)
        if value not in (None, (), False):
            told[field.name] = dict(value) if field.name == "ids" else _plain(value)
    return told


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | tuple) else str(value)


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{key} {each}" for key, each in value.items())
    return str(value)
