"""Fixtures for tests of the deployments: one stack for all of them, a library and a catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.deployments.stack import Stack, running_stack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two films and an episode, all three among the titles of the look-alike TMDB."""
    root = tmp_path_factory.mktemp("library")
    for name in (
        "Movies/Mad Max Fury Road (2015)/Mad.Max.Fury.Road.2015.1080p.BluRay.x264-TEST.mkv",
        "Movies/Heat (1995)/Heat.1995.2160p.UHD.BluRay.x265-TEST.mkv",
        "TV/Battlestar Galactica (2004)/Season 02/Battlestar.Galactica.2004.S02E03.720p.WEB-DL.mkv",
    ):
        (root / name).parent.mkdir(parents=True)
        (root / name).touch()
    return root


@pytest.fixture(scope="session")
def deployed_catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalog that the deployments write to."""
    return tmp_path_factory.mktemp("deployed") / "catalog"


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, library: Path, deployed_catalog: Path) -> Iterator[Stack]:
    """A server, a worker, and the deployments for the library; a test leaves both running."""
    with running_stack(tmp_path_factory.mktemp("stack")) as stack:
        stack.deploy([str(library)], str(deployed_catalog))
        yield stack
