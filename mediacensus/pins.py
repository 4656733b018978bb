"""What people decided: which work a file or a folder is, kept beside the catalog and obeyed by every run.

``CATALOG/pins.jsonl`` has one JSON object a line, ``{"path": "/media/Films/Heat", "work": "movie:949"}``.
It is text to be read, kept under version control and edited; a later line about the same path wins.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mediacensus.catalog import write_durably
from mediacensus.errors import CatalogFormatError, ParameterError
from mediacensus.names import readable
from mediacensus.queries import NO_WORK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PINS_FILE: Final = "pins.jsonl"

# "movie:603", "tv:1396"; "tmdb:603" for a movie or series as the name itself says
_WORK: Final = re.compile(r"(?:movie|tv|tmdb):[1-9][0-9]{0,9}")


@dataclass(frozen=True, slots=True)
class Pins:
    """Decisions by path, as readable text; one for a folder holds for all below it."""

    works: Mapping[str, str]

    @classmethod
    def load(cls, catalog: Path) -> Pins:
        """Read the pins of a catalog; none where there is no file.

        Raises:
            CatalogFormatError: a line is no pin.
        """
        file = catalog / PINS_FILE
        try:
            lines = file.read_text(encoding="utf-8", errors="surrogateescape").split("\n")
        except FileNotFoundError:
            return cls({})
        return cls(
            dict(_parse_line(line, file, number) for number, line in enumerate(lines, 1) if line.strip())
        )

    def decision_for(self, path: str) -> str | None:
        """Return what was decided for a path or for the nearest folder above it.

        Args:
            path: as the ``path`` column of ``entries`` has it.
        """
        while self.works:
            if path in self.works:
                return self.works[path]
            above = os.path.dirname(path)
            if above == path:
                break
            path = above
        return None


def parse_decision(text: str) -> str:
    """Return a decision as it is kept: ``movie:603``, ``tv:1396``, ``tmdb:603`` or ``none``.

    Raises:
        ParameterError: the text is none of these.
    """
    decision = text.strip().lower()
    if decision != NO_WORK and not _WORK.fullmatch(decision):
        raise ParameterError(
            f"{text!r} names no work. Give movie:603 or tv:1396 (the number is in the address of its page on "
            "TMDB), tmdb:603 where the name itself says which of the two it is, or none."
        )
    return decision


def write_pin(catalog: Path, path: str, decision: str | None) -> None:
    """Keep a decision for a path, or forget the one there is.

    The file is replaced in one step; two writers wait for each other.

    Args:
        catalog: the catalog folder.
        path: a file or folder; made absolute.
        decision: as ``parse_decision`` returns it; None to forget.

    Raises:
        CatalogFormatError: a line of the file is no pin; the file is left as it is.
    """
    with _alone(catalog):
        works = dict(Pins.load(catalog).works)
        works.pop(pinned_path(path), None)
        if decision is not None:
            works[pinned_path(path)] = decision
        lines = [json.dumps({"path": path, "work": work}, ensure_ascii=False) for path, work in works.items()]
        write_durably(catalog / PINS_FILE, "".join(f"{line}\n" for line in lines))


def pinned_path(path: str) -> str:
    """Return a path as pins and entries hold it: absolute, as readable text."""
    return readable(os.path.abspath(os.path.expanduser(path)))


def _parse_line(line: str, file: Path, number: int) -> tuple[str, str]:
    try:
        told = json.loads(line)
        return str(told["path"]), parse_decision(str(told["work"]))
    except (ValueError, TypeError, KeyError, ParameterError) as error:
        raise CatalogFormatError(
            f'Line {number} of {file} is no pin like {{"path": "/media/Films/Heat", "work": "movie:949"}}. '
            "Correct or remove it."
        ) from error


@contextmanager
def _alone(catalog: Path) -> Iterator[None]:
    descriptor = os.open(catalog, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
