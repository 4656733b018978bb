"""What a release name says, in the short forms people use."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mediacensus.release import Release


def numbering(release: Release) -> str:
    """Return the numbers of an episode the way people write them; a run of numbers by its ends.

    >>> from mediacensus.release import Release
    >>> numbering(Release(name="", kind="episode", seasons=(1,), episodes=(2, 3, 4)))
    'S01E02-E04'
    """
    if release.air_date is not None and not release.episodes:
        return release.air_date.isoformat()
    return _written("S", release.seasons) + _written("E", release.episodes or release.absolute_episodes)


def _written(letter: str, numbers: tuple[int | float, ...]) -> str:
    shown = [f"{letter}{number:02}" for number in numbers]
    is_run = all(after - before == 1 for before, after in pairwise(numbers))
    return f"{shown[0]}-{shown[-1]}" if len(shown) > 1 and is_run else "".join(shown)


def quality(release: Release) -> str:
    """Return resolution, source and codec in one short text."""
    return " ".join(filter(None, (release.resolution, release.source, release.video_codec)))
