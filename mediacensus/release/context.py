"""What the parent folders add: season, title, year, ids, and what a release folder says for its file."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from mediacensus.release.bare import UNMARKED, is_nameless
from mediacensus.release.counting import NUMBER
from mediacensus.release.extras import folder_extra
from mediacensus.release.reading import read_name
from mediacensus.release.title import DASH
from mediacensus.release.tokens import normalise
from mediacensus.release.vocabulary import FOLDERS
from mediacensus.release.wording import word_title
from mediacensus.release.words import TECH

if TYPE_CHECKING:
    from mediacensus.release.draft import Draft

Facts = dict[str, tuple[Any, ...]]
_COUNTED: Final = frozenset(
    ("seasons", "episodes", "absolute_episodes", "air_date", "year", "part", "disc", "cd")
)
_NUMBERED: Final = ("seasons", "episodes", "absolute_episodes")
# Harry Potter (2001-2011)
_YEARS: Final = re.compile(r"\b(?:19|20)\d\d ?[-–] ?(?:19|20)\d\d\b")
UNTITLED: Final = ("",)
"""In place of the titles of a name that has none."""
_SHARED: Final = ("year", "ids", "countries", "editions")
_RELEASE_FIELDS: Final = (
    "source",
    "resolution",
    "video_codec",
    "video_profile",
    "audio_codecs",
    "audio_channels",
    "audio_profiles",
    "color_depth",
    "hdr",
    "editions",
    "others",
    "streaming_service",
    "languages",
    "subtitle_languages",
    "release_group",
    "website",
    "proper_count",
)


@dataclass(slots=True)
class Folder:
    """One folder name, read by itself."""

    kind: str
    """``season``, ``extra``, ``release``, ``title``, or the library words ``series``, ``movies``."""
    facts: Facts = field(default_factory=dict)
    extra: str | None = None
    first_year: tuple[int, ...] = ()
    """The first of the years from one to another, which are a series' and no single film's."""


@dataclass(slots=True)
class Surroundings:
    """What a file's folders say together, the nearest first."""

    seasons: tuple[int, ...] = ()
    title: str | None = None
    facts: Facts = field(default_factory=dict)
    """Everything the folder of the title says besides."""
    release: Facts = field(default_factory=dict)
    """What the nearest folder named like a release says."""
    first_year: tuple[int, ...] = ()
    """What counts for a numbered file where the folder says from which year to which."""
    same_work: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    """What counts for a file that speaks of the same work."""
    same_release: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    """What counts for a file in the folder of a release."""
    squashed: str = ""
    """The title, to be compared with that of a file."""
    hints: str = ""
    """Whether a title may have two readings."""
    extra: str | None = None
    disc: int | None = None
    library: str = ""


@lru_cache(maxsize=512)
def read_folder(name: str) -> Folder:
    """What one folder name is."""
    low = normalise(name).strip().lower()
    if extra := folder_extra(low):
        return Folder("extra", extra=extra)
    for kind, names in FOLDERS.items():
        if low in names:
            return Folder("season", {"seasons": (0,)}) if kind == "specials" else Folder(kind)
    draft = read_name(name, is_file=False)
    facts = draft.facts
    first_year = facts.pop("year") if "year" in facts and _YEARS.search(low) else ()
    if TECH in draft.tags and "title" in facts:
        return Folder("release", facts, first_year=first_year)
    if "seasons" in facts and NUMBER in draft.tags:
        behind = len(draft.tags) - draft.tags[::-1].index(NUMBER)
        if extra := folder_extra(" ".join(draft.lows[behind:])):  # "Season 1 Extras"
            return Folder("extra", {"seasons": facts["seasons"]}, extra)
    if "seasons" in facts and "title" not in facts:
        return Folder("season", facts)
    return Folder("title" if "title" in facts else "nothing", facts, first_year=first_year)


@lru_cache(maxsize=256)
def read_surroundings(parents: tuple[str, ...]) -> Surroundings:
    """What a chain of folders says, outermost first."""
    around = Surroundings()
    for name in reversed(parents):
        folder = read_folder(name)
        if folder.kind in ("series", "movies"):
            around.library = around.library or folder.kind
        elif folder.kind == "extra":
            around.extra = around.extra or folder.extra
            around.seasons = around.seasons or folder.facts.get("seasons", ())
        elif folder.facts:
            _add_folder(around, folder)
    if around.extra and around.title is None and read_folder(parents[0]).kind != "extra":
        around.extra = None  # "/media/trailers/x.mp4": a library of trailers, not the trailers of a work
    around.same_work = tuple((name, around.facts[name]) for name in _SHARED if name in around.facts)
    release = around.release
    around.same_release = tuple((name, release[name]) for name in _RELEASE_FIELDS if name in release)
    around.squashed = _squash(around.title or "")
    if any("-" in title for title in (around.title or "", *release.get("title", ()))):
        around.hints = DASH
    return around


def _add_folder(around: Surroundings, folder: Folder) -> None:
    facts = folder.facts
    if around.title is None and "title" not in facts:
        around.disc = around.disc or (facts.get("cd") or facts.get("disc") or (None,))[0]
    if not around.seasons and "seasons" in facts and around.title is None:
        around.seasons = facts["seasons"]
    if around.title is None and "title" in facts:
        around.title = facts["title"][0]
        around.facts = facts
        around.first_year = folder.first_year
    if folder.kind == "release" and not around.release:
        around.release = facts


def read_in_context(name: str, parents: tuple[str, ...], *, keep_trail: bool = False) -> Draft:
    """Read a file name in the context of its folders, outermost first."""
    if not parents:
        return read_name(name, keep_trail=keep_trail)
    return read_within(name, read_surroundings(parents), keep_trail=keep_trail)


def read_within(
    name: str, around: Surroundings, *, keep_trail: bool = False, in_series: bool = False
) -> Draft:
    """Read a file name with what its folders say together; `in_series` if its siblings count up."""
    draft = read_name(name, in_season=in_series or bool(around.seasons), keep_trail=keep_trail)
    draft.library = around.library
    if "episodes" in draft.facts or "absolute_episodes" in draft.facts:
        _settle_number(draft, around)
    if around.title and _says_nothing(draft, around):
        draft.facts.pop("title", None)
        if "episodes" not in draft.facts:
            draft.facts.pop("seasons", None)  # "title_t00"
    if around.disc and "disc" not in draft.facts and "cd" not in draft.facts:
        draft.adopt("disc", (around.disc,))
    if around.release and _is_obscured(draft, around):
        _take_release(draft, around)
    _add_surroundings(draft, around)
    draft.hints += around.hints
    return draft


def _settle_number(draft: Draft, around: Surroundings) -> None:
    """``Movies/300.avi``, ``Room 237 (2012)/Room 237.mkv``: a film's number is part of its title."""
    facts = draft.facts
    if around.library == "series" or draft.in_season or TECH in draft.tags or "year" in facts:
        return
    if UNMARKED.isdisjoint(rule for _, _, rule in draft.origins):
        return
    is_split = around.library == "movies" and ("seasons" in facts or "title" not in facts)
    if is_split or ("year" in around.facts and _squash(draft.text) == around.squashed):
        for name in _NUMBERED:
            facts.pop(name, None)
        draft.adopt("title", (word_title(draft, (0, len(draft.words))),))


def _says_nothing(draft: Draft, around: Surroundings) -> bool:
    """A machine's name, or one jumble of letters and digits, in a folder that names and dates a film."""
    if len(draft.words) <= 3 and is_nameless(draft.text):
        return True
    if len(draft.words) != 1 or "year" not in around.facts or TECH in draft.tags:
        return False
    word = draft.words[0]
    return len(word) >= 8 and not word.isalpha() and not word.isdecimal()


def _is_obscured(draft: Draft, around: Surroundings) -> bool:
    """A name that says nothing of a release, in a folder that says all of it."""
    if TECH in draft.tags or "year" in draft.facts:
        return False
    if "seasons" in draft.facts and "episodes" in draft.facts:
        return False
    return "episodes" in around.release or "year" in around.release or "air_date" in around.release


def _take_release(draft: Draft, around: Surroundings) -> None:
    for name in (
        "title",
        "episodes",
        "absolute_episodes",
        "seasons",
        "episode_title",
        "release_group",
        "languages",
    ):
        draft.facts.pop(name, None)
    for name, values in around.release.items():
        if name not in draft.facts:
            draft.adopt(name, values)


def _add_surroundings(draft: Draft, around: Surroundings) -> None:
    facts = draft.facts
    if around.extra and "extra" not in facts:
        draft.adopt("extra", (around.extra,))
    if around.seasons and "seasons" not in facts and "air_date" not in facts:
        draft.adopt("seasons", around.seasons)
        _count_in_season(draft, around.seasons[0])
    if around.title:
        _count_in_folder(draft, around)
        _add_title(draft, around)
    if around.first_year and "year" not in facts and any(name in facts for name in _NUMBERED):
        draft.adopt("year", around.first_year)
    for name, values in around.same_work:
        if name not in facts:
            draft.adopt(name, values)
    for name, values in around.same_release:
        if name not in facts:
            draft.adopt(name, values)


def _count_in_season(draft: Draft, season: int) -> None:
    """``Season 3/305 - Title``: the season is said once more."""
    for name in _NUMBERED[1:]:
        numbers = draft.facts.get(name, ())
        if numbers and draft.inside[0] < 0 and all(n // 100 == season and n % 100 for n in numbers):
            del draft.facts[name]
            draft.adopt("episodes", tuple(int(n) % 100 for n in numbers))


def _count_in_folder(draft: Draft, around: Surroundings) -> None:
    """``Show/Show 12.avi``: the folder's title and a number, which is then the episode's."""
    facts = draft.facts
    own, title = facts.get("title", UNTITLED)[0], around.title or ""
    if own[-1:].isdecimal() and own.startswith(title) and not _COUNTED.intersection(facts):
        number = own[len(title) :].strip()
        if number.isdecimal() and number.isascii() and len(number) <= 3 and around.library != "movies":
            draft.adopt("title", (title,))
            draft.adopt("episodes", (int(number),))


def _add_title(draft: Draft, around: Surroundings) -> None:
    """The folder's title stands in for none, and for one that only repeats or abbreviates it."""
    facts = draft.facts
    own, title = facts.get("title", UNTITLED)[0], around.title or ""
    if _is_aside(draft, around) or (draft.starts_with_number and _is_in_show(draft, around)):
        if own and "episode_title" not in facts and _squash(own) != around.squashed:
            facts["episode_title"] = (own.removeprefix(title).lstrip(" -") or own,)
        own = ""
    if own == title:
        return
    if not own or _squash(own) == around.squashed or _is_short_for_release(draft, own, around):
        draft.adopt("title", (title,))


def _is_aside(draft: Draft, around: Surroundings) -> bool:
    """An extra of a work, or an unnumbered special of a show, whose own words name it alone."""
    facts = draft.facts
    if around.extra or ("extra" in facts and "year" in around.facts):
        return True
    return around.seasons == (0,) and "year" not in facts and facts.get("title", UNTITLED)[0] == draft.text


def _is_in_show(draft: Draft, around: Surroundings) -> bool:
    """``Show/Season 1/02 - Pilot.mkv``, ``Show/02 - Pilot.mkv``: the title is the folder's."""
    if "seasons" in draft.facts:
        return draft.facts["seasons"] is around.seasons
    if around.library == "movies" or "year" in draft.facts or around.facts is around.release:
        return False
    return around.title != draft.text


def _is_short_for_release(draft: Draft, own: str, around: Surroundings) -> bool:
    """``grp-short.name.mkv``, ``dmd-aw.avi`` in the folder of a release: the scene's names for its files."""
    if not around.release or around.facts is not around.release:
        return False
    group = around.release.get("release_group", UNTITLED)[0].lower()
    if group and draft.lows[:1] == [group]:
        return True
    if "year" in draft.facts or "seasons" in draft.facts:
        return False
    return own.islower() and " " not in draft.text and len(own.split()) <= 2


def _squash(title: str) -> str:
    """A title reduced to its letters and digits, without accents."""
    if not title.isascii():
        title = unicodedata.normalize("NFKD", title)
    return "".join(filter(str.isalnum, title.lower()))
