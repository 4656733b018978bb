"""The vocabulary pass: one look-up a word, strong words claim at once, others wait for company."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mediacensus.release.lexicon import (
    ADDRESS,
    ASIDE,
    BESIDE,
    CLAIM,
    COUNT,
    COUNTING,
    HINT,
    LANGUAGE_FIELDS,
    MARK,
    NOTHING,
    NUMBER,
    SAY,
    SOUGHT,
    SURE_SITES,
    WAIT,
    Entry,
    look_up,
)
from mediacensus.release.vocabulary import CODE, MENTION, NEAR, STRONG, TITLES, WEAK, WORDS, Facts, Word

if TYPE_CHECKING:
    from mediacensus.release.draft import Draft, Span
    from mediacensus.release.shapes import Shape

TECH: Final = "quality"
"""The tag of words that say how a release was made rather than what it is."""
_MOST_NEAR: Final = 64
"""Words looked at for company in one name; more is rubbish, and rubbish must stay cheap."""
_EVERYDAY: Final = frozenset(TITLES["everyday"])
_LAYOUT_DIGITS: Final = (["5", "1"], ["2", "0"], ["7", "1"], ["1", "0"])
_JOINED: Final = frozenset((":", ".", " ", "_", "-", "", "'", "’", "/", "+", " - "))


def read_words(draft: Draft) -> None:  # noqa: C901, PLR0912 - a call a word costs more than it
    """Look every word up; leave numbers, markers and language codes for the passes that read them."""
    lows, tags, facts, origins = draft.lows, draft.tags, draft.facts, draft.origins
    is_traced, last = draft.trail is not None, len(lows) - 1
    entries = list(map(look_up, lows))
    for index, entry in enumerate(entries):
        if entry is None:
            continue
        kind, meaning, extra, opens = entry
        if opens and index < last and lows[index + 1] in opens and _read_compound(draft, index, entries):
            continue
        if kind == SAY:
            field, values = meaning
            tags[index] = TECH
            if field in facts or is_traced:
                draft.note((index, index + 1), field, values[0], extra)
            else:
                facts[field] = values
                origins.append((field, index, extra))
        elif kind == NUMBER:
            draft.numbers[index] = meaning
        elif kind == WAIT:
            draft.waiting.append((index, index + 1, meaning, extra))
        elif kind == COUNT:
            draft.counts[index] = meaning
        elif kind == CLAIM:
            tags[index] = TECH
            for field, values in meaning:
                if field in facts or is_traced:
                    draft.note((index, index + 1), field, values[0], extra)
                else:
                    facts[field] = values
                    origins.append((field, index, extra))
        elif kind == MARK:
            draft.markers.append(index)
        elif kind == BESIDE:
            draft.near.append((index, index + 1, meaning))
        elif kind == ASIDE:
            _put_aside(draft, (index, index + 1), meaning, extra)
        elif kind == ADDRESS:
            _note_marker(draft, (index, index + 1), meaning)
        elif kind == HINT:
            if meaning not in draft.hints:
                draft.hints += meaning
            if extra:
                _take(draft, (index, index + 1), extra)


def _read_compound(draft: Draft, index: int, entries: list[Any]) -> bool:
    """Read the longest compound that begins here; its words are then none of their own."""
    begin, lows = index + 1, draft.lows
    if draft.gaps[begin] not in _JOINED:
        return False
    for tail, entry in entries[index][3][lows[begin]]:
        end = begin + 1
        if tail:
            end += len(tail)
            if lows[begin + 1 : end] != tail or not _JOINED.issuperset(draft.gaps[begin + 1 : end]):
                continue
            entries[begin:end] = [None] * (end - begin)
        else:
            entries[begin] = None
        _take(draft, (index, end), entry)
        return True
    return False


def _take(draft: Draft, span: Span, entry: Entry) -> None:
    """Do with a word or compound what the lexicon says it is."""
    kind, meaning, extra, _ = entry
    if kind == CLAIM:
        claim_facts(draft, span, meaning, extra)
    elif kind in (NUMBER, COUNT):
        (draft.numbers if kind == NUMBER else draft.counts)[span[0]] = meaning
    elif kind in (MARK, ADDRESS):
        _note_marker(draft, span, meaning)
    elif kind == BESIDE:
        draft.near.append((*span, meaning))
    elif kind == WAIT:
        draft.waiting.append((*span, meaning, extra))
    elif kind == HINT:
        draft.hints += meaning
    elif kind == ASIDE:
        _put_aside(draft, span, meaning, extra)


def _put_aside(draft: Draft, span: Span, word: Word, found: Shape | None) -> None:
    """Keep a word that counts only by its company for the pass that knows the company."""
    index, end = span
    strength, facts, marker, code, _ = word
    if strength == WEAK:
        draft.waiting.append((index, end, WEAK, facts))
    elif strength == NEAR:
        draft.near.append((index, end, facts))
    elif strength == STRONG:
        take_facts(draft, span, facts, "word")
    elif strength == MENTION:
        for field, values in facts:
            draft.note(span, field, values[0], "mention")
    if marker is not None:
        _note_marker(draft, span, marker)
    if code:
        draft.waiting.append((index, end, CODE, (("languages", (code,)),)))
    if found:
        draft.numbers[index] = draft.counts[index] = found


def _note_marker(draft: Draft, span: Span, marker: str) -> None:
    """Remember a word that counts, and that a later pass has something to look for."""
    index, end = span
    if marker in COUNTING:
        draft.markers.append(index)
    elif marker == "site":
        if draft.lows[index] in SURE_SITES or (draft.gaps[index] == "." and _may_end_address(draft, end)):
            draft.hints += marker
    elif marker in SOUGHT:
        draft.hints += marker


def _may_end_address(draft: Draft, end: int) -> bool:
    """Whether a name, a bracket or a title of its own ends here, as behind ``site.to``."""
    after = draft.gaps[end]
    return after in ("", " - ") or "]" in after


def release_first_word(draft: Draft) -> None:
    """``Hulu.Valley.2011``: a quality word that opens a plain name belongs to the title."""
    low = draft.lows[0]
    if draft.gaps[0] or not low.isalpha() or len(draft.tags) < 3 or low not in WORDS:
        return
    if draft.tags[1] and (look_up(draft.lows[1]) or NOTHING)[2] != "number":
        return
    if draft.lows[1] in WORDS and WORDS[draft.lows[1]].strength:
        return
    draft.tags[0] = ""
    for field, (value,) in WORDS[low].facts:
        known = draft.facts.get(field, ())
        if known == (value,):
            del draft.facts[field]
        elif value in known:
            at = known.index(value)
            draft.facts[field] = known[:at] + known[at + 1 :]
    draft.spoken = [found for found in draft.spoken if found[0]]


def take_facts(draft: Draft, span: Span, facts: Facts, rule: str) -> None:
    """Claim a span for everything it means; languages wait until all of them are known."""
    field, (value,) = facts[0]
    if field in LANGUAGE_FIELDS:
        first, end = span
        draft.tags[first] = draft.tags[end - 1] = TECH
        if end > first + 2:
            draft.tags[first:end] = [TECH] * (end - first)
        draft.spoken.append((first, end, field, value))
    elif field == "episode_details":  # "Christmas Special" stays a title
        draft.note(span, field, value, rule)
    else:
        claim_facts(draft, span, facts, rule)


def claim_facts(draft: Draft, span: Span, facts: Facts, rule: str) -> None:
    """Claim a span for everything that it says of how the release was made."""
    first, end = span
    draft.tags[first] = draft.tags[end - 1] = TECH
    if end > first + 2:
        draft.tags[first:end] = [TECH] * (end - first)
    known, is_traced = draft.facts, draft.trail is not None
    for field, values in facts:
        if field in known or is_traced:
            draft.note(span, field, values[0], rule)
        else:
            known[field] = values
            draft.origins.append((field, first, rule))


def settle_near_words(draft: Draft) -> None:
    """Let words claim that stand beside a quality word, as often as that lets another one claim."""
    tags, near = draft.tags, draft.near
    if len(near) > 1:
        near = near[:_MOST_NEAR]
        near += reversed(near)
    for first, end, facts in near:
        if not tags[first] and _has_company(draft, first, end, facts[0][0]):
            take_facts(draft, (first, end), facts, "beside")
    if len(near) == 1 and tags[first]:
        draft.near = []


def _has_company(draft: Draft, first: int, end: int, field: str) -> bool:
    """A quality word after it, or before it; a streaming service stands before what it streamed."""
    tags, lows = draft.tags, draft.lows
    if lows[first] in _EVERYDAY and not draft.words[first].isupper():
        return False
    if end < len(tags) and tags[end] == TECH:
        return True
    if field == "audio_codecs" and lows[end : end + 2] in _LAYOUT_DIGITS:
        return True
    bracket = draft.inside[first] if field == "source" and first else -1
    if bracket >= 0 and draft.brackets[bracket][:2] == (first, end):  # "(BD)"
        return True
    return field != "streaming_service" and first > 0 and tags[first - 1] == TECH
