"""The names the parser is measured on: labelled suites where they are at hand, made-up names elsewhere."""

from __future__ import annotations

import json
import os
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

CORPORA = Path(os.environ.get("MEDIACENSUS_CORPORA", Path(__file__).parents[2] / "shared" / "corpora"))
_SHOWS = (
    "Harbour Lights",
    "The Glass Orchard",
    "Night Ferry",
    "A Quiet Reef",
    "Copper Mile",
    "Winter Static",
)
_TAILS = (
    "1080p.WEB-DL.DD5.1.H.264-GRP.mkv",
    "720p.HDTV.x264-EXMPL.mkv",
    "2160p.UHD.BluRay.REMUX.HDR.HEVC.TrueHD.7.1.Atmos-EXMPL.mkv",
    "GERMAN.DL.DVDRip.XviD-EXMPL.avi",
)


def suites() -> dict[str, list[str]]:
    """Release names by the suite they come from; empty where no corpora are at hand."""
    found: dict[str, list[str]] = {}
    for path in sorted(CORPORA.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            found[path.stem] = [json.loads(line)["input"] for line in lines]
    return found


def sample(count: int) -> list[str]:
    """A fixed sample of names of all suites, or made-up ones."""
    every = sorted({name for names in suites().values() for name in names if len(name) >= 12}) or made_up()
    return every[:: max(1, len(every) // count)][:count]


def digest_of(names: Sequence[str]) -> str:
    """What tells one set of names from another."""
    return blake2b("\n".join(names).encode(errors="surrogateescape"), digest_size=8).hexdigest()


def made_up() -> list[str]:
    """Movies, episodes and fansubs that never were."""
    dotted = [show.replace(" ", ".") for show in _SHOWS]
    return [
        *(
            f"{show}.S{n % 9 + 1:02d}E{n:02d}.{tail}"
            for show in dotted
            for tail in _TAILS
            for n in range(1, 20)
        ),
        *(f"{show}.{1980 + n}.{tail}" for show in dotted for tail in _TAILS for n in range(1, 20)),
        *(f"[Fansub] {show} - {n:02d} [1080p][ABCD12{n:02d}].mkv" for show in _SHOWS for n in range(1, 20)),
    ]
