"""The catalog folder: immutable snapshots, one name for the newest, one run at a time.

::

    CATALOG/
      catalog-format-1        says that this folder is a catalog, and of which format
      current                 names the newest complete snapshot
      lock                    held while a run writes
      snapshots/RUN_ID/       complete, never changed again
        entries/*.parquet     one row per media file
        failures/*.parquet    one row per problem
        manifest/…            what the walk saw
        run.json              what the run measured
        report.html           a page about both, for people
      unfinished/RUN_ID/      a snapshot being made
      prefect/                state of the private Prefect server
      tmdb/                   answers of TMDB, kept from run to run
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import shutil
import socket
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

from mediacensus.errors import (
    CatalogBusyError,
    CatalogEmptyError,
    CatalogError,
    CatalogFormatError,
    ParameterError,
)
from mediacensus.roots import is_inside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CATALOG_VARIABLE = "MEDIACENSUS_CATALOG"
"""Environment variable that names the catalog folder where no option does."""

RUN_FILE = "run.json"
REPORT_FILE = "report.html"
TMDB_FOLDER = "tmdb"
"""Answers of TMDB, kept from run to run. May be removed at any time between runs: it costs calls."""
PLAN_FILE = "plan.json"
"""In an unfinished snapshot: what decides which entries it will have."""
_FORMAT = "catalog-format-"
_MARKER = _FORMAT + "1"
"""An empty file; its name changes when an older version could no longer read or write the catalog."""

_RUN_ID = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{4}")

_held: dict[Path, int] = {}
"""Locks this process holds, with how many blocks rely on each: the command line takes the lock before
it starts a server, the flow takes it again for runs that no command line started."""


def default_catalog() -> Path:
    """Return the catalog folder of the environment variable, else one in the user's data folder."""
    named = os.environ.get(CATALOG_VARIABLE)
    return Path(named) if named else platformdirs.user_data_path("mediacensus")


def new_run_id() -> str:
    """Return an id that sorts by time, ``20260131T204500Z-9f3a``."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"


class Catalog:
    """One catalog folder."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(os.path.abspath(os.path.expanduser(path)))

    def check_outside(self, roots: Iterable[str]) -> None:
        """Make sure that writing the catalog touches no library.

        Raises:
            ParameterError: the catalog lies inside a root.
        """
        for root in roots:
            if is_inside(str(self.path), root):
                raise ParameterError(
                    f"The catalog {self.path} lies inside the library {root}, which is never written to. "
                    f"Name another folder with --catalog or {CATALOG_VARIABLE}."
                )

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other runs out while the block runs. The lock ends with the process, however that ends.

        Raises:
            CatalogBusyError: another process holds it.
            CatalogError: the folder cannot be written.
        """
        if self.path in _held:
            _held[self.path] += 1
            try:
                yield
            finally:
                _held[self.path] -= 1
            return
        descriptor = self._take_lock()
        _held[self.path] = 1
        try:
            yield
        finally:
            del _held[self.path]
            os.close(descriptor)

    def _take_lock(self) -> int:
        """Return the open, locked lock file."""
        lock = self.path / "lock"
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._mark()
            descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise CatalogError(f"The catalog {self.path} cannot be written: {error.strerror}.") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(descriptor, 200, 0).decode(errors="replace").strip()
            os.close(descriptor)
            raise CatalogBusyError(
                f"Another run is writing to the catalog {self.path} ({holder or 'it has just started'}). "
                "Wait for it to end, or name another catalog with --catalog."
            ) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, _this_process().encode(), 0)
        return descriptor

    def _mark(self) -> None:
        """Make an empty folder a catalog; leave a folder alone that somebody keeps other things in.

        Raises:
            CatalogFormatError: the folder is no catalog, or one of another version.
        """
        names = set(os.listdir(self.path))
        if _MARKER in names:
            return
        if any(name.startswith(_FORMAT) for name in names):
            raise CatalogFormatError(
                f"The catalog {self.path} was made by another version of mediacensus. "
                "Use that version, or name another folder with --catalog."
            )
        if names:
            raise CatalogFormatError(
                f"The folder {self.path} is not empty and is no catalog. Name a new folder with --catalog."
            )
        (self.path / _MARKER).touch()

    def find_unfinished(self, plan: dict[str, Any]) -> str | None:
        """Return the id of the newest run that was to make the same entries and never ended."""
        found = [each.name for each in self._iter_unfinished() if _read_plan(each / PLAN_FILE) == plan]
        return max(found, default=None)

    @contextmanager
    def new_snapshot(self, run_id: str, plan: dict[str, Any] | None = None) -> Iterator[Path]:
        """Make the folder of a snapshot; to be published in the block, else it is left unfinished.

        That of an unfinished run is as that run left it. Leftovers of other runs that never ended are
        removed: the lock says that nobody works on them.

        Args:
            run_id: a new one, or that of a run to be continued.
            plan: what decides which entries the run makes, so that it can be continued.

        Raises:
            CatalogError: the folder cannot be made.
        """
        self.discard_unfinished(but=run_id)
        folder = self.path / "unfinished" / run_id
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_durably(folder / PLAN_FILE, json.dumps(plan) + "\n")
        except OSError as error:
            raise CatalogError(f"The catalog {self.path} cannot be written: {error.strerror}.") from error
        yield folder

    def discard_unfinished(self, but: str | None = None) -> None:
        """Remove what interrupted runs left, and nothing that somebody else keeps under that name."""
        for folder in self._iter_unfinished():
            if folder.name != but:
                shutil.rmtree(folder, ignore_errors=True)

    def _iter_unfinished(self) -> Iterator[Path]:
        for folder in (self.path / "unfinished").glob("*"):
            if _RUN_ID.fullmatch(folder.name):
                yield folder

    def publish(self, folder: Path, run: dict[str, Any]) -> Path:
        """Complete a snapshot with its ``run.json`` and make it the current one, in one step each.

        Readers see the old snapshot or the new one, never a piece.
        """
        write_durably(folder / RUN_FILE, json.dumps(run, indent=1, ensure_ascii=False) + "\n")
        snapshot = self.path / "snapshots" / folder.name
        snapshot.parent.mkdir(exist_ok=True)
        os.replace(folder, snapshot)
        (snapshot / PLAN_FILE).unlink(missing_ok=True)
        _sync_folder(snapshot.parent)
        write_durably(self.path / "current", folder.name + "\n")
        return snapshot

    def iter_snapshots(self) -> Iterator[Path]:
        """Yield the folders of complete snapshots, the newest first."""
        for folder in sorted((self.path / "snapshots").glob("*"), reverse=True):
            if _RUN_ID.fullmatch(folder.name) and (folder / RUN_FILE).is_file():
                yield folder

    def snapshot(self, run_id: str | None = None) -> Path:
        """Return the folder of one complete snapshot, the newest where none is named.

        Raises:
            CatalogEmptyError: nothing has been published.
            CatalogFormatError: ``current`` names a snapshot that is not there.
            ParameterError: no run has that id.
        """
        current = self.current_snapshot()
        if run_id is None:
            return current
        snapshot = current.parent / run_id
        if not _RUN_ID.fullmatch(run_id) or not (snapshot / RUN_FILE).is_file():
            raise ParameterError(
                f"The catalog {self.path} has no run {run_id!r}. List its runs with: mediacensus runs"
            )
        return snapshot

    def current_snapshot(self) -> Path:
        """Return the folder of the newest complete snapshot.

        Raises:
            CatalogEmptyError: nothing has been published.
            CatalogFormatError: ``current`` names a snapshot that is not there.
        """
        pointer = self.path / "current"
        try:
            run_id = pointer.read_text(encoding="utf-8", errors="replace").strip()
        except FileNotFoundError:
            raise CatalogEmptyError(
                f"The catalog {self.path} is empty. Fill it with: mediacensus scan /path/to/library"
            ) from None
        except OSError as error:
            raise CatalogError(f"The catalog {self.path} cannot be read: {error.strerror}.") from error
        snapshot = self.path / "snapshots" / run_id
        if not _RUN_ID.fullmatch(run_id) or not (snapshot / RUN_FILE).is_file():
            raise CatalogFormatError(
                f"{pointer} names {run_id!r}, which is no complete snapshot. Scan again."
            )
        return snapshot


def _read_plan(path: Path) -> object:
    """Return a plan; None where there is none, or half of one."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _this_process() -> str:
    return (
        f"process {os.getpid()} on {socket.gethostname()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n"
    )


def write_durably(path: Path, text: str) -> None:
    """Write a small file so that after a crash it holds the old text or the new, whole."""
    unfinished = path.with_name(path.name + ".unfinished")
    with open(unfinished, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    os.replace(unfinished, path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
