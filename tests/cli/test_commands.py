"""The commands that need no server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.commands import COMMAND, Census

if TYPE_CHECKING:
    from pathlib import Path

_NAME = "Slow.Horses.S02E03.720p.WEB-DL.H264-TEST.mkv"


@pytest.fixture
def census(tmp_path: Path) -> Census:
    """The command line, with a catalog that does not exist."""
    return Census(tmp_path / "catalog", {})


def test_parse_prints_what_a_name_says(census: Census) -> None:
    """``parse`` prints one line a field."""
    done = census.run("parse", _NAME)

    lines = {line.split()[0]: line.split(None, 1)[1] for line in done.stdout.splitlines()[1:]}
    assert done.returncode == 0
    assert {field: lines[field] for field in ("kind", "title", "seasons", "episodes")} == {
        "kind": "episode",
        "title": "Slow Horses",
        "seasons": "2",
        "episodes": "3",
    }


def test_parse_reads_the_folders_of_a_path(census: Census) -> None:
    """Folders in a name count: the season and the show come from them."""
    done = census.run("parse", "TV/Slow Horses (2022)/Season 2/03.mkv", "--json")

    told = json.loads(done.stdout)
    assert (told["title"], told["seasons"], told["episodes"]) == ("Slow Horses", [2], [3])


def test_parse_explains(census: Census) -> None:
    """With --explain each claim stands beside the characters it was made of."""
    done = census.run("parse", _NAME, "--explain")

    assert any("720p" in line and "resolution" in line for line in done.stdout.splitlines())


def test_parse_prints_one_json_object_a_name(census: Census) -> None:
    """With --json there is one object a line, whatever the names hold."""
    names = [_NAME, "\x1b[2J.mkv", "ディスク.mkv", "-"]

    done = census.run("parse", "--json", "--", *names)

    assert names == [json.loads(line)["name"] for line in done.stdout.splitlines()]


def test_names_cannot_steer_the_terminal(census: Census) -> None:
    """Control characters in a name are printed as escapes."""
    done = census.run("parse", "Alien\x1b[2J\x07.mkv")

    assert "\x1b" not in done.stdout
    assert r"Alien\x1b[2J\x07.mkv" in done.stdout


def test_preview_prints_a_line_a_file(census: Census, tmp_path: Path) -> None:
    """``preview`` prints what was found with its path, and the problems beside it; nothing is written."""
    show = tmp_path / "TV" / "Slow Horses" / "Season 02"
    show.mkdir(parents=True)
    (show / _NAME).touch()
    (show / "gone.mkv").symlink_to("nowhere")

    done = census.run("preview", tmp_path / "TV")

    assert done.returncode == 1
    [line] = [line for line in done.stdout.splitlines() if _NAME in line]
    assert all(word in line for word in ("episode", "Slow Horses", "S02E03", "720p Web"))
    assert "broken link" in done.stderr
    assert not census.catalog.exists()


def test_preview_stops_at_its_limit(census: Census, tmp_path: Path) -> None:
    """--limit ends a preview after so many files."""
    library = tmp_path / "library"
    library.mkdir()
    for number in range(5):
        (library / f"Film {number} (1999).mkv").touch()

    done = census.run("preview", library, "--limit", "2")

    assert len(done.stdout.splitlines()) == 3


def test_preview_ends_quietly_when_its_reader_does(census: Census, tmp_path: Path) -> None:
    """``preview … | head -1`` ends without a complaint."""
    library = tmp_path / "library"
    library.mkdir()
    for number in range(3000):
        (library / f"A film with a rather long name, number {number} (1999).mkv").touch()
    command = " ".join(map(str, [*COMMAND, "preview", library]))

    done = subprocess.run(
        ["sh", "-c", f"{command} | head -1"],
        env=census.environment(),
        capture_output=True,
        text=True,
        check=True,
    )

    assert (done.stderr, len(done.stdout.splitlines())) == ("", 1)


@pytest.mark.parametrize("command", ["preview", "parse"])
def test_the_light_commands_load_no_orchestrator(command: str, tmp_path: Path) -> None:
    """``preview`` and ``parse`` import neither Prefect nor Dask nor Arrow: they answer at once."""
    code = (
        "import sys; from mediacensus.cli import main\n"
        f"sys.argv = ['mediacensus', {command!r}, {os.fspath(tmp_path)!r}]\n"
        "try:\n main()\n"
        "except SystemExit:\n pass\n"
        "print(sorted({'prefect', 'distributed', 'pyarrow', 'duckdb', 'pydantic'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


def test_an_empty_catalog_says_how_to_fill_it(census: Census) -> None:
    """A query without a snapshot ends with code 2 and the command that makes one."""
    done = census.run("query", "SELECT 1")

    assert (done.returncode, done.stdout) == (2, "")
    assert f"The catalog {census.catalog} is empty. Fill it with: mediacensus scan" in done.stderr


def test_an_unknown_command_is_refused(census: Census) -> None:
    """A command that does not exist ends with code 2 and a hint, no traceback."""
    done = census.run("scna")

    assert done.returncode == 2
    assert "No such command" in done.stderr


def test_version_and_help(census: Census) -> None:
    """``--version`` and ``--help`` answer, with TMDB's notice, and help names every command."""
    version = census.run("--version").stdout
    assert "mediacensus, version" in version
    assert "not endorsed, certified, or otherwise approved by TMDB" in version
    shown = census.run("--help").stdout
    assert all(name in shown for name in ("scan", "preview", "parse", "query", "ui"))


def test_a_sweep_says_what_it_did(census: Census, tmp_path: Path) -> None:
    """``sweep`` removes expired records of the cache and says how many; there need be no cache."""
    assert "0 are left" in census.run("sweep").stdout
    records = tmp_path / "catalog" / "tmdb" / "v1" / "answers" / "ab"
    records.mkdir(parents=True)
    for name, expiration in (("old", "2020-01-01T00:00:00Z"), ("new", "2999-01-01T00:00:00Z")):
        (records / name).write_text(f'{{"metadata": {{"expiration": "{expiration}"}}, "result": "1"}}')

    done = census.run("sweep")

    assert "1 expired and 0 more records removed" in done.stdout
    assert "1 are left" in done.stdout
    assert [path.name for path in records.iterdir()] == ["new"]
