"""The page's templates, rendered with every value escaped."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2

if TYPE_CHECKING:
    from typing import TextIO

_FOLDER = Path(__file__).parent


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(name: str, **values: Any) -> str:
    """Return a template filled in."""
    return _environment().get_template(name).render(**values)


def write(name: str, out: TextIO, **values: Any) -> None:
    """Write a template filled in, piece by piece."""
    stream = _environment().get_template(name).stream(**values)
    stream.enable_buffering(64)
    out.writelines(stream)


def read_asset(name: str) -> str:
    """Return a style sheet or a script as it is."""
    return (_FOLDER / name).read_text(encoding="utf-8")


def digest_of(text: str) -> str:
    """Return what a content security policy names an inline style or script by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
