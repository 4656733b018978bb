"""The parser's answer as a value."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, replace

import pytest

from mediacensus.release import Release, parse_release_name

_VALUES = {"name": "Winter.Static.2011.mkv", "kind": "movie", "title": "Winter Static", "year": 2011}


def test_a_release_is_the_same_however_it_was_made() -> None:
    """What the parser makes without the constructor equals, prints and pickles as what that would make."""
    made, constructed = Release.of(_VALUES), Release(**_VALUES)  # type: ignore[arg-type] # known to fit
    assert made == constructed
    assert repr(made) == repr(constructed)
    assert hash(made) == hash(constructed)
    assert pickle.loads(pickle.dumps(made)) == constructed
    assert replace(made, year=2012) == replace(constructed, year=2012)


def test_a_release_does_not_change() -> None:
    """Nobody can set a field, nor reach it through the values it was made of."""
    values = dict(_VALUES)
    made = Release.of(values)
    values["title"] = "Another"
    assert made.title == "Winter Static"
    with pytest.raises(FrozenInstanceError):
        made.title = "Another"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        parse_release_name("Winter.Static.2011.mkv").year = 2012  # type: ignore[misc]
