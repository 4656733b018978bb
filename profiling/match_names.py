"""Release names made of known works, in the forms that real names take, with the work that is meant."""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.tmdb.catalogue import TitleSet, Work

_TAILS = (
    "1080p.BluRay.x264-GRP",
    "720p.WEB-DL.DD5.1.H.264-EXMPL",
    "2160p.UHD.BluRay.REMUX.HDR.HEVC.TrueHD.7.1.Atmos-EXMPL",
    "DVDRip.XviD-GRP",
)
_NOISE = (
    "EXTENDED.REMASTERED.1080p",
    "PROPER.GERMAN.DL.1080p",
    "UNRATED.DC.720p",
    "iNTERNAL.MULTi.1080p",
    "Directors.Cut.1080p",
)
_ARTICLES = ("The", "A", "An", "Le", "La", "Les", "Der", "Die", "Das", "El", "Los", "Il")
_NUMERALS = ("II III IV V VI VII VIII IX X".split(), "2 3 4 5 6 7 8 9 10".split())
_WORDS = dict(zip("2 3 4 5 6".split(), "Two Three Four Five Six".split(), strict=True))
# ": ", "!", but not "-" within a word, nor the vowel signs of Indic scripts
_SIGNS = re.compile(r"\s-+\s|[^\w\u0900-\u0dff\u0e00-\u0eff\u3099\u309a-]+")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class Labelled:
    """A path, its form, and the work it means."""

    path: str
    form: str
    kind: str
    tmdb_id: int
    is_for_choosing: bool
    """Thresholds are chosen on these names; the others are only reported on."""


def iter_movie_names(titles: TitleSet, every: int = 1) -> Iterator[Labelled]:
    """Yield names of every n-th movie: each in the plain form or in one other that its title allows."""
    for work in titles.works.values():
        if work.kind == "movie" and work.year is not None and crc32(b"%d" % work.row["id"]) // 2 % every == 0:
            rng = random.Random(work.row["id"])
            title = work.row["title"] or work.row["original_title"]
            tail = rng.choice(_TAILS)
            forms = {
                form: path
                for form, make in _MOVIE_FORMS.items()
                if (path := make(title, work, rng, tail)) is not None
            }
            for form in rng.sample(sorted(forms), k=min(2, len(forms))):
                yield _labelled(work, form, forms[form])


def iter_series_names(titles: TitleSet, *, counted: bool, every: int = 1) -> Iterator[Labelled]:
    """Yield names of every n-th series: of the well known, whose episodes are counted, or of the others."""
    for work in titles.works.values():
        is_counted = bool(work.external.get("imdb_id"))
        if work.kind == "tv" and is_counted == counted and crc32(b"%d" % work.row["id"]) // 2 % every == 0:
            rng = random.Random(work.row["id"])
            form = rng.choice(sorted(_SERIES_FORMS))
            season = rng.choice(sorted(work.seasons) or [1])
            episode = rng.randint(1, max(1, len(work.seasons.get(season, ()))))
            path = _SERIES_FORMS[form](work, f"S{season:02}E{episode:02}", rng.choice(_TAILS))
            if path is not None:
                yield _labelled(work, form, path)


def _labelled(work: Work, form: str, path: str) -> Labelled:
    is_for_choosing = crc32(b"%d" % work.row["id"]) % 2 == 0
    return Labelled(path, form, work.kind, work.row["id"], is_for_choosing)


def dotted(title: str) -> str:
    """Return a title as scene names have it: dots between words, no signs, accents as they are."""
    text = title.replace("&", "and").replace("'", "").replace("’", "")
    return re.sub(r"[._]+", ".", _SIGNS.sub(".", text)).strip(".-") or title


def _plain_letters(title: str) -> str:
    text = unicodedata.normalize("NFKD", title)
    plain = "".join(each for each in text if not "\u0300" <= each <= "\u036f")
    return unicodedata.normalize("NFC", plain)


def _dots(title: str, work: Work, _rng: random.Random, tail: str) -> str:
    return f"{dotted(title)}.{work.year}.{tail}.mkv"


def _folder(title: str, work: Work, _rng: random.Random, _tail: str) -> str:
    name = title.replace("/", "-").replace(":", " -").replace("?", "").strip(". ") or "x"
    return f"Movies/{name} ({work.year})/{name} ({work.year}).mkv"


def _no_year(title: str, _work: Work, _rng: random.Random, tail: str) -> str:
    return f"{dotted(title)}.{tail}.mkv"


def _off_by_one(title: str, work: Work, rng: random.Random, tail: str) -> str:
    return f"{dotted(title)}.{(work.year or 0) + rng.choice((-1, 1))}.{tail}.mkv"


def _original(title: str, work: Work, _rng: random.Random, tail: str) -> str | None:
    original = work.row["original_title"]
    return None if original == title else f"{dotted(original)}.{work.year}.{tail}.mkv"


def _aka(title: str, work: Work, rng: random.Random, tail: str) -> str | None:
    original = work.row["original_title"]
    if original == title:
        return None
    first, second = rng.sample((title, original), k=2)
    return f"{dotted(first)}.AKA.{dotted(second)}.{work.year}.{tail}.mkv"


def _article_moved(title: str, work: Work, rng: random.Random, tail: str) -> str | None:
    article, _, rest = title.partition(" ")
    if article not in _ARTICLES or not rest:
        return None
    return rng.choice(
        (f"{rest}, {article} ({work.year}).mkv", f"{dotted(rest)}.{article}.{work.year}.{tail}.mkv")
    )


def _article_dropped(title: str, work: Work, _rng: random.Random, tail: str) -> str | None:
    article, _, rest = title.partition(" ")
    return f"{dotted(rest)}.{work.year}.{tail}.mkv" if article in _ARTICLES and rest else None


def _numerals(title: str, work: Work, rng: random.Random, tail: str) -> str | None:
    words = title.split()
    for place, word in enumerate(words[1:], 1):
        bare = word.strip(":,-")
        roman, digits = _NUMERALS
        if bare in roman:
            other = digits[roman.index(bare)]
        elif bare in digits:
            is_part = words[place - 1].lower() in {"part", "chapter"}
            other = (
                _WORDS[bare]
                if is_part and bare in _WORDS and rng.random() < 0.5
                else roman[digits.index(bare)]
            )
        else:
            continue
        return f"{dotted(' '.join([*words[:place], other, *words[place + 1 :]]))}.{work.year}.{tail}.mkv"
    return None


def _noise(title: str, work: Work, rng: random.Random, tail: str) -> str:
    name = f"{dotted(title)}.{work.year}.{rng.choice(_NOISE)}.{tail.partition('.')[2]}.mkv"
    return rng.choice((name, f"[ www.Example.com ] - {name}"))


def _plain(title: str, work: Work, rng: random.Random, tail: str) -> str | None:
    other = title.translate(_UMLAUTS) if rng.random() < 0.5 else title
    plain = _plain_letters(other)
    return None if plain == title else f"{dotted(plain)}.{work.year}.{tail}.mkv"


def _decomposed(title: str, work: Work, _rng: random.Random, _tail: str) -> str | None:
    text = unicodedata.normalize("NFD", title.replace("/", "-"))
    return None if text == title else f"{text} ({work.year}).mkv"


def _spelled_and(title: str, work: Work, _rng: random.Random, tail: str) -> str | None:
    if " and " not in title:
        return None
    return f"{title.replace(' and ', ' & ').replace('/', '-')} ({work.year}) {tail}.mkv"


_MOVIE_FORMS = {
    "dots": _dots,
    "folder": _folder,
    "no year": _no_year,
    "year off by one": _off_by_one,
    "original title": _original,
    "aka": _aka,
    "article moved": _article_moved,
    "article dropped": _article_dropped,
    "numerals": _numerals,
    "noise words": _noise,
    "plain letters": _plain,
    "decomposed": _decomposed,
    "& for and": _spelled_and,
}


def _series_dots(work: Work, number: str, tail: str) -> str:
    return f"{dotted(work.row['name'])}.{number}.{tail}.mkv"


def _series_year(work: Work, number: str, tail: str) -> str | None:
    return f"{dotted(work.row['name'])}.{work.year}.{number}.{tail}.mkv" if work.year else None


def _series_folder(work: Work, number: str, _tail: str) -> str:
    name = work.row["name"].replace("/", "-").replace(":", " -").replace("?", "").strip(". ") or "x"
    year = f" ({work.year})" if work.year else ""
    return f"TV Shows/{name}{year}/Season {number[1:3]}/{name} - {number}.mkv"


_SERIES_FORMS = {"series dots": _series_dots, "series year": _series_year, "series folder": _series_folder}
