"""Matching: from what a name says to one work on TMDB, or to a question for people."""

from mediacensus.match.model import MATCH_VERSION, Candidate, Episode, MatchStatus, Resolution
from mediacensus.match.resolve import resolve
from mediacensus.match.rows import iter_candidate_rows, match_columns, match_row

__all__ = [
    "MATCH_VERSION",
    "Candidate",
    "Episode",
    "MatchStatus",
    "Resolution",
    "iter_candidate_rows",
    "match_columns",
    "match_row",
    "resolve",
]
