"""Continuing a run that was killed: what it has written, and how the walk finds its place in that.

The walk is done again, since nobody else knows what the disk holds now. It cuts its batches where the
killed run did, so that a batch with nothing new in it has the digest it had; a batch whose entries are
there under that digest is not parsed again. The parts themselves are the record of what is finished: they
take their names when complete, and what is to be known of them stands in their footers.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from mediacensus import __version__
from mediacensus.model import Batch, BatchSummary
from mediacensus.parts import PartWriter, read_note
from mediacensus.release import PARSER_VERSION
from mediacensus.schema import TABLES

if TYPE_CHECKING:
    from pathlib import Path

_BATCH_NOTE = "mediacensus_batch"
_SUMMARY_NOTE = "mediacensus_summary"
_WHOLE_PART = re.compile(r"part-(\d{5,})\.parquet")  # part-00012.parquet, and no piece of it


@dataclass(frozen=True, slots=True)
class RecordedBatch:
    """A batch of the manifest as an earlier attempt cut it."""

    batch_id: int
    start: str
    """Signature of its first directory, the path in it."""
    directories: int
    digest: str


class RecordedBatches:
    """The manifest's batches that earlier attempts at a run have completed; none in a new run."""

    def __init__(self, snapshot: Path) -> None:
        self._snapshot = snapshot
        found = [_read_batch(part) for part in (snapshot / TABLES["directories"].folder).glob("*.parquet")]
        self._by_start = {each.start: each for each in found if each is not None}
        self._unused = {each.batch_id for each in self._by_start.values()}
        self._next_id = max(self._unused, default=-1) + 1
        _remove_pieces(snapshot)

    def begun_by(self, start: str) -> RecordedBatch | None:
        """Return the batch that begins with a directory, if one does."""
        return self._by_start.get(start)

    def id_of(self, start: str, digest: str) -> int:
        """Return the id of a batch just written: the one it had if nothing in it is new, else a fresh one."""
        earlier = self._by_start.get(start)
        if earlier is not None and earlier.digest == digest:
            self._unused.discard(earlier.batch_id)
            return earlier.batch_id
        self._next_id += 1
        return self._next_id - 1

    def remove_unused(self) -> None:
        """Remove the parts of batches that the library no longer has; called when the walk is over."""
        for batch_id in self._unused:
            for table in TABLES.values():
                (self._snapshot / table.folder / f"part-{batch_id:05}.parquet").unlink(missing_ok=True)


def note_batch(part: PartWriter, batch: RecordedBatch) -> None:
    """Record in a manifest part where it begins and what it holds."""
    part.note(_BATCH_NOTE, json.dumps(asdict(batch)))


def note_summary(part: PartWriter, batch: Batch, summary: BatchSummary) -> None:
    """Record in a part of the entries what they were parsed from, by which parser, and what it came to."""
    of = {"digest": batch.digest, "parser": PARSER_VERSION, "version": __version__}
    part.note(_SUMMARY_NOTE, json.dumps(of | {"summary": asdict(summary)}))


def find_summary(snapshot: Path, batch: Batch) -> BatchSummary | None:
    """Return what parsing a batch came to, where this parser has done it already; else None."""
    text = read_note(snapshot / TABLES["entries"].folder / batch.part, _SUMMARY_NOTE)
    if text is None:
        return None
    note = json.loads(text)
    known = (note["digest"], note["parser"], note["version"])
    return BatchSummary(**note["summary"]) if known == (batch.digest, PARSER_VERSION, __version__) else None


def _read_batch(part: Path) -> RecordedBatch | None:
    text = read_note(part, _BATCH_NOTE)
    return None if text is None else RecordedBatch(**json.loads(text))


def _remove_pieces(snapshot: Path) -> None:
    """Remove what a run wrote while it searched a batch for the names at fault: it will be searched again."""
    for name in ("entries", "failures"):
        for part in (snapshot / TABLES[name].folder).glob("*.parquet"):
            if not _WHOLE_PART.fullmatch(part.name):
                part.unlink()
