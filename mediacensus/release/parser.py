"""From a file name and its folders to a `Release`."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from mediacensus.release.context import read_in_context
from mediacensus.release.model import Release, ReleaseKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mediacensus.release.draft import Draft

PARSER_VERSION: Final = 4
"""Bumped whenever an answer changes, so that stored answers are known to be old."""

TUPLES: Final = frozenset(
    field.name for field in fields(Release) if isinstance(field.type, str) and field.type.startswith("tuple")
)
"""The fields that hold several values."""
KNOWN: Final = frozenset(field.name for field in fields(Release))
"""The fields that have a place of their own in the answer; all others are details."""


def parse_release_name(name: str, parents: Sequence[str] = ()) -> Release:
    """What a file name says, in the context of its parent folders (outermost first)."""
    return make_release(name, read_in_context(name, tuple(parents)))


def make_release(name: str, draft: Draft) -> Release:
    """The public answer from a finished draft."""
    return Release.of(release_values(name, draft))


def release_values(name: str, draft: Draft) -> dict[str, Any]:
    """The fields of the public answer that are not empty."""
    values: dict[str, Any] = {"name": name, "kind": decide_kind(draft)}
    details: list[tuple[str, Any]] = []
    facts = draft.facts
    for field, found in facts.items():
        if field in TUPLES:
            values[field] = found
        elif field in KNOWN:
            values[field] = found[0]
        else:
            details.append((field, found[0]))
    if details:
        values["details"] = tuple(details)
    values["evidence"] = tuple({field: rule for field, _, rule in draft.origins if field in facts}.items())
    if draft.container:
        values["container"] = draft.container
    _derive(values, draft)
    return values


def _derive(values: dict[str, Any], draft: Draft) -> None:
    """Fields that follow from several findings."""
    facts = draft.facts
    if "proper_count" in facts:
        values["proper_count"] = count_propers(facts["proper_count"])
    if draft.container == "m2ts" and "source" not in facts:
        values["source"] = "Blu-ray"
    if "cd" in facts:
        values["disc"] = facts["cd"][0]
    if "3D" in facts.get("others", ()):
        values["is_3d"] = True
        values["others"] = tuple(other for other in facts["others"] if other != "3D")


def count_propers(found: tuple[int, ...]) -> int:
    """How many times it was done again: one for each word, and two for a lone ``REAL``."""
    return max(len(found), *found)


def decide_kind(draft: Draft) -> ReleaseKind:
    """An episode as soon as something numbers or dates it, a movie otherwise."""
    facts = draft.facts
    if "seasons" in facts:
        return "episode"
    if draft.library == "movies":
        return "movie"
    # EPISODIC one by one, which takes half as long as to hold it against all facts
    if (
        "episodes" in facts
        or "absolute_episodes" in facts
        or "air_date" in facts
        or "episode_details" in facts
    ):
        return "episode"
    if "year" in facts:
        return "movie"
    return "episode" if _counts_undated(draft) else "movie"


def _counts_undated(draft: Draft) -> bool:
    """Whether a name without a year is one of several: in a library of series, a bonus, or all of them."""
    facts = draft.facts
    if draft.library == "series" and "Movie" not in facts.get("title", [""])[0]:
        return True
    if "bonus" in facts and "film" not in facts:  # "Series-x02-Making Of"
        return True
    if "others" not in facts or "Complete" not in facts["others"]:
        return False
    return any(low.startswith(("complet", "integr")) for low in draft.lows)


EPISODIC: Final = frozenset(("episodes", "absolute_episodes", "air_date", "episode_details"))
"""The fields that make an episode of a name, even without a season."""
