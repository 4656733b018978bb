"""Where a run's time went, by samples of call stacks: for viewers, as a table, and what it takes to have it.

A tree of samples is what Dask's statistical profiler counts: a node a frame, with the number of samples that
had it on their stack (``count``), where it is (``description``) and what it called (``children``).
"""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mediacensus.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Tree = dict[str, Any]

FOLDER = "profile"
"""In a snapshot whose run was profiled."""
DASK_FILE = f"{FOLDER}/dask-report.html"
"""Dask's performance report: its task stream, its workers' profile, the scheduler's log."""
FLAMES_FILE = f"{FOLDER}/flames.html"
"""All sampled stacks as flame graphs."""
SPEEDSCOPE_FILE = f"{FOLDER}/stacks.speedscope.json"
"""The same for viewers of the speedscope format."""
FILES = (DASK_FILE, FLAMES_FILE, SPEEDSCOPE_FILE)

SECONDS_BETWEEN_SAMPLES = 0.01
_MOST_HOT = 15
"""Functions told of each group of threads."""
# <link rel="shortcut icon" href="https://docs.dask.org/en/latest/_static/images/favicon.ico" />
_ICON = re.compile(r'<link rel="shortcut icon"[^>]*>')
_POLICY = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'\">"
)
INSTALL_BOKEH = "pip install 'bokeh>=3.7,<4'"
"""What to type where bokeh is missing."""
_HOW_TO_INSTALL = (
    "A profile needs bokeh, for Dask's dashboard and report, and it is not installed. Install it with: "
    f"{INSTALL_BOKEH} (it is the extra 'profile' of mediacensus), or scan without --profile."
)


def check_can_profile(find: Callable[[str], object | None] = find_spec) -> None:
    """Make sure that a run can be profiled on this machine, without importing what that takes.

    Raises:
        ParameterError: a package is missing; the text says how to install it.
    """
    if find("bokeh") is None:
        raise ParameterError(_HOW_TO_INSTALL)


@dataclass(frozen=True, slots=True)
class Samples:
    """What was sampled of one group of threads."""

    tree: Tree
    seconds_per_sample: float
    """As it came to be: a process at work keeps the sampler waiting."""


@dataclass(slots=True)
class _Time:
    """Samples of one function: with it at work itself, and with it anywhere on the stack."""

    own: Counter[tuple[str, str]] = field(default_factory=Counter)
    whole: Counter[tuple[str, str]] = field(default_factory=Counter)


def hot_rows(sampled: Mapping[str, Samples], most: int = _MOST_HOT) -> list[dict[str, Any]]:
    """Return the functions that took most time themselves, some of each tree, the hottest first.

    Args:
        sampled: by what was sampled, such as "workers".
        most: functions of each.

    ``own_seconds`` are of samples in which the function was at work itself, ``seconds`` of all with it on
    the stack; ``share`` is the first as a part of its tree.
    """
    rows: list[dict[str, Any]] = []
    for name, samples in sampled.items():
        time = _Time()
        for path, own in _iter_stacks(samples.tree):
            time.own[path[-1]] += own
            for function in set(path):
                time.whole[function] += own
        rows += [
            {
                "sampled": name,
                "function": function,
                "file": _short(file),
                "share": round(own / samples.tree["count"], 4),
                "own_seconds": round(own * samples.seconds_per_sample, 2),
                "seconds": round(time.whole[function, file] * samples.seconds_per_sample, 2),
            }
            for (function, file), own in time.own.most_common(most)
        ]
    return rows


def speedscope(sampled: Mapping[str, Samples], name: str) -> dict[str, Any]:
    """Return samples as a document of the speedscope format, a profile each.

    Source of the format: https://www.speedscope.app/file-format-schema.json
    """
    places: dict[tuple[str, str], int] = {}
    profiles = []
    for title, each in sampled.items():
        stacks = list(_iter_stacks(each.tree))
        weights = [round(own * each.seconds_per_sample, 4) for _, own in stacks]
        samples = [[places.setdefault(frame, len(places)) for frame in path] for path, _ in stacks]
        profiles.append(
            {
                "type": "sampled",
                "name": title,
                "unit": "seconds",
                "startValue": 0,
                "endValue": round(sum(weights), 4),
                "samples": samples,
                "weights": weights,
            }
        )
    return {
        "$schema": "https://www.speedscope.app/file-format-schema.json",
        "name": name,
        "exporter": "mediacensus",
        "shared": {"frames": [{"name": function, "file": file} for function, file in places]},
        "profiles": profiles,
    }


def closed_page(html: str) -> str:
    """Return a page that loads nothing: its policy says so, and the link to a picture elsewhere is gone.

    Its scripts and styles have to stand in it.
    """
    return _ICON.sub("", html).replace("<head>", f"<head>{_POLICY}", 1)


def _iter_stacks(tree: Tree) -> Iterator[tuple[tuple[tuple[str, str], ...], int]]:
    """Yield each sampled stack, functions with their files from the outermost in, and its samples."""
    waiting: list[tuple[Tree, tuple[tuple[str, str], ...]]] = [(tree, ())]
    while waiting:
        node, path = waiting.pop()
        children = list(node["children"].values())
        own = node["count"] - sum(child["count"] for child in children)
        if own > 0 and path:
            yield path, own
        for child in children:
            told = child["description"]
            waiting.append((child, (*path, (told["name"], told["filename"]))))


def _short(file: str) -> str:
    """Return the end of a file's path that tells which package it is from.

    >>> _short("/usr/lib/python3.11/site-packages/prefect/flows.py")
    'prefect/flows.py'
    """
    _, found, tail = file.rpartition(f"site-packages{os.sep}")
    return tail if found else os.sep.join(Path(file).parts[-2:])
