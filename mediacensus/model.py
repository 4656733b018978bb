"""The values that pass between the walk, the manifest, the parser and the catalog."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Severity(StrEnum):
    """Whether a recorded problem leaves the census incomplete."""

    FAILURE = "failure"
    """Something that should be in the catalog could not be read."""
    NOTICE = "notice"
    """Worth knowing; nothing is missing because of it."""


class FailureKind(StrEnum):
    """The classes under which problems are counted."""

    UNREADABLE_DIRECTORY = "unreadable directory"
    UNREADABLE_FILE = "unreadable file"
    UNREADABLE_IGNORE_FILE = "unreadable ignore file"
    BROKEN_LINK = "broken link"
    SYMLINK_LOOP = "symlink loop"
    LINKED_TWICE = "linked twice"
    NAME_NOT_UTF8 = "name is not UTF-8"
    PARSE_ERROR = "parse error"
    LOST_BATCH = "lost batch"

    @property
    def severity(self) -> Severity:
        """A notice for what loses nothing, else a failure."""
        return Severity.NOTICE if self in _NOTICES else Severity.FAILURE


_NOTICES = frozenset({FailureKind.SYMLINK_LOOP, FailureKind.LINKED_TWICE, FailureKind.NAME_NOT_UTF8})


@dataclass(frozen=True, slots=True)
class Failure:
    """One problem with one path; a row of the catalog's ``failures``."""

    kind: FailureKind
    path: str
    """As the disk has it; bytes that are not UTF-8 stand as surrogate escapes."""
    message: str
    phase: str = "walk"


@dataclass(frozen=True, slots=True)
class MediaFile:
    """One work on disk: a media file, or a whole disc folder (``BDMV``, ``VIDEO_TS``)."""

    name: str
    size_bytes: int
    modified_ns: int
    is_disc: bool = False


@dataclass(frozen=True, slots=True)
class Companion:
    """A file that goes with media: subtitles, artwork, an NFO."""

    name: str
    """Relative to the directory, so subtitles may stand as ``Subs/English.srt``."""
    kind: str
    size_bytes: int
    modified_ns: int
    owner: str | None = None
    """Name of the media file it belongs to; None where no single one can be told."""


@dataclass(frozen=True, slots=True)
class Directory:
    """What one listing found, companions already beside their media."""

    root: str
    path: str
    media: tuple[MediaFile, ...] = ()
    companions: tuple[Companion, ...] = ()
    other_files: int = 0
    """Files that are neither media nor a known companion."""
    pruned: int = 0
    """Entries left out as junk or by an ignore file."""

    def companions_by_owner(self) -> dict[str | None, list[Companion]]:
        """Return the companions by media file name, and under None those that belong to no single one."""
        owned: dict[str | None, list[Companion]] = {}
        for companion in self.companions:
            owned.setdefault(companion.owner, []).append(companion)
        return owned

    @property
    def files(self) -> int:
        """Every file seen here that was not pruned."""
        return len(self.media) + len(self.companions) + self.other_files


@dataclass(frozen=True, slots=True)
class Batch:
    """A bounded piece of the manifest: the work of one task run. Paths only, never a list of files."""

    batch_id: int
    manifest_path: str
    first_file: int
    """Which of the manifest part's media files is the batch's first."""
    media_files: int
    first_directory: str
    """Readable, for messages."""
    digest: str = ""
    """Of all that the manifest part says: equal means that parsing it again would change nothing."""
    is_whole: bool = True
    """Whether it is all of its manifest part."""

    @property
    def part(self) -> str:
        """The name of its parts in the tables of the snapshot."""
        of_it = "" if self.is_whole else f".{self.first_file:06}+{self.media_files}"
        return f"part-{self.batch_id:05}{of_it}.parquet"

    def halves(self) -> tuple[Batch, Batch]:
        """Return its media files as two batches of half the size, each written to parts of its own."""
        half = self.media_files // 2
        return (
            replace(self, media_files=half, is_whole=False),
            replace(
                self,
                first_file=self.first_file + half,
                media_files=self.media_files - half,
                is_whole=False,
            ),
        )


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """What parsing one batch came to."""

    batch_id: int
    files: int
    titled: int
    failures: int
    started_at: float
    """Seconds since the epoch, by the worker's clock."""
    duration_seconds: float
    cpu_seconds: float
    peak_memory_bytes: int
    memory_method: str
    worker: str

    @property
    def files_per_second(self) -> float:
        """Media files parsed per second of this batch's own time."""
        return self.files / self.duration_seconds if self.duration_seconds else 0.0
