"""The walk over real trees."""

from __future__ import annotations

import os
import socket
import subprocess
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mediacensus.extensions import EVERY_FILE
from mediacensus.model import Directory
from mediacensus.walk import WalkRules, iter_library
from tests.trees import directories_of, media_paths, problems, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import TreeFactory


def test_layouts_of_movies_series_and_anime_are_walked_in_name_order(tree: TreeFactory) -> None:
    """Every media file of the usual layouts is found once, folders and files in name order."""
    root = tree(
        {
            "Movies/Alien (1979)/Alien (1979).mkv": 3,
            "Movies/Flat.2001.avi": 2,
            "Series/Show/Season 10/Show - s10e01.mkv": 1,
            "Series/Show/Season 01/Show - s01e02.mkv": 1,
            "Series/Show/Season 01/Show - s01e01.MKV": 1,
            "Anime/[Group] Title - 101 [1080p].mkv": 1,
        }
    )
    assert media_paths(walk(root)) == [
        "Anime/[Group] Title - 101 [1080p].mkv",
        "Movies/Flat.2001.avi",
        "Movies/Alien (1979)/Alien (1979).mkv",
        "Series/Show/Season 01/Show - s01e01.MKV",
        "Series/Show/Season 01/Show - s01e02.mkv",
        "Series/Show/Season 10/Show - s10e01.mkv",
    ]


def test_a_directory_tells_media_companions_and_the_rest_apart(tree: TreeFactory) -> None:
    """Sizes and ages are the disk's, companions stand beside their media, other files are counted."""
    root = tree({"m/Heat.mkv": 7, "m/Heat.en.srt": 5, "m/Heat.nfo": 4, "m/readme.txt": 3, "m/.DS_Store": 2})
    os.utime(os.path.join(root, "m/Heat.mkv"), ns=(1, 1_500_000_000_123_456_789))
    (found,) = directories_of(walk(root))
    (file,) = found.media
    assert (found.root, found.path) == (root, os.path.join(root, "m"))
    assert (file.name, file.size_bytes, file.modified_ns, file.is_disc) == (
        "Heat.mkv",
        7,
        1_500_000_000_123_456_789,
        False,
    )
    assert [(c.name, c.kind, c.size_bytes, c.owner) for c in found.companions] == [
        ("Heat.en.srt", "subtitle", 5, "Heat.mkv"),
        ("Heat.nfo", "metadata", 4, "Heat.mkv"),
    ]
    assert (found.other_files, found.pruned, found.files) == (1, 1, 4)


def test_several_roots_are_walked_in_the_order_given(tree: TreeFactory) -> None:
    """Each directory names the root it was reached from."""
    second, first = tree({"b.mkv": 1}, at="second"), tree({"a.mkv": 1}, at="first")
    assert [each.root for each in directories_of(walk(second, first))] == [second, first]


def test_an_empty_root_gives_nothing(tree: TreeFactory) -> None:
    """A root without entries, or with nothing but empty folders, yields neither directory nor problem."""
    assert walk(tree({"a/b/": 0})) == []


def test_a_walk_is_lazy(tree: TreeFactory) -> None:
    """A directory is listed only when the walk gets there, so what is gone by then is a failure."""
    root = tree({"a/1.mkv": 1, "b/2.mkv": 1})
    found = iter_library([root])
    first = next(found)
    os.unlink(os.path.join(root, "b/2.mkv"))
    os.rmdir(os.path.join(root, "b"))
    assert media_paths([first]) == ["a/1.mkv"]
    assert problems(root, found) == [("unreadable directory", "b")]


def test_an_unreadable_directory_costs_itself(tree: TreeFactory, lose_privileges: Callable[[], None]) -> None:
    """The rest of the tree is walked, and the failure names the directory."""
    root = tree({"a/1.mkv": 1, "b/2.mkv": 1, "c/3.mkv": 1})
    os.chmod(os.path.join(root, "b"), 0)
    lose_privileges()
    found = walk(root)
    assert media_paths(found) == ["a/1.mkv", "c/3.mkv"]
    assert problems(root, found) == [("unreadable directory", "b")]


def test_files_without_access_to_their_status_are_failures(
    tree: TreeFactory, lose_privileges: Callable[[], None]
) -> None:
    """A folder that may be listed and not entered gives one failure for each file whose size is needed."""
    root = tree({"locked/a.mkv": 1, "locked/b.srt": 1, "locked/c.txt": 1})
    os.chmod(os.path.join(root, "locked"), 0o444)
    lose_privileges()
    found = walk(root)
    assert media_paths(found) == []
    assert problems(root, found) == [
        ("unreadable file", "locked/a.mkv"),
        ("unreadable file", "locked/b.srt"),
    ]


def test_pipes_and_sockets_are_other_files(tree: TreeFactory) -> None:
    """Only regular files are media, whatever the name says; the others are counted and not opened."""
    root = tree({"a.mkv": 1})
    os.mkfifo(os.path.join(root, "pipe.mkv"))
    os.mkfifo(os.path.join(root, "pipe.srt"))
    with socket.socket(socket.AF_UNIX) as listener:
        working_directory = os.getcwd()
        os.chdir(root)  # the path of a socket has 108 bytes at most
        listener.bind("socket.mp4")
        os.chdir(working_directory)
        (found,) = directories_of(walk(root))
    assert media_paths([found]) == ["a.mkv"]
    assert (found.companions, found.other_files) == ((), 3)


@pytest.mark.parametrize(
    "name",
    [
        "Amélie.mkv".encode("latin-1"),
        b"\xff\xfe\xed\xa0\x80.mkv",
        "日本語.mkv".encode("shift_jis"),
    ],
)
def test_names_that_are_not_utf8_keep_their_bytes(tree: TreeFactory, name: bytes) -> None:
    """Such a file is media like any other, and a notice tells of its name."""
    root = tree({b"d\xe9/" + name: 4})
    found = walk(root)
    assert [os.fsencode(path) for path in media_paths(found)] == [b"d\xe9/" + name]
    assert [kind for kind, _ in problems(root, found)] == ["name is not UTF-8"] * 2


@pytest.mark.parametrize("name", ["a\nb.mkv", "x" * 251 + ".mkv", "é" * 125 + ".mkv", " .mkv", "\x1b[2J.mkv"])
def test_any_name_a_disk_can_hold_is_found(tree: TreeFactory, name: str) -> None:
    """Newlines, control characters and names of 255 bytes are found as they are."""
    root = tree({name: 1})
    found = walk(root)
    assert (media_paths(found), problems(root, found)) == ([name], [])


@pytest.fixture
def nested(tmp_path: Path) -> Iterator[Callable[[str, int], str]]:
    """Offer a builder of a root with one folder inside the other, and a film at both ends."""
    root = str(tmp_path / "nested")

    def build(name: str, levels: int) -> str:
        os.mkdir(root)
        folder = os.open(root, os.O_RDONLY)
        for _ in range(levels):
            os.mkdir(name, dir_fd=folder)
            inner = os.open(name, os.O_RDONLY, dir_fd=folder)
            os.close(folder)
            folder = inner
        os.close(os.open("film.mkv", os.O_CREAT | os.O_WRONLY, dir_fd=folder))
        os.close(folder)
        (tmp_path / "nested/top.mkv").touch()
        return root

    yield build
    subprocess.run(["rm", "-rf", root], check=True)  # shutil.rmtree would end in recursion


def test_a_tree_deeper_than_recursion_is_walked(nested: Callable[[str, int], str]) -> None:
    """A file 1,500 folders down is found."""
    assert media_paths(walk(nested("d", 1500))) == ["top.mkv", "d/" * 1500 + "film.mkv"]


def test_a_path_longer_than_the_system_takes_is_a_failure(nested: Callable[[str, int], str]) -> None:
    """Folders beyond 4,096 bytes of path cannot be listed; the walk says so and ends well."""
    found = walk(root := nested("d" * 200, 25))
    assert media_paths(found) == ["top.mkv"]
    assert [kind for kind, _ in problems(root, found)] == ["unreadable directory"]


@pytest.mark.parametrize(
    ("files", "size"),
    [
        ({"Film/BDMV/index.bdmv": 1, "Film/BDMV/STREAM/0.m2ts": 10, "Film/CERTIFICATE/id.bdmv": 2}, 13),
        ({"Film/VIDEO_TS/VTS_01_1.VOB": 7, "Film/VIDEO_TS/VIDEO_TS.IFO": 1, "Film/AUDIO_TS/": 0}, 8),
        ({"Film/video_ts/vts_01_1.vob": 7, "Film/audio_ts/": 0, "Film/jacket_p/x.mpg": 1}, 8),
        ({"Film/HVDVD_TS/a.evo": 3, "Film/ANY!/x": 1}, 4),
        ({"Film/BDMV/": 0}, 0),
    ],
)
def test_a_disc_is_one_media_file(tree: TreeFactory, files: dict[str | bytes, int | str], size: int) -> None:
    """A folder that holds a disc's own folders is one entry, as large as they are together."""
    root = tree(files)
    (found,) = directories_of(walk(root))
    assert [(file.name, file.size_bytes, file.is_disc) for file in found.media] == [("Film", size, True)]
    assert (found.path, found.root) == (root, root)


def test_a_disc_is_as_new_as_its_newest_file(tree: TreeFactory) -> None:
    """The modification time of a disc is the latest of all it holds."""
    root = tree({"Film/BDMV/a": 1, "Film/BDMV/STREAM/b.m2ts": 1})
    os.utime(os.path.join(root, "Film/BDMV/a"), ns=(1, 30))
    os.utime(os.path.join(root, "Film/BDMV/STREAM/b.m2ts"), ns=(1, 40))
    assert [file.modified_ns for each in directories_of(walk(root)) for file in each.media] == [40]


def test_a_disc_at_the_root_has_the_roots_name(tree: TreeFactory) -> None:
    """A root that is a disc itself is one entry with the path of the root."""
    root = tree({"VIDEO_TS/VTS_01_1.VOB": 5})
    (found,) = directories_of(walk(root))
    (file,) = found.media
    assert (os.path.join(found.path, file.name), file.size_bytes) == (root, 5)


def test_videos_beside_a_disc_are_entries_of_their_own(tree: TreeFactory) -> None:
    """They are neither lost nor part of the disc's size."""
    root = tree({"Film/VIDEO_TS/a.vob": 5, "Film/bonus.mkv": 3, "Film/Featurettes/making of.mkv": 2})
    found = walk(root)
    assert media_paths(found) == ["Film", "Film/bonus.mkv", "Film/Featurettes/making of.mkv"]
    sizes = [file.size_bytes for each in directories_of(found) for file in each.media]
    assert sizes == [5, 3, 2]


def test_an_unreadable_folder_of_a_disc_is_a_failure(
    tree: TreeFactory, lose_privileges: Callable[[], None]
) -> None:
    """The disc is an entry of what could be read, and what could not is recorded."""
    root = tree({"Film/BDMV/index.bdmv": 1, "Film/BDMV/STREAM/0.m2ts": 10})
    os.chmod(os.path.join(root, "Film/BDMV/STREAM"), 0)
    lose_privileges()
    found = walk(root)
    assert [file.size_bytes for each in directories_of(found) for file in each.media] == [1]
    assert problems(root, found) == [("unreadable directory", "Film/BDMV/STREAM")]


@pytest.mark.parametrize("folder", ["Subs", "subs", "Sub", "Subtitles", "SUBTITLE"])
def test_subtitle_folders_belong_to_the_folder_above(tree: TreeFactory, folder: str) -> None:
    """Files in a subtitle folder, one and two levels down, are companions of the media above."""
    subtitles = [f"{folder}/Show.S01E02.en.srt", f"{folder}/Show.S01E01/2_English.srt"]
    root = tree(dict.fromkeys(["Show.S01E01.mkv", "Show.S01E02.mkv", *subtitles], 1))
    (found,) = directories_of(walk(root))
    assert [(each.name, each.owner) for each in found.companions] == [
        (subtitles[0], "Show.S01E02.mkv"),
        (subtitles[1], "Show.S01E01.mkv"),
    ]


def test_a_subtitle_folder_with_a_video_is_walked_as_any_other(tree: TreeFactory) -> None:
    """A film that is called Subs, or a video among subtitles, is not lost."""
    root = tree({"a.mkv": 1, "Subs/film.mkv": 1, "Subs/film.srt": 1})
    above, below = directories_of(walk(root))
    assert (media_paths([above, below]), above.companions) == (["a.mkv", "Subs/film.mkv"], ())
    assert [(each.name, each.owner) for each in below.companions] == [("film.srt", "film.mkv")]


def test_what_lies_deep_below_a_subtitle_folder_is_found(tree: TreeFactory) -> None:
    """Media three levels below a subtitle folder is media."""
    root = tree({"a.mkv": 1, "Subs/x/y/b.mkv": 1, "Subs/x/c.srt": 1})
    found = walk(root)
    assert media_paths(found) == ["a.mkv", "Subs/x/y/b.mkv"]
    assert [each.name for each in directories_of(found)[0].companions] == ["Subs/x/c.srt"]


def test_subtitle_folders_inside_each_other_end_no_walk(nested: Callable[[str, int], str]) -> None:
    """Hundreds of folders called Subs are walked without recursion, and what is at the end is found."""
    assert media_paths(walk(nested("Subs", 700))) == ["top.mkv", "Subs/" * 700 + "film.mkv"]


def test_problems_in_a_subtitle_folder_are_recorded_once(tree: TreeFactory) -> None:
    """A subtitle folder that is listed twice, since it holds a video, tells of its problems once."""
    root = tree({"a.mkv": 1, "Subs/b.mkv": 1}, {"Subs/gone.srt": "nowhere", "Subs/loop": ".."})
    assert problems(root, walk(root)) == [("broken link", "Subs/gone.srt"), ("symlink loop", "Subs/loop")]


def test_media_extensions_can_be_chosen(tree: TreeFactory) -> None:
    """Only the chosen extensions are media, in either case."""
    root = tree({"a.xyz": 1, "b.XYZ": 1, "c.mkv": 1})
    found = walk(root, rules=WalkRules(frozenset({"xyz"})))
    assert (media_paths(found), directories_of(found)[0].other_files) == (["a.xyz", "b.XYZ"], 1)


def test_every_file_can_be_media(tree: TreeFactory) -> None:
    """With * all that is no companion is media, with or without an extension."""
    root = tree({"a": 1, "b.txt": 1, "c.mkv": 1, "c.srt": 1})
    found = walk(root, rules=WalkRules(EVERY_FILE))
    assert media_paths(found) == ["a", "b.txt", "c.mkv"]


def test_dates_beyond_64_bits_are_kept_within(tree: TreeFactory) -> None:
    """A file of the year 1601 or 2400, as other systems leave them, gets the nearest date a column holds."""
    root = tree({"old.mkv": 1, "new.mkv": 1})
    os.utime(os.path.join(root, "old.mkv"), (0, -11_644_473_600))
    os.utime(os.path.join(root, "new.mkv"), (0, 13_569_465_600))
    ages = [file.modified_ns for each in directories_of(walk(root)) for file in each.media]
    disk = [os.stat(os.path.join(root, name)).st_mtime_ns for name in ("new.mkv", "old.mkv")]
    assert ages == [min(disk[0], 2**63 - 1), max(disk[1], -(2**63))]


def test_a_directory_of_5000_files_is_one_directory(tree: TreeFactory) -> None:
    """However many files a folder has, they stay together and in name order."""
    names = [f"Film {number:04}.mkv" for number in range(5000)]
    (found,) = directories_of(walk(tree(dict.fromkeys(names, 0))))
    assert [file.name for file in found.media] == names


def test_nothing_is_changed_in_the_library(tree: TreeFactory) -> None:
    """No name, size, mode or time differs after a walk, not even when a file was last read."""
    files = ["a/film.mkv", "a/film.srt", "b/BDMV/x", "c/d.avi", "Subs/x.srt"]
    root = tree({"c/.ignore": "*.avi", **dict.fromkeys(files, 5)}, {"loop": "."})
    before = _state_of(root)
    walk(root)
    assert _state_of(root) == before


def _state_of(root: str) -> dict[str, tuple[int, ...]]:
    paths = [root, *(str(path) for path in Path(root).rglob("*"))]
    files = {path: os.lstat(path) for path in paths}
    return {
        path: (each.st_ino, each.st_mode, each.st_size, each.st_mtime_ns, each.st_ctime_ns)
        + ((each.st_atime_ns,) if os.path.isfile(path) else ())
        for path, each in files.items()
    }


def test_two_walks_find_the_same_in_the_same_order(tree: TreeFactory) -> None:
    """The order of a walk depends on names alone."""
    numbers = count()
    root = tree({f"{folder}/{next(numbers)}.mkv": 1 for folder in "zaqwsxZA" for _ in range(5)})
    first, second = walk(root), walk(root)
    assert first == second
    assert [each.path for each in first if isinstance(each, Directory)] == sorted(
        each.path for each in directories_of(first)
    )
