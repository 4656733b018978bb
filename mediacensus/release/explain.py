"""Why a name was read as it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mediacensus.release.context import read_in_context
from mediacensus.release.parser import EPISODIC, make_release

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mediacensus.release.draft import Draft
    from mediacensus.release.model import Release


@dataclass(frozen=True, slots=True)
class Claim:
    """One finding: the characters, what they were read as, and the rule that read them.

    Spans count in the text as it was read: composed, with plain digits, the right way round.
    """

    span: tuple[int, int]
    text: str
    field: str
    value: Any
    rule: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every claim on a name, in the order of its characters, and the answer they make."""

    release: Release
    claims: tuple[Claim, ...]
    reasons: tuple[str, ...]
    """Why the kind and the title were chosen."""

    def lines(self) -> list[str]:
        """The explanation for people, one finding a line."""
        found = [
            f"{claim.span[0]}-{claim.span[1]} {claim.text!r}: {claim.field} = {claim.value!r} ({claim.rule})"
            for claim in self.claims
        ]
        return [*found, *self.reasons]


def explain(name: str, parents: Sequence[str] = ()) -> Explanation:
    """Which rule claimed which characters of a name, and why its kind and title were chosen."""
    draft = read_in_context(name, tuple(parents), keep_trail=True)
    release = make_release(name, draft)
    claims = _list_claims(draft)
    return Explanation(release, claims, (_explain_kind(release, draft), _explain_title(release, claims)))


def _list_claims(draft: Draft) -> tuple[Claim, ...]:
    starts = draft.starts()
    claims = []
    for (first, end), field, value, rule in sorted(draft.trail or (), key=lambda found: found[0]):
        span = (starts[first], starts[end - 1] + len(draft.words[end - 1]))
        claims.append(Claim(span, draft.text[slice(*span)], field, value, rule))
    return tuple(claims)


def _explain_kind(release: Release, draft: Draft) -> str:
    numbered = [field for field in ("seasons", *sorted(EPISODIC)) if field in draft.facts]
    if release.kind == "movie":
        reason = "a folder of movies" if numbered else "nothing numbers or dates it"
    elif numbered:
        reason = f"it has {', '.join(numbered)}"
    else:
        reason = "a folder of series" if draft.library == "series" else "it is a complete series"
    return f"kind: {release.kind}, because of: {reason}"


def _explain_title(release: Release, claims: tuple[Claim, ...]) -> str:
    if release.title is None:
        return "title: none, every word was claimed for something else"
    own = next((claim for claim in claims if claim.field == "title"), None)
    if own and own.value == release.title:
        return f"title: {release.title!r}, the first free words ({own.span[0]}-{own.span[1]})"
    return f"title: {release.title!r}, from a folder"
