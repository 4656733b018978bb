"""The title and the episode title: what nobody claimed, and where it stands."""

from __future__ import annotations

import re
from string import ascii_lowercase, digits
from typing import TYPE_CHECKING, Final

from mediacensus.release.counting import DASHES, LAST, NUMBER, PIECE
from mediacensus.release.dates import YEAR
from mediacensus.release.vocabulary import TITLES
from mediacensus.release.wording import ATTACHED, SOFT, Stretch, word_title
from mediacensus.release.words import TECH

if TYPE_CHECKING:
    from mediacensus.release.draft import Draft

TITLE: Final = "title"
_MOST_STRETCHES: Final = 64
"""Free stretches looked at in one name; more is rubbish, and rubbish must stay cheap."""
DASH: Final = "dash"
"""The hint that a title may have two readings, ``A - B``."""
# 国漫: what whoever posted it says about it
_NOISE: Final = re.compile("|".join(TITLES["noise"]))
_COUNTRIES: Final[dict[str, str]] = TITLES["countries"]
_COUNTRY_WORDS: Final = frozenset(_COUNTRIES)
_AKA: Final = frozenset(TITLES["aka"])
_PASSED: Final = frozenset(("repack", "proper", "rerip", "internal"))
"""Marks that may stand between the numbering and the episode's title."""
_SPACES: Final = frozenset((" ", "-", " - ", "", "'"))
_AFTER_MORE: Final = frozenset(("", "website"))
"""What ends a stretch of the title and leaves room for another one."""
_GOES_ON: Final = _AFTER_MORE | {PIECE}
"""Tags behind which the title may still go on."""
_DISCS: Final = ("cd", "dis", "dvd")
"""How words begin that count what a work is stored on, and are never part of its title."""
_COUNTS: Final = frozenset((NUMBER, PIECE, YEAR))
"""Tags behind which a foreign title is said once more in Latin letters."""
_LAST_LATIN: Final = "\u036f"
"""Behind it come the letters of other scripts."""
_EDGES: Final = frozenset("[]{}|/")
_EVEN: Final = frozenset(" ._")
_WRITTEN: Final = frozenset((" ", "-", " - ", "'", ". ", ": ", " & ", "! ", "? ", " ~ ", " '", "' "))
"""Gaps that stay as they are."""
_MIXED: Final = "-"
"""Stands for several of them."""
_LETTERS: Final = frozenset(ascii_lowercase + digits)
_TELLING: Final = _LETTERS | _AKA | _COUNTRY_WORDS
"""Words behind the first that may be more than text: an acronym's, a country, ``AKA``."""


def claim_titles(draft: Draft, start: int) -> None:
    """Claim the title from the free stretches before the numbering, and the episode's title behind it."""
    if draft.hints and draft.brackets and "nation" in draft.hints:
        _claim_countries(draft)
    tags = draft.tags
    count = limit = behind = len(tags)
    numbers = tags.count(NUMBER)
    if numbers:
        limit = tags.index(NUMBER)
        behind = limit + 1 if numbers == 1 else count - tags[::-1].index(NUMBER)
        limit = limit if draft.is_ascii else behind - 1  # every language of the title may be numbered
    while start < limit and tags[start]:
        start += 1
    found = False
    if start < limit:
        found = _claim_plain(draft, start, limit, TITLE) or _claim_free(draft, start, limit)
    if not numbers:
        if "air_date" in draft.facts or "episode_details" in draft.facts:
            _claim_behind_date(draft)
    elif not found:
        _claim_behind_number(draft, limit)
    else:
        if behind < count and (tags[behind] != TECH or draft.lows[behind] in _PASSED):
            _claim_episode_title(draft, behind)
        if draft.hints and ("film" in draft.facts or "bonus" in draft.facts):
            _name_extras(draft)


def _claim_plain(draft: Draft, first: int, limit: int, field: str) -> bool:
    """Claim what most titles are: plain words, evenly separated or with gaps that stay as they are."""
    gaps, tags, lows = draft.gaps, draft.tags, draft.lows
    end = first + 1
    separator = gaps[end]
    while end < limit and not tags[end]:
        if gaps[end] != separator:
            if gaps[end] not in _WRITTEN or separator not in _WRITTEN:
                return False
            separator = _MIXED
        if lows[end] in _TELLING and (  # other than a lone letter, which is no acronym's
            lows[end] not in _LETTERS or (separator == "." and lows[end - 1] in _LETTERS)
        ):
            return False
        end += 1
    if (
        (end < limit and tags[end] in _GOES_ON)
        or (gaps[end] not in SOFT and gaps[end][0] in ATTACHED)
        or "(" in gaps[first]
        or not (draft.is_ascii or _is_said_once(draft, first, end))
    ):
        return False
    if end == first + 1:
        text = draft.words[first]
    elif separator in _EVEN:
        text = " ".join(draft.words[first:end])
    elif separator in _WRITTEN:
        text = draft.between(first, end)
        draft.hints += DASH
    else:
        return False
    tags[first] = TITLE  # and not the others: nothing that follows comes upon them
    draft.facts[field] = (text,)
    draft.origins.append((field, first, TITLE))
    if draft.trail is not None:
        draft.trail.append(((first, end), field, text, TITLE))
    return True


def _is_said_once(draft: Draft, first: int, end: int) -> bool:
    """Whether a title in a name of several scripts is not said again in another one."""
    return "/" not in draft.text and draft.between(first, end).isascii()


def _claim_free(draft: Draft, start: int, limit: int) -> bool:
    """Claim the title where there is but one stretch, or choose from several."""
    if draft.is_ascii:
        end = _stretch_end(draft, start, limit)
        if end == limit or draft.tags[end] not in _AFTER_MORE:
            _claim_title(draft, (start, end))
            return True
    stretches = _stretches(draft, start, limit)
    if len(stretches) == 1:
        _claim_title(draft, stretches[0])
    elif stretches:
        _claim_best(draft, stretches)
    return bool(stretches)


def _name_extras(draft: Draft) -> None:
    """``Series-f21-Film``, ``Film-x02-Making Of``: what the texts around these numbers are titles of."""
    facts, tags = draft.facts, draft.tags
    if "bonus" in facts and "episode_title" in facts:
        facts["bonus_title"] = facts.pop("episode_title")
    if "film" in facts and "title" in facts:
        first = tags.index(NUMBER) + 1
        if first < len(tags) and not tags[first]:
            end = _stretch_end(draft, first, len(tags))
            facts["episode_title"] = (word_title(draft, (first, end)),)
            draft.hints += DASH
        if "episode_title" in facts:
            facts["film_title"], facts["title"] = facts["title"], facts.pop("episode_title")


def _claim_countries(draft: Draft) -> None:
    """``Show (US)``."""
    lows = draft.lows
    for first, end, _ in draft.brackets[:8]:
        if end == first + 1 and lows[first] in _COUNTRIES and first and not draft.tags[first]:
            draft.claim((first, end), "countries", _COUNTRIES[lows[first]], "country")


def _stretches(draft: Draft, start: int, limit: int) -> list[Stretch]:
    """The free stretches from start to limit; more than one only while brackets or slashes part them."""
    found: list[Stretch] = []
    tags, first = draft.tags, start
    while first < limit and len(found) < _MOST_STRETCHES:
        tag = tags[first]
        if not tag:
            end = _stretch_end(draft, first, limit)
            if draft.is_ascii or not _NOISE.search(draft.between(first, end)):
                found.append((first, end))
            elif quiet := _quieten(draft, first, end):
                found.append(quiet)
            first = end
        elif found and tag != "website" and not _opens_other(draft, first, found[-1]):
            break
        else:
            first += 1
    return found


def _quieten(draft: Draft, first: int, end: int) -> Stretch | None:
    """``10月新番 海贼王``: what is left without the noise before and behind it."""
    while first < end and _NOISE.search(draft.words[first]):
        first += 1
    while first < end and _NOISE.search(draft.words[end - 1]):
        end -= 1
    is_quiet = first < end and not _NOISE.search(draft.between(first, end))
    return (first, end) if is_quiet else None


def _opens_other(draft: Draft, first: int, before: Stretch) -> bool:
    """Whether the title goes on in another language behind this claim."""
    if draft.is_ascii:
        return False
    if (draft.inside[first] >= 0 or draft.tags[first] in _COUNTS) and _is_foreign(draft, before):
        return True
    end = first
    while end < len(draft.tags) and draft.tags[end] == NUMBER:
        end += 1
    return end > first and "/" in draft.gaps[end]


def _stretch_end(draft: Draft, first: int, limit: int) -> int:
    """Where the free stretch that begins here ends: at a claim or at an edge."""
    tags, gaps, soft = draft.tags, draft.gaps, SOFT if draft.is_ascii else _SPACES
    end = first + 1
    while end < limit and (not tags[end] or tags[end] == PIECE):
        if gaps[end] not in soft and _is_edge(draft, first, end):
            break
        end += 1
    return end if tags[end - 1] != PIECE else _cut_pieces(draft, first, end, limit)


def _cut_pieces(draft: Draft, first: int, end: int, limit: int) -> int:
    """Where a stretch ends without the parts that close it, unless they belong to the title."""
    tags = draft.tags
    for index in range(first + 1, end):
        if tags[index] == PIECE and draft.lows[index].startswith(_DISCS):
            return index
    titled = end == limit < len(tags)  # "LA X, Pt. 1_s06e32"
    if not titled and ("episodes" in draft.facts or end == len(tags)):
        while end > first + 1 and tags[end - 1] == PIECE:
            end -= 1
    return end


def _is_edge(draft: Draft, first: int, index: int) -> bool:
    """Whether a bracket, a slash or a change of script before this word parts it from the words before."""
    gap = draft.gaps[index]
    if gap not in _SPACES and draft.lows[index].isascii() and max(draft.lows[index - 1]) > _LAST_LATIN:
        return True
    if _EDGES.isdisjoint(gap):
        return False
    if "[" in gap and draft.inside[index] >= 0 and draft.inside[first] < 0:
        return not _is_embedded(draft, draft.brackets[draft.inside[index]][1])
    return not ("]" in gap and draft.inside[index] == draft.inside[first] < 0 and "[" not in gap)


def _is_embedded(draft: Draft, end: int) -> bool:
    """``ga [Word] Yatte``: the title goes on behind the bracket."""
    if end <= 0 or end >= len(draft.tags) or "[" in draft.gaps[end]:
        return False
    return not draft.tags[end] or (draft.tags[end] == NUMBER and " - " in draft.gaps[end])


def _claim_best(draft: Draft, stretches: list[Stretch]) -> None:
    """The first stretch is the title, unless only a later one is in Latin letters."""
    best = stretches[0]
    if _is_foreign(draft, best):
        best = next((stretch for stretch in stretches if not _is_foreign(draft, stretch)), best)
    _claim_title(draft, best)
    for stretch in stretches[:4]:
        if stretch != best:
            _claim_text(draft, stretch, "alternative_titles")


def _is_foreign(draft: Draft, stretch: Stretch) -> bool:
    """Whether a stretch, apart from its brackets, holds words in other than Latin letters."""
    first, end = stretch
    lows, inside, level = draft.lows, draft.inside, draft.inside[first]
    while first < end and (max(lows[first]) <= _LAST_LATIN or inside[first] != level):
        first += 1
    return first < end


def _claim_behind_number(draft: Draft, first: int) -> None:
    """``S01E02 - Pilot`` names the episode; ``01 - Show - Pilot`` and ``01 Show`` the show first."""
    while first < len(draft.tags) and draft.tags[first]:
        first += 1
    if first == len(draft.tags):
        return
    end = _stretch_end(draft, first, len(draft.tags))
    if "seasons" in draft.facts or draft.in_season or draft.markers[:1] == [0]:
        _claim_text(draft, (first, end), "episode_title")
        return
    cut = _first_dash(draft, first + 1, end)
    _claim_text(draft, (first, cut), "title")
    _claim_text(draft, (cut, end), "episode_title")


def _first_dash(draft: Draft, first: int, end: int) -> int:
    return next((index for index in range(first, end) if draft.gaps[index] in DASHES), end)


def _claim_title(draft: Draft, span: Stretch) -> None:
    first, end = span
    if draft.lows[end - 1] in _COUNTRIES and NUMBER in draft.tags:
        end = _cut_country(draft, first, end)
    if draft.brackets and draft.inside[end - 1] >= 0:
        end = _cut_brackets(draft, first, end)
    if end - first > 2 and not _AKA.isdisjoint(draft.lows[first + 1 : end - 1]):
        end = _cut_alias(draft, first, end)
    _claim_text(draft, (first, end), "title")


def _cut_alias(draft: Draft, first: int, end: int) -> int:
    """``Title AKA Other Title``."""
    cut = next(index for index in range(first + 1, end) if draft.lows[index] in _AKA)
    _claim_text(draft, (cut + 1, end), "alternative_titles")
    draft.mark((cut, cut + 1), TITLE)
    return cut


def _cut_country(draft: Draft, first: int, end: int) -> int:
    """``Show US``: a country in capitals that closes the title of a series."""
    country = _COUNTRIES[draft.lows[end - 1]]
    if end - first < 2 or not draft.words[end - 1].isupper() or end == len(draft.tags):
        return end
    if all(word.isupper() for word in draft.words[first:end]):
        return end
    draft.claim((end - 1, end), "countries", country, "country")
    return end - 1


def _cut_brackets(draft: Draft, first: int, end: int) -> int:
    """``Title (Other Title)``: round brackets at the end hold another title."""
    bracket = draft.inside[end - 1]
    if draft.inside[first] == bracket or draft.brackets[bracket][2] != "(":
        return end
    opened, closed, _ = draft.brackets[bracket]
    if opened <= first or closed < end:
        return end
    swap = _is_foreign(draft, (first, opened)) and not _is_foreign(draft, (opened, end))
    other = (first, opened) if swap else (opened + (draft.lows[opened] in _AKA), end)
    if swap:
        _claim_text(draft, (opened, end), "title")
    _claim_text(draft, other, "alternative_titles")
    return opened


def _claim_behind_date(draft: Draft) -> None:
    """``Show.2019.08.20.Guest``: what is said of a day of a show that counts none."""
    tags = draft.tags
    if YEAR in tags:
        _claim_episode_title(draft, len(tags) - tags[::-1].index(YEAR))


def _claim_episode_title(draft: Draft, first: int) -> None:
    tags = draft.tags
    while first < len(tags) and (
        tags[first] == YEAR or (draft.lows[first] in _PASSED and tags[first] != TITLE)
    ):
        first += 1
    if first == len(tags) or tags[first] or (draft.brackets and _is_amid_quality(draft, first)):
        return
    if draft.words[first] in LAST and all(tags[first + 1 : first + 2]):
        return
    if draft.lows[first].isalpha() and _claim_plain(draft, first, len(tags), "episode_title"):
        return
    end = _stretch_end(draft, first, len(tags))
    if end - first > 1 or not draft.lows[first].isdecimal() or _is_named_by_number(draft, first):
        _claim_text(draft, (first, end), "episode_title")


def _is_named_by_number(draft: Draft, index: int) -> bool:
    """``S14E05.200``, ``S01E01 - 33``: an episode called so."""
    width = len(draft.lows[index])
    apart = draft.gaps[index] in (" - ", ".") and draft.inside[0] < 0
    return width == 2 or (width == 3 and apart and "seasons" in draft.facts)


def _is_amid_quality(draft: Draft, first: int) -> bool:
    """``(BS11 1280x720)``: brackets that go on with the quality begin with no title, but with a station."""
    bracket = draft.inside[first]
    if bracket < 0 or draft.brackets[bracket][0] != first:
        return False
    end = first + 1
    return end < draft.brackets[bracket][1] and draft.tags[end] == TECH


def _claim_text(draft: Draft, span: Stretch, field: str) -> None:
    """Claim a stretch for what it says in plain words."""
    if span[0] >= span[1] or (field == "title" and field in draft.facts):
        return
    text = word_title(draft, span)
    if text:
        draft.claim(span, field, text, TITLE)
        if "-" in text:
            draft.hints += DASH
