"""What several findings about quality mean together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mediacensus.release.draft import Draft

_LAYOUTS: Final = frozenset(("Side By Side", "Half Side By Side", "Over Under", "Half Over Under"))
ULTRA: Final = "2160p"
PICTURED: Final = _LAYOUTS | {"Ultra HD"}
"""Marks that say something about the picture."""
_BETTER: Final = (
    ("hdr", "hdr10+", "HDR10", "HDR10+"),
    ("audio_codecs", "dd+", "Dolby Digital", "Dolby Digital Plus"),
)


def settle_source(draft: Draft) -> None:
    """What several findings mean together: Ultra HD, ``DD+``, a picture in three dimensions."""
    facts = draft.facts
    if "resolution" in facts and len(facts["resolution"]) > 1:
        _prefer_explicit(draft)
    if "others" in facts:
        _settle_marks(draft, facts["others"])
    if facts.get("resolution", ("",))[0] == ULTRA and "Blu-ray" in facts.get("source", ())[:1]:
        _make_ultra(facts)
    if "+" in draft.text:
        _read_plus(facts, draft.text.lower())


def _read_plus(facts: dict[str, tuple[str, ...]], low: str) -> None:
    """``HDR10+``, ``DD+``: a sign behind the word changes what it means."""
    for field, sign, plain, better in _BETTER:
        known = facts.get(field, ())
        if sign in low and plain in known:
            facts[field] = tuple(better if value == plain else value for value in known)


def _settle_marks(draft: Draft, others: tuple[str, ...]) -> None:
    facts = draft.facts
    if "Ultra HD" in others:
        facts.setdefault("resolution", (ULTRA,))
        if facts.get("source") == ("Blu-ray",):
            _make_ultra(facts)
    if not _LAYOUTS.isdisjoint(others) and "3d" in draft.lows and "3D" not in others:
        facts["others"] = (*facts["others"], "3D")
        draft.several += ("others",)


def _make_ultra(facts: dict[str, tuple[str, ...]]) -> None:
    facts["source"] = ("Ultra HD Blu-ray",)
    if "others" in facts:
        facts["others"] = tuple(other for other in facts["others"] if other != "Ultra HD")
        if not facts["others"]:
            del facts["others"]


def _prefer_explicit(draft: Draft) -> None:
    """``1080p`` in figures outranks ``4K`` or ``FHD``, which may be the source's."""
    found = draft.facts["resolution"]
    explicit = [resolution for resolution in found if any(resolution in low for low in draft.lows)]
    others = [resolution for resolution in found if resolution not in explicit]
    draft.facts["resolution"] = (*explicit, *others)
