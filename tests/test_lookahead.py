"""Listing ahead: as a walk that waits, only sooner."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from itertools import islice
from pathlib import Path
from threading import Barrier, Lock
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediacensus.listing import list_entries
from mediacensus.storage import LOCAL_CONCURRENCY, SLOW_CONCURRENCY, choose_concurrency, group_by_device
from mediacensus.walk import WalkRules, iter_library
from tests.trees import Files, build_tree, directories_of, media_paths, walk

if TYPE_CHECKING:
    from mediacensus.model import Failure
    from tests.conftest import TreeFactory

_SECONDS = 20
"""Far more than any wait takes; only there so that a test ends."""

_names = st.sampled_from(["a", "b", "Subs", "BDMV", "x.mkv", "y.srt", ".ignore", ".nomedia", "@eaDir", "Z-1"])
_paths = st.lists(_names, min_size=1, max_size=5).map("/".join)


class _Counting:
    """A lister that remembers what it was asked for, and how much at once."""

    def __init__(self) -> None:
        self.listed: Counter[str] = Counter()
        self.most_at_once = 0
        self._at_once = 0
        self._lock = Lock()

    def __call__(self, path: str, failures: list[Failure]) -> list[os.DirEntry[str]]:
        with self._lock:
            self.listed[os.path.basename(path)] += 1
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            return list_entries(path, failures)
        finally:
            with self._lock:
                self._at_once -= 1


@settings(max_examples=60)
@given(
    paths=st.sets(_paths, max_size=30), concurrency=st.integers(2, 8), patterns=st.sampled_from([(), ("b",)])
)
def test_the_walk_is_the_same(paths: set[str], concurrency: int, patterns: tuple[str, ...]) -> None:
    """Whatever the tree, many listings at once find the same, in the same order, as one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "root")
        root.mkdir()
        for path in sorted(paths):
            if not any((root / parent).is_file() for parent in Path(path).parents):
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                if not (root / path).is_dir():
                    (root / path).write_text("a\n" if path.endswith(".ignore") else "")
        rules = WalkRules(ignore_patterns=patterns)
        assert list(iter_library([str(root)], rules, concurrency=concurrency)) == walk(str(root), rules=rules)


def test_folders_are_listed_at_once(tree: TreeFactory) -> None:
    """Four folders whose listings all wait for one another are listed, so they are listed at once."""
    root = tree({f"{name}/{name}.mkv": 1 for name in "abcd"})
    barrier = Barrier(4)

    def list_together(path: str, failures: list[Failure]) -> list[os.DirEntry[str]]:
        if path != root:
            barrier.wait(_SECONDS)
        return list_entries(path, failures)

    found = list(iter_library([root], concurrency=4, list_entries=list_together))

    assert media_paths(found) == [f"{name}/{name}.mkv" for name in "abcd"]


def test_no_more_are_listed_at_once_than_allowed(tree: TreeFactory) -> None:
    """The limit holds, whatever there is to list; the walk itself may list one beside it."""
    root, lister = tree({f"{a}/{b}/x.mkv": 1 for a in range(20) for b in range(10)}), _Counting()

    found = list(iter_library([root], concurrency=3, list_entries=lister))

    assert len(directories_of(found)) == 200
    assert 1 <= lister.most_at_once <= 4
    assert sum(lister.listed.values()) == 221


def test_a_walk_that_is_not_asked_on_stops_listing(tree: TreeFactory) -> None:
    """Listings run ahead of whoever takes them by a bounded number, and end when the walk is given up."""
    root, lister = tree({f"{number:03}/x.mkv": 1 for number in range(500)}), _Counting()
    found = iter_library([root], concurrency=2, list_entries=lister)

    assert len(list(islice(found, 3))) == 3
    found.close()  # type: ignore[attr-defined]

    assert sum(lister.listed.values()) <= 1 + 3 + 2 * 8 + 2


def test_what_is_left_out_is_not_listed(tree: TreeFactory) -> None:
    """Junk, and folders that an option or an ignore file names, are not listed ahead of time either."""
    files: Files = {
        "keep/a/1.mkv": 1,
        "skip/a/2.mkv": 1,
        "@eaDir/3.mkv": 1,
        "own/deep/4.mkv": 1,
        "own/.ignore": "deep",
    }
    lister = _Counting()
    found = iter_library(
        [tree(files)], WalkRules(ignore_patterns=("skip",)), concurrency=4, list_entries=lister
    )

    assert media_paths(found) == ["keep/a/1.mkv"]
    assert lister.listed.keys() == {"library", "keep", "a", "own"}


def test_a_folder_that_cannot_be_listed_is_one_failure(tree: TreeFactory) -> None:
    """An error met in a thread is the walk's, once."""
    root = tree({"a/x.mkv": 1, "b/y.mkv": 1})

    def fail_on_a(path: str, failures: list[Failure]) -> list[os.DirEntry[str]]:
        return list_entries(path if path[-1] != "a" else f"{path}/gone", failures)

    found = list(iter_library([root], concurrency=4, list_entries=fail_on_a))

    assert media_paths(found) == ["b/y.mkv"]
    assert len(found) - len(directories_of(found)) == 1


def test_devices_are_walked_side_by_side(tree: TreeFactory) -> None:
    """Roots on two devices are walked in turn, a directory of each, and those on one after the other."""
    shared = Path("/dev/shm")
    here = tree({f"{name}/x.mkv": 1 for name in "abc"})
    if not shared.is_dir() or shared.stat().st_dev == os.stat(here).st_dev:
        pytest.skip("there is no second device")
    with tempfile.TemporaryDirectory(dir=shared) as folder:
        there = build_tree(Path(folder, "there"), {f"{name}/x.mkv": 1 for name in "de"}, {})
        also_here = tree({"f/x.mkv": 1}, at="also")

        found = directories_of(iter_library([here, there, also_here], concurrency=2))

        assert [os.path.basename(each.path) for each in found] == ["a", "d", "b", "e", "c", "f"]
        assert group_by_device([here, there, also_here]) == [[here, also_here], [there]]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("ext4", LOCAL_CONCURRENCY),
        ("btrfs", LOCAL_CONCURRENCY),
        ("fuseblk", LOCAL_CONCURRENCY),
        ("nfs4", SLOW_CONCURRENCY),
        ("cifs", SLOW_CONCURRENCY),
        ("fuse.sshfs", SLOW_CONCURRENCY),
        ("fuse", SLOW_CONCURRENCY),
    ],
)
def test_network_file_systems_are_slow(tmp_path: Path, kind: str, expected: int) -> None:
    """The nearest mount above a root decides, also one whose name has a space."""
    mounts = tmp_path / "mounts"
    point = str(tmp_path / "my films").replace(" ", r"\040")
    mounts.write_text(f"/dev/sda / ext4 rw 0 0\nserver:/x {point} {kind} rw 0 0\n")

    assert choose_concurrency(str(tmp_path / "my films" / "x"), mounts) == expected
    assert choose_concurrency(str(tmp_path / "my films 2"), mounts) == LOCAL_CONCURRENCY
    assert choose_concurrency("/x", tmp_path / "missing") == LOCAL_CONCURRENCY
