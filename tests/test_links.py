"""Links to directories: what is behind them is counted once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from mediacensus.links import FollowedLinks
from mediacensus.model import Failure
from tests.trees import directories_of, media_paths, problems, walk

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import TreeFactory


def _entry(path: str) -> os.DirEntry[str]:
    with os.scandir(os.path.dirname(path)) as entries:
        return next(each for each in entries if each.name == os.path.basename(path))


def test_a_link_may_be_asked_about_again(tree: TreeFactory) -> None:
    """The link that was followed first stays the one to follow."""
    outside = tree({"x.mkv": 1}, at="outside")
    root = tree({}, {"one": outside})
    links = FollowedLinks([root])
    assert [links.check(_entry(f"{root}/one")) for _ in range(2)] == [None, None]


def test_an_ordinary_folder_is_walked(tree: TreeFactory) -> None:
    """A folder that no link leads to has nothing against it."""
    root = tree({"folder/x.mkv": 1})
    assert FollowedLinks([root]).check(_entry(f"{root}/folder")) is None


@pytest.mark.parametrize(
    ("links", "media", "problem"),
    [
        ({"a": "{out}", "b": "{out}/in"}, ["a/1.mkv", "a/in/2.mkv"], "b"),
        ({"a": "{out}/in", "b": "{out}"}, ["a/2.mkv", "b/1.mkv"], "b/in"),
        ({"a": "{out}", "b": "{root}/a"}, ["a/1.mkv", "a/in/2.mkv"], "b"),
    ],
)
def test_folders_behind_two_links_are_walked_once(
    tree: TreeFactory, links: dict[str, str], media: list[str], problem: str
) -> None:
    """Whichever of an outer and an inner folder is linked first, no file is counted twice."""
    out = tree({"1.mkv": 1, "in/2.mkv": 1}, at="outside")
    root = tree()
    tree({}, {name: target.format(out=out, root=root) for name, target in links.items()})
    found = walk(root)
    assert media_paths(found) == media
    assert problems(root, found) == [("linked twice", problem)]


def test_links_between_places_outside_end(tree: TreeFactory) -> None:
    """Two folders outside that link to each other are walked once each."""
    one, two = tree({"1.mkv": 1}, at="one"), tree({"2.mkv": 1}, at="two")
    tree({}, {"deep/to two": two}, at="one")
    tree({}, {"to one": one, "to deep": f"{one}/deep"}, at="two")
    root = tree({}, {"start": one})
    found = walk(root)
    assert media_paths(found) == ["start/1.mkv", "start/deep/to two/2.mkv"]
    assert {kind for kind, _ in problems(root, found)} == {"linked twice"}


def test_a_root_behind_a_link_is_walked_as_a_root(tree: TreeFactory) -> None:
    """A link to a folder above another root does not count that root's files again."""
    second = tree({"x.mkv": 1}, at="outside/second")
    outside = tree({"y.mkv": 1}, at="outside")
    first = tree({}, {"out": outside}, at="first")
    found = walk(first, second)
    assert media_paths(found) == ["out/y.mkv", "x.mkv"]
    assert problems(first, found) == [("linked twice", "out/second")]


def test_a_root_that_vanished_is_reported_by_its_listing(tree: TreeFactory) -> None:
    """A root that is gone costs itself and no other."""
    root = tree({"a.mkv": 1})
    found = walk(f"{root}/gone", root)
    assert media_paths(found) == ["a.mkv"]
    assert problems(root, found) == [("unreadable directory", "gone")]


def test_a_link_to_a_folder_above_is_a_loop(tree: TreeFactory) -> None:
    """Links to the parent, the root and beyond are not followed; each is a notice."""
    root = tree({"a/b/film.mkv": 1}, {"a/b/up": "..", "a/b/top": "../..", "a/b/out": "../../.."})
    found = walk(root)
    assert media_paths(found) == ["a/b/film.mkv"]
    assert problems(root, found) == [
        ("symlink loop", "a/b/out"),
        ("symlink loop", "a/b/top"),
        ("symlink loop", "a/b/up"),
    ]


def test_a_link_to_itself_is_a_loop(tree: TreeFactory) -> None:
    """A link that leads only to itself is a notice, even if it is called like a film."""
    root = tree({"a.mkv": 1}, {"self": "self", "self.mkv": "self.mkv"})
    found = walk(root)
    assert media_paths(found) == ["a.mkv"]
    assert problems(root, found) == [("symlink loop", "self"), ("symlink loop", "self.mkv")]


def test_two_links_to_one_place_outside_are_followed_once(tree: TreeFactory) -> None:
    """The first in name order is walked, the second is a notice that names the first."""
    outside = tree({"x.mkv": 1}, at="outside")
    root = tree({}, {"one": outside, "two": outside})
    found = walk(root)
    assert media_paths(found) == ["one/x.mkv"]
    assert problems(root, found) == [("linked twice", "two")]
    assert [each.message for each in found if isinstance(each, Failure)] == [
        f"{outside} is already reached by {root}/one"
    ]


@pytest.mark.parametrize("target", ["{root}/real", "../real", "{root}/real/deep"])
def test_a_link_into_the_root_is_not_followed(tree: TreeFactory, target: str) -> None:
    """What the walk reaches in its own place is not counted a second time."""
    root = tree({"real/deep/x.mkv": 1})
    tree({}, {"links/again": target.format(root=root)})
    found = walk(root)
    assert media_paths(found) == ["real/deep/x.mkv"]
    assert problems(root, found) == [("linked twice", "links/again")]


def test_a_link_to_another_root_is_not_followed(tree: TreeFactory) -> None:
    """A root is walked as such."""
    second = tree({"x.mkv": 1}, at="second")
    first = tree({"a.mkv": 1}, {"second": second}, at="first")
    found = walk(first, second)
    assert media_paths(found) == ["a.mkv", "x.mkv"]
    assert problems(first, found) == [("linked twice", "second")]


def test_a_link_into_a_pruned_folder_is_followed(tree: TreeFactory) -> None:
    """A link is the only way into a hidden folder, so it is taken."""
    root = tree({".store/film/x.mkv": 1}, {"film": ".store/film"})
    found = walk(root)
    assert (media_paths(found), problems(root, found)) == (["film/x.mkv"], [])


def test_a_root_that_is_a_link_is_walked(tree: TreeFactory, tmp_path: Path) -> None:
    """Paths stay as the user gave the root."""
    tree({"a.mkv": 1}, at="real")
    (tmp_path / "link").symlink_to("real")
    (found,) = directories_of(walk(str(tmp_path / "link")))
    assert found.path == str(tmp_path / "link")


def test_a_linked_file_is_media_of_its_targets_size(tree: TreeFactory) -> None:
    """Links to files are followed, wherever they lead."""
    outside = tree({"data": 9}, at="outside")
    root = tree({}, {"film.mkv": f"{outside}/data"})
    (found,) = directories_of(walk(root))
    assert [(file.name, file.size_bytes) for file in found.media] == [("film.mkv", 9)]


@pytest.mark.parametrize("name", ["gone.mkv", "gone.srt", "gone"])
def test_a_broken_link_is_a_failure(tree: TreeFactory, name: str) -> None:
    """A link to nowhere is recorded with its target and is no media file."""
    root = tree({"a.mkv": 1}, {name: "nowhere"})
    found = walk(root)
    assert media_paths(found) == ["a.mkv"]
    assert problems(root, found) == [("broken link", name)]
    assert "its target nowhere does not exist" in [e.message for e in found if isinstance(e, Failure)]
