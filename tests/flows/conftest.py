"""Fixtures for tests on real parts: a Prefect server, the command line in processes of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flows.private_server import private_server
from tests.commands import Census

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def prefect_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a Prefect API that runs for the whole session; that it starts shows a broken pin."""
    with private_server(tmp_path_factory.mktemp("prefect")) as server:
        yield server.wait_until_ready()


@pytest.fixture
def census(prefect_api: str, tmp_path: Path) -> Census:
    """The command line against the session's server, with a catalog of the test's own."""
    return Census(tmp_path / "catalog", {"PREFECT_API_URL": prefect_api})


@pytest.fixture
def private_census(tmp_path: Path) -> Census:
    """The command line as a user has it: with no server set, so that each scan starts its own."""
    return Census(tmp_path / "catalog", {})


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A small library: a film with subtitles, two episodes, a trailer, a disc, and what is no media."""
    root = tmp_path / "library"
    for name in (
        "Movies/The Iron Giant (1999)/The.Iron.Giant.1999.1080p.BluRay.x264-TEST.mkv",
        "Movies/The Iron Giant (1999)/The.Iron.Giant.1999.1080p.BluRay.x264-TEST.en.srt",
        "Movies/The Iron Giant (1999)/Trailers/The Iron Giant - Teaser.mkv",
        "Movies/Ran (1985)/BDMV/STREAM/00000.m2ts",
        "TV/Slow Horses/Season 02/Slow.Horses.S02E03.720p.WEB-DL.mkv",
        "TV/Slow Horses/Season 02/Slow.Horses.S02E04.720p.WEB-DL.mkv",
        "TV/Slow Horses/@eaDir/Slow.Horses.S02E03.mkv",
        "notes.txt",
    ):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return root
