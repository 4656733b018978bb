"""Figures of others that ours are held against."""

from __future__ import annotations

from typing import Any, Final

EARLIER_FILES: Final = 417
EARLIER_FILES_PER_SECOND: Final = 183.6
"""What parsing 417 files took before there was mediacensus, by that system's own record."""


def against_earlier(files_per_second: float) -> dict[str, Any]:
    """Return the earlier system's figure, and how many times of it a rate is."""
    return {
        "of": "the earlier system, which read names with guessit; its own figure, from another machine",
        "files": EARLIER_FILES,
        "files_per_second": EARLIER_FILES_PER_SECOND,
        "times": round(files_per_second / EARLIER_FILES_PER_SECOND, 1),
    }
