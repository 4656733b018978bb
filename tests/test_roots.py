"""What is wrong with a root is said before anything is written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mediacensus.errors import RootError
from mediacensus.roots import is_inside, resolve_roots

if TYPE_CHECKING:
    from collections.abc import Callable


def test_roots_are_absolute_in_the_order_given_and_once_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However a root is spelled, it is one absolute path."""
    (tmp_path / "b").mkdir()
    (tmp_path / "a").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    given: list[str | Path] = ["b", Path("a"), "b/", "./b", "~/b", tmp_path / "a" / ".." / "b"]
    roots = resolve_roots(given)
    assert roots == (str(tmp_path / "b"), str(tmp_path / "a"))


@pytest.mark.parametrize(
    ("roots", "message"),
    [
        ([], "No folder was given"),
        ([""], "name is empty"),
        (["{tmp}/a", ""], "name is empty"),
        (["{tmp}/gone"], "gone does not exist"),
        (["{tmp}/file"], "file is not a folder"),
        (["{tmp}/file/below"], "is not a folder"),
        (["{tmp}/dangling"], "dangling does not exist"),
        (["{tmp}/self"], "self cannot be read"),
        (["{tmp}", "{tmp}/a"], "a lies inside .*Give only one"),
        (["{tmp}/a", "{tmp}"], "a lies inside .*Give only one"),
        (["{tmp}/a", "{tmp}/link"], "lies inside"),
        (["/", "{tmp}"], "lies inside /,"),
    ],
)
def test_roots_that_cannot_be_walked_are_refused(tmp_path: Path, roots: list[str], message: str) -> None:
    """The message names the root and what to do."""
    (tmp_path / "a").mkdir()
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to("a")
    (tmp_path / "self").symlink_to("self")
    (tmp_path / "dangling").symlink_to("nowhere")
    with pytest.raises(RootError, match=message):
        resolve_roots([root.format(tmp=tmp_path) for root in roots])


def test_an_unreadable_root_is_refused(tmp_path: Path, lose_privileges: Callable[[], None]) -> None:
    """Permissions are checked before the run."""
    (tmp_path / "locked").mkdir(mode=0o000)
    lose_privileges()
    with pytest.raises(RootError, match="locked cannot be read: Permission denied"):
        resolve_roots([tmp_path / "locked"])


def test_a_root_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    """The run's record could not name it; the message is valid text."""
    path = os.path.join(tmp_path, os.fsdecode(b"caf\xe9"))
    os.mkdir(path)
    with pytest.raises(RootError, match=r"caf\\xe9: the path of a root must be UTF-8") as error:
        resolve_roots([path])
    assert str(error.value).encode().decode() == str(error.value)


@pytest.mark.parametrize(
    ("path", "folder", "inside"),
    [
        ("/a", "/a", True),
        ("/a/b", "/a", True),
        ("/a", "/", True),
        ("/", "/", True),
        ("/ab", "/a", False),
        ("/a", "/a/b", False),
        ("/a/../b", "/a", False),
    ],
)
def test_a_folder_is_inside_itself_and_those_above(path: str, folder: str, inside: bool) -> None:
    """Names that begin alike are different folders."""
    assert is_inside(path, folder) is inside
