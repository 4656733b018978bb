"""Release names: what a file or folder name says about the work it holds.

>>> from mediacensus.release import parse_release_name
>>> parse_release_name("The.Lighthouse.Keeper.S02E05.1080p.WEB-DL.x264-GRP.mkv").episodes
(5,)
"""

from mediacensus.release.explain import Claim, Explanation, explain
from mediacensus.release.folder import parse_folder
from mediacensus.release.guessit import parse_as_guessit
from mediacensus.release.model import Release, ReleaseKind
from mediacensus.release.parser import PARSER_VERSION, parse_release_name

__all__ = [
    "PARSER_VERSION",
    "Claim",
    "Explanation",
    "Release",
    "ReleaseKind",
    "explain",
    "parse_as_guessit",
    "parse_folder",
    "parse_release_name",
]
