"""Confidence that means something: of the works accepted with 0.99, 99 in 100 were right.

``calibration.toml`` says which certainty was right how often, and on what that was measured;
``python -m profiling.match_accuracy`` measures it anew.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from importlib.resources import files
from typing import Final

_TABLE: Final = tomllib.loads(files("mediacensus.match").joinpath("calibration.toml").read_text("utf-8"))
THRESHOLD: Final[float] = _TABLE["threshold"]
"""From this confidence on a work is accepted, if it has no rival."""
_CERTAINTIES: Final[list[float]] = [step["certainty"] for step in _TABLE["step"]]
_CONFIDENCES: Final[list[float]] = [step["confidence"] for step in _TABLE["step"]]


def confidence_of(certainty: float) -> float:
    """Return which part of the works with this certainty was right; the more certain, the more.

    >>> confidence_of(-1) <= confidence_of(0.5) <= confidence_of(1)
    True
    """
    return _CONFIDENCES[max(bisect_right(_CERTAINTIES, round(certainty, 3)) - 1, 0)]
