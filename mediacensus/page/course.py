"""How a run went: its phases, batches, slowest directories, and its memory over time."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mediacensus.page.cells import Table, cell_of, size_text
from mediacensus.page.templates import render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    _Scale = Callable[[float], float]

_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 960, 320, 70, 52, 28
_CHARACTER_WIDTH: Final = 7
_MOST_BATCHES: Final = 250


@dataclass(frozen=True, slots=True)
class _Band:
    """A phase in the drawing: where it begins, how wide it is, and what is written above it."""

    name: str
    x: float
    width: float

    @property
    def label(self) -> str:
        """The phase's name, where there is room for it."""
        return self.name if len(self.name) * _CHARACTER_WIDTH < self.width else ""


@dataclass(frozen=True, slots=True)
class _Area:
    """What the processes of one role held, on top of those before."""

    role: str
    points: str


@dataclass(frozen=True, slots=True)
class _Tick:
    """A line of the grid."""

    at: float
    label: str


def memory_svg(memory: dict[str, Any], *, is_standalone: bool = False) -> str:
    """Draw the memory of a run's processes over time, a band a phase, as SVG.

    Args:
        memory: as in the run's record.
        is_standalone: whether it carries its colours itself, for use as an image.
    """
    seconds: float = max((sample[0] for sample in memory["samples"]), default=0.0) or 1.0
    top_bytes: float = max(memory["peak_bytes"], 1) * 1.08

    def x(at: float) -> float:
        return round(_LEFT + at / seconds * (_WIDTH - _LEFT - 10), 1)

    def y(held: float) -> float:
        return round(_HEIGHT - _BOTTOM - held / top_bytes * (_HEIGHT - _TOP - _BOTTOM), 1)

    return render(
        "memory.svg",
        is_standalone=is_standalone,
        width=_WIDTH,
        height=_HEIGHT,
        left=_LEFT,
        top=_TOP,
        floor=_HEIGHT - _BOTTOM,
        bands=[
            _Band(name, x(first), x(last) - x(first)) for name, first, last in _iter_phases(memory, seconds)
        ],
        areas=list(_iter_areas(memory, x, y)),
        memory_ticks=[_Tick(y(at), size_text(at)) for at in _round_steps(top_bytes, 1024)],
        time_ticks=[_Tick(x(at), f"{at:,.0f} s") for at in _round_steps(seconds, 10)],
        peak=size_text(memory["peak_bytes"]),
    )


def memory_image(memory: dict[str, Any]) -> str:
    """Return the drawing as a ``data:`` address, for an image that needs no file."""
    drawing = memory_svg(memory, is_standalone=True)
    return f"data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}"


def _iter_phases(memory: dict[str, Any], end: float) -> Iterator[tuple[str, float, float]]:
    """Yield each phase with the seconds at which it begins and ends, in order of time."""
    samples = memory["samples"]
    begins = [0, *(at for at in range(1, len(samples)) if samples[at][1] != samples[at - 1][1])]
    ends = [*(samples[at][0] for at in begins[1:]), end]
    if samples:
        for at, last in zip(begins, ends, strict=True):
            yield memory["phases"][samples[at][1]], samples[at][0], last


def _iter_areas(memory: dict[str, Any], x: _Scale, y: _Scale) -> Iterator[_Area]:
    """Yield an area for each role, the largest sum behind the others."""
    samples = memory["samples"]
    for role in range(len(memory["roles"]), 0, -1):
        if not any(sample[1 + role] for sample in samples):
            continue
        edge = " ".join(f"{x(sample[0])},{y(sum(sample[2 : 2 + role]))}" for sample in samples)
        last = x(samples[-1][0]) if len(samples) > 1 else x(0) + 2
        yield _Area(memory["roles"][role - 1], f"{x(0)},{y(0)} {edge} {last},{y(0)}")


def _round_steps(most: float, base: int) -> list[float]:
    """Return up to seven round values from 0 up to a value; round as powers of a base and halves count it."""
    step = 1.0
    while most / step >= 7:
        step *= 2 if base == 1024 else (2.5 if str(step)[0] == "2" else 2)
    return [step * number for number in range(int(most / step) + 1)]


def peak_rows(memory: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the most that each phase held, all processes together and by role, in MiB."""
    rows = []
    for index, phase in enumerate(memory["phases"]):
        highest = max((s for s in memory["samples"] if s[1] == index), key=lambda each: sum(each[2:]))
        roles = dict(zip(memory["roles"], highest[2:], strict=True))
        rows.append(
            {"phase": phase, "peak_bytes": sum(highest[2:])} | {f"{r}_bytes": b for r, b in roles.items()}
        )
    return rows


def iter_run_tables(run: dict[str, Any]) -> Iterator[Table]:
    """Yield the tables of the run's own figures."""
    yield _listed("Phases", PHASES_TEXT, [{"phase": n, "seconds": s} for n, s in run["phases"].items()])
    if run.get("memory"):
        yield _listed("Memory by phase", run["memory"]["method"], peak_rows(run["memory"]))
    yield _listed("Slowest directories", SLOWEST_TEXT, run.get("slowest_directories", []))
    batches = sorted(run["batches"], key=lambda batch: batch["batch_id"])
    yield _listed("Batches", BATCHES_TEXT, [_batch_row(batch) for batch in batches])
    yield _listed("Versions", "", [{"of": name, "version": each} for name, each in run["versions"].items()])


PHASES_TEXT: Final = (
    "Seconds of wall time. The walk goes on beside the parsing, so they do not add up; what lies before the "
    "walk is start-up."
)
SLOWEST_TEXT: Final = "How long the walk waited for them: slow ones lie on slow storage, or hold very much."
BATCHES_TEXT: Final = "Time, rate and peak memory are those of the batch's own worker process."


def _batch_row(batch: dict[str, Any]) -> dict[str, Any]:
    seconds = batch["duration_seconds"]
    return {
        "batch": batch["batch_id"],
        "files": batch["files"],
        "with_title": batch["titled"],
        "failures": batch["failures"],
        "seconds": round(seconds, 3),
        "files_per_second": round(batch["files"] / seconds) if seconds else None,
        "peak_bytes": batch["peak_memory_bytes"],
        "measured_as": batch["memory_method"],
        "worker": batch["worker"],
    }


def _listed(title: str, note: str, rows: Sequence[dict[str, Any]]) -> Table:
    columns = tuple(rows[0]) if rows else ()
    cells = tuple(tuple(cell_of(row[name], name) for name in columns) for row in rows[:_MOST_BATCHES])
    names = tuple(name.removesuffix("_bytes").replace("_", " ") for name in columns)
    return Table(title, note, names, cells, len(rows))
