"""What the library holds: how many files, and how many bytes, of each kind, resolution, decade and so on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mediacensus.names import printable

if TYPE_CHECKING:
    import duckdb

MOST_BARS: Final = 12
"""Of one plot; what comes after them is added up as the last one."""
_NOT_SAID: Final = "not said"


@dataclass(frozen=True, slots=True)
class Bar:
    """One value with the files that have it."""

    label: str
    files: int
    size_bytes: int

    @property
    def is_said(self) -> bool:
        """Tell whether this is a value, or the files that have none."""
        return self.label != _NOT_SAID


@dataclass(frozen=True, slots=True)
class Plot:
    """Bars over one property."""

    title: str
    note: str
    bars: tuple[Bar, ...]

    @property
    def most_files(self) -> int:
        """The longest bar's."""
        return max((bar.files for bar in self.bars), default=0)


@dataclass(frozen=True, slots=True)
class Holdings:
    """The library in a few numbers."""

    files: int
    movies: int
    episodes: int
    extras: int
    series: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class _Property:
    title: str
    value: str
    """An SQL expression of an entry; a list counts once for each of its values."""
    note: str = ""
    is_ordered: bool = False
    """Whether values have an order of their own, in place of that of their counts."""


_GIB: Final = 1024**3
_SIZES: Final = (
    (0.25, "under 256 MiB"),
    (0.5, "256–512 MiB"),
    (1, "0.5–1 GiB"),
    *((size, f"{size // 2}–{size} GiB") for size in (2, 4, 8, 16, 32, 64)),
)
# Values with an order carry it in front, as one character that is cut off again.
_SIZE: Final = (
    "CASE "
    + " ".join(
        f"WHEN size_bytes < {int(limit * _GIB)} THEN '{chr(97 + at)}{text}'"
        for at, (limit, text) in enumerate(_SIZES)
    )
    + " ELSE 'z64 GiB and more' END"
)
_SEVERAL: Final = "A file with several counts once for each."
_PROPERTIES: Final = (
    _Property("Kind", "kind"),
    _Property("Resolution", "resolution"),
    _Property("Source", "source"),
    _Property("Video codec", "video_codec"),
    _Property("HDR", "unnest(if(len(hdr) > 0, hdr, [NULL]))", _SEVERAL),
    _Property(
        "Language", "unnest(if(len(languages) > 0, languages, [NULL]))", f"Of the sound, as named. {_SEVERAL}"
    ),
    _Property(
        "Decade",
        "CASE WHEN {year} IS NULL THEN NULL ELSE '-' || ({year} // 10 * 10)::VARCHAR || 's' END",
        "Of the film or the series, where the name or its match has a year.",
        is_ordered=True,
    ),
    _Property("Size of a file", _SIZE, is_ordered=True),
)
YEAR: Final = "coalesce(matched_year, year)"


def read_holdings(connection: duckdb.DuckDBPyConnection) -> Holdings:
    """Count the library."""
    row = connection.execute(
        "SELECT count(*), count(*) FILTER (kind = 'movie'), count(*) FILTER (kind = 'episode'), "
        "count(*) FILTER (kind = 'extra'), coalesce(sum(size_bytes), 0) FROM entries"
    ).fetchone()
    series = connection.execute(
        "SELECT approx_count_distinct(lower(coalesce(matched_title, title))) FROM entries "
        "WHERE kind = 'episode'"
    ).fetchone()
    assert row is not None  # noqa: S101 - a count without groups is one row
    assert series is not None  # noqa: S101 - the same
    return Holdings(row[0], row[1], row[2], row[3], series[0], int(row[4]))


def read_plots(connection: duckdb.DuckDBPyConnection) -> list[Plot]:
    """Return a plot for every property that the library says something about."""
    plots = (_read_plot(connection, each) for each in _PROPERTIES)
    return [plot for plot in plots if any(bar.is_said for bar in plot.bars)]


def _read_plot(connection: duckdb.DuckDBPyConnection, wanted: _Property) -> Plot:
    order = "value NULLS LAST" if wanted.is_ordered else "value IS NULL, files DESC, value"
    rows = connection.execute(
        "SELECT value, count(*) AS files, coalesce(sum(size_bytes), 0) FROM "  # noqa: S608 - ours
        f"(SELECT {wanted.value.format(year=YEAR)} AS value, size_bytes FROM entries) "
        f"GROUP BY value ORDER BY {order} LIMIT 10000"
    ).fetchall()
    bars = [Bar(_label(value, wanted), files, int(size)) for value, files, size in rows]
    return Plot(wanted.title, wanted.note, tuple(bars if wanted.is_ordered else _fold(bars)))


def _label(value: object, wanted: _Property) -> str:
    if value is None:
        return _NOT_SAID
    return printable(str(value)[1:] if wanted.is_ordered else str(value))


def _fold(bars: list[Bar]) -> list[Bar]:
    """Return the longest bars, the others added up as one; files without a value come last."""
    said, unsaid = [bar for bar in bars if bar.is_said], [bar for bar in bars if not bar.is_said]
    if len(said) <= MOST_BARS:
        return [*said, *unsaid]
    others = said[MOST_BARS - 1 :]
    rest = Bar(
        f"{len(others)} others", sum(bar.files for bar in others), sum(bar.size_bytes for bar in others)
    )
    return [*said[: MOST_BARS - 1], rest, *unsaid]
