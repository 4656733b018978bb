"""What a release name says: the parser's answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from datetime import date

ReleaseKind = Literal["movie", "episode"]


@dataclass(frozen=True, kw_only=True)  # without slots: see Release.of
class Release:
    """One parsed release name. Absent means "the name does not say", never "there is none".

    Tuples keep the order of the name. Values are canonical spellings of the vocabulary
    (``source="Blu-ray"`` whether the name said ``BDRip`` or ``BluRay``), languages are IETF tags
    (``en``, ``pt-BR``; ``mul`` for several, ``und`` for an unknown one).
    """

    name: str
    """The name as it was given, with its extension."""
    kind: ReleaseKind
    title: str | None = None
    alternative_titles: tuple[str, ...] = ()
    year: int | None = None
    seasons: tuple[int, ...] = ()
    episodes: tuple[int | float, ...] = ()
    """Numbers within the season; ``12.5`` is a recap or special between two episodes."""
    absolute_episodes: tuple[int | float, ...] = ()
    """Numbers counted through the whole series, as anime releases use."""
    episode_title: str | None = None
    episode_details: tuple[str, ...] = ()
    """``Special``, ``OVA``, ``OAD``, ``Opening``, ``Ending``, ``Pilot``, ``Final`` …"""
    air_date: date | None = None
    season_count: int | None = None
    episode_count: int | None = None
    part: int | None = None
    disc: int | None = None
    """``cd2``, ``disc 2``, ``dvd2``: a piece of one stacked work."""
    bonus: int | None = None
    film: int | None = None
    volume: int | None = None
    extra: str | None = None
    """The kind of extra (``trailer``, ``sample``, ``featurette`` …); None for the work itself."""
    editions: tuple[str, ...] = ()
    source: str | None = None
    resolution: str | None = None
    """``1080p``, ``576i``, or ``720x304`` where the shape is not a standard one."""
    video_codec: str | None = None
    video_profile: str | None = None
    audio_codecs: tuple[str, ...] = ()
    audio_profiles: tuple[str, ...] = ()
    audio_channels: tuple[str, ...] = ()
    color_depth: str | None = None
    hdr: tuple[str, ...] = ()
    streaming_service: str | None = None
    languages: tuple[str, ...] = ()
    subtitle_languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    release_group: str | None = None
    proper_count: int | None = None
    version: int | None = None
    crc32: str | None = None
    website: str | None = None
    container: str | None = None
    size_text: str | None = None
    """A size written in the name (``1.4GB``); the size on disk is the census's, not the name's."""
    is_3d: bool = False
    ids: tuple[tuple[str, str], ...] = ()
    """Explicit ids, ``(("tmdb", "603"), ("imdb", "tt0133093"))``; they outrank any search."""
    others: tuple[str, ...] = ()
    """Marks with no field of their own: ``Rip``, ``Remux``, ``Screener``, ``Complete`` …"""
    details: tuple[tuple[str, str | int | float], ...] = ()
    """Rarer properties by guessit's names, ``(("frame_rate", "24fps"), ("aspect_ratio", 1.778))``."""

    evidence: tuple[tuple[str, str], ...] = ()
    """For each field, the rule that read its first value: ``(("seasons", "numbering"), ("year", "year"))``.

    ``numbering``, ``word``, ``number``, ``id``, ``year`` and ``checksum`` read what says so itself; ``weak
    word``, ``beside``, ``language row`` and ``alone`` go by company; rules named after a number's place
    (``number after a dash``, ``leading number``) go by position; ``title`` and ``group`` take what is left,
    and ``folder`` is what a folder says.
    """

    @classmethod
    def of(cls, values: dict[str, Any]) -> Release:
        """Return what ``Release(**values)`` does, in a twentieth of the time.

        A frozen dataclass sets each of its 45 fields through a call, 5 microseconds in all, and most stay
        empty. Here those are left to the class, which has their defaults; slots could not do that.
        """
        release = object.__new__(cls)
        release.__dict__.update(values)
        return release

    @property
    def title_pieces(self) -> tuple[str, ...]:
        """The title cut at its dashes; empty where it has none.

        Conventions differ: fansubs write ``Show - Subtitle`` and mean all of it, others put a second
        title or a name behind the dash. What is asked and matched can try both.
        """
        return split_title(self.title or "")


def split_title(title: str) -> tuple[str, ...]:
    """Return the pieces of a title between its dashes; nothing where there is no dash.

    >>> split_title("Kaamelott - Livre V")
    ('Kaamelott', 'Livre V')
    """
    if " - " not in title and "--" not in title:
        return ()
    return tuple(piece.strip() for piece in title.replace("--", " - ").split(" - ") if piece.strip())
