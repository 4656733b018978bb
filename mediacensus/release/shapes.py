"""What a single word with digits in it can be, read once per distinct word."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from mediacensus.release.vocabulary import GLUED_MARKERS, STRONG, WORDS, Facts

if TYPE_CHECKING:
    from collections.abc import Callable

Shape = tuple[str, Any, Any]
"""(kind, value, extra): ``("episode", (1, 2), None)`` for ``e01e02``."""

# s01, s2014
_SEASON: Final = re.compile(
    r"(?:s|t|sn|season|saison|staffel|temporada|kausi|сезон|stagione|シーズン|시즌)(\d{1,4})"
)
# s01e02, s1e2v2, s01xe02, s01ep02, t01xe08, s6e1e3, s01e02a
_SEASON_EPISODE: Final = re.compile(
    r"(?:[st]|sn|se)(\d{1,4})(?:e|ep|x|xe|ex|эп|е|episode)(\d{1,5})((?:(?:e|ep|x)\d{1,5})*)([a-d]?)(?:v(\d))?"
)
# s01e02of13
_EPISODE_OF: Final = re.compile(r"s(\d{1,2})e(\d{1,3})of(\d{1,3})")
# 01e06: the "s" was forgotten
_EPISODE_PAIR: Final = re.compile(r"(\d{2})e(\d{2})((?:e\d{2})*)")
# 13完, 24end: the last one
_NUMBER_END: Final = re.compile(r"(\d{1,4})(?:完|終|end|fin)")
# 1x02, 1x02x03, 06х01 (a Cyrillic х), 1x02v2, 1xe02
_CROSS: Final = re.compile(
    r"(\d{1,2}|(?:19|20)\d\d|[12]\d\d)[xх×]e?(\d{1,4})((?:[xхe]\d{1,4})*)([a-d]?)(?:v(\d))?"
)
# e01, ep01, e01e02, ep01v2, episode5, x03
_EPISODE: Final = re.compile(
    r"(?:e|ep|eps|episode|episodio|capitulo|cap|folge|odc|эп|серия|серії|е|afl|aflevering|avsnitt|jakso)(\d{1,5})((?:(?:e|ep)\d{1,5})*)([a-d]?)(?:v(\d))?"
)
_DIGITS: Final = re.compile(r"\d+")
# 05v2, 12v0
_NUMBER_VERSION: Final = re.compile(r"(\d{1,4})v(\d)")
# 05a, 12b: half an episode
_NUMBER_LETTER: Final = re.compile(r"(\d{1,3})([a-d])")
# cd1, part2, vol3, disc1, week45
_MARKED: Final = re.compile(
    r"(cd|dvd|disc|disk|d|part|pt|vol|volume|week|f|x|v|r|film|season|parte)(\d{1,3})"
)
# 2cd, 3dvd
_COUNTED: Final = re.compile(r"(\d{1,2})(cds?|dvds?|discs?)")
# 第3話, 3화, 全12集, 第2季, 01話v2
_GLUED: Final = re.compile(
    r"(第|全|共|제)?(\d{1,4})(季|期|기|シーズン|시즌|部|話|话|集|화|회|回|夜|巻|卷|권)?(.*)", re.DOTALL
)
# 2nd, 3rd, 1st, 5ª, 2º, 3й
_ORDINAL: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th|ª|º|a|o|er|ère|ème|eme|й|я|ой|ый|ий)")
# 1080p, 720i, 1080p25, 720p60, 1080hd
_LINES: Final = re.compile(r"(\d{3,4})([pi]|hd|р|px)(\d{2,3})?")
# 1920x1080, 1280x720p, 848×480
_SHAPE: Final = re.compile(r"([1-9]\d{2,3})[x×х*]([1-9]\d{2,3})([pi])?")
# 1280x720 glued behind other words is rare; bluray1080p, bd720p, hdtv720p, webdl1080p are not
_WORD_LINES: Final = re.compile(r"([a-z]+)(\d{3,4}[pi])")
# 1080pbluray, 720phdtv, 1080pweb
_LINES_WORD: Final = re.compile(r"(\d{3,4}[pi])([a-z0-9]*[a-z][a-z0-9]*)")
# 4kto1080p
_UPSCALED: Final = re.compile(r"(?:4k|2160p)to(\d{3,4}p)")
# dd5, aac2, ddp7, flac2, eac35: the digit before ".1" or ".0"
_CHANNELS: Final = re.compile(r"([a-z]+3?)([125-8])")
# aac51, ddp51, dts71
_CHANNELS_BOTH: Final = re.compile(r"([a-z]+3?)([257])([01])")
# 8ch, 6ch
_SIZE: Final = re.compile(r"(\d{1,4})([gmt]i?b)")
_RATE: Final = re.compile(r"(\d{1,5})(kbps|mbps|kbits?|mbits?|kb|khz)")
_FRAMES: Final = re.compile(r"(\d{2,3})fps")
# 5of9, 01of24
# repack2, proper3
_PROPER: Final = re.compile(r"(?:repack|proper|rerip)(\d)")
# op2, ed1b, ncopv2: opening and ending songs
_SONG: Final = re.compile(r"(nc)?(op|ed)(\d{1,2}[a-z]?|(?=v))(?:v\d)?")
# c48db7d2aeb040e8a920a9fd6effcbf4
_UUID: Final = re.compile(r"[0-9a-f]{32}")
_OF: Final = re.compile(r"(\d{1,3})of(\d{1,3})")
# flacx2, ac3x3: several tracks of a codec
_TRACKS: Final = re.compile(r"([a-z]+\d?)x\d")
# sp01, ova2, ex1
_SPECIAL: Final = re.compile(r"(sp|ova|oad|ona|ex)(\d{1,2})")
# cd1of2
_PIECE_OF: Final = re.compile(r"(cd|disc|disk|dvd)(\d)of(\d)")
# 3xeng, 2xukr
_TIMES: Final = re.compile(r"\dx?([a-z]{3,})")
# s07d1, s01disc2
_SEASON_DISC: Final = re.compile(r"s(\d{1,2})(?:d|dvd|disc|disk)(\d{1,2})")
# 1xall
_WHOLE_SEASON: Final = re.compile(r"(\d{1,2})xall")
# s01extras
_SEASON_WORD: Final = re.compile(r"s(\d{1,2})(extras|special|specials|complete|finale)")
# castle1x01, grp-zoos01e11, s03e02the: numbering glued to another word
_GLUED_BEFORE: Final = re.compile(r"([^\W\d_]{2,}?)(s\d{1,2}e\d{1,3}(?:e\d{1,3})*|\d{1,2}x\d{2,3})")
_GLUED_BEHIND: Final = re.compile(r"(s\d{1,2}e\d{1,3}|\d{1,2}x\d{2,3})([^\W\d_]{2,})")
# s01ep before brackets that hold the numbers: S01EP(01-09)
_SEASON_BEFORE: Final = re.compile(r"(s\d{1,2})(?:ep|eps)")
# 70e10s, p027: the name is written backwards
_REVERSED: Final = re.compile(r"\d{1,3}e\d{1,2}s|p(?:0801|027|084|0612|675)")
_HEX: Final = re.compile(r"[0-9a-f]{8}")
# 10bitx265, x264aac: two known words without a separator
_TWO_WORDS: Final = re.compile(r"([a-z]*\d+[a-z]*?|[a-z]+)([a-z]*\d+(?:bit)?|[a-z]+)")

_MARKERS: Final = {
    "d": "season disc",
    "disk": "disc",
    "pt": "part",
    "parte": "part",
    "vol": "volume",
    "f": "film",
    "x": "bonus",
    "v": "version",
}
HEIGHTS: Final = frozenset(
    (240, 270, 288, 360, 368, 400, 432, 480, 540, 544, 576, 640, 720, 900, 1080, 1440, 2160, 4320)
)
_STANDARD_HEIGHTS: Final = frozenset((360, 368, 480, 540, 576, 720, 900, 1080, 1440, 2160, 4320))


def screen_text(width: int, height: int, scan: str) -> str:
    """``1920, 1080`` → ``1080p``; an odd size or shape is given in full."""
    usual = height in _STANDARD_HEIGHTS and 1.332 <= width / height < 1.899
    return f"{height}{scan}" if usual else f"{width}x{height}"


def _numbers(found: re.Match[str], first: int) -> tuple[int, ...]:
    """The episode in this group and those strung behind it."""
    return (int(found[first]), *map(int, _DIGITS.findall(found[first + 1])))


def _season(text: str) -> Shape:
    """``S01``, ``S2014``; ``S0615`` is season 6, episode 15."""
    if len(text) == 4 and text[0] == "0":
        return "season_episode", (int(text[:2]), (int(text[2:]),)), None
    return "season", int(text), None


def _cross(found: re.Match[str]) -> Shape | None:
    """``1x02`` is an episode, ``640x480`` a picture, ``0x3`` the end of ``2.0x3``, a layout three times."""
    season, episode = found[1], int(found[2])
    if season == "0" and len(found[2]) == 1:
        return None
    if len(season) >= 3 and (episode >= 400 or (episode in HEIGHTS and season[:2] != "20")):
        return None
    return "season_episode", (int(season), _numbers(found, 2)), found[5]


def _lines(found: re.Match[str]) -> Shape:
    facts: Facts = (("resolution", (found[1] + ("i" if found[2] == "i" else "p"),)),)
    if found[3]:
        facts = (*facts, ("frame_rate", (f"{found[3]}fps",)))
    return "facts", facts, found[1]


def _audio(text: str) -> Facts | None:
    entry = WORDS.get(text)
    return entry.facts if entry and any(field == "audio_codecs" for field, _ in entry.facts) else None


def _channels(found: re.Match[str]) -> Shape | None:
    facts = _audio(found[1])
    return ("channels", facts, found[2]) if facts else None


def _channels_both(found: re.Match[str]) -> Shape | None:
    facts = _audio(found[1])
    return ("facts", (*facts, ("audio_channels", (f"{found[2]}.{found[3]}",))), None) if facts else None


def _known_and_lines(text: str, lines: str) -> Shape | None:
    """``bluray1080p`` and ``1080pbluray``: a known word and a picture height."""
    entry = WORDS.get(text)
    return ("facts", (*entry.facts, ("resolution", (lines,))), None) if entry and entry.facts else None


def _times(text: str) -> Shape | None:
    """``3xeng``: three tracks of a language."""
    entry = WORDS.get(text)
    if entry and entry.facts and entry.facts[0][0] == "languages":
        return "facts", entry.facts, None
    return ("facts", (("languages", (entry.code,)),), None) if entry and entry.code else None


def _glued(found: re.Match[str]) -> Shape | None:
    if not (found[1] or found[3]):
        return None
    return "glued", (GLUED_MARKERS.get(found[3] or "話"), int(found[2])), found[1]


_READERS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Shape | None]], ...]] = (
    (_SEASON_EPISODE, lambda found: ("season_episode", (int(found[1]), _numbers(found, 2)), found[5])),
    (_EPISODE, lambda found: ("episode", _numbers(found, 1), found[4])),
    (_SEASON, lambda found: _season(found[1])),
    (_EPISODE_OF, lambda found: ("episode_of", (int(found[1]), int(found[2])), int(found[3]))),
    (_EPISODE_PAIR, lambda found: ("season_episode", (int(found[1]), _numbers(found, 2)), None)),
    (_CROSS, _cross),
    (_LINES, _lines),
    (_SHAPE, lambda found: ("screen", (int(found[1]), int(found[2]), found[3] or "p"), None)),
    (_UPSCALED, lambda found: ("facts", (("resolution", (found[1],)),), None)),
    (_CHANNELS, _channels),
    (_CHANNELS_BOTH, _channels_both),
    (_SIZE, lambda found: ("size", found[1] + found[2].upper(), None)),
    (_FRAMES, lambda found: ("facts", (("frame_rate", (f"{found[1]}fps",)),), None)),
    (_RATE, lambda found: ("rate", found[1], found[2])),
    (_WORD_LINES, lambda found: _known_and_lines(found[1], found[2])),
    (_LINES_WORD, lambda found: _known_and_lines(found[2], found[1])),
    (_NUMBER_END, lambda found: ("number_end", int(found[1]), None)),
    (_NUMBER_VERSION, lambda found: ("number_version", int(found[1]), int(found[2]))),
    (_COUNTED, lambda found: ("counted", found[2].rstrip("s"), int(found[1]))),
    (_MARKED, lambda found: ("marked", _MARKERS.get(found[1], found[1]), int(found[2]))),
    (_OF, lambda found: ("of", int(found[1]), int(found[2]))),
    (_PROPER, lambda found: ("facts", (("proper_count", (int(found[1]),)),), None)),
    (_SONG, lambda found: ("song", found[1], found[2] + " " + found[3])),
    (_PIECE_OF, lambda found: ("piece_of", found[1], (int(found[2]), int(found[3])))),
    (_TRACKS, lambda found: ("facts", facts, None) if (facts := _audio(found[1])) else None),
    (_SPECIAL, lambda found: ("special", found[1], int(found[2]))),
    (_TIMES, lambda found: _times(found[1])),
    (_SEASON_DISC, lambda found: ("season_disc", int(found[1]), int(found[2]))),
    (_WHOLE_SEASON, lambda found: ("whole_season", int(found[1]), None)),
    (_SEASON_WORD, lambda found: ("whole_season", int(found[1]), found[2])),
    (_GLUED_BEFORE, lambda found: ("joined", found.end(1), None)),
    (_GLUED_BEHIND, lambda found: ("joined", found.end(1), None)),
    (_SEASON_BEFORE, lambda found: ("joined", found.end(1), None)),
    (_REVERSED, lambda found: ("reversed", found[0], None)),
    (_HEX, lambda found: ("crc", found[0], None)),
    (_NUMBER_LETTER, lambda found: ("number_letter", int(found[1]), found[2])),
    (_ORDINAL, lambda found: ("ordinal", int(found[1]), None)),
    (_GLUED, _glued),
)


@lru_cache(maxsize=1024)
def shape(word: str) -> Shape | None:
    """What a lower-case word with digits in it is, on its own; None for nothing known."""
    if word.isdigit():
        return ("number", int(word), len(word)) if word.isascii() and len(word) <= 12 else None
    if len(word) > 24:
        return ("uuid", word, None) if _UUID.fullmatch(word) else None
    for pattern, read in _READERS:
        if (found := pattern.fullmatch(word)) and (answer := read(found)):
            return answer
    return _two_words(word)


def _two_words(word: str) -> Shape | None:
    """``x264aac``, ``10bith265``: cut at every place, both halves must be strong words."""
    for cut in range(2, len(word) - 1):
        left, right = WORDS.get(word[:cut]), WORDS.get(word[cut:])
        if left and right and left.strength == STRONG == right.strength:
            return "facts", left.facts + right.facts, None
    return None
