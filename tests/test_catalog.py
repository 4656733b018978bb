"""The catalog folder: one run at a time, snapshots that never change."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mediacensus.catalog import CATALOG_VARIABLE, Catalog, default_catalog, new_run_id
from mediacensus.errors import (
    CatalogBusyError,
    CatalogEmptyError,
    CatalogError,
    CatalogFormatError,
    ParameterError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_OTHER_PROCESS = """
import sys
from mediacensus.catalog import Catalog
with Catalog(sys.argv[1]).locked():
    print("locked", flush=True)
    sys.stdin.read()
"""


def _publish(catalog: Catalog, number: int = 0) -> Path:
    with catalog.locked(), catalog.new_snapshot(new_run_id()) as folder:
        (folder / "entries").mkdir()
        (folder / "entries/part.parquet").write_text(str(number))
        return catalog.publish(folder, {"number": number})


@pytest.fixture
def other_process(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process of its own that holds the lock of the catalog in ``tmp_path / "catalog"``."""
    process = subprocess.Popen(
        [sys.executable, "-c", _OTHER_PROCESS, str(tmp_path / "catalog")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        yield process
        process.kill()


def _take_and_release(catalog: Catalog) -> None:
    with catalog.locked():
        pass


def test_another_process_is_kept_out(tmp_path: Path, other_process: subprocess.Popen[str]) -> None:
    """While one process holds the lock another is refused, and told who holds it."""
    with pytest.raises(CatalogBusyError, match=f"process {other_process.pid} on .* since .* UTC"):
        _take_and_release(Catalog(tmp_path / "catalog"))


def test_a_killed_process_holds_no_lock(tmp_path: Path, other_process: subprocess.Popen[str]) -> None:
    """The lock ends with its process, however that ends."""
    other_process.kill()
    other_process.wait()
    _take_and_release(Catalog(tmp_path / "catalog"))


def test_one_process_may_take_its_lock_again(tmp_path: Path) -> None:
    """The inner block neither waits nor ends the outer one's hold."""
    catalog = Catalog(tmp_path / "catalog")
    with catalog.locked():
        _take_and_release(Catalog(tmp_path / "catalog"))
        process = subprocess.run(
            [sys.executable, "-c", _OTHER_PROCESS, str(catalog.path)],
            check=False,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
    assert "CatalogBusyError" in process.stderr
    _take_and_release(catalog)


def test_a_block_that_fails_gives_the_lock_back(tmp_path: Path) -> None:
    """An error inside leaves the catalog free."""
    catalog = Catalog(tmp_path)
    for _ in range(2):
        with pytest.raises(KeyError), catalog.locked():
            raise KeyError


def test_a_folder_that_cannot_be_written_is_an_error(
    tmp_path: Path, lose_privileges: Callable[[], None]
) -> None:
    """The message names the catalog and the reason."""
    (tmp_path / "locked").mkdir(mode=0o555)
    lose_privileges()
    with pytest.raises(CatalogError, match=r"locked/catalog cannot be written: Permission denied"):
        _take_and_release(Catalog(tmp_path / "locked" / "catalog"))


@pytest.mark.parametrize("use", [_take_and_release, Catalog.current_snapshot])
def test_a_file_in_place_of_the_folder_is_an_error(tmp_path: Path, use: Callable[[Catalog], object]) -> None:
    """A catalog that is no folder can be neither written nor read."""
    (tmp_path / "catalog").write_text("")
    with pytest.raises(CatalogError, match="catalog cannot be"):
        use(Catalog(tmp_path / "catalog"))


@pytest.mark.parametrize("below", [".", "catalog", "a/b/catalog", "linked/catalog"])
def test_a_catalog_inside_a_root_is_refused(tmp_path: Path, below: str) -> None:
    """No catalog lies in a library, nor behind a link into one."""
    root = tmp_path / "root"
    root.mkdir()
    (root / "linked").symlink_to(".")
    with pytest.raises(ParameterError, match="never written to"):
        Catalog(root / below).check_outside(["/nowhere", str(root)])


@pytest.mark.parametrize("beside", ["catalog", "root2", "root.catalog", "."])
def test_a_catalog_beside_or_above_a_root_is_accepted(tmp_path: Path, beside: str) -> None:
    """A name that begins like the root's is another folder."""
    (tmp_path / "root").mkdir()
    Catalog(tmp_path / beside).check_outside([str(tmp_path / "root")])


def test_a_published_snapshot_is_the_current_one(tmp_path: Path) -> None:
    """It is complete, holds the run's record, and nothing unfinished stays."""
    catalog = Catalog(tmp_path)
    snapshot = _publish(catalog, 7)
    assert catalog.current_snapshot() == snapshot
    assert json.loads((snapshot / "run.json").read_text()) == {"number": 7}
    assert sorted(str(each.relative_to(snapshot)) for each in snapshot.rglob("*")) == [
        "entries",
        "entries/part.parquet",
        "run.json",
    ]
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "catalog-format-1",
        "current",
        "lock",
        "snapshots",
        "unfinished",
    ]


def test_a_record_in_any_script_is_kept(tmp_path: Path) -> None:
    """Text beyond ASCII is written as UTF-8, whatever the locale."""
    with Catalog(tmp_path).new_snapshot(new_run_id()) as folder:
        snapshot = Catalog(tmp_path).publish(folder, {"roots": ["/日本/é"]})
    assert json.loads((snapshot / "run.json").read_bytes().decode()) == {"roots": ["/日本/é"]}


def test_a_second_snapshot_leaves_the_first_as_it_was(tmp_path: Path) -> None:
    """Older snapshots stay readable to the last byte."""
    catalog = Catalog(tmp_path)
    first = _publish(catalog, 1)
    before = {path: path.read_bytes() for path in first.rglob("*") if path.is_file()}
    second = _publish(catalog, 2)
    assert catalog.current_snapshot() == second
    assert {path: path.read_bytes() for path in first.rglob("*") if path.is_file()} == before


def test_readers_during_publishing_see_a_whole_snapshot(tmp_path: Path) -> None:
    """Whoever reads while snapshots are published gets one that is complete, and never an older one again."""
    catalog = Catalog(tmp_path)
    _publish(catalog, 0)
    seen: list[tuple[int, int]] = []
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            snapshot = Catalog(tmp_path).current_snapshot()
            record = json.loads((snapshot / "run.json").read_text())
            seen.append((record["number"], int((snapshot / "entries/part.parquet").read_text())))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 40):
        _publish(catalog, number)
    over.set()
    reader.join()
    assert len(seen) > 0
    assert [record for record, _ in seen] == [part for _, part in seen]
    assert seen == sorted(seen)


def test_a_failed_snapshot_is_never_current(tmp_path: Path) -> None:
    """A block that ends without publishing leaves the catalog as it was."""
    catalog = Catalog(tmp_path)
    snapshot = _publish(catalog)
    with pytest.raises(KeyError), catalog.new_snapshot(new_run_id()):
        raise KeyError
    assert catalog.current_snapshot() == snapshot


def test_leftovers_of_interrupted_runs_are_removed(tmp_path: Path) -> None:
    """The next run starts with an empty folder for unfinished snapshots."""
    catalog = Catalog(tmp_path)
    with catalog.new_snapshot("20200101T000000Z-0000") as leftover:
        (leftover / "entries").mkdir()
    with catalog.new_snapshot(new_run_id()) as folder:
        assert list((tmp_path / "unfinished").iterdir()) == [folder]


def test_nothing_that_is_not_of_a_run_is_removed(tmp_path: Path) -> None:
    """A folder of somebody's own called unfinished is left alone."""
    theirs = tmp_path / "unfinished" / "My Downloads" / "film.mkv"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("precious")
    with Catalog(tmp_path).new_snapshot(new_run_id()):
        pass
    assert theirs.read_text() == "precious"


def test_a_snapshot_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    """What stands in the way of a new snapshot is reported, with the catalog's path."""
    (tmp_path / "unfinished").write_text("a file")
    with pytest.raises(CatalogError, match="cannot be written"), Catalog(tmp_path).new_snapshot(new_run_id()):
        pass


def test_an_empty_catalog_says_how_to_fill_it(tmp_path: Path) -> None:
    """Without a snapshot there is an error of its own kind."""
    with pytest.raises(CatalogEmptyError, match="mediacensus scan"):
        Catalog(tmp_path / "new").current_snapshot()


@pytest.mark.parametrize(
    "pointer",
    [b"", b"\n", b"20200101T000000Z-0000\n", b"..", b"/etc", b"\xff\xfe\x00", b"a\0b", b"x" * 5000],
)
def test_a_pointer_to_nothing_is_an_error(tmp_path: Path, pointer: bytes) -> None:
    """Whatever is in current, only a complete snapshot is ever returned."""
    catalog = Catalog(tmp_path)
    _publish(catalog)
    (tmp_path / "run.json").write_text("{}")
    (tmp_path / "current").write_bytes(pointer)
    with pytest.raises(CatalogFormatError, match="no complete snapshot"):
        catalog.current_snapshot()


def test_a_snapshot_without_its_record_is_incomplete(tmp_path: Path) -> None:
    """A snapshot that lost its run.json is not used."""
    catalog = Catalog(tmp_path)
    (_publish(catalog) / "run.json").unlink()
    with pytest.raises(CatalogFormatError, match="Scan again"):
        catalog.current_snapshot()


def test_run_ids_are_all_different_and_sort_by_time() -> None:
    """An id begins with the time in UTC and ends with four random digits."""
    ids = {new_run_id() for _ in range(50)}
    assert len(ids) > 40
    assert {len(each) for each in ids} == {21}


def test_the_environment_names_the_catalog(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The variable decides, and without it a folder of the user's data."""
    monkeypatch.setenv(CATALOG_VARIABLE, str(tmp_path))
    assert default_catalog() == tmp_path
    monkeypatch.setenv(CATALOG_VARIABLE, "")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert default_catalog() == tmp_path / "data" / "mediacensus"


def test_a_catalogs_path_is_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Relative paths and the user's home are resolved when the catalog is named."""
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Catalog("~/census").path == tmp_path / "census"
    assert Catalog("census").path == Path(os.getcwd(), "census")


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    """A folder that somebody keeps other things in is refused, and nothing in it is changed."""
    (tmp_path / "lock").write_text("mine")

    with (
        pytest.raises(CatalogFormatError, match="is not empty and is no catalog"),
        Catalog(tmp_path).locked(),
    ):
        pass

    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("lock", "mine")]


def test_a_catalog_of_another_format_is_refused(tmp_path: Path) -> None:
    """A catalog that another version made is neither read as ours nor written."""
    (tmp_path / "catalog-format-2").touch()

    with pytest.raises(CatalogFormatError, match="another version"), Catalog(tmp_path).locked():
        pass
