"""The columns of a snapshot's tables.

Units stand in names; paths keep the disk's bytes beside readable text.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

_STRINGS = pa.list_(pa.string())
_MOMENT = pa.timestamp("us", tz="UTC")

DIRECTORIES = pa.schema(
    [
        ("path", pa.string()),
        ("path_bytes", pa.binary()),
        ("signature", pa.string()),  # of names, sizes and mtimes: equal means nothing changed
        ("media_files", pa.int32()),
        ("companions", pa.int32()),
        ("other_files", pa.int32()),
        ("pruned", pa.int32()),
        ("size_bytes", pa.int64()),
    ]
)

FILES = pa.schema(
    [
        ("root", pa.binary()),
        ("directory", pa.binary()),
        ("name", pa.binary()),
        ("kind", pa.string()),  # media, disc, or the companion's kind
        ("owner", pa.binary()),  # of a companion: the media file's name
        ("size_bytes", pa.int64()),
        ("modified_ns", pa.int64()),
    ]
)

_COMPANION = pa.struct(
    [("name", pa.string()), ("kind", pa.string()), ("languages", _STRINGS), ("size_bytes", pa.int64())]
)

ENTRIES = pa.schema(
    [
        ("path", pa.string()),
        ("path_bytes", pa.binary()),
        ("root", pa.string()),
        ("size_bytes", pa.int64()),
        ("modified_at", _MOMENT),
        ("is_disc", pa.bool_()),
        ("kind", pa.string()),  # movie, episode or extra
        ("extra_kind", pa.string()),
        ("title", pa.string()),
        ("alternative_titles", _STRINGS),
        ("year", pa.int32()),
        ("season", pa.int32()),  # the first of seasons
        ("seasons", pa.list_(pa.int32())),
        ("episode", pa.int32()),  # the first of episodes
        ("episodes", pa.list_(pa.int32())),
        ("fractional_episodes", pa.list_(pa.float64())),  # 12.5: a special between two episodes
        ("absolute_episodes", pa.list_(pa.float64())),
        ("episode_title", pa.string()),
        ("episode_details", _STRINGS),
        ("air_date", pa.date32()),
        ("season_count", pa.int32()),
        ("episode_count", pa.int32()),
        ("part", pa.int32()),
        ("disc", pa.int32()),
        ("bonus", pa.int32()),
        ("film", pa.int32()),
        ("volume", pa.int32()),
        ("editions", _STRINGS),
        ("source", pa.string()),
        ("resolution", pa.string()),
        ("video_codec", pa.string()),
        ("video_profile", pa.string()),
        ("audio_codecs", _STRINGS),
        ("audio_profiles", _STRINGS),
        ("audio_channels", _STRINGS),
        ("color_depth", pa.string()),
        ("hdr", _STRINGS),
        ("streaming_service", pa.string()),
        ("languages", _STRINGS),
        ("subtitle_languages", _STRINGS),
        ("countries", _STRINGS),
        ("release_group", pa.string()),
        ("proper_count", pa.int32()),
        ("version", pa.int32()),
        ("crc32", pa.string()),
        ("website", pa.string()),
        ("container", pa.string()),
        ("size_text", pa.string()),
        ("is_3d", pa.bool_()),
        ("ids", pa.map_(pa.string(), pa.string())),
        ("others", _STRINGS),
        ("companions", pa.list_(_COMPANION)),
        ("query_key", pa.string()),  # leads to matches and candidates; null where nothing can be asked
        ("match_status", pa.string()),
        ("match_confidence", pa.float64()),
        ("tmdb_id", pa.int64()),
        ("matched_title", pa.string()),
        ("matched_year", pa.int32()),
        ("matched_season", pa.int32()),  # where TMDB has the episode; the name's own numbers stand above
        ("matched_episodes", pa.list_(pa.int32())),
        ("matched_episode_title", pa.string()),
        ("matched_air_date", pa.date32()),
        ("match_note", pa.string()),
        ("batch_id", pa.int32()),
    ]
)

MATCHES = pa.schema(
    [
        ("query_key", pa.string()),
        ("query_kind", pa.string()),  # movie, tv, or null where unknown
        ("query_title", pa.string()),
        ("query_year", pa.int32()),
        ("decision", pa.string()),  # what a person pinned
        ("match_status", pa.string()),
        ("match_confidence", pa.float64()),
        ("matched_kind", pa.string()),
        ("tmdb_id", pa.int64()),
        ("matched_title", pa.string()),
        ("matched_year", pa.int32()),
        ("reasons", _STRINGS),
        ("match_version", pa.int32()),
    ]
)

CANDIDATES = pa.schema(
    [
        ("query_key", pa.string()),
        ("rank", pa.int32()),  # from 1, the nearest first
        ("kind", pa.string()),
        ("tmdb_id", pa.int64()),
        ("title", pa.string()),
        ("original_title", pa.string()),
        ("year", pa.int32()),
        ("popularity", pa.float64()),
        ("vote_count", pa.int64()),
        ("matched_text", pa.string()),  # the title that came nearest
        ("distance", pa.float64()),
        ("confidence", pa.float64()),
        ("distances", pa.map_(pa.string(), pa.float64())),
        ("reasons", _STRINGS),
        ("is_accepted", pa.bool_()),
    ]
)

FAILURES = pa.schema(
    [
        ("path", pa.string()),
        ("path_bytes", pa.binary()),
        ("phase", pa.string()),
        ("kind", pa.string()),
        ("severity", pa.string()),  # failure: the census is incomplete; notice: nothing is missing
        ("message", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a snapshot: where its parts lie, and its columns."""

    folder: str
    columns: pa.Schema


TABLES = {
    "entries": Table("entries", ENTRIES),
    "matches": Table("matches", MATCHES),
    "candidates": Table("candidates", CANDIDATES),
    "failures": Table("failures", FAILURES),
    "directories": Table("manifest/directories", DIRECTORIES),
    "files": Table("manifest/files", FILES),
}
"""The tables by the names they have in queries."""
