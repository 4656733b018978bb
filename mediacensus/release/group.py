"""The release group: behind the last hyphen, in the last bracket, or in the leading one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mediacensus.release.counting import LAST
from mediacensus.release.vocabulary import GROUPS, WORDS
from mediacensus.release.words import TECH

if TYPE_CHECKING:
    from mediacensus.release.draft import Draft

GROUP: Final = "group"
_REPOSTERS: Final = frozenset(GROUPS["reposters"])
_LANGUAGES: Final = frozenset(
    low for low, word in WORDS.items() if len(low) > 4 and word.facts and word.facts[0][0] == "languages"
)
_SITES: Final = frozenset(GROUPS["sites"])
_ADDED: Final = _REPOSTERS | _LANGUAGES | _SITES
"""What may stand behind a group."""
_MOST_BEFORE: Final = 3
"""Words in a signature before the last one."""
_VERSIONS: Final = frozenset(("v2", "v3", "v4", "v5"))
"""What a group that tried again writes behind its name."""
_BY: Final = frozenset(GROUPS["by"])
_SIGNING: Final = frozenset(  # the gaps between a release and its signature
    (
        "-",
        ".-",
        " -",
        "- ",
        " - ",
        "--",
        "_-",
        "-[",
        ".-[",
        "~",
        "]-",
        ")-",
        "] - ",
        ") - ",
        "] -",
        ") -",
        " ~",
    )
)
SETTLED: Final = frozenset((TECH, "numbering", "year", "piece"))
"""A name that ends in one of these is signed by nobody."""
_ADDED_TAGS: Final = frozenset(("website", "checksum", "extra"))
_HYPHENS: Final = frozenset("-.")
_BEHIND_GROUP: Final = frozenset(("website", "checksum", "repost", "extra"))
_MARKS: Final[dict[str, tuple[str, str]]] = {
    "obfuscated": ("others", "Obfuscated"),
    "scrambled": ("others", "Obfuscated"),
    "asrequested": ("others", "Repost"),
    "xpost": ("others", "Repost"),
    "postbot": ("others", "Repost"),
    "repost": ("others", "Repost"),
    "proof": ("others", "Proof"),
    "sample": ("others", "Sample"),
}


def claim_group(draft: Draft) -> bool:
    """Claim the group that signs the name behind its last hyphen, or behind ``by``.

    Returns whether nobody has signed yet, but words still to be settled may show who did.
    """
    tags, inside = draft.tags, draft.inside
    last = len(tags) - 1
    if tags[last] or draft.lows[last] in _ADDED or (inside[last] >= 0 and draft.gaps[last] == " ("):
        last = _strip_reposters(draft, last)
    if (  # other than "x264-GRP", as most are signed
        draft.gaps[last] != "-"
        or tags[last - 1] != TECH
        or inside[last] >= 0
        or tags[last]
        or (draft.hints and _is_numbered_extra(draft.hints))
    ):
        first = None
        has_hyphen = "-" in draft.text or "~" in draft.text
        if has_hyphen:
            first = _after_hyphen(draft, last) if inside[last] < 0 else _before_bracket(draft, last)
        if first is None:
            if draft.hints and "maker" in draft.hints:
                _claim_maker(draft)
                return "release_group" not in draft.facts
            return has_hyphen
        if first < last:
            _claim_several(draft, first, last + 1)
            return False
        last = first
    _sign(draft, last)
    return False


def _sign(draft: Draft, index: int) -> None:
    """Claim a signature of one word."""
    word = draft.words[index]
    draft.tags[index] = GROUP
    draft.facts["release_group"] = (word,)
    draft.origins.append(("release_group", index, GROUP))
    if draft.trail is not None:
        draft.trail.append(((index, index + 1), "release_group", word, GROUP))


def _is_numbered_extra(hints: str) -> bool:
    """``Series-f21-Film``, ``Film-x02-Making Of``: what stands behind the last hyphen is a title."""
    return "film" in hints or "bonus" in hints


def _claim_maker(draft: Draft) -> None:
    """``by Name`` behind the quality words."""
    for index in range(len(draft.lows) - 2, max(0, len(draft.lows) - 6), -1):
        if draft.lows[index] in _BY and TECH in draft.tags[:index]:
            draft.tags[index] = GROUP
            _claim(draft, index + 1, _free_end(draft, index + 1))
            return


def claim_last_bracket(draft: Draft) -> None:
    """Claim ``[Group]`` at the end, or the free words that end the last bracket or the name."""
    tags, inside = draft.tags, draft.inside
    end = len(tags)
    if tags[end - 1]:
        while end > 1 and tags[end - 1] in _BEHIND_GROUP:
            end -= 1
        if 1 < end < len(tags) and draft.gaps[end].endswith("-[") and tags[end - 1] == TECH:
            draft.facts.pop("website", None)  # "x264-[YTS.XX]": an address that signs
            _claim(draft, end, len(tags))
            return
    last = end - 1
    if tags[last]:
        return
    before, bracket, is_hyphened = last - 1, inside[last], draft.gaps[last] == "-"
    while before >= 0 and not tags[before] and inside[before] == bracket:
        before -= 1
    if before < 0 or (bracket < 0 and tags[before] != TECH and not is_hyphened):
        return
    first = before + 1
    is_release = tags[before] == TECH or TECH in tags[:before]
    if (not is_release and "numbering" not in tags[:first]) or draft.words[first] in LAST:
        return
    if _signs(draft, first, end):
        _claim(draft, first, end)
    elif is_release and is_hyphened:
        _claim(draft, last, end)


def _signs(draft: Draft, first: int, end: int) -> bool:
    """Whether the free words at the end sign the release: in brackets, dotted, or written like a group."""
    bracket = draft.inside[end - 1]
    if bracket >= 0:
        opened, closed, sign = draft.brackets[bracket]
        if (opened, closed) == (first, end):
            if sign == "(":
                checked = draft.tags[first - 1] == "numbering" and "crc32" in draft.facts
                return checked or draft.tags[first - 1] == TECH
            return " " not in draft.gaps[first + 1 : end] or " " not in draft.gaps[first]
        return draft.tags[first - 1] == TECH
    if draft.tags[first - 1] != TECH:
        return False
    if " " not in draft.gaps[first] and end - first <= 3:
        return True
    return first == end - 1 and _is_styled(draft.words[first])


def _is_styled(word: str) -> bool:
    """``WiKi``, ``TMd``: capitals inside a word are how groups write themselves."""
    return not word.isupper() and not word[1:].islower() and word[1:].isalpha()


def claim_leading_group(draft: Draft) -> int:
    """Claim ``[Group]`` at the start, behind other brackets if need be; returns where the title may begin."""
    start = 0
    for first, end, sign in draft.brackets[:4]:
        if first != start or not first < end < len(draft.tags):
            break
        if draft.tags[first] or (end > first + 1 and any(draft.tags[first:end])):
            if _is_hyphenated(draft, first, end):
                _claim(draft, first, end)
            elif not all(draft.tags[first:end]):
                break
            start = end
            continue
        if sign == "(" and (len(draft.brackets) < 2 or draft.lows[first][0].isdigit() or end > first + 1):
            break
        if start and (draft.inside[end] >= 0 or draft.lows[end].isdecimal()):
            break  # "[Group][Title][01]", "[Group][Title] 02"
        if "release_group" in draft.facts:
            draft.mark((first, end), GROUP)
        elif _holds_title(draft, end):
            _claim(draft, first, end)
        else:
            break  # "[REC] (2007)", "[Show].148": its own title
        start = end
    return start


def _is_hyphenated(draft: Draft, first: int, end: int) -> bool:
    """``[FFF-Remux]``: a group that says what it does."""
    if end != first + 2 or draft.gaps[first + 1] != "-" or draft.tags[first] or draft.tags[first + 1] != TECH:
        return False
    return "release_group" not in draft.facts and _holds_title(draft, end)


def _holds_title(draft: Draft, start: int) -> bool:
    """Whether a free word stands from here on; a lone number is a title only where a year is beside it."""
    tags, first, count = draft.tags, start, len(draft.tags)
    while first < count and tags[first]:
        first += 1
    if first == count:
        return False
    if start == 1 and len(draft.lows[0]) < 3 and draft.lows[0].isdecimal():  # "[01] Title"
        return "year" in draft.facts
    return not draft.lows[first].isdecimal() or "" in tags[first + 1 :] or "year" in draft.facts


def _strip_reposters(draft: Draft, last: int) -> int:
    """Leave out what whoever posted it again has added: ``-GRP-Rakuv``, ``[eztv]``, ``_English``."""
    tags = draft.tags
    while last > 1:
        low, gap, tag = draft.lows[last], draft.gaps[last], tags[last]
        if not tag and low not in _ADDED and gap != " (":
            break
        if low in _REPOSTERS and gap[:1] in _HYPHENS and not tag and (low != "1" or _is_added(draft, last)):
            tags[last] = "repost"
            if low in _MARKS:
                draft.note((last, last + 1), *_MARKS[low], "repost")
        elif low in _SITES and draft.inside[last] >= 0:
            tags[last] = "website"
        elif gap == " (" and low.isdecimal() and _after_hyphen(draft, last - 1) is not None:
            tags[last] = "copy"
        elif tag not in _ADDED_TAGS and not (low in _LANGUAGES and _is_added(draft, last)):
            break
        last -= 1
    return last


def _is_added(draft: Draft, index: int) -> bool:
    """``-GRP_English``, ``-GRP.1``: behind the group."""
    return not draft.tags[index] and _after_hyphen(draft, index - 1) is not None


def _before_bracket(draft: Draft, last: int) -> int | None:
    """Where a signature begins that ends in brackets, its tag as in ``-GRP[tag]`` or itself."""
    opened, closed, _ = draft.brackets[draft.inside[last]]
    if closed == last + 1 and draft.gaps[opened] == "[":
        first = _after_hyphen(draft, opened - 1)
        if first is not None or closed == len(draft.tags):
            return first
    return _after_hyphen(draft, last)


def _after_hyphen(draft: Draft, last: int) -> int | None:
    """Where the signature begins that ends so: after a hyphen right behind a quality word, number or year."""
    tags, inside = draft.tags, draft.inside
    if last < 1 or tags[last]:
        return None
    before, bracket = last - 1, inside[last]
    least = last - _MOST_BEFORE if last > _MOST_BEFORE else 1
    while before >= least and not tags[before] and inside[before] == bracket:
        before -= 1
    if not tags[before]:
        return None
    first = before + 1
    gap = draft.gaps[first]
    if gap not in _SIGNING or (" - " in gap and tags[before] != TECH):
        return None
    if draft.hints and _is_numbered_extra(draft.hints):
        return None
    if tags[before] == "numbering" and draft.container and not draft.words[first].isupper():
        return None  # "Show-S01E02-Pilot.mkv" names its episode
    return first


def _free_end(draft: Draft, first: int) -> int:
    end = first
    while end < len(draft.tags) and not draft.tags[end]:
        end += 1
    return end


def _claim(draft: Draft, first: int, end: int) -> None:
    if first + 1 < end:
        _claim_several(draft, first, end)
    elif first < end:
        _sign(draft, first)


def _claim_several(draft: Draft, first: int, end: int) -> None:
    """Claim a signature of several words without ``by`` before it or a version behind it."""
    if draft.lows[first] in _BY:
        draft.tags[first] = GROUP
        first += 1
    if end > first + 1 and draft.lows[end - 1] in _VERSIONS and draft.gaps[end - 1] == " ":
        end -= 1
        draft.claim((end, end + 1), "version", int(draft.lows[end][1:]), GROUP)
    text = draft.between(first, end)
    if draft.gaps[end][:1] == "]" and text.count("[") > text.count("]"):
        text += "]"
    draft.claim((first, end), "release_group", text, GROUP)
