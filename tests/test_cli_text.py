"""Names on a terminal."""

from __future__ import annotations

import os
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediacensus.cli.text import numbering, quality
from mediacensus.names import printable
from mediacensus.release import Release


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Heat (1995).mkv", "Heat (1995).mkv"),
        ("Amélie 日本 🎬.mkv", "Amélie 日本 🎬.mkv"),
        ("a\nb", r"a\nb"),
        ("a\rb\tc", r"a\rb\tc"),
        ("\x1b[2J", r"\x1b[2J"),
        ("\x7f\x9b", r"\x7f\x9b"),
        ("\u202egpj.exe", r"\u202egpj.exe"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("line\u2028end", r"line\u2028end"),
        ("no\u00a0break", "no\u00a0break"),
        (os.fsdecode(b"caf\xe9"), r"caf\xe9"),
        ("", ""),
    ],
)
def test_a_name_is_shown_as_one_harmless_line(name: str, shown: str) -> None:
    """What could move the cursor or turn the direction stands as an escape, everything else as it is."""
    assert printable(name) == shown


@given(st.binary(max_size=40))
def test_no_name_can_steer_a_terminal(name: bytes) -> None:
    """Whatever bytes a name has, what is shown is valid, printable text on one line."""
    shown = printable(os.fsdecode(name))
    assert shown.encode().decode() == shown
    assert shown.replace("\u00a0", " ").replace("\u3000", " ").isprintable() is True


@pytest.mark.parametrize(
    ("release", "text"),
    [
        (Release(name="", kind="episode", seasons=(1,), episodes=(2,)), "S01E02"),
        (Release(name="", kind="episode", seasons=(1,), episodes=(2, 3, 4)), "S01E02-E04"),
        (Release(name="", kind="episode", seasons=(1, 2)), "S01-S02"),
        (Release(name="", kind="episode", absolute_episodes=(1071,)), "E1071"),
        (Release(name="", kind="episode", seasons=(1,), episodes=(12.5,)), "S01E12.5"),
        (Release(name="", kind="episode", air_date=date(2020, 1, 2)), "2020-01-02"),
        (Release(name="", kind="episode", air_date=date(2020, 1, 2), episodes=(3,)), "E03"),
        (Release(name="", kind="movie"), ""),
    ],
)
def test_numbers_are_written_as_people_do(release: Release, text: str) -> None:
    """Season and episode with two digits at least, a span by its ends, a daily show by its date."""
    assert numbering(release) == text


def test_quality_is_what_is_known_of_it() -> None:
    """Resolution, source and codec, those that are there."""
    assert quality(Release(name="", kind="movie", resolution="1080p", video_codec="H.264")) == "1080p H.264"
    assert quality(Release(name="", kind="movie")) == ""
