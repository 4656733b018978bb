"""From the manifest to catalog entries: every media file of a batch parsed in the context of its folder."""

from __future__ import annotations

import os
import socket
from contextlib import ExitStack
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any

from mediacensus import schema
from mediacensus.context import names_of, parents_of
from mediacensus.failures import FailureLog
from mediacensus.manifest import iter_manifest
from mediacensus.measure import NOT_MEASURED, Stopwatch
from mediacensus.model import Batch, BatchSummary, Companion, Directory, Failure, FailureKind, MediaFile
from mediacensus.names import as_bytes, parsable, readable
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
    "query_key match_status match_confidence tmdb_id matched_title matched_year "
    "matched_season matched_episodes matched_episode_title matched_air_date match_note"
).split()
_COPIED = [name for name in schema.ENTRIES.names if name not in _DERIVED]
_copied_values = attrgetter(*_COPIED)
_ORDER = (*_DERIVED, *_COPIED)
_title_of = itemgetter(_ORDER.index("title"))
_NOT_MATCHED = (None, NOT_LOOKED_UP, None, None, None, None, None, (), None, None, None)


def parse_batch(batch: Batch, snapshot: Path, *, is_recorded: bool = True) -> BatchSummary:
    """Parse one batch of the manifest and write its entries and failures as parts of the snapshot.

    Writing is idempotent: a batch that is parsed twice leaves the same parts, whoever comes second.
    A name that cannot be parsed is an entry without a title, and a failure.

    Args:
        batch: of the manifest.
        snapshot: the folder of the snapshot being made.
        is_recorded: whether time and memory are measured; without it the summary's are 0.
    """
    files = titled = 0
    watch = NOT_MEASURED
    if is_recorded:
        watch = Stopwatch()
        watch.start()
    with ExitStack() as stack:
        entries = stack.enter_context(
            PartWriter(snapshot / "entries" / batch.part, schema.ENTRIES, order=_ORDER)
        )
        # Closed before the entries, whose part says by being there that the batch is finished.
        failures = stack.enter_context(FailureLog(snapshot / "failures" / batch.part))
        for directory in iter_manifest(batch):
            rows = list(_iter_rows(batch, directory, failures))
            entries.write_all(rows)
            files += len(rows)
            titled += len(rows) - list(map(_title_of, rows)).count(None)
        if is_recorded:
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


def _iter_rows(batch: Batch, directory: Directory, failures: FailureLog) -> Iterator[tuple[Any, ...]]:
    """Yield the entries of a directory, a value for each of ``_ORDER``."""
    owned = directory.companions_by_owner()
    prefix = os.path.join(directory.path, "")
    where = readable(prefix), as_bytes(prefix), readable(directory.root)
    for file, release in iter_releases(directory, failures):
        place = _place_of(file, where)
        companions = [_companion_row(each, directory, failures) for each in owned.get(file.name, ())]
        yield (*place, batch.batch_id, companions, *_told_by(release))


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


def _place_of(file: MediaFile, where: tuple[str, bytes, str]) -> tuple[Any, ...]:
    """Return the columns up to ``is_disc``, of a file in a folder: readable, as bytes, and its root."""
    prefix, prefix_bytes, root = where
    return (
        prefix + readable(file.name),
        prefix_bytes + as_bytes(file.name),
        root,
        file.size_bytes,
        file.modified_ns // 1_000,
        file.is_disc,
    )


def _told_by(release: Release) -> tuple[Any, ...]:
    """Return what the name tells: the derived columns from ``kind`` on, then those copied as they are."""
    return (
        "extra" if release.extra else release.kind,
        release.extra,
        release.seasons[0] if release.seasons else None,
        *_split_episodes(release.episodes),
        # One id a service, the first: a map takes no second.
        tuple(dict(reversed(release.ids)).items()) if release.ids else (),
        *_NOT_MATCHED,
        *_copied_values(release),
    )


@lru_cache(maxsize=4_096)
def _split_episodes(
    episodes: tuple[int | float, ...],
) -> tuple[int | None, tuple[int, ...], tuple[float, ...]]:
    """Return the first whole number, all whole ones, and those between two episodes; few sets differ."""
    whole = tuple(int(number) for number in episodes if number == int(number))
    return whole[0] if whole else None, whole, tuple(number for number in episodes if number != int(number))


def _companion_row(companion: Companion, directory: Directory, failures: FailureLog) -> dict[str, Any]:
    is_subtitle = companion.kind == "subtitle"
    return {
        "name": readable(companion.name),
        "kind": companion.kind,
        "languages": _subtitle_languages(companion, directory.path, failures) if is_subtitle else (),
        "size_bytes": companion.size_bytes,
    }


def _subtitle_languages(subtitle: Companion, folder: str, failures: FailureLog) -> tuple[str, ...]:
    """Return the languages told by what a subtitle adds to its owner's name, else by its whole name."""
    stem = os.path.splitext(subtitle.owner or "")[0]
    added = subtitle.name.removeprefix(stem)
    if added != subtitle.name and added.isascii() and (languages := _languages_in(added)):
        return languages
    folder, name = os.path.split(os.path.join(folder, subtitle.name))
    return _languages_of(_parse_alone(folder, name, (), failures))


@lru_cache(maxsize=1_000)
def _languages_in(added: str) -> tuple[str, ...]:
    """Return the languages in what follows an owner's name, ``.en.forced.srt``; few recur everywhere."""
    try:
        return _languages_of(parse_release_name(f"Name{added}"))
    except Exception:  # noqa: BLE001 - the whole name is read next, and what is wrong recorded there
        return ()


def _languages_of(release: Release) -> tuple[str, ...]:
    return release.subtitle_languages or release.languages
