"""What people decided is kept and obeyed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from mediacensus.errors import CatalogFormatError, ParameterError
from mediacensus.pins import PINS_FILE, Pins, parse_decision, pinned_path, write_pin
from tests.commands import PROJECT

if TYPE_CHECKING:
    from pathlib import Path


def test_the_nearest_pin_above_a_path_holds(tmp_path: Path) -> None:
    """A pin for a folder holds for all below it, unless a nearer one says otherwise."""
    write_pin(tmp_path, "/m/Show", "tv:1")
    write_pin(tmp_path, "/m/Show/Extras/film.mkv", "movie:2")

    pins = Pins.load(tmp_path)

    assert pins.decision_for("/m/Show/S01/e.mkv") == "tv:1"
    assert pins.decision_for("/m/Show/Extras/film.mkv") == "movie:2"
    assert pins.decision_for("/m/Show") == "tv:1"
    assert pins.decision_for("/m/Showers/e.mkv") is None
    assert pins.decision_for("/") is None


def test_the_file_can_be_read_by_people(tmp_path: Path) -> None:
    """Each line is one decision, as it was written."""
    write_pin(tmp_path, "/m/Amélie", "movie:194")

    [line] = (tmp_path / PINS_FILE).read_text(encoding="utf-8").splitlines()

    assert line == '{"path": "/m/Amélie", "work": "movie:194"}'


def test_a_new_decision_replaces_the_old_one(tmp_path: Path) -> None:
    """One path has one decision; it can be changed, and forgotten."""
    write_pin(tmp_path, "/m/a.mkv", "movie:1")
    write_pin(tmp_path, "/m/a.mkv", "none")
    assert Pins.load(tmp_path).works == {"/m/a.mkv": "none"}

    write_pin(tmp_path, "/m/a.mkv", None)
    assert Pins.load(tmp_path).works == {}


def test_no_file_is_no_pin(tmp_path: Path) -> None:
    """A catalog without pins decides nothing."""
    assert Pins.load(tmp_path).decision_for("/m/a.mkv") is None


def test_a_path_is_kept_as_entries_show_it(tmp_path: Path) -> None:
    """Relative paths become absolute; bytes that are no text look as in the catalog."""
    odd = os.fsdecode(b"/m/caf\xe9.mkv")
    write_pin(tmp_path, odd, "none")

    assert Pins.load(tmp_path).decision_for("/m/caf\\xe9.mkv") == "none"
    assert pinned_path("a.mkv") == os.path.join(os.getcwd(), "a.mkv")


@pytest.mark.parametrize("text", ["movie:603", " TV:1396 ", "tmdb:603", "none"])
def test_works_can_be_named(text: str) -> None:
    """The forms that are documented are understood."""
    assert parse_decision(text) == text.strip().lower()


@pytest.mark.parametrize("text", ["603", "movie:", "movie:0", "imdb:tt1", "movie:6x", "", "movie:1 2"])
def test_what_names_no_work_is_refused(text: str) -> None:
    """Anything else is an error that says what may be given."""
    with pytest.raises(ParameterError, match=r"movie:603"):
        parse_decision(text)


@pytest.mark.parametrize(
    "line", ["nonsense", "[]", '{"path": "/m"}', '{"path": "/m", "work": "x"}', "\udcff"]
)
def test_a_broken_line_is_named_and_nothing_is_lost(line: str, tmp_path: Path) -> None:
    """A file edited into what is no pin is an error with the line's number, and is left as it is."""
    good = json.dumps({"path": "/m/a.mkv", "work": "none"})
    text = f"{good}\n\n{line}\n"
    (tmp_path / PINS_FILE).write_text(text, encoding="utf-8", errors="surrogateescape")

    with pytest.raises(CatalogFormatError, match="Line 3 of"):
        write_pin(tmp_path, "/m/b.mkv", "none")

    assert (tmp_path / PINS_FILE).read_text(encoding="utf-8", errors="surrogateescape") == text


def test_two_at_once_lose_nothing(tmp_path: Path) -> None:
    """Processes that pin at the same time wait for each other."""
    code = (
        "import sys; from pathlib import Path; from mediacensus.pins import write_pin\n"
        "for n in range(20): write_pin(Path(sys.argv[1]), f'/m/{sys.argv[2]}-{n}', 'none')"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), name], cwd=PROJECT) for name in "abc"
    ]

    assert [each.wait(60) for each in started] == [0, 0, 0]
    assert len(Pins.load(tmp_path).works) == 60
    assert os.listdir(tmp_path) == [PINS_FILE]
