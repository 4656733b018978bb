"""From the manifest to catalog entries: every media file of a batch parsed in the context of its folder."""

from __future__ import annotations

import os
import socket
from contextlib import ExitStack
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any

from mediacensus import schema
from mediacensus.context import names_of, parents_of
from mediacensus.failures import FailureLog
from mediacensus.manifest import iter_manifest
from mediacensus.measure import Stopwatch
from mediacensus.model import Batch, BatchSummary, Companion, Directory, Failure, FailureKind, MediaFile
from mediacensus.names import parsable, readable
from mediacensus.parts import PartWriter
from mediacensus.release import Release, parse_folder, parse_release_name
from mediacensus.resume import note_summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

NOT_LOOKED_UP = "not looked up"
"""The ``match_status`` of an entry that nobody has asked TMDB about."""

_DERIVED = (
    "path path_bytes root size_bytes modified_at is_disc batch_id companions "
    "kind extra_kind season episode episodes fractional_episodes ids "
    "match_status match_confidence tmdb_id matched_title matched_year"
).split()
_COPIED = [name for name in schema.ENTRIES.names if name not in _DERIVED]
_copied_values = attrgetter(*_COPIED)
_in_schema_order = itemgetter(*map([*_DERIVED, *_COPIED].index, schema.ENTRIES.names))
_NOT_MATCHED = (NOT_LOOKED_UP, None, None, None, None)


def parse_batch(batch: Batch, snapshot: Path) -> BatchSummary:
    """Parse one batch of the manifest and write its entries and failures as parts of the snapshot.

    Writing is idempotent: a batch that is parsed twice leaves the same parts, whoever comes second.
    A name that cannot be parsed is an entry without a title, and a failure.
    """
    files = titled = 0
    watch = Stopwatch()
    watch.start()
    with ExitStack() as stack:
        entries = stack.enter_context(PartWriter(snapshot / "entries" / batch.part, schema.ENTRIES))
        # Closed before the entries, whose part says by being there that the batch is finished.
        failures = stack.enter_context(FailureLog(snapshot / "failures" / batch.part))
        for directory in iter_manifest(batch):
            owned = directory.companions_by_owner()
            for file, release in iter_releases(directory, failures):
                place = _place_of(batch.batch_id, directory, file)
                companions = [_companion_row(each, directory, failures) for each in owned.get(file.name, ())]
                entries.write(_in_schema_order((*place, companions, *_told_by(release))))
                files += 1
                titled += release.title is not None
        watch.stop()
        summary = BatchSummary(
            batch_id=batch.batch_id,
            files=files,
            titled=titled,
            failures=failures.failures,
            started_at=watch.started_at,
            duration_seconds=watch.duration_seconds,
            cpu_seconds=watch.cpu_seconds,
            peak_memory_bytes=watch.peak_memory_bytes,
            memory_method=watch.memory_method,
            worker=f"{socket.gethostname()}:{os.getpid()}",
        )
        note_summary(entries, batch, summary)
    return summary


def iter_releases(directory: Directory, failures: FailureLog) -> Iterator[tuple[MediaFile, Release]]:
    """Parse a directory's media files together, since siblings settle what one name leaves open.

    A disc folder is read with the folders above it like any other name.
    """
    parents = parents_of(directory)
    try:
        releases = list(parse_folder(names_of(directory), parents))
    except Exception:  # noqa: BLE001 - whatever a name does to the parser costs that name alone
        releases = [_parse_alone(directory.path, file.name, parents, failures) for file in directory.media]
    return zip(directory.media, releases, strict=True)


def _parse_alone(folder: str, name: str, parents: Sequence[str], failures: FailureLog) -> Release:
    try:
        return parse_release_name(parsable(name), parents)
    except Exception as error:  # noqa: BLE001 - as above; the name is recorded with its error
        message = f"the parser failed with {type(error).__name__}: {error}; cataloged without what it tells"
        path = os.path.join(folder, name)
        failures.record(Failure(FailureKind.PARSE_ERROR, path, message, phase="parse"))
        return Release(name=name, kind="movie")


def _place_of(batch_id: int, directory: Directory, file: MediaFile) -> tuple[Any, ...]:
    path = os.path.join(directory.path, file.name)
    return (
        readable(path),
        os.fsencode(path),
        readable(directory.root),
        file.size_bytes,
        file.modified_ns // 1_000,
        file.is_disc,
        batch_id,
    )


def _told_by(release: Release) -> tuple[Any, ...]:
    """Return what the name tells: the derived columns from ``kind`` on, then those copied as they are."""
    whole = [int(number) for number in release.episodes if number == int(number)]
    return (
        "extra" if release.extra else release.kind,
        release.extra,
        release.seasons[0] if release.seasons else None,
        whole[0] if whole else None,
        whole,
        [number for number in release.episodes if number != int(number)],
        tuple(dict(reversed(release.ids)).items()),  # one id a service, the first: a map takes no second
        *_NOT_MATCHED,
        *_copied_values(release),
    )


def _companion_row(companion: Companion, directory: Directory, failures: FailureLog) -> dict[str, Any]:
    languages: tuple[str, ...] = ()
    if companion.kind == "subtitle":
        folder, name = os.path.split(os.path.join(directory.path, companion.name))
        release = _parse_alone(folder, name, (), failures)
        languages = release.subtitle_languages or release.languages
    return {
        "name": readable(companion.name),
        "kind": companion.kind,
        "languages": languages,
        "size_bytes": companion.size_bytes,
    }
