"""Seasons and episodes that say so themselves: ``S01E02``, ``1x02``, ``[5.134]``, ``14 of 21``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mediacensus.release.counting import (
    DASHES,
    JOINING_WORDS,
    MOST_NUMBERS,
    NUMBER,
    PIECE,
    claim_piece,
    first_numbers,
    follow,
    look_back,
)
from mediacensus.release.dates import may_be_dated
from mediacensus.release.markers import read_lone_marker, read_marked
from mediacensus.release.shapes import Shape, shape
from mediacensus.release.vocabulary import ANIME_DETAILS, WORDS
from mediacensus.release.words import TECH

if TYPE_CHECKING:
    from mediacensus.release.draft import Draft

# None, and what fansubs leave in their titles.
_TITLED: Final = frozenset((None, "Preview", "Commercial", "Menu"))
_BEFORE_EPISODE: Final = frozenset((".", " ", "_", "-", " - ", "", ".-.", "_-_"))
"""What may part a season from its episode, ``S01 - E02``."""
_OF: Final = frozenset(("of", "из", "de", "di"))


def read_numbering(draft: Draft) -> None:
    """Claim every number whose own spelling or whose marker word says what it counts."""
    tags, counts = draft.tags, draft.counts
    if counts:
        for index, found in counts.items() if len(counts) <= MOST_NUMBERS else first_numbers(counts):
            if not tags[index]:
                if found[0] == "season_episode":
                    _claim_season_episode(draft, index, found)
                elif found[0] == "season":
                    _read_season(draft, index, found[1])
                else:
                    _read_shaped(draft, index, found)
    if draft.markers or draft.numbers:
        _read_neighbours(draft)


def _read_neighbours(draft: Draft) -> None:
    """Claim what markers and ``of`` say of the numbers beside them; forget the numbers claimed by now."""
    tags, lows, numbers, markers = draft.tags, draft.lows, draft.numbers, draft.markers
    if len(markers) > MOST_NUMBERS:
        markers = markers[:MOST_NUMBERS]
    for index in markers:
        if not tags[index]:
            read_marked(draft, index)
    if numbers:
        if len(numbers) > 1 and "count" in draft.hints:
            _read_counts(draft)
        for index in [*numbers]:
            if tags[index]:
                del numbers[index]
    for index in markers:
        if index and not tags[index] and len(lows[index]) > 1:
            read_lone_marker(draft, index)


def read_details(draft: Draft) -> None:
    """``[Menu]``, ``[PV]``: what a fansub's file is, in brackets of its own or behind a dash."""
    for first, end, sign in draft.brackets[1:10]:
        if sign == "[" and end == first + 1 and draft.lows[first] in ANIME_DETAILS and not draft.tags[first]:
            draft.claim((first, end), "episode_details", ANIME_DETAILS[draft.lows[first]], NUMBER)
            draft.note((first, end), "extra", "other", NUMBER)
    _read_dashed_detail(draft)


def _read_dashed_detail(draft: Draft) -> None:
    """``[Group] Show - OVA 02 [BD]``: what kind of episode a fansub's file is."""
    if draft.brackets[0][0] != 0:
        return
    for index in range(1, len(draft.lows)):
        detail = ANIME_DETAILS.get(draft.lows[index])
        if detail in _TITLED or draft.tags[index] or not _is_set_apart(draft, index):
            continue
        end = index + 1
        after = draft.lows[end] if end < len(draft.lows) else ""
        if (
            not after
            or draft.tags[end]
            or after.isdecimal()
            or "[" in draft.gaps[end]
            or "(" in draft.gaps[end]
        ):
            draft.claim((index, end), "episode_details", detail, NUMBER)
            if after.isdecimal() and not draft.tags[end] and len(after) <= 3 and draft.gaps[end] != " [":
                draft.claim((end, end + 1), "absolute_episodes", int(after), NUMBER)
        return


def _is_set_apart(draft: Draft, index: int) -> bool:
    """Behind a dash, or behind ``Creditless``."""
    gap = draft.gaps[index]
    return gap.endswith(" - ") or gap in DASHES or draft.lows[index - 1] == "creditless"


def _read_counts(draft: Draft) -> None:
    """``14 of 21``: an episode and how many there are."""
    lows = draft.lows
    last = len(lows) - 2
    for index in draft.numbers:
        end = index + 3
        if index < last and lows[index + 1] in _OF and lows[index].isdecimal() and lows[end - 1].isdecimal():
            first, count = int(lows[index][:5]), int(lows[end - 1][:5])
            if 0 < first <= count < 2000 and not any(draft.tags[index:end]):
                behind = index and WORDS.get(lows[index - 1])
                if not (behind and behind.marker):
                    begin, numbers = look_back(draft, index, first)
                    draft.claim((begin, end), "episode_count", count, NUMBER)
                    draft.note_all((begin, index + 1), "episodes", numbers, NUMBER)
                    return


def read_bracketed(draft: Draft) -> None:
    """``[5.134] Title``: season and episode in brackets of their own."""
    for first, end, _ in draft.brackets[:8]:
        if end - first != 2 or draft.gaps[first + 1] != "." or draft.tags[first]:
            continue
        season, episode = draft.lows[first:end]
        if season.isdecimal() and episode.isdecimal() and len(season) <= 2 <= len(episode) <= 3:
            draft.note((first, end), "seasons", int(season), NUMBER)
            draft.claim_all((first, end), "episodes", (int(episode),), NUMBER)
            return


def _read_shaped(draft: Draft, index: int, found: Shape) -> None:
    kind, value, extra = found
    if kind == "episode" and not (draft.lows[index].startswith("eps") and "episodes" in draft.facts):
        end, numbers = _follow_episode(draft, index, value)
        draft.note_all((index, end), "episodes", numbers, NUMBER)
        draft.mark((index, end), NUMBER)
        if extra:
            _note_version(draft, index, extra)
    elif kind == "glued":
        _claim_glued(draft, index, value, extra)
    else:
        _read_rare_shape(draft, index, found)


def _read_rare_shape(draft: Draft, index: int, found: Shape) -> None:
    kind, value, extra = found
    span = (index, index + 1)
    if kind == "marked":
        _read_numbered_piece(draft, index, value, extra)
    elif kind == "episode_of":
        draft.note(span, "seasons", value[0], NUMBER)
        draft.claim_all(span, "episodes", (value[1],), NUMBER)
        draft.note(span, "episode_count", extra, NUMBER)
    elif kind == "counted":
        draft.claim(span, f"{value}_count", extra, PIECE)
    elif kind == "piece_of":
        draft.claim(span, "cd" if value == "cd" else "disc", extra[0], PIECE)
        draft.note(span, f"{value}_count", extra[1], PIECE)
    elif kind == "song":
        _read_song(draft, index, value, extra)
    elif kind == "special" and index and _is_special(draft, index):
        draft.claim_all(span, "episodes", (extra,), NUMBER)
        draft.note(span, "episode_details", ANIME_DETAILS.get(value, "Special"), NUMBER)
        draft.note(span, "extra", "other", NUMBER)
    elif kind == "of":
        draft.claim_all(span, "episodes", (value,), NUMBER)
        draft.note(span, "episode_count", extra, NUMBER)
    elif kind in ("season_disc", "whole_season"):
        draft.claim_all(span, "seasons", (value,), NUMBER)
        if kind == "season_disc":
            draft.note(span, "disc", extra, NUMBER)
        else:
            draft.note(span, "others", "Extras" if extra == "extras" else "Complete", NUMBER)


def _is_special(draft: Draft, index: int) -> bool:
    """``SP1`` in a fansub's name, in brackets or behind a dash."""
    return draft.gaps[0][-1:] == "[" or draft.inside[index] >= 0 or draft.gaps[index] in DASHES


def _read_numbered_piece(draft: Draft, index: int, marker: str, number: int) -> None:
    """``part2``, ``cd1``; ``-x02-`` for a bonus, ``-f21-`` for a film of a series."""
    if marker in ("part", "volume", "cd", "disc", "dvd"):
        claim_piece(draft, (index, index + 1), marker, number)
    elif marker == "season disc":
        if draft.tags[index - 1] == NUMBER and index:  # "S03.D02"
            claim_piece(draft, (index, index + 1), "disc", number)
    elif marker == "version":
        _read_version(draft, index, number)
    elif marker in ("bonus", "film") and draft.gaps[index].endswith("-") and draft.gaps[index + 1] == "-":
        draft.claim((index, index + 1), marker, number, NUMBER)
        draft.hints += marker


def _read_version(draft: Draft, index: int, version: int) -> None:
    """``12 v2``, ``[v2]``, ``x265-v1.0``: a version behind its number or in brackets of its own."""
    lows, end = draft.lows, index + 1
    if end < len(lows) and draft.gaps[end] == "." and lows[end].isdecimal() and len(lows[end]) == 1:
        end += 1
    bracket = draft.inside[index]
    alone = bracket >= 0 and draft.brackets[bracket][:2] == (index, index + 1)
    behind = index > 0 and (draft.tags[index - 1] in (NUMBER, TECH) or lows[index - 1].isdecimal())
    before = index > 0 and draft.gaps[end].strip() not in ("", ".", "_", "-")
    if alone or behind or before:
        draft.claim((index, end), "version", version, TECH)


def _read_song(draft: Draft, index: int, creditless: str | None, which: str) -> None:
    """``NCOP1``, ``ED2``: an opening or ending in a fansub's name."""
    kind, number = which.split(" ")
    if index == 0 or not (creditless or draft.gaps[0][-1:] == "[" or draft.inside[index] >= 0):
        return
    span = (index, index + 1)
    draft.claim(span, "episode_details", "Opening" if kind == "op" else "Ending", NUMBER)
    draft.note(span, "others", "Opening Credits" if kind == "op" else "Ending Credits", NUMBER)
    draft.note(span, "extra", "other", NUMBER)
    if creditless:
        draft.note(span, "others", "Creditless", NUMBER)
    if number:
        draft.note(span, "credits_number", number, NUMBER)


def _note_version(draft: Draft, index: int, version: str) -> None:
    draft.note((index, index + 1), "version", int(version), "version")


def _claim_season_episode(draft: Draft, index: int, found: Shape) -> None:
    """``S01E02``, most often by itself: nothing else numbers the name, and text or quality follows."""
    _, (season, episodes), version = found
    facts, tags, lows, end = draft.facts, draft.tags, draft.lows, index + 1
    if (
        (end < len(lows) and not tags[end] and (not lows[end].isalpha() or lows[end] in JOINING_WORDS))
        or "seasons" in facts
        or "episodes" in facts
        or draft.trail is not None
    ):
        draft.note((index, end), "seasons", season, NUMBER)
        if _is_half(draft, end):
            draft.mark((end, end + 1), NUMBER)  # "S01E13.5 - Recap" is a special, whose number is not known
        end, episodes = follow(draft, end, episodes, "episode")
        draft.claim_all((index, end), "episodes", episodes, NUMBER)
    else:
        tags[index] = NUMBER
        facts["seasons"], facts["episodes"] = (season,), episodes
        origins = draft.origins
        origins.append(("seasons", index, NUMBER))
        origins.append(("episodes", index, NUMBER))
        if len(episodes) > 1:
            draft.several += ("episodes",)
    if version:
        _note_version(draft, index, version)


def _read_season(draft: Draft, index: int, season: int) -> None:
    """``S01`` alone, with its episode in the next word, or the first of several seasons."""
    lows, end = draft.lows, index + 1
    seasons: tuple[int, ...] = (season,)
    if draft.gaps[index] == "-" and draft.tags[index - 1] == TECH:
        return
    if _is_disc_title(draft, index):
        lettered = draft.gaps[index - 1] == "-" and len(lows[index - 1]) == 2
        draft.mark((index - lettered, end), NUMBER)
        return
    if end < len(lows) and not lows[end].isalpha() and draft.gaps[end] in _BEFORE_EPISODE:
        found = shape(lows[end])
        if found and found[0] == "number" and found[2] == 2 and _is_episode_apart(draft, end):
            found = ("episode", (found[1],), None)
        if found and found[0] == "episode":
            draft.claim_all((index, end), "seasons", seasons, NUMBER)
            last, numbers = follow(draft, end + 1, found[1], "episode")
            draft.claim_all((end, last), "episodes", numbers, NUMBER)
            return
    if end < len(lows) and not draft.tags[end]:
        if index == 0 and lows[0][0] == "t" and draft.gaps[end] in (" ", ".") and lows[end] not in WORDS:
            return  # "T2.Trainspotting.2017"
        end, seasons = follow(draft, end, seasons, "season")
    draft.claim_all((index, end), "seasons", seasons, NUMBER)


def _is_disc_title(draft: Draft, index: int) -> bool:
    """``THE_MATRIX_t00.mkv``, ``Avatar-A1_t00.mkv``: a title of a disc, as MakeMKV names what it reads."""
    word = draft.words[index]
    is_last = 0 < index == len(draft.words) - 1 and draft.container is not None
    return is_last and word[0] == "t" and len(word) == 3 and draft.gaps[index] == "_"


def _follow_episode(draft: Draft, index: int, value: tuple[int, ...]) -> tuple[int, tuple[float, ...]]:
    """``E05E06``, ``E01-03``, and ``EP07.5`` between two episodes."""
    if _is_half(draft, index + 1) and "seasons" not in draft.facts:
        return index + 2, (value[0] + 0.5,)
    return follow(draft, index + 1, value, "episode")


def _is_half(draft: Draft, index: int) -> bool:
    """Whether this word is the 5 of ``E07.5``, and not of ``E07.5.1``."""
    return draft.lows[index : index + 1] == ["5"] and draft.gaps[index] == "." != draft.gaps[index + 1]


def _is_episode_apart(draft: Draft, index: int) -> bool:
    """``S01.07``, ``S01_07``, and ``S01 07`` where nothing follows."""
    return draft.gaps[index] in (".", "_") or (draft.gaps[index] == " " and index + 1 == len(draft.lows))


def _claim_glued(draft: Draft, index: int, value: tuple[str, int], prefix: str | None) -> None:
    marker, number = value
    span = (index, index + 1)
    if prefix in ("全", "共"):
        draft.claim(span, f"{marker}_count", number, PIECE)
    elif marker == "volume":
        draft.claim(span, "volume", number, PIECE)
    elif draft.lows[index][-1] == "部" and may_be_dated(draft):
        claim_piece(draft, span, "part", number)  # "教父 第三部 1990"
    else:
        end, numbers = follow(draft, index + 1, (number,), marker)
        draft.claim_all((index, end), f"{marker}s", numbers, NUMBER)
