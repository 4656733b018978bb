"""Which file extensions are media, and which go with media.

The sets are the union of what Plex, Jellyfin and Kodi index, less what is never video in a library.
"""

from __future__ import annotations

MEDIA_EXTENSIONS = frozenset(
    """
    3g2 3gp amv asf avi bik bin divx dv dvr-ms evo f4v flv h264 h265 hevc img iso ivf
    m1v m2p m2t m2ts m2v m4v mk3d mkv mov mp4 mpe mpeg mpg mpv mts mxf nrg nsv nut ogm ogv
    ps qt rec rm rmvb strm svq3 tp trp ts ty vc1 vdr viv vob vp3 vp6 vro webm wmv wtv xvid
    """.split()
)

_SUBTITLES = (
    "ass aqt cap dfxp idx jss lrc mks mpl2 pjs psb rt sami sbv scc smi srt ssa stl sub sup ttml usf vtt"
)
_ARTWORK = "avif bmp gif jpeg jpg png svg tbn tif tiff webp"
_AUDIO = "aac ac3 dts dtshd eac3 flac m4a mka mp3 ogg opus thd wav"
_METADATA = "nfo plexmatch"
_CHECKSUMS = "md5 sfv sha1 srr srs"

COMPANION_KINDS = {
    extension: kind
    for kind, extensions in (
        ("subtitle", _SUBTITLES),
        ("artwork", _ARTWORK),
        ("audio", _AUDIO),
        ("metadata", _METADATA),
        ("checksum", _CHECKSUMS),
    )
    for extension in extensions.split()
}
"""``subtitle``, ``artwork``, ``audio``, ``metadata`` or ``checksum``, by extension."""

EVERY_FILE = frozenset({"*"})
"""As ``media_extensions``: whatever is not a companion counts as media."""


def extension_of(name: str) -> str:
    """Return the part after the last dot in lower case, ``""`` without one.

    >>> extension_of("Movie.2010.MKV"), extension_of(".plexmatch"), extension_of("README")
    ('mkv', 'plexmatch', '')
    """
    return name.rpartition(".")[2].lower() if "." in name else ""
