"""Samples of call stacks, and what it takes to have them."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from mediacensus.errors import ParameterError
from mediacensus.profiles import Samples, check_can_profile, closed_page, hot_rows, speedscope

if TYPE_CHECKING:
    from pathlib import Path

_WITHOUT_BOKEH = "import sys; sys.modules['bokeh'] = None; from mediacensus.cli import main; main()"


def _node(name: str, count: int, *children: dict[str, Any]) -> dict[str, Any]:
    return {
        "count": count,
        "identifier": name,
        "description": {"name": name, "filename": f"/x/site-packages/p/{name}.py", "line_number": 1},
        "children": {child["identifier"]: child for child in children},
    }


_TREE = _node("root", 10, _node("a", 10, _node("b", 6, _node("a", 2)), _node("c", 3)))
_SAMPLES = {"workers": Samples(_TREE, 0.5)}


def test_the_hottest_functions_come_first() -> None:
    """A function's own time is what no function it called had; with callees it counts once a stack."""
    rows = {row["function"]: row for row in hot_rows(_SAMPLES)}

    assert [(name, row["own_seconds"], row["seconds"]) for name, row in rows.items()] == [
        ("b", 2.0, 3.0),
        ("a", 1.5, 5.0),
        ("c", 1.5, 1.5),
    ]
    assert rows["b"]["share"] == 0.4
    assert rows["b"]["file"] == "p/b.py"
    assert len(hot_rows(_SAMPLES, 2)) == 2


def test_stacks_add_up_for_a_viewer() -> None:
    """The document has each stack once, from the outermost function in, and all the time there was."""
    document = speedscope(_SAMPLES, "a run")

    [profile] = document["profiles"]
    names = [frame["name"] for frame in document["shared"]["frames"]]
    stacks = {
        tuple(names[frame] for frame in stack): weight
        for stack, weight in zip(profile["samples"], profile["weights"], strict=True)
    }
    assert stacks == {("a",): 0.5, ("a", "b"): 2.0, ("a", "b", "a"): 1.0, ("a", "c"): 1.5}
    assert profile["endValue"] == sum(stacks.values())


def test_what_is_missing_is_named_with_its_remedy() -> None:
    """Where bokeh cannot be found the error says how to install it; where it can there is none."""
    with pytest.raises(ParameterError, match="pip install 'bokeh"):
        check_can_profile(lambda _: None)
    check_can_profile(lambda _: "found")


def test_without_bokeh_nothing_is_started(tmp_path: Path) -> None:
    """A scan with --profile and no bokeh ends at once, with code 2, and writes nothing."""
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_BOKEH, "scan", str(tmp_path), "--profile"],
        env=os.environ | {"MEDIACENSUS_CATALOG": str(tmp_path.with_name("catalog"))},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert "A profile needs bokeh" in done.stderr
    assert "Traceback" not in done.stderr
    assert not tmp_path.with_name("catalog").exists()


def test_a_closed_page_may_load_nothing() -> None:
    """Its policy forbids what does not stand in it, and the link to somebody's picture is gone."""
    page = closed_page('<html><head><link rel="shortcut icon" href="https://there/icon"><title>t</title>')

    assert page.startswith(
        '<html><head><meta http-equiv="Content-Security-Policy" content="default-src \'none\''
    )
    assert page.endswith("<title>t</title>")
    assert "https://" not in page
