"""The project as others install it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest

import mediacensus
from tests.commands import PROJECT

if TYPE_CHECKING:
    from pathlib import Path


def _run(command: list[str], folder: Path, **settings: str) -> str:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(
        command, cwd=folder, env=kept | settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_version_is_one() -> None:
    """The package and its metadata agree on the version."""
    metadata = tomllib.loads((PROJECT / "pyproject.toml").read_text())

    assert metadata["project"]["version"] == mediacensus.__version__


def test_the_pins_that_keep_prefect_alive_are_there() -> None:
    """The two pins without which Prefect's server or its schedules fail are in the metadata."""
    metadata = tomllib.loads((PROJECT / "pyproject.toml").read_text())

    assert {"fastapi>=0.139,<0.151", "sqlalchemy>=2.0,<2.1"} <= set(metadata["project"]["dependencies"])


@pytest.mark.slow
def test_installed_it_works_from_any_folder(tmp_path: Path) -> None:
    """``pip install .`` into a bare environment gives a command that takes a census from another folder."""
    environment, elsewhere = tmp_path / "environment", tmp_path / "elsewhere"
    (elsewhere / "media").mkdir(parents=True)
    (elsewhere / "media" / "The.Iron.Giant.1999.1080p.BluRay.x264-TEST.mkv").touch()
    _run([sys.executable, "-m", "venv", str(environment)], tmp_path)
    _run([str(environment / "bin/python"), "-m", "pip", "install", "--quiet", str(PROJECT)], tmp_path)
    command = str(environment / "bin/mediacensus")
    settings = {"HOME": str(elsewhere), "MEDIACENSUS_CATALOG": str(tmp_path / "catalog")}

    record = json.loads(_run([command, "scan", "media", "--json"], elsewhere, **settings))

    assert record["files"]["cataloged"] == 1
    answer = _run(
        [command, "query", "SELECT title, year FROM entries", "--format", "csv"], elsewhere, **settings
    )
    assert answer == "title,year\nThe Iron Giant,1999\n"
