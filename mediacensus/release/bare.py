"""Numbers that do not say what they count, ranked by the evidence of where they stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from mediacensus.release.counting import NUMBER, PIECE
from mediacensus.release.dates import YEAR, YEARS
from mediacensus.release.spans import INNER, Numbers, Span, ends_clean, find_spans
from mediacensus.release.vocabulary import ANIME_DETAILS, TITLES
from mediacensus.release.words import TECH

if TYPE_CHECKING:
    from collections.abc import Callable

    from mediacensus.release.draft import Draft

    Kinds = tuple[tuple[Callable[[Draft, Span, bool], bool], str], ...]

_DASHES: Final = frozenset(("-", "–", "—", "#"))
_BESIDE_DASH: Final = " ()[]{}._'’!?…°"
"""Brackets and signs of a title that may stand right beside a dash, ``Gintama' - 12``."""
# vts_01_1, title_t00, c1_t00, mvi_0012, 00001, video
_NAMELESS: Final = re.compile(
    r"vts_\d\d_\d|title_?t?\d+|[a-z]\d_t\d\d|(?:mvi|img|dsc|dscn|mov|gopr|vid)_?\d+|\d{5}|video|movie|film|feature"
)
_BRACKETS: Final = frozenset("[({")
_BROADCAST: Final = frozenset(("HDTV", "TV", "Digital TV", "Satellite", "Analog HDTV"))
_WORKS: Final = frozenset(("seasons", "episodes", "absolute_episodes", "air_date", "year"))
"""Fields of which one tells what a part is a part of."""
_FILMS: Final = frozenset(TITLES["films"])


def read_bare_numbers(draft: Draft, has_group: bool) -> None:
    """Claim the number that most looks like an episode's; beside a numbered episode, its absolute number."""
    facts = draft.facts
    if "air_date" in facts or (draft.is_folder and not has_group):
        return
    if len(draft.tags) <= 3 and is_nameless(draft.text):
        return
    anime = has_group or "seasons" in facts or draft.in_season or "crc32" in facts
    if "year" in facts and not anime:
        _pass_rank(draft)
        if not _is_any_set_off(draft):
            return
    spans = find_spans(draft)
    if not spans:
        return
    if "episodes" in facts:
        if draft.in_season and spans[0][0] == 0 and spans[0][2] == facts["episodes"]:
            draft.mark((0, spans[0][1]), NUMBER)  # "Season 02/2. Episode Two"
        _claim_absolute(draft, spans, has_group)
    elif has_group or draft.in_season or "year" in facts or not _read_pair(draft):
        _claim_one(draft, spans, anime)


def _claim_one(draft: Draft, spans: list[Span], anime: bool) -> None:
    """Claim one of the numbers, if anything speaks for it."""
    if len(spans) > 1 and not (draft.in_season and _is_first_in_season(draft, spans)):
        _claim_likeliest(draft, spans, anime)
    else:
        _claim_lone(draft, spans[0], anime)


def _pass_rank(draft: Draft) -> None:
    """``01 - Dr. No (1962)``: a number in front of a film only sorts it."""
    low, gap = draft.lows[0], draft.gaps[1]
    if draft.tags[0] or len(low) != 2 or not low.isdecimal() or len(draft.lows) < 3:
        return
    if draft.container and (gap == " - " or (low[0] == "0" and gap == ". ")):
        draft.mark((0, 1), "rank")


def _is_first_in_season(draft: Draft, spans: list[Span]) -> bool:
    """``Season 5/05 - Flesh and Stone (2)``: in a season's folder the number in front counts."""
    first, end, _ = spans[0]
    if first or end >= len(draft.lows) or len(draft.lows[0]) != 2:
        return False
    if draft.gaps[end] != ". " and not _is_dash(draft.gaps[end]):
        return False
    return not any(_after_dash(draft, span, anime=True) for span in spans[1:])  # "24 - 05 - Title"


def _claim_likeliest(draft: Draft, spans: list[Span], anime: bool) -> None:
    """Claim the number with the surest evidence: in an anime's name the last such, elsewhere the first."""
    for evidence, rule in _EVIDENCE:
        last = anime and evidence is not _leading and evidence is not _in_square_brackets
        for span in reversed(spans) if last else spans:
            if evidence(draft, span, anime):
                _claim(draft, span, rule)
                return


def _claim_lone(draft: Draft, span: Span, anime: bool) -> None:
    """Claim the only number if anything that can speak for it where it stands does."""
    first, kinds = span[0], _SET_APART
    if not first:
        kinds = _AT_START
    elif draft.inside[first] >= 0:
        kinds = _BRACKETED
    elif draft.gaps[first] in INNER:
        if _is_amid_words(draft, span):
            return
        kinds = _AFTER_WORDS
    for evidence, rule in kinds:
        if evidence(draft, span, anime):
            _claim(draft, span, rule)
            return


def _is_amid_words(draft: Draft, span: Span) -> bool:
    """``Fantastic 4 Something``: nothing speaks for a number behind a word if another follows."""
    first, end, _ = span
    lows = draft.lows
    return (
        end < len(lows)
        and not draft.tags[end]
        and draft.gaps[end] in INNER
        and lows[first][0] != "0"
        and lows[end] not in ANIME_DETAILS
    )


def _is_any_set_off(draft: Draft) -> bool:
    """Whether some number stands apart from the words before it; beside a year the others are the title's."""
    tags, numbers = draft.tags, draft.numbers
    for index in numbers:
        if not tags[index] and (
            draft.gaps[index] not in INNER or draft.inside[index] >= 0 or tags[index - 1]
        ):
            return index > 0 or len(numbers) > 1  # "12 Angry Men 1957"
    return False


def read_miniseries(draft: Draft) -> None:
    """``Title.Part.2.HDTV``: a part of something broadcast, and of no year, is an episode."""
    facts, tags = draft.facts, draft.tags
    if not _is_broadcast(draft) or not _WORKS.isdisjoint(facts):
        return
    end = len(tags) - tags[::-1].index(PIECE) if PIECE in tags else len(tags)
    first = end - 1
    while first > 0 and tags[first - 1] == PIECE:
        first -= 1
    if first > 0 and end < len(tags) and tags[end] == TECH:
        draft.claim_all((first, end), "episodes", facts.pop("part"), NUMBER)


def _is_broadcast(draft: Draft) -> bool:
    return not _BROADCAST.isdisjoint(draft.facts.get("source", ()))


def _read_pair(draft: Draft) -> bool:
    """``office_03_19.avi``, ``11.14 - The List.mp4``: season and episode without a word."""
    if not draft.container or len(draft.numbers) < 2:
        return False
    for index in draft.numbers:
        after = index + 1
        if after < len(draft.lows) and draft.gaps[after] in ("_", ".") and _is_pair(draft, index, after):
            span = (index, index + 2)
            if index and draft.tags[index - 1] == TECH:
                draft.mark(span, TECH)  # "DivX 5.03"
                return True
            draft.note(span, "seasons", int(draft.lows[index]), _PAIR)
            draft.note(span, "episodes", int(draft.lows[after]), _PAIR)
            draft.mark(span, NUMBER)
            return True
    return False


def _is_pair(draft: Draft, first: int, second: int) -> bool:
    season, episode = draft.lows[first], draft.lows[second]
    if not (season.isdecimal() and episode.isdecimal() and len(season) <= 2 == len(episode)):
        return False
    return "seasons" not in draft.facts and not draft.tags[first] and not draft.tags[second]


def _alone(draft: Draft, span: Span) -> str:
    """The opening sign of the brackets that hold nothing but this number."""
    bracket = draft.inside[span[0]]
    if bracket >= 0 and draft.brackets[bracket][:2] == span[:2]:
        return draft.brackets[bracket][2]
    return ""


def _in_square_brackets(draft: Draft, span: Span, anime: bool) -> bool:
    if span[0] == 0 or draft.lows[span[0]] in YEARS:
        return False
    sign = _alone(draft, span)
    return sign == "{" or (sign == "[" and (anime or draft.lows[span[0]][0] == "0"))


def _in_round_brackets(draft: Draft, span: Span, anime: bool) -> bool:
    if not anime or span[0] == 0 or draft.lows[span[0]] in YEARS:
        return False
    return _alone(draft, span) == "(" or (len(span[2]) > 2 and draft.lows[span[0]][0] == "0")


def _is_dash(gap: str) -> bool:
    """A dash that stands apart from the words around it, with or without other signs beside it."""
    return len(gap) > 1 and gap.strip(_BESIDE_DASH) in _DASHES


def _after_dash(draft: Draft, span: Span, anime: bool) -> bool:
    """``Show - 12 [720p]``."""
    first, end, _ = span
    gap = draft.gaps[first]
    if first == 0 or not (gap == " - " or _is_dash(gap) or gap == "#" or (anime and gap == "-")):
        return False
    if end < len(draft.tags) and (draft.tags[end] == YEAR or (gap == "-" and draft.tags[end] == NUMBER)):
        return False  # "300 - 2 (2006)", "SG-1.S01"
    if draft.tags[first - 1] == YEAR and draft.lows[first] in YEARS:
        return False  # "(1979 - 1997)"
    if gap[-1] == "#":
        return True
    return ends_clean(draft, end)


def _before_quality(draft: Draft, span: Span, anime: bool) -> bool:
    """``Show 12 [720p]``: the last thing before the brackets, the quality words or the end."""
    first, end, values = span
    if first == 0 or draft.inside[first] >= 0 or not (ends_clean(draft, end) and _is_last(draft, end)):
        return False
    low, before = draft.lows[first], draft.tags[first - 1]
    if _is_named_so(draft, first, end) or (before == NUMBER and not anime):
        return False
    if before == NUMBER:  # "2nd Season 24", but not "S01 2018"
        return low not in YEARS
    if before:  # "Show.2010.217.hdtv"
        counts = len(low) == 3 and (_is_broadcast(draft) or draft.text.islower())
        return before == YEAR and (low[0] == "0" or counts)
    return anime or _is_many_or_padded(draft, first, values)


def _is_many_or_padded(draft: Draft, first: int, values: Numbers) -> bool:
    """What speaks for a number where nothing says that the name is a fansub's."""
    if "year" in draft.facts:  # "Harry Potter 1-8 (2001-2011)"
        return len(values) > 2 and draft.gaps[first] not in INNER
    padded = draft.lows[first][0] == "0"
    return len(values) > 2 or padded or 100 <= values[0] < 1900 or _is_broadcast(draft)


def _is_named_so(draft: Draft, first: int, end: int) -> bool:
    """``Show 911 S01``, ``Submarine No.6``, ``Show Movie 2``, ``[地球2].Earth.2.2023`` are called so."""
    lows, behind = draft.lows, draft.tags[end : end + 1]
    if behind == [NUMBER] or (first > 1 and lows[first - 1] == "no"):
        return True
    follows = lows[first - 1] in _FILMS or (behind == [YEAR] and {*draft.gaps[first : end + 1]} <= INNER)
    return follows and lows[first][0] != "0"


def _is_last(draft: Draft, end: int) -> bool:
    """Whether brackets, a claim or nothing follow."""
    return end >= len(draft.lows) or bool(draft.tags[end]) or not _BRACKETS.isdisjoint(draft.gaps[end])


def _leading(draft: Draft, span: Span, _anime: bool) -> bool:
    """``01 - Title``, ``003. Title``, ``02-03 - Title``."""
    first, end, _ = span
    start = draft.brackets[0][1] if draft.brackets and draft.brackets[0][0] == 0 else 0
    dated = draft.lows[first] in YEARS or ("year" in draft.facts and not draft.in_season)
    if dated or first not in (0, start) or (first == 0 and _alone(draft, span) == "("):
        return False
    if end >= len(draft.lows):
        return True
    gap = draft.gaps[end]
    if _is_dash(gap) or gap in (". ", "-", ") ", "] "):
        return True
    return draft.in_season and (bool(draft.tags[end]) or gap in INNER)


def is_nameless(text: str) -> bool:
    """Whether a machine named the file: ``VTS_01_1``, ``title_t00``, ``MVI_0012``, ``00001``, ``video``."""
    return _NAMELESS.fullmatch(text.lower()) is not None


def _in_the_middle(draft: Draft, span: Span, _anime: bool) -> bool:
    """``Show.05.The.Title``: two digits with a leading zero are hardly part of a title."""
    first, end, _ = span
    if first == 0 or end >= len(draft.lows) or "year" in draft.facts or "seasons" in draft.facts:
        return False
    return draft.lows[first][0] == "0" and len(draft.lows[first]) == 2 and not draft.tags[first - 1]


_EVIDENCE: Final[Kinds] = (
    (_in_square_brackets, "number in square brackets"),
    (_after_dash, "number after a dash"),
    (_in_round_brackets, "number in round brackets"),
    (_before_quality, "number before the quality"),
    (_leading, "leading number"),
    (_in_the_middle, "number in the middle"),
)
"""From the surest to the weakest, each with the name of its rule."""
# What of it can speak for a number at the start, in brackets, set apart from the word before it, or not.
_AT_START: Final = tuple(kind for kind in _EVIDENCE if kind[0] is _leading)
_BRACKETED: Final = tuple(kind for kind in _EVIDENCE if kind[0] is not _before_quality)
_SET_APART: Final = _EVIDENCE[1:]
_AFTER_WORDS: Final = tuple(kind for kind in _SET_APART if kind[0] not in (_after_dash, _leading))
_SPLIT: Final = (3, 4)
"""Digits of a number that may be a season and an episode, ``103``."""
_PAIR: Final = "pair of numbers"
UNMARKED: Final = frozenset((_PAIR, *(rule for _, rule in _EVIDENCE)))
"""The rules by which a number counts that does not say what."""
_BESIDE: Final = "number beside the numbering"


def _claim(draft: Draft, span: Span, rule: str) -> None:
    first, end, episodes = span
    found, season = draft.numbers[first], None
    if found[0] == "number_version":
        draft.note((first, first + 1), "version", found[2], rule)
    if not first:
        season, episodes = _split_pair(draft, span)
    else:
        season, episodes = _split(draft, first, episodes)
    if season is not None and "seasons" not in draft.facts:
        draft.note((first, end), "seasons", season, rule)
    counted = season is not None or draft.in_season or draft.inside[0] < 0 or "seasons" in draft.facts
    draft.note_all((first, end), "episodes" if counted else "absolute_episodes", episodes, rule)
    draft.mark((first, end), NUMBER)


def _split_pair(draft: Draft, span: Span) -> tuple[int | None, Numbers]:
    """``2-06. Title`` and ``11-02 Title`` are season and episode, ``02-03 - Title`` two episodes."""
    first, _end, values = span
    lows = draft.lows
    if (
        draft.in_season
        or len(lows) < 2
        or draft.gaps[1] != "-"
        or not (lows[0].isdecimal() and lows[1].isdecimal())
        or len(lows[1]) != 2
    ):
        return _split(draft, first, values)
    if len(lows[0]) < 2 or int(lows[0]) > int(lows[1]):
        draft.mark((1, 2), NUMBER)
        return int(lows[0]), (int(lows[1]),)
    return None, values


def _split(draft: Draft, first: int, values: Numbers) -> tuple[int | None, Numbers]:
    """``103`` in a plain name is season 1, episode 3; in an anime name or behind a dash it is number 103."""
    number, text = values[0], draft.lows[first]
    if number % 100 == 0 or (number < 100 and text[0] != "0"):  # "One Piece 1100"
        return None, values
    if len(text) not in _SPLIT or draft.inside[0] >= 0:
        return None, values
    if first > 0 and _is_dash(draft.gaps[first]):
        return None, values
    seasons = draft.facts.get("seasons")
    if first == 0 and not (seasons or len(draft.lows) == 1):
        return None, values
    season = int(number) // 100
    if season == 0 or (seasons and seasons[0] != season) or values[-1] // 100 != season:
        return None, values
    return season, tuple([value % 100 for value in values])


def _claim_absolute(draft: Draft, spans: list[Span], has_group: bool) -> None:
    """``S10E14 214``, ``05 - S01E05``, ``s16e03-04 - 313-314``: the absolute number beside."""
    tags, gaps = draft.tags, draft.gaps
    for first, end, values in spans:
        behind = tags[first - 1] == NUMBER and NUMBER not in tags[first:]
        before = end < len(tags) and tags[end] == NUMBER and NUMBER not in tags[:end]
        if first == 0 or not (behind or before) or not ends_clean(draft, end):
            continue
        ranged = len(values) > 1 and len(values) == len(draft.facts["episodes"])
        dashed = _is_dash(gaps[first])
        apart = behind or dashed or values[0] >= 100
        closes = end == len(tags) or tags[end]
        between = dashed and (_is_dash(gaps[end]) or (closes and draft.lows[first][0] == "0"))
        wide = len(draft.lows[first]) > 2
        if (has_group and apart and len(draft.lows[first]) > 1) or ranged or (between and wide):
            draft.note_all((first, end), "absolute_episodes", values, _BESIDE)
            draft.mark((first, end), NUMBER)
            return
