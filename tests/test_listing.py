"""Reading the file system: every error is a failure with its path."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from mediacensus.listing import (
    encoding_failure,
    failure_of,
    list_entries,
    modified_ns,
    size_of_tree,
    stat_entry,
)
from mediacensus.model import Failure, FailureKind
from mediacensus.names import readable

if TYPE_CHECKING:
    from tests.conftest import TreeFactory


def test_entries_come_in_name_order(tree: TreeFactory) -> None:
    """The order is that of the names' characters, whatever the disk's is."""
    root = tree({b"b": 1, b"a": 1, b"B": 1, b"\xff": 1, "é": 1, "10": 1, "9": 1})
    names = [os.fsencode(entry.name) for entry in list_entries(root, [])]
    assert names == [b"10", b"9", b"B", b"a", b"b", "é".encode(), b"\xff"]


@pytest.mark.parametrize("name", ["gone", "file"])
def test_what_cannot_be_listed_is_a_failure(tree: TreeFactory, name: str) -> None:
    """A directory that vanished, or is none, gives no entries and one failure that says what is missing."""
    path = os.path.join(tree({"file": 1}), name)
    failures: list[Failure] = []
    assert list_entries(path, failures) == []
    assert [(each.kind, each.path) for each in failures] == [(FailureKind.UNREADABLE_DIRECTORY, path)]
    assert failures[0].message.endswith("; what is below is not in the census")


def test_a_file_that_vanished_after_the_listing_is_a_failure(tree: TreeFactory) -> None:
    """Between listing and status a file may go; that is recorded, and nothing is raised."""
    root = tree({"film.mkv": 1})
    (entry,) = list_entries(root, [])
    os.unlink(entry.path)
    failures: list[Failure] = []
    assert stat_entry(entry, failures) is None
    message = "it vanished while its folder was being listed"
    assert failures == [Failure(FailureKind.UNREADABLE_FILE, entry.path, message)]


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ELOOP, FailureKind.SYMLINK_LOOP),
        (errno.ENOENT, FailureKind.UNREADABLE_FILE),
        (errno.EACCES, FailureKind.UNREADABLE_FILE),
        (errno.EIO, FailureKind.UNREADABLE_FILE),
        (errno.ESTALE, FailureKind.UNREADABLE_FILE),
    ],
)
def test_errors_are_told_apart(number: int, kind: FailureKind) -> None:
    """Each error of the system has its kind of failure, and a text."""
    failure = failure_of("/nowhere", OSError(number, os.strerror(number)))
    assert (failure.kind, failure.path, bool(failure.message)) == (kind, "/nowhere", True)


def test_an_error_without_a_text_is_shown_as_it_is() -> None:
    """A failure's message is never empty."""
    assert failure_of("/nowhere", OSError("odd")).message == "odd"


def test_a_tree_is_as_large_as_its_files_together(tree: TreeFactory) -> None:
    """Files at every depth count, links to folders are not entered."""
    root = tree({"a": 1, "b/c": 20, "b/d/e": 300}, {"b/up": ".."})
    os.utime(os.path.join(root, "b/d/e"), ns=(1, 5))
    size_bytes, _ = size_of_tree(root, [])
    assert size_bytes == 321


def test_an_empty_tree_has_no_size_and_no_age(tree: TreeFactory) -> None:
    """Folders themselves count for nothing."""
    assert size_of_tree(tree({"a/b/": 0}), []) == (0, 0)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, 0), (-1, -(10**9)), (2**40, 2**63 - 1), (-(2**40), -(2**63))],
)
def test_dates_fit_64_bits(seconds: int, expected: int) -> None:
    """A date too far away becomes the nearest that fits."""
    status = os.stat_result((0,) * 10, {"st_mtime_ns": seconds * 10**9})
    assert modified_ns(status) == expected


@pytest.mark.parametrize("name", ["plain.mkv", "Amélie.mkv", "日本.mkv", "🎬.mkv", ""])
def test_utf8_names_give_no_notice(name: str) -> None:
    """Whatever can be written as UTF-8 is in order."""
    assert encoding_failure(name, "/x") is None


def test_a_name_that_is_not_utf8_gives_a_notice() -> None:
    """The notice says that nothing is missing."""
    failure = encoding_failure(os.fsdecode(b"\xe9.mkv"), "/x")
    assert failure is not None
    assert (failure.kind, failure.kind.severity.value) == (FailureKind.NAME_NOT_UTF8, "notice")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (b"plain", "plain"),
        ("Amélie".encode(), "Amélie"),
        (b"Am\xe9lie", r"Am\xe9lie"),
        (b"\xed\xa0\x80", r"\xed\xa0\x80"),
        (b"back\\slash", "back\\slash"),
    ],
)
def test_readable_text_is_always_valid(path: bytes, text: str) -> None:
    r"""Bytes that are not UTF-8 are shown as \x.., everything else as it is."""
    assert readable(os.fsdecode(path)) == text
    assert readable(os.fsdecode(path)).encode().decode() == text
