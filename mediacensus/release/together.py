"""What several findings about quality mean together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mediacensus.release.tokens import Draft

_LAYOUTS: Final = frozenset(("Side By Side", "Half Side By Side", "Over Under", "Half Over Under"))
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
    if (
        "resolution" in facts
        and facts["resolution"][0] == "2160p"
        and "Blu-ray" in facts.get("source", ())[:1]
    ):
        _make_ultra(facts)
    if "+" in draft.text:
        _read_plus(facts, draft.text.lower())


def _read_plus(facts: dict[str, list[str]], low: str) -> None:
    """``HDR10+``, ``DD+``: a sign behind the word changes what it means."""
    for field, sign, plain, better in _BETTER:
        if sign in low and plain in facts.get(field, ()):
            facts[field][facts[field].index(plain)] = better


def _settle_marks(draft: Draft, others: list[str]) -> None:
    facts = draft.facts
    if "Ultra HD" in others:
        facts.setdefault("resolution", ["2160p"])
        if facts.get("source") == ["Blu-ray"]:
            _make_ultra(facts)
    if not _LAYOUTS.isdisjoint(others) and "3d" in draft.lows and "3D" not in others:
        others.append("3D")


def _make_ultra(facts: dict[str, list[str]]) -> None:
    facts["source"] = ["Ultra HD Blu-ray"]
    if "others" in facts:
        facts["others"] = [other for other in facts["others"] if other != "Ultra HD"]
        if not facts["others"]:
            del facts["others"]


def _prefer_explicit(draft: Draft) -> None:
    """``1080p`` in figures outranks ``4K`` or ``FHD``, which may be the source's."""
    found = draft.facts["resolution"]
    explicit = [resolution for resolution in found if any(resolution in low for low in draft.lows)]
    draft.facts["resolution"] = explicit + [resolution for resolution in found if resolution not in explicit]
