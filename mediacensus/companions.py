"""Putting companions beside the media file they belong to.

The rule of Plex, Jellyfin and Kodi: a companion repeats its owner's name and adds something
(``Heat (1995).en.forced.srt``, ``Heat (1995)-poster.jpg``).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mediacensus.model import Companion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mediacensus.model import MediaFile

SUBTITLE_FOLDERS = frozenset({"sub", "subs", "subtitle", "subtitles"})
_DELIMITERS = "._- "


def _iter_shortened(stem: str) -> Iterator[str]:
    """Yield a stem and what remains as its ends are cut off: ``a.en-x``, ``a.en``, ``a``."""
    end = len(stem)
    while end > 0:
        yield stem[:end].rstrip(_DELIMITERS)
        end = max(stem.rfind(delimiter, 0, end) for delimiter in _DELIMITERS)


def _owner_of(companion: Companion, owners: dict[str, str | None]) -> str | None:
    """Find the media file whose stem the companion's name, or a folder in its path, repeats longest."""
    *folders, name = companion.name.casefold().split("/")
    for part in (os.path.splitext(name)[0], *reversed(folders)):
        for shortened in _iter_shortened(part):
            if shortened in owners:
                return owners[shortened]
    return None


def match_companions(media: Sequence[MediaFile], companions: Sequence[Companion]) -> tuple[Companion, ...]:
    """Return the companions with their owners filled in.

    A companion that repeats no name belongs to the only media file of its folder, if there is one; one
    that repeats the name of two (``a.mkv`` and ``a.avi``) to neither.
    """
    if not companions or not media:
        return tuple(companions)
    owners: dict[str, str | None] = {}
    for file in media:
        stem = os.path.splitext(file.name)[0].casefold().rstrip(_DELIMITERS)
        owners[stem] = None if stem in owners else file.name
    only = media[0].name if len(media) == 1 else None
    return tuple(
        Companion(each.name, each.kind, each.size_bytes, each.modified_ns, _owner_of(each, owners) or only)
        for each in companions
    )
