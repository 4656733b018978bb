"""Which part of a name is about the release: weak words count by where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mediacensus.release.counting import NUMBER
from mediacensus.release.dates import YEAR
from mediacensus.release.language import STRINGS, settle_rows, settle_strings
from mediacensus.release.vocabulary import CODE, LONELY_CODES
from mediacensus.release.words import TECH, take_facts

if TYPE_CHECKING:
    from mediacensus.release.draft import Draft
    from mediacensus.release.vocabulary import Facts


# Words that make a language of the word before them: "greek subs".
_SPEECH: Final = frozenset(
    ("subs", "sub", "subtitles", "subbed", "dubbed", "dub", "audio", "language", "lang")
)
# Editions that close a title even before a year: "Title Extended 2009".
_BEFORE_YEAR: Final = frozenset(("extended", "unrated", "uncut", "uncensored", "remastered", "theatrical"))
# "The Complete Season 3"
_WHOLE: Final = frozenset(("complete", "the", "completa", "complet"))
_BEFORE_DL: Final = frozenset(("german", "dubbed"))
_ARTICLES: Final = frozenset(("the", "a", "an"))
_NEVER_ALONE: Final = frozenset(("streaming_service", "editions", "episode_details"))


def settle_weak_words(draft: Draft) -> None:  # noqa: C901 - a call a word costs more than it
    """Let weak words and codes claim behind the first quality word, and in an unbroken row before it."""
    tags, waiting, count = draft.tags, draft.waiting, len(draft.tags)
    if len(waiting) > 1:
        _settle_strung(draft)
        waiting = waiting[::-1]
    edge, quality = count, -1
    is_code_left = False
    for first, end, strength, facts in waiting:
        if first == 0 or tags[first]:
            continue
        if strength != CODE and (tags[first - 1] == TECH or (end < count and tags[end] == TECH)):
            counts = True  # as most do: right beside a quality word
        else:
            if quality < 0:  # where there is no quality word, the end is the edge
                quality = tags.index(TECH) if TECH in tags else count
                edge = quality if quality < edge else edge
            if first < quality and end < count and end != edge and _is_in_the_middle(draft, first, end):
                counts = False
            elif strength == CODE:
                counts = _code_counts(draft, first, end, edge)
            else:
                counts = (
                    first > quality or _leads_up(draft, first, end, edge) or _is_special(draft, first, facts)
                )
        if counts:
            take_facts(draft, (first, end), facts, "weak word")
            edge = first if first < edge else edge
        elif strength == CODE:
            is_code_left = True
    if is_code_left and TECH in tags:
        settle_rows(draft)


def _is_in_the_middle(draft: Draft, first: int, end: int) -> bool:
    """Whether a word stands among the words of a title."""
    if draft.inside[first] >= 0 or draft.tags[first - 1] or draft.tags[end]:
        return False
    return draft.lows[end] not in _SPEECH


def _settle_strung(draft: Draft) -> None:
    """Settle what stands side by side in brackets or is strung together."""
    before = -1
    for first, end, _, _ in draft.waiting:
        if first == before and (draft.inside[first] >= 0 or draft.gaps[first] in STRINGS):
            settle_strings(draft)
            return
        before = end


def _leads_up(draft: Draft, first: int, end: int, edge: int) -> bool:
    """Right before the edge, at the end behind a number or year, or in company that tells."""
    tags = draft.tags
    if end == edge and (end < len(tags) or any(tags[:first])):
        return True
    if end < len(tags):
        if tags[end] == YEAR and _closes_title(draft, first):
            return True
        if tags[end] and (tags[first - 1] or draft.gaps[first] == " - " or _is_loud(draft, first)):
            return True
        if draft.lows[end] in _SPEECH or (tags[end] == NUMBER and draft.lows[first] in _WHOLE):
            return True
    return _is_alone(draft, first, end)


def _is_special(draft: Draft, index: int, facts: Facts) -> bool:
    """``S05.Special.The.Title``: what kind of episode it is, where the season has no number behind it."""
    is_detail = facts[0][0] == "episode_details" and draft.tags[index - 1] == NUMBER
    return is_detail and "seasons" in draft.facts and "episodes" not in draft.facts


def _closes_title(draft: Draft, index: int) -> bool:
    """``Title.Extended.2009``, ``Titel.German.2006``; but "The Good German 2006"."""
    if draft.lows[index] == "german":
        return draft.lows[0] not in _ARTICLES and draft.gaps[index] in ("_", ".")
    return draft.lows[index] in _BEFORE_YEAR


def _is_loud(draft: Draft, index: int) -> bool:
    """``EXTENDED`` in capitals, in a name whose title is not."""
    word = draft.words[index]
    return len(word) > 2 and word.isupper() and not draft.words[0].isupper()


def _is_alone(draft: Draft, first: int, end: int) -> bool:
    bracket = draft.inside[first]
    return bracket >= 0 and draft.brackets[bracket][:2] == (first, end)


def _code_counts(draft: Draft, first: int, end: int, edge: int) -> bool:
    """A language code counts beside a quality word or another language, and as ``[CHS]``."""
    tags, word = draft.tags, draft.words[first]
    if _is_alone(draft, first, end):
        return word.isupper() or draft.words[0].isupper()
    if draft.lows[first] in LONELY_CODES:
        return False
    if tags[first - 1] == TECH or (
        end < len(tags) and tags[end] == TECH and (first > edge or tags[first - 1])
    ):
        return word.isupper() or len(word) > 2 or bool(tags[first - 1])
    if end == len(tags) and word.isupper() and not draft.words[0].isupper():
        return TECH not in tags and any(tags)
    is_loud = word.isupper() and not draft.words[0].isupper()
    is_dual = draft.lows[first] == "dl" and draft.lows[first - 1] in _BEFORE_DL  # "german.dl.1080p"
    return end == edge < len(tags) and (len(word) == 3 or is_loud or is_dual)


def settle_alone(draft: Draft) -> None:
    """A bare name of nothing but known words has no title: each of them counts."""
    if draft.is_folder:
        return
    known = [(first, end, facts) for first, end, strength, facts in draft.waiting if strength != CODE]
    known += draft.near
    covered = {index for first, end, _ in known for index in range(first, end)}
    if all(tag or index in covered for index, tag in enumerate(draft.tags)):
        for first, end, facts in known:
            usual = len(draft.lows[first]) > 2 and facts[0][0] not in _NEVER_ALONE
            if usual and not draft.tags[first]:
                take_facts(draft, (first, end), facts, "alone")
