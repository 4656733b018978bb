"""Entries by what they ask: spread over buckets on disk, and their answers brought back in order.

A run asks once for what many entries ask, wherever they lie, and holds one bucket of it in memory. So
entries are spread over buckets by their query, each bucket is answered by itself, and since every bucket
keeps the order of the entries, merging the buckets gives that order back.
"""

from __future__ import annotations

import heapq
import os
from contextlib import ExitStack
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from mediacensus import schema
from mediacensus.match import match_columns
from mediacensus.parts import ROWS_IN_MEMORY, UNFINISHED_SUFFIX, PartWriter, iter_rows
from mediacensus.queries import query_of, unite
from mediacensus.tmdb.keys import BUCKETS, bucket_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from mediacensus.match import Resolution
    from mediacensus.pins import Pins
    from mediacensus.queries import Query

_ROWS_OF_A_BUCKET: Final = 256
"""Rows in memory of each bucket, since all of them are written, or read, side by side."""

_ASKED_COLUMNS: Final = (
    "path kind title alternative_titles year season seasons episode episodes absolute_episodes episode_title "
    "air_date countries streaming_service ids"
).split()
"""What a query, and the place of an episode, are told by."""
FILLED_COLUMNS: Final = (
    "query_key match_status match_confidence tmdb_id matched_title matched_year matched_season "
    "matched_episodes matched_episode_title matched_air_date match_note"
).split()
"""What matching adds to an entry."""

_PLACE: Final = [("part", pa.int32()), ("row", pa.int32())]
_ASKED: Final = pa.schema(
    [
        *_PLACE,
        ("query_key", pa.string()),
        ("decision", pa.string()),
        *((name, schema.ENTRIES.field(name).type) for name in _ASKED_COLUMNS),
    ]
)
_FILLED: Final = pa.schema([*_PLACE, *((name, schema.ENTRIES.field(name).type) for name in FILLED_COLUMNS)])


def entry_parts(snapshot: Path) -> list[Path]:
    """Return the parts of the ``entries`` table, in order."""
    return sorted((snapshot / schema.TABLES["entries"].folder).glob("*.parquet"))


class Spread:
    """The entries of one snapshot, spread over buckets in a scratch folder.

    Args:
        snapshot: the snapshot being made.
        scratch: a folder for files that are of no use afterwards.
    """

    def __init__(self, snapshot: Path, scratch: Path) -> None:
        self._snapshot = snapshot
        self._asked = scratch / "asked"
        self._filled = scratch / "filled"

    def write(self, pins: Pins) -> int:
        """Spread every entry that asks something, and return how many do.

        Args:
            pins: what people decided; part of what is asked.
        """
        asking = 0
        with ExitStack() as stack:
            writers: dict[int, PartWriter] = {}
            for part, path in enumerate(entry_parts(self._snapshot)):
                for row, values in enumerate(iter_rows(path, _ASKED_COLUMNS)):
                    decision = pins.decision_for(values[0])
                    query = query_of(dict(zip(_ASKED_COLUMNS, values, strict=True)), decision)
                    if query is None:
                        continue
                    bucket = bucket_of(query.bucket_text)
                    if bucket not in writers:
                        writers[bucket] = stack.enter_context(self._writer(self._asked, bucket, _ASKED))
                    writers[bucket].write((part, row, query.key, decision, *values))
                    asking += 1
        return asking

    def queries_of(self, bucket: int) -> dict[str, Query]:
        """Return what the entries of a bucket ask, by the key of each entry's own query."""
        queries = (query_of(row, row["decision"]) for row in self._iter_asked(bucket))
        return unite(query for query in queries if query is not None)

    def answer(self, bucket: int, resolutions: Mapping[str, Resolution]) -> None:
        """Write what matching adds to the entries of a bucket.

        Args:
            bucket: its number.
            resolutions: by the key of each entry's own query.
        """
        with self._writer(self._filled, bucket, _FILLED) as out:
            for row in self._iter_asked(bucket):
                columns = {"query_key": row["query_key"], **match_columns(row, resolutions[row["query_key"]])}
                out.write((row["part"], row["row"], *(columns[name] for name in FILLED_COLUMNS)))

    def fill_entries(self) -> None:
        """Rewrite the parts of the ``entries`` table with what was answered; each is replaced in one step."""
        filled = [
            iter_rows(path, rows_in_memory=_ROWS_OF_A_BUCKET) for path in self._filled.glob("*.parquet")
        ]
        answers = heapq.merge(*filled, key=itemgetter(0, 1))
        following = next(answers, None)
        for part, path in enumerate(entry_parts(self._snapshot)):
            of_part: dict[int, tuple[Any, ...]] = {}
            while following is not None and following[0] == part:
                of_part[following[1]] = following[2:]
                following = next(answers, None)
            if of_part:
                _fill_part(path, of_part)

    def _iter_asked(self, bucket: int) -> Iterator[dict[str, Any]]:
        path = self._asked / f"{bucket:02}.parquet"
        names = _ASKED.names
        for values in iter_rows(path) if path.exists() else ():
            yield dict(zip(names, values, strict=True))

    @staticmethod
    def _writer(folder: Path, bucket: int, columns: pa.Schema) -> PartWriter:
        return PartWriter(folder / f"{bucket:02}.parquet", columns, rows_in_memory=_ROWS_OF_A_BUCKET)

    @staticmethod
    def buckets() -> range:
        """Return the numbers of all buckets."""
        return range(BUCKETS)


def _fill_part(path: Path, answers: Mapping[int, tuple[Any, ...]]) -> None:
    """Rewrite one part of the ``entries`` table.

    Args:
        path: the part; its rows keep their order.
        answers: the values of ``FILLED_COLUMNS`` by row; other rows stay as they are.
    """
    unfinished = path.with_name(path.name + UNFINISHED_SUFFIX)
    first = 0
    with (
        pq.ParquetFile(path) as part,
        pq.ParquetWriter(unfinished, schema.ENTRIES, compression="zstd") as out,
    ):
        for batch in part.iter_batches(batch_size=ROWS_IN_MEMORY):
            out.write_batch(_filled(batch, [answers.get(first + row) for row in range(batch.num_rows)]))
            first += batch.num_rows
    os.replace(unfinished, path)


def _filled(batch: pa.RecordBatch, answers: list[tuple[Any, ...] | None]) -> pa.RecordBatch:
    columns = dict(zip(batch.schema.names, batch.columns, strict=True))
    for place, name in enumerate(FILLED_COLUMNS):
        kept = columns[name].to_pylist()
        values = [old if new is None else new[place] for old, new in zip(kept, answers, strict=True)]
        columns[name] = pa.array(values, schema.ENTRIES.field(name).type)
    return pa.record_batch([columns[name] for name in schema.ENTRIES.names], schema=schema.ENTRIES)
