"""One name, read pass by pass: from the surest evidence to what is left over."""

from __future__ import annotations

from typing import Final

from mediacensus.release.bare import read_bare_numbers, read_miniseries
from mediacensus.release.dates import read_dates
from mediacensus.release.draft import Draft
from mediacensus.release.extras import read_extra
from mediacensus.release.figures import read_quality_numbers
from mediacensus.release.group import SETTLED, claim_group, claim_last_bracket, claim_leading_group
from mediacensus.release.ids import read_ids
from mediacensus.release.language import SUBTITLES, read_subtitle_file, settle_languages
from mediacensus.release.numbering import read_bracketed, read_details, read_numbering
from mediacensus.release.title import claim_titles
from mediacensus.release.together import PICTURED, ULTRA, settle_source
from mediacensus.release.tokens import normalise
from mediacensus.release.vocabulary import CONTAINERS
from mediacensus.release.website import read_websites
from mediacensus.release.words import TECH, read_words, release_first_word, settle_near_words
from mediacensus.release.zones import settle_alone, settle_weak_words

# A dot that some exporter replaced: "Name 1080p x264-GRP mkv"
_SPACED: Final = frozenset((" mkv", " mp4", " avi"))
_LONGEST: Final = max(map(len, CONTAINERS))
"""Letters of an extension."""


def read_name(name: str, is_file: bool = True, in_season: bool = False, keep_trail: bool = False) -> Draft:
    """Read one name by itself; `in_season` says that it lies in the folder of a season."""
    text, container = name if name.isascii() else normalise(name), None
    if is_file:
        stem, _, extension = text.rpartition(".")
        if stem and len(extension) <= _LONGEST and (extension := extension.lower()) in CONTAINERS:
            text, container = stem, extension
        elif text[-4:-3] == " " and text[-4:].lower() in _SPACED:
            text, container = text[:-4], text[-3:].lower()
    draft = Draft(text, [] if keep_trail else None)
    respelled = _read_surest(draft)
    if respelled is not None:
        draft = Draft(respelled, [] if keep_trail else None)
        _read_surest(draft)
    draft.container = container
    if not is_file:
        draft.is_folder = True
    if in_season:
        draft.in_season = True
    if draft.words:
        _read_rest(draft)
    return draft


def _read_surest(draft: Draft) -> str | None:
    """Ids, addresses and the vocabulary; returns what to read instead if the name is written oddly."""
    read_words(draft)
    if (draft.hints and "source" in draft.hints) or (draft.brackets and "{" in draft.text):
        read_ids(draft)
    if draft.tags and draft.tags[0] == TECH:
        release_first_word(draft)
    if draft.near:
        settle_near_words(draft)
    return read_quality_numbers(draft) if draft.numbers else None


def _read_rest(draft: Draft) -> None:
    """Languages, group and titles, each from what is left."""
    _read_numbers(draft)
    facts, tags = draft.facts, draft.tags
    last = len(tags) - 1
    if draft.hints and "ending" in draft.hints:
        read_extra(draft)
    if draft.container and draft.container in SUBTITLES:
        read_subtitle_file(draft)
    is_unsigned = tags[last] not in SETTLED and claim_group(draft)
    if draft.waiting or draft.near or draft.spoken:
        _settle_words(draft)
        if is_unsigned and tags[last] not in SETTLED:
            claim_group(draft)
    start = claim_leading_group(draft) if draft.brackets and draft.gaps[0] else 0
    if draft.numbers:
        read_bare_numbers(draft, start > 0)
    if "release_group" not in facts and tags[last] not in SETTLED and (draft.brackets or TECH in tags):
        claim_last_bracket(draft)
    claim_titles(draft, start)
    if (
        "+" in draft.text
        or draft.several
        or ("resolution" in facts and facts["resolution"][0] == ULTRA)
        or ("others" in facts and facts["others"][0] in PICTURED)
    ):
        settle_source(draft)


def _read_numbers(draft: Draft) -> None:
    """Numbering and dates, which addresses would hold as well."""
    hints, numbers = draft.hints, draft.numbers
    if hints and "site" in hints:
        read_websites(draft)
    if draft.near:
        settle_near_words(draft)
    if draft.brackets:
        if len(numbers) > 1:
            read_bracketed(draft)
        if hints and "detail" in hints:
            read_details(draft)
    if draft.counts or draft.markers or (hints and "count" in hints and len(numbers) > 1):  # "3 of 12"
        read_numbering(draft)
        if numbers:
            read_dates(draft)
        if "part" in draft.facts:
            read_miniseries(draft)
    elif numbers:
        read_dates(draft)


def _settle_words(draft: Draft) -> None:
    """Decide about the words that were waiting for company."""
    if draft.waiting:
        settle_weak_words(draft)
    if draft.near:
        settle_near_words(draft)
    if draft.container is None and len(draft.tags) <= 4:
        settle_alone(draft)
    if draft.spoken:
        settle_languages(draft)
