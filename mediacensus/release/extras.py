"""Trailers, samples, featurettes and other things that belong to a work but are not the work."""

from __future__ import annotations

from string import digits
from typing import TYPE_CHECKING, Final

from mediacensus.release.vocabulary import EXTRAS

if TYPE_CHECKING:
    from mediacensus.release.draft import Draft

EXTRA: Final = "extra"
_SUFFIXES: Final = EXTRAS["suffix"]
_LAYOUTS: Final[dict[str, str]] = EXTRAS["layout"]
"""How a film stands in three dimensions, as the last word of a file."""
_FREE: Final = frozenset(("trailer", "sample"))
_FREE_GAPS: Final = frozenset((".", "_", " - ", "- "))


def read_extra(draft: Draft) -> None:
    """Claim ``-trailer``, ``.sample`` at the very end, ``sample-`` at the start, or all of the name."""
    count, low = len(draft.lows), draft.lows[-1]
    if draft.lows[0] == "sample" and draft.gaps[1] == "-":
        draft.claim((0, 1), EXTRA, "sample", EXTRA)
        return
    if low in _LAYOUTS and draft.container and count > 1:
        draft.claim((count - 1, count), "others", _LAYOUTS[low], EXTRA)
        return
    if low not in _SUFFIXES:
        low = low.rstrip(digits)
    kind = _SUFFIXES.get(low)
    if kind is None:
        return
    gap = draft.gaps[-2].lstrip(")]} ") or draft.gaps[-2]
    alone = count == 1 and low in _FREE
    if alone or (count > 1 and (gap == "-" or (low in _FREE and gap in _FREE_GAPS))):
        draft.claim((count - 1, count), "extra", kind, EXTRA)


def folder_extra(name: str) -> str | None:
    """The kind of extra that a folder of this name holds."""
    return EXTRAS["folder"].get(name.strip().lower().replace("_", " ").replace("-", " "))
