"""Which languages are spoken and which are only written underneath."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Final

from mediacensus.release.extras import EXTRA
from mediacensus.release.lexicon import LANGUAGE_FIELDS
from mediacensus.release.vocabulary import CODE, CONTAINERS, LONELY_CODES, WORDS
from mediacensus.release.words import TECH, take_facts

if TYPE_CHECKING:
    from mediacensus.release.draft import Draft
    from mediacensus.release.vocabulary import Facts

Spoken = tuple[int, int, str, str]
# "eng subbed" names its language before, "sub ita" after.
_LOOKS_BACK: Final = frozenset(("subbed", "subs", "softsub", "softsubs", "subtitles", "subtitled"))
STRINGS: Final = frozenset(("+", " + ", "-", "/", ",", ", ", "&", " / ", "+ "))
"""What stands between languages strung together."""
_END: Final = itemgetter(1)
_TAG: Final = itemgetter(3)
_SOUND: Final = frozenset(("audio", "language", "lang"))
"""Words that only say what a language is."""
_NOT_TAGS: Final = frozenset(
    ("forced", "default", "sdh", "cc", "hi", "foreign", "full", "signs", "songs", "hearing", "impaired")
)


SUBTITLES: Final = frozenset(extension for extension, kind in CONTAINERS.items() if kind == "subtitle")
"""The extensions of subtitle files."""


def settle_languages(draft: Draft) -> None:
    """Give every language found its field, by the words for subtitles and dubs around it."""
    spoken, tags, facts = draft.spoken, draft.tags, draft.facts
    if len(spoken) > 1:
        spoken = sorted(spoken)
        if "und" in map(_TAG, spoken):
            spoken = _give_roles(draft, spoken)
    for first, end, role, tag in spoken:
        if end < len(tags) and not tags[end] and draft.lows[end] in _SOUND:
            tags[end] = TECH
        if not role:
            continue
        if role in facts or draft.trail is not None:
            draft.note((first, end), role, tag, "language")
        else:
            facts[role] = (tag,)
            draft.origins.append((role, first, "language"))


def _give_roles(draft: Draft, spoken: list[Spoken]) -> list[Spoken]:
    """The languages with the fields that the words for subtitles and dubs give them, and those with none."""
    roles = [field for _, _, field, _ in spoken]
    for index, (_, _, field, tag) in enumerate(spoken):
        if tag == "und" and field == "subtitle_languages":
            _scope_subtitles(draft, spoken, roles, index)
        elif tag == "und" and _neighbours(spoken, index):
            roles[index] = ""
    return [(first, end, role, tag) for (first, end, _, tag), role in zip(spoken, roles, strict=True)]


def _neighbours(spoken: list[Spoken], index: int) -> bool:
    """Whether a language stands right beside this word."""
    before = index > 0 and spoken[index - 1][1] == spoken[index][0]
    after = index + 1 < len(spoken) and spoken[index + 1][0] == spoken[index][1]
    return before or after


def _scope_subtitles(draft: Draft, spoken: list[Spoken], roles: list[str], index: int) -> None:
    """Turn the run of languages behind a word such as ``sub``, else the one before it, into subtitles."""
    after = _run(draft, spoken, index, 1)
    before = _run(draft, spoken, index, -1)
    run = before or after if draft.lows[spoken[index][0]] in _LOOKS_BACK else after or before
    for other in run:
        roles[other] = "subtitle_languages"
    if run:
        roles[index] = ""


def _run(draft: Draft, spoken: list[Spoken], index: int, step: int) -> list[int]:
    """The unbroken languages on one side of a word, within the same brackets."""
    run: list[int] = []
    at = index + step
    while 0 <= at < len(spoken) and spoken[at][2] == "languages":
        right = at if step > 0 else at + 1
        begin = spoken[right][0]
        if spoken[right - 1][1] != begin or _is_apart(draft, begin):
            break
        run.append(at)
        at += step
    return run


def _is_apart(draft: Draft, index: int) -> bool:
    gap = draft.gaps[index]
    return "[" in gap or "]" in gap or "|" in gap


def read_subtitle_file(draft: Draft) -> None:
    """``Name.en.forced.srt``: in a subtitle file the language stands at the end, with what kind it is."""
    _mark_kinds(draft, len(draft.lows))
    for index in range(len(draft.lows) - 1, max(-1, len(draft.lows) - 6), -1):
        low = draft.lows[index]
        if draft.tags[index] == TECH and not any(index == first for first, *_ in draft.spoken):
            continue
        named = len(low) == 2 and draft.words[index].istitle()  # "Dr.No.srt"
        if (tag := _language_of(low)) and not named:
            draft.spoken = [found for found in draft.spoken if found[0] != index]
            first = index - (draft.gaps[index] == "-" and is_language(draft.lows[index - 1]))  # "pt-BR"
            draft.claim((index, index + 1), "subtitle_languages", tag, "subtitle file")
            draft.mark((first, index + 1), EXTRA)
            _mark_kinds(draft, first)
            return


def _mark_kinds(draft: Draft, end: int) -> None:
    """Take the run of words that ends here and says what kind of subtitles it is, ``forced.sdh``."""
    first = end
    while first > 1 and draft.lows[first - 1] in _NOT_TAGS:
        first -= 1
        draft.mark((first, first + 1), EXTRA)


def _language_of(low: str) -> str | None:
    word = WORDS.get(low)
    if word is None or low in _NOT_TAGS:
        return None
    if word.code:
        return word.code
    field, (tag,) = word.facts[0] if word.facts else ("", ("",))
    return tag if field in ("languages", "subtitle_languages") and tag != "und" else None


def is_language(low: str) -> bool:
    """Whether a lower-case word can name a language."""
    return _language_of(low) is not None


def settle_strings(draft: Draft) -> None:
    """Claim languages strung together, or alone in brackets: ``ITA-DAN``, ``[Tam + Tel]``, ``[Ing / Pt]``."""
    run: list[tuple[int, int, Facts]] = []
    for first, end, _, facts in draft.waiting:
        if draft.tags[first] or not first or facts[0][0] not in LANGUAGE_FIELDS:
            continue
        strung = draft.gaps[first] in STRINGS or (bool(run) and _share_brackets(draft, run[0][0], first))
        if run and not (strung and run[-1][1] == first):
            _claim_string(draft, run)
            run = []
        if not run or run[-1][0] != first:
            run.append((first, end, facts))
    _claim_string(draft, run)


def _share_brackets(draft: Draft, first: int, last: int) -> bool:
    bracket = draft.inside[first]
    return bracket == draft.inside[last] >= 0 and draft.brackets[bracket][0] == first


def _claim_string(draft: Draft, run: list[tuple[int, int, Facts]]) -> None:
    """Two or more different languages: a row of one and the same is a stutter in a title."""
    are_different = is_strung = False
    for start, _, facts in run[1:]:
        are_different = are_different or facts != run[0][2]
        is_strung = is_strung or draft.gaps[start] in STRINGS
    if not are_different:
        return
    first, last = run[0][0], run[-1][1]
    opened, closed = -1, -1
    if draft.inside[first] >= 0:
        opened, closed, _ = draft.brackets[draft.inside[first]]
    if (is_strung and (opened < 0 or closed >= last)) or (opened, closed) == (first, last):
        for start, end, facts in run:
            take_facts(draft, (start, end), facts, "language row")


def settle_rows(draft: Draft) -> None:
    """Claim codes behind another language or a quality word: ``ENG+RU+PT``, ``iNTERNAL.SK``."""
    tags = draft.tags
    ends = set(map(_END, draft.spoken))
    for first, end, strength, facts in draft.waiting:
        if strength != CODE or tags[first] or not (tags[first - 1] or first in ends):
            continue
        lonely = draft.lows[first] in LONELY_CODES
        in_row = first in ends and (not lonely or draft.gaps[first] in STRINGS)
        behind = first and tags[first - 1] == TECH and draft.gaps[first] != "-" and not lonely
        if in_row or (behind and draft.words[first].isupper()):
            take_facts(draft, (first, end), facts, "language row")
            ends.add(end)
