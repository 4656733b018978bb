"""The parameters of a census."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from mediacensus.catalog import CATALOG_VARIABLE
from mediacensus.extensions import EVERY_FILE, MEDIA_EXTENSIONS
from mediacensus.partition import BatchBounds
from mediacensus.settings import CensusParameters, SweepParameters
from mediacensus.walk import WalkRules

if TYPE_CHECKING:
    from pathlib import Path


def test_roots_alone_are_enough(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Everything else has a default that works."""
    monkeypatch.setenv(CATALOG_VARIABLE, str(tmp_path))
    parameters = CensusParameters(roots=["/media"])
    assert parameters.walk_rules() == WalkRules()
    assert parameters.batch_bounds() == BatchBounds()
    assert parameters.open_catalog().path == tmp_path
    assert parameters.local_workers() == len(os.sched_getaffinity(0))


def test_what_is_set_is_used(tmp_path: Path) -> None:
    """Each parameter reaches the part of the core it is for."""
    parameters = CensusParameters(
        roots=["/media"],
        catalog=str(tmp_path),
        workers=3,
        min_batch_files=5,
        max_batch_files=7,
        ignore_patterns=["*.iso"],
        media_extensions=["mkv"],
    )
    assert parameters.walk_rules() == WalkRules(frozenset({"mkv"}), ("*.iso",))
    assert parameters.batch_bounds() == BatchBounds(5, 7)
    assert (parameters.open_catalog().path, parameters.local_workers()) == (tmp_path, 3)


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ([".MKV", "mkv", " Avi "], {"mkv", "avi"}),
        (["*"], EVERY_FILE),
        (sorted(MEDIA_EXTENSIONS), MEDIA_EXTENSIONS),
    ],
)
def test_extensions_may_be_written_as_people_do(given: list[str], taken: set[str]) -> None:
    """With a dot or without, in either case, any number of times."""
    assert CensusParameters(roots=["/"], media_extensions=given).walk_rules().media_extensions == taken


@pytest.mark.parametrize(
    "wrong",
    [
        {"roots": []},
        {"roots": ["Films"]},
        {"roots": ["/r"], "workers": 0},
        {"roots": ["/r"], "workers": 257},
        {"roots": ["/r"], "min_batch_files": 0},
        {"roots": ["/r"], "min_batch_files": 9, "max_batch_files": 8},
        {"roots": ["/r"], "max_batch_files": 3_999},
        {"roots": ["/r"], "dask_address": "localhost:8786"},
        {"roots": ["/r"], "dask_address": "tcp://"},
        {"roots": ["/r"], "dask_address": "tcp://a:1/b"},
        {"roots": ["/r"], "dask_address": "tcp://a:1", "workers": 2},
        {"roots": ["/r"], "media_extensions": []},
        {"roots": ["/r"], "media_extensions": ["mkv", " . "]},
        {"roots": ["/r"], "ignore_patterns": ["!"]},
        {"roots": ["/r"], "ignore_patterns": ["ok", "[z-a]"]},
        {"roots": ["/r"], "catalog": "census"},
        {"roots": ["/r"], "unknown": 1},
        {},
    ],
)
def test_values_that_cannot_work_are_refused(wrong: dict[str, Any]) -> None:
    """A parameter out of bounds, or two that contradict each other, never reach a run."""
    with pytest.raises(ValidationError):
        CensusParameters(**wrong)


@pytest.mark.parametrize("address", ["tcp://host:8786", "tls://10.0.0.1:8786", "ucx://[::1]:8786"])
def test_addresses_of_schedulers_are_accepted(address: str) -> None:
    """The kinds of address Dask has."""
    assert CensusParameters(roots=["/r"], dask_address=address).dask_address == address


def test_parameters_survive_json() -> None:
    """What Prefect stores of them is what they were."""
    parameters = CensusParameters(roots=["/média"], ignore_patterns=["*.iso"])
    assert CensusParameters(**json.loads(json.dumps(parameters.model_dump()))) == parameters


def test_sizes_of_a_sweep_are_told_in_what_people_count_in() -> None:
    """The form asks for mebibytes, and the sweep gets bytes."""
    assert SweepParameters(max_mebibytes=2).max_bytes == 2_097_152
