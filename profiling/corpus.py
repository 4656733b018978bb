"""A library to measure on: ``python -m profiling.corpus FOLDER --files 100000 [--truth FILE]``.

A seeded tree of empty files with made-up names: movies, series and anime with their extras, subtitles,
artwork and junk; folders deep and flat, long names, several scripts. The same seed and size give the same
tree everywhere; what is known of it is asserted by a hash over every path and label. Growing adds volumes
like those before, so that sizes can be compared. The truth, one JSON line a media file, says what each
name means: it is what the name was made from.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from hashlib import blake2b
from itertools import count, islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 1
HASHES = {
    (1, 10_000): "aa3d8884a870500d6a6e8ccb904858f0",
    (1, 100_000): "c9e68db7de63888893382d492daddf25",
    (1, 1_000_000): "8db9a8e35ed3884911e1423cebb751ff",
}
"""Digest of every path and label, by seed and number of files."""

_VOLUME_FILES = 25_000
"""Files on one volume at least: a large library lies on several disks."""
_FIRST = (
    "Amber Broken Copper Distant Eastern Fallen Golden Hidden Iron Jade Lost Northern Paper Quiet".split()
)
_SECOND = (
    "Anchor Bridge Compass Delta Ember Forest Garden Harbour Island Lantern Mirror Orchard River".split()
)
_THIRD = ["", "", "", " Rising", " of Winter", " and Salt", " at Noon", ": The Long Way Home", " 2", " III"]
_OTHER_SCRIPTS = [
    "Тихая Гавань",
    "Медный Фонарь",
    "灯台の夜",
    "銅の庭",
    "조용한 항구",
    "Το Χάλκινο Νησί",
    "Café Lumière d'Été",
    "Señal Única",
    "Mørke Værelser",
    "البحر الهادئ",
]
_GROUPS = "AMBER COPPER DELTA FERRYMEN HARBOR KESTREL NOONTIDE ORCHARD".split()
_FANSUBS = ["Lantern-Subs", "Quiet_Raws", "EmberSubs"]
_QUALITIES = [
    ("1080p", "Blu-ray", "1080p.BluRay.DTS.x264"),
    ("1080p", "Web", "1080p.WEB-DL.DD5.1.H.264"),
    ("720p", "HDTV", "720p.HDTV.x264"),
    ("2160p", "Ultra HD Blu-ray", "2160p.UHD.BluRay.REMUX.HDR.HEVC.TrueHD.7.1.Atmos"),
    (None, "DVD", "DVDRip.XviD"),
]
_LONG = ".Directors.Cut.Remastered.Anniversary.Edition.MULTi.Commentary.by.the.Cast.and.the.Crew"


class Made(NamedTuple):
    """One file of the tree, and what its name means; None for what is no media."""

    path: str
    label: dict[str, Any] | None = None


def iter_files(files: int, seed: int = SEED) -> Iterator[Made]:
    """Yield exactly so many files, of any kind, folder by folder."""
    return islice(_iter_volumes(seed), files)


def _iter_volumes(seed: int) -> Iterator[Made]:
    for volume in count(1):
        random, made = Random(f"{seed}/{volume}"), 0
        while made < _VOLUME_FILES:
            (make,) = random.choices((_movie, _show, _anime, _download, _flat), (50, 22, 10, 30, 1))
            for path, label in make(random):
                made += 1
                yield Made(f"Volume {volume:03}/{path}", label)


def _title(random: Random) -> str:
    if random.random() < 0.06:
        return f"{random.choice(_OTHER_SCRIPTS)} {random.choice(_SECOND)}"
    return f"{random.choice(_FIRST)} {random.choice(_SECOND)}{random.choice(_THIRD)}"


def _plain(title: str) -> str:
    return title.replace(":", "")


def _dotted(title: str) -> str:
    return _plain(title).replace(" ", ".")


def _labelled(kind: str, title: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "title": _plain(title)} | {k: v for k, v in more.items() if v is not None}


def _movie(random: Random) -> Iterator[Made]:
    title, year, mark = _title(random), random.randint(1950, 2024), random.randrange(16**6)
    resolution, source, tail = random.choice(_QUALITIES)
    group = random.choice(_GROUPS)
    folder = f"Movies/{_plain(title)[0].upper()}/{_plain(title)} ({year}) [{mark:06x}]"
    long = _LONG if random.random() < 0.03 else ""
    name = f"{_dotted(title)}.{year}{long}.{tail}-{group}"
    label = _labelled("movie", title, year=year, resolution=resolution, source=source, release_group=group)
    yield Made(f"{folder}/{name}.mkv", label)
    yield from (Made(f"{folder}/{name}.{ending}") for ending in _companions(random))
    if random.random() < 0.1:
        extra = random.choice(("Trailer", "Deleted Scene", "Interview"))
        yield Made(f"{folder}/Featurettes/{_plain(title)} - {extra}.mkv", {"kind": "extra"})
    if random.random() < 0.05:
        yield Made(f"{folder}/Subs/{random.choice(('English', 'German'))}.srt")
        yield Made(f"{folder}/@eaDir/{name}.mkv")


def _companions(random: Random) -> list[str]:
    every = ("nfo", "en.srt", "de.forced.srt", "jpg")
    shares = (0.5, 0.4, 0.15, 0.3)
    return [ending for ending, share in zip(every, shares, strict=True) if random.random() < share]


def _show(random: Random) -> Iterator[Made]:
    title, mark = _title(random), random.randrange(16**6)
    year = random.randint(1990, 2024) if random.random() < 0.5 else None
    folder = f"TV/{_plain(title)}" + (f" ({year})" if year else "") + f" {{tvdb-{mark}}}"
    yield Made(f"{folder}/tvshow.nfo")
    for season in range(1, random.randint(1, 6) + 1):
        resolution, source, tail = random.choice(_QUALITIES)
        group, has_subtitles = random.choice(_GROUPS), random.random() < 0.4
        for episode in range(1, random.randint(6, 24) + 1):
            name = f"{_dotted(title)}.S{season:02}E{episode:02}.{tail}-{group}"
            label = _labelled("episode", title, season=season, episode=episode)
            label |= {"resolution": resolution, "source": source, "release_group": group}
            where = f"{folder}/Season {season:02}/{name}"
            yield Made(f"{where}.mkv", {k: v for k, v in label.items() if v is not None})
            if has_subtitles:
                yield Made(f"{where}.en.srt")


def _anime(random: Random) -> Iterator[Made]:
    title, group = _title(random), random.choice(_FANSUBS)
    folder = f"Anime/{_plain(title)} [{random.randrange(16**6):06x}]"
    for number in range(1, random.choice((12, 13, 24, 26, 50)) + 1):
        name = f"[{group}] {_plain(title)} - {number:02} [1080p][{random.randrange(16**8):08X}]"
        label = _labelled("episode", title, absolute_episode=number, resolution="1080p", release_group=group)
        yield Made(f"{folder}/{name}.mkv", label)


def _download(random: Random) -> Iterator[Made]:
    """A release in a deep folder of its own, as it was fetched, with what lies around it."""
    title, year, mark = _title(random), random.randint(1980, 2024), random.randrange(16**6)
    resolution, source, tail = random.choice(_QUALITIES)
    group, depth = random.choice(_GROUPS), random.randint(1, 6)
    name = f"{_dotted(title)}.{year}.{tail}-{group}"
    folder = "/".join(("Downloads", *(f"sorted {level}" for level in range(1, depth)), f"{name}.{mark:06x}"))
    label = _labelled("movie", title, year=year, resolution=resolution, source=source, release_group=group)
    yield Made(f"{folder}/{name}.mkv", label)
    yield Made(f"{folder}/{name.lower()}.nfo")
    if random.random() < 0.3:
        yield Made(f"{folder}/Downloaded from nowhere.txt")
        yield Made(f"{folder}/Thumbs.db")


def _flat(random: Random) -> Iterator[Made]:
    """One folder with hundreds of unlike films."""
    folder = f"Unsorted/{random.randrange(16**6):06x}"
    for number in range(random.randint(100, 600)):
        title, year = _title(random), random.randint(1930, 2024)
        ending = random.choice(("mkv", "avi", "mp4"))
        path = f"{folder}/{_plain(title)} ({year}) {number:03}.{ending}"
        yield Made(path, _labelled("movie", title, year=year))


def digest(files: int, seed: int = SEED) -> str:
    """Return the digest of a tree, without making it."""
    total = blake2b(digest_size=16)
    for made in iter_files(files, seed):
        total.update(_line(made))
    return total.hexdigest()


def _line(made: Made) -> bytes:
    return f"{json.dumps([made.path, made.label], ensure_ascii=False)}\n".encode()


def make(folder: Path, files: int, seed: int = SEED, truth: Path | None = None) -> str:
    """Make a tree in a folder that is empty or not there, and return its digest.

    Raises:
        AssertionError: the tree is not the one that this seed and size are known for.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        sys.exit(f"{folder} is not empty; name a new folder")
    total, parent = blake2b(digest_size=16), ""
    with open(truth or os.devnull, "w", encoding="utf-8") as out:
        for made in iter_files(files, seed):
            path = f"{folder}/{made.path}"
            if (above := os.path.dirname(path)) != parent:
                os.makedirs(above, exist_ok=True)
                parent = above
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o644))
            total.update(_line(made))
            if made.label is not None and truth is not None:
                print(json.dumps({"path": made.path} | made.label, ensure_ascii=False), file=out)
    found = total.hexdigest()
    wanted = HASHES.get((seed, files), found)
    assert found == wanted, f"made {found} where {wanted} is known: compare no figures with older ones"  # noqa: S101
    return found


def main() -> None:
    """Make a tree and say what it cost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--truth", type=Path, help="write what each name means, one JSON line a media file")
    chosen = parser.parse_args()
    began = time.perf_counter()
    found = make(chosen.folder, chosen.files, chosen.seed, chosen.truth)
    print(f"{chosen.files:,} files in {time.perf_counter() - began:.1f} s, digest {found}")


if __name__ == "__main__":
    main()
