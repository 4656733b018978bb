"""The vocabulary pass: one look-up a word, strong words claim at once, others wait for company."""

from __future__ import annotations

import re
from itertools import compress
from typing import TYPE_CHECKING, Final

from mediacensus.release.lexicon import (
    ASIDE,
    CLAIM,
    COUNT,
    LANGUAGE_FIELDS,
    NOTHING,
    NUMBER,
    OPENER,
    WAIT,
    Entry,
    look_up,
)
from mediacensus.release.vocabulary import CODE, MENTION, NEAR, STRONG, WEAK, WORDS, Facts, Word

if TYPE_CHECKING:
    from mediacensus.release.tokens import Draft, Span

TECH: Final = "quality"
"""The tag of words that say how a release was made rather than what it is."""
_HINTS: Final = frozenset(("month", "count"))
_SURE_SITES: Final = frozenset(("www", "ww", "com", "org", "net", "ru"))
_COUNTING: Final = frozenset(("season", "series", "episode", "part", "volume", "cd", "disc", "dvd", "week"))
# 简繁外挂, 国语配音: Chinese subtitles or sound
_CHINESE: Final = re.compile(
    "[简繁](?:体|體|日|中|英|内|外)|中字|字幕|国语|國語|双语|雙語|[内內外][嵌封挂掛]"
)
_LAYOUT_DIGITS: Final = (["5", "1"], ["2", "0"], ["7", "1"], ["1", "0"])
_JOINED: Final = frozenset((":", ".", " ", "_", "-", "", "'", "’", "/", "+", " - "))


def read_words(draft: Draft) -> None:
    """Look every word up; leave numbers, markers and language codes for the passes that read them."""
    lows, facts, origins = draft.lows, draft.facts, draft.origins
    is_traced = draft.trail is not None
    entries = list(map(look_up, lows))
    lows.append("")  # what follows the last word
    for index, entry in compress(enumerate(entries), entries):
        kind, meanings, rule = entry  # type: ignore[misc]  # the None are left out
        if kind == CLAIM:
            draft.tags[index] = TECH
            for field, value in meanings:
                if field in facts or is_traced:
                    draft.note((index, index + 1), field, value, rule)
                else:
                    facts[field] = [value]
                    origins[field] = index, rule
        elif kind == NUMBER:
            draft.numbers.append(index)
        elif kind == WAIT:
            draft.waiting.append((index, index + 1, meanings, rule))
        elif kind == OPENER:
            opens = lows[index + 1] in meanings and _read_compound(draft, index, entries)
            if rule and not opens:
                _read_alone(draft, index, rule)
        elif kind == COUNT:
            draft.counts.append(index)
        else:
            _put_aside(draft, index, index + 1, rule)
    lows.pop()


def _read_alone(draft: Draft, index: int, entry: Entry) -> None:
    """A word that opens no compound after all."""
    kind, meanings, rule = entry
    if kind == NUMBER:
        draft.numbers.append(index)
    elif kind == WAIT:
        draft.waiting.append((index, index + 1, meanings, rule))
    elif kind == CLAIM:
        take_facts(draft, (index, index + 1), meanings, rule)
    elif kind == ASIDE:
        _put_aside(draft, index, index + 1, rule)


def read_chinese(draft: Draft) -> None:
    """Chinese words for subtitles and sound, which stand in one word with others."""
    for index, low in enumerate(draft.lows):
        if not low.isascii() and low not in WORDS and _CHINESE.search(low):
            draft.waiting.append((index, index + 1, WEAK, (("languages", "zh"),)))


def _read_compound(draft: Draft, index: int, entries: list[Entry | None]) -> bool:
    """Read the longest compound that begins here; its words are then none of their own."""
    begin, lows = index + 1, draft.lows
    _, compounds, _ = entries[index]  # type: ignore[misc]  # asked for openers only
    if draft.gaps[begin] not in _JOINED:
        return False
    for tail, (kind, meanings, rule) in compounds[lows[begin]]:
        end = begin + 1 + len(tail)
        if not tail or (lows[begin + 1 : end] == tail and _JOINED.issuperset(draft.gaps[begin + 1 : end])):
            entries[begin:end] = [None] * (end - begin)
            if kind == CLAIM:
                take_facts(draft, (index, end), meanings, rule)
            elif kind == WAIT:
                draft.waiting.append((index, end, meanings, rule))
            else:
                _put_aside(draft, index, end, rule)
            return True
    return False


def _put_aside(draft: Draft, index: int, end: int, word: Word) -> None:
    """Keep a word that counts only by its company for the pass that knows the company."""
    strength, facts, marker, code, _ = word
    if strength == WEAK:
        draft.waiting.append((index, end, WEAK, facts))
    elif strength == NEAR:
        draft.near.append((index, end, facts))
    elif strength == STRONG:
        take_facts(draft, (index, end), facts, "word")
    elif strength == MENTION:
        for field, value in facts:
            draft.note((index, end), field, value, "mention")
    if marker is not None:
        _note_marker(draft, index, end, marker)
    if code:
        draft.waiting.append((index, end, CODE, (("languages", code),)))
    if not facts and not draft.lows[index].isalpha():
        draft.numbers.append(index)
        draft.counts.append(index)


def _note_marker(draft: Draft, index: int, end: int, marker: str) -> None:
    """Remember a word that counts, and that a later pass has something to look for."""
    if marker in _COUNTING:
        draft.markers.append(index)
    elif marker == "site":
        after = draft.gaps[end]
        if draft.lows[index] in _SURE_SITES or "]" in after or after in ("", " - "):
            draft.hints += marker
    elif marker in _HINTS:
        draft.hints += marker


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
    for field, value in WORDS[low].facts:
        if value in draft.facts.get(field, ()):
            draft.facts[field].remove(value)
            if not draft.facts[field]:
                del draft.facts[field]
    draft.spoken = [found for found in draft.spoken if found[0]]


def take_facts(draft: Draft, span: Span, facts: Facts, rule: str) -> None:
    """Claim a span for everything it means; languages wait until all of them are known."""
    first, end = span
    first_field = facts[0][0]
    if first_field != "episode_details":  # "Christmas Special" stays a title
        draft.tags[first] = TECH
        if end > first + 1:
            draft.tags[first:end] = [TECH] * (end - first)
    if first_field in LANGUAGE_FIELDS:
        draft.spoken.append((first, end, *facts[0]))
        return
    known, is_traced = draft.facts, draft.trail is not None
    for field, value in facts:
        if field in known or is_traced:
            draft.note(span, field, value, rule)
        else:
            known[field] = [value]
            draft.origins[field] = first, rule


def settle_near_words(draft: Draft) -> None:
    """Let words claim that stand beside a quality word, as often as that lets another one claim."""
    tags = draft.tags
    left = [found for found in draft.near if not tags[found[0]]]
    for order in (left, left[::-1]) if len(left) > 1 else (left,):
        for first, end, facts in order:
            if not tags[first] and _has_company(draft, first, end, facts[0][0]):
                take_facts(draft, (first, end), facts, "beside")
    draft.near = left


def _has_company(draft: Draft, first: int, end: int, field: str) -> bool:
    """A quality word after it, or before it; a streaming service stands before what it streamed."""
    tags, lows = draft.tags, draft.lows
    if end < len(tags) and tags[end] == TECH:
        return True
    if field == "audio_codecs" and lows[end : end + 2] in _LAYOUT_DIGITS:
        return True
    bracket = draft.inside[first] if field == "source" and first else -1
    if bracket >= 0 and draft.brackets[bracket][:2] == (first, end):  # "(BD)"
        return True
    return field != "streaming_service" and first > 0 and tags[first - 1] == TECH
