"""What a walk leaves out, by name and by pattern."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mediacensus.errors import ParameterError
from mediacensus.ignore import (
    IgnoreRules,
    find_faulty_patterns,
    is_junk_directory,
    is_junk_file,
    read_ignore_file,
)
from mediacensus.walk import WalkRules
from tests.trees import directories_of, media_paths, problems, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import TreeFactory


@pytest.mark.parametrize(
    "name",
    [
        "@eaDir",
        "@EADIR",
        "$Recycle.Bin",
        ".anything",
        "Film.trickplay",
        "lost+found",
    ],
)
def test_junk_directories(name: str) -> None:
    """Folders of systems and servers are junk, in whatever case they are written."""
    assert is_junk_directory(name) is True


@pytest.mark.parametrize(
    "name",
    [
        "Recycled (2001)",
        "trickplay",
        "metadata",
        "Lost",
        "Specials",
        "@",
        "#Alive (2020)",
    ],
)
def test_directories_of_works_are_no_junk(name: str) -> None:
    """A title that resembles a junk folder is no junk."""
    assert is_junk_directory(name) is False


@pytest.mark.parametrize(
    "name",
    [
        "._a.mkv",
        ".DS_Store",
        "Thumbs.db",
        "THUMBS.DB",
        "desktop.ini",
        ".nomedia",
    ],
)
def test_junk_files(name: str) -> None:
    """Files that systems leave are junk."""
    assert is_junk_file(name) is True


@pytest.mark.parametrize(
    "name",
    [
        ".plexmatch",
        "thumb.jpg",
        "Thumbs.db.mkv",
        "a.mkv",
    ],
)
def test_files_that_are_no_junk(name: str) -> None:
    """A companion, even one with a leading dot, is no junk."""
    assert is_junk_file(name) is False


@pytest.mark.parametrize(
    ("patterns", "path", "is_directory", "ignored"),
    [
        (["*.avi"], "/r/a.avi", False, True),
        (["*.avi"], "/r/x/y/a.avi", False, True),
        (["x/"], "/r/x", False, False),
        (["x/"], "/r/x", True, True),
        (["/x"], "/r/y/x", True, False),
        (["a/**/z"], "/r/a/b/c/z", False, True),
        (["*.avi", "!b.avi"], "/r/b.avi", False, False),
        (["#x"], "/r/#x", False, False),
        ([r"\#x"], "/r/#x", False, True),
        (["", "  "], "/r/a", False, False),
        ([], "/r/a", False, False),
    ],
)
def test_patterns_are_gitignore_lines(
    patterns: list[str], path: str, is_directory: bool, ignored: bool
) -> None:
    """A path is compared below the folder the patterns were written for."""
    rules = IgnoreRules.from_patterns("/r", patterns)
    assert rules.is_ignored(path, is_directory=is_directory) is ignored


def test_rules_of_folders_above_hold_below() -> None:
    """Rules add up on the way down, and those of a folder do not reach its siblings."""
    above = IgnoreRules.from_patterns("/r", ["*.avi"])
    below = above.with_patterns("/r/a", ["/b.mkv"])
    ignored = [below.is_ignored(f"/r/a/{name}", is_directory=False) for name in ("x.avi", "b.mkv")]
    assert ignored == [True, True]
    assert above.is_ignored("/r/a/b.mkv", is_directory=False) is False


def test_patterns_of_the_file_systems_root_are_compared_below_it() -> None:
    """A root of / is a folder like any other."""
    assert IgnoreRules.from_patterns("/", ["/proc/"]).is_ignored("/proc", is_directory=True) is True


def test_rules_match_names_that_are_not_utf8() -> None:
    """Bytes that are not UTF-8 can be matched by * and by themselves."""
    name = os.fsdecode(b"caf\xe9.avi")
    assert IgnoreRules.from_patterns("/r", ["*.avi"]).is_ignored(f"/r/{name}", is_directory=False) is True
    assert IgnoreRules.from_patterns("/r", [name]).is_ignored(f"/r/{name}", is_directory=False) is True


def test_faulty_patterns_are_found() -> None:
    """Only the lines that no pattern can be read from are returned."""
    lines = ["*.avi", "!", "", "# note", "[z-a]", "a\\", "[", "**"]
    assert find_faulty_patterns(lines) == ["!", "[z-a]", "a\\"]


def test_an_ignore_file_keeps_its_bytes(tree: TreeFactory) -> None:
    """A byte order mark and line ends of other systems are no part of the patterns."""
    root = tree({})
    path = os.path.join(root, ".ignore")
    with open(path, "wb") as out:
        out.write(b"\xef\xbb\xbf*.avi\r\ncaf\xe9\n")
    assert read_ignore_file(path) == ["*.avi", os.fsdecode(b"caf\xe9")]


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_only_regular_files_are_read(tree: TreeFactory, make: object) -> None:
    """A pipe or a folder in place of an ignore file is an error, and no wait."""
    path = os.path.join(tree({}), ".ignore")
    assert callable(make)
    make(path)
    with pytest.raises(OSError, match=r"regular file|directory"):
        read_ignore_file(path)


def test_a_device_is_not_read(tree: TreeFactory) -> None:
    """A link to something without an end is an error."""
    root = tree({}, {".ignore": "/dev/zero"})
    with pytest.raises(OSError, match="regular file"):
        read_ignore_file(os.path.join(root, ".ignore"))


@pytest.mark.parametrize(
    "name",
    [
        ".Trash-1000",
        ".zfs",
        "@eaDir",
        "#recycle",
        "#snapshot",
        "@Recycle",
        "@Recently-Snapshot",
        "$RECYCLE.BIN",
        "System Volume Information",
        "lost+found",
        "extrafanart",
        "Plex Versions",
        "__MACOSX",
        "FOUND.000",
        "RECYCLER",
        "Alien.trickplay",
    ],
)
def test_junk_directories_are_pruned_before_descent(
    tree: TreeFactory, lose_privileges: Callable[[], None], name: str
) -> None:
    """A junk directory is counted as pruned and never listed: one that cannot be read is no failure."""
    root = tree({"film.mkv": 1, f"{name}/hidden.mkv": 1})
    os.chmod(os.path.join(root, name), 0)
    lose_privileges()
    found = walk(root)
    assert (media_paths(found), problems(root, found)) == (["film.mkv"], [])
    assert [each.pruned for each in directories_of(found)] == [1]


def test_files_that_systems_leave_are_pruned(tree: TreeFactory) -> None:
    """Dot files and thumbnails databases are pruned, .plexmatch is a companion."""
    junk = ["._film.mkv", ".hidden.mkv", "Thumbs.db", "desktop.ini"]
    root = tree(dict.fromkeys([*junk, ".plexmatch", "a.mkv"], 1))
    (found,) = directories_of(walk(root))
    assert (found.pruned, [c.name for c in found.companions]) == (4, [".plexmatch"])
    assert media_paths([found]) == ["a.mkv"]


def test_junk_that_cannot_be_reached_is_pruned_silently(tree: TreeFactory) -> None:
    """A hidden link that leads to itself is junk and no problem."""
    root = tree({"a.mkv": 1}, {".self": ".self"})
    found = walk(root)
    assert (media_paths(found), problems(root, found)) == (["a.mkv"], [])


@pytest.mark.parametrize(
    ("files", "kept"),
    [
        ({"in/.ignore": "", "in/a.mkv": 1, "in/sub/b.mkv": 1, "out.mkv": 1}, ["out.mkv"]),
        ({"in/.ignore": " \n\n", "in/a.mkv": 1, "out.mkv": 1}, ["out.mkv"]),
        ({"in/.nomedia": "", "in/a.mkv": 1, "in/sub/b.mkv": 1, "out.mkv": 1}, ["out.mkv"]),
        ({"in/.nomedia": "a line", "in/a.mkv": 1}, []),
        ({".ignore": "# nothing\n", "a.mkv": 1}, ["a.mkv"]),
        ({".plexignore": "", "a.mkv": 1}, ["a.mkv"]),
        ({".plexignore": "# note\n*.avi\n", "a.mkv": 1, "b.avi": 1, "sub/c.avi": 1}, ["a.mkv"]),
        ({".plexignore": "sub/*\n", "a.mkv": 1, "sub/c.mkv": 1, "x/sub/d.mkv": 1}, ["a.mkv", "x/sub/d.mkv"]),
        ({".ignore": "*.mkv\n!b.mkv\n", "a.mkv": 1, "b.mkv": 1, "s/b.mkv": 1}, ["b.mkv", "s/b.mkv"]),
        ({".ignore": "/top.mkv\n", "top.mkv": 1, "sub/top.mkv": 1}, ["sub/top.mkv"]),
        ({".ignore": "sub/\n", "a.mkv": 1, "sub/b.mkv": 1, "x/sub/c.mkv": 1}, ["a.mkv"]),
        ({".ignore": "sub\n", "sub.mkv": 1, "sub/b.mkv": 1}, ["sub.mkv"]),
        ({"x/.ignore": "*.mkv\n", "x/a.mkv": 1, "x/y/b.mkv": 1, "z.mkv": 1}, ["z.mkv"]),
        ({".ignore": "\ufeff*.avi\r\n*.iso\r\n", "a.avi": 1, "b.iso": 1, "c.mkv": 1}, ["c.mkv"]),
        ({".ignore": "*.avi\n", ".plexignore": "*.iso\n", "a.avi": 1, "b.iso": 1, "c.mkv": 1}, ["c.mkv"]),
        ({"Subs/.plexignore": "v.mkv\n", "Subs/A/v.mkv": 1, "Subs/A/w.mkv": 1}, ["Subs/A/w.mkv"]),
    ],
)
def test_ignore_files_of_the_library_are_obeyed(
    tree: TreeFactory, files: dict[str | bytes, int | str], kept: list[str]
) -> None:
    """.plexignore, .ignore and .nomedia leave out what they name, in their folder and below."""
    root = tree(files)
    found = walk(root)
    assert (media_paths(found), problems(root, found)) == (kept, [])


def test_patterns_of_the_user_hold_in_every_root(tree: TreeFactory) -> None:
    """Ignore patterns of the rules speak of paths below each root."""
    rules = WalkRules(ignore_patterns=("*.iso", "/Downloads/"))
    first = tree({"Downloads/a.mkv": 1, "b.iso": 1, "c.mkv": 1}, at="one")
    second = tree({"x/Downloads/d.mkv": 1, "e.iso": 1}, at="two")
    assert media_paths(walk(first, second, rules=rules)) == ["c.mkv", "x/Downloads/d.mkv"]


@pytest.mark.parametrize("pattern", ["!", "[z-a]", "\\"])
def test_a_faulty_pattern_of_the_user_is_refused_at_once(pattern: str) -> None:
    """Rules with a line that is no gitignore pattern are never made."""
    with pytest.raises(ParameterError, match="no gitignore pattern"):
        WalkRules.chosen(None, ["*.iso", pattern])


def test_the_nearest_ignore_file_decides(tree: TreeFactory) -> None:
    """A deeper ignore file takes back in what one above it leaves out."""
    root = tree({"a.mkv": 1, "Keep/b.mkv": 1, "Keep/c.avi": 1})
    Path(root, ".plexignore").write_text("*.mkv\n*.avi\n")
    Path(root, "Keep", ".ignore").write_text("!*.mkv\n")
    assert media_paths(walk(root)) == ["Keep/b.mkv"]


@pytest.mark.parametrize("pattern", ["!", "[z-a]", "\\"])
def test_a_faulty_line_of_an_ignore_file_costs_itself(tree: TreeFactory, pattern: str) -> None:
    """The other lines of the file hold, the faulty one is a failure."""
    root = tree({".plexignore": f"{pattern}\n*.avi\n", "a.avi": 1, "b.mkv": 1})
    found = walk(root)
    assert media_paths(found) == ["b.mkv"]
    assert problems(root, found) == [("unreadable ignore file", ".plexignore")]


def test_an_unreadable_ignore_file_is_a_failure(
    tree: TreeFactory, lose_privileges: Callable[[], None]
) -> None:
    """What an ignore file that cannot be read would leave out is walked, and the file reported."""
    root = tree({".ignore": "*.mkv", "a.mkv": 1})
    os.chmod(os.path.join(root, ".ignore"), 0)
    lose_privileges()
    found = walk(root)
    assert media_paths(found) == ["a.mkv"]
    assert problems(root, found) == [("unreadable ignore file", ".ignore")]


@pytest.mark.parametrize("name", [".ignore", ".plexignore"])
def test_an_ignore_file_that_is_no_file_is_a_failure(tree: TreeFactory, name: str) -> None:
    """A pipe or a folder in place of an ignore file neither ends the walk nor keeps it waiting."""
    root = tree({"a.mkv": 1, f"folder/{name}/": 0, "folder/b.mkv": 1})
    os.mkfifo(os.path.join(root, name))
    found = walk(root)
    assert media_paths(found) == ["a.mkv", "folder/b.mkv"]
    assert problems(root, found) == [
        ("unreadable ignore file", name),
        ("unreadable ignore file", f"folder/{name}"),
    ]
