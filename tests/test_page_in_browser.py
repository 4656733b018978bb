"""The page in a real browser: what is seen, what is drawn, and what names in it can do, which is nothing."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from mediacensus.names import printable
from mediacensus.page import write_page
from tests.browser import Browser, Document, refusing_server
from tests.snapshots import entry, episode, run_record, write_part

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

_BAR = {"1": bytes.fromhex("2f6fb5"), "0": bytes.fromhex("5b9bd9")}
"""Colours of bars by the browser's setting: light, dark."""


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    """Chromium with a new profile."""
    return Browser(tmp_path / "profile")


def _hostile_names(address: str) -> list[str]:
    return [
        f'<img src="{address}/image" onerror="document.title=\'owned\'">.mkv',
        f"</td></table><script src='{address}/script'></script><script>document.title='owned'</script>",
        f'"><link rel=stylesheet href={address}/style><style>@import url({address}/import);</style>',
        f"</script></style></title><iframe src={address}/frame></iframe><base href={address}/>",
        "{{ 7 * 191 }} {% raw %} ${7*191}",
        "\u202egpj.exe\u2066 \x1b[2J\x07 \u200b",
        "&lt;b&gt; &amp; caf\\xe9",
    ]


def _page(folder: Path, names: list[str]) -> Path:
    rows = [entry(name, title=name, resolution=name, year=1999) for name in names for _ in range(2)]
    rows += [episode(f"Show {name}", 1, number) for name in names for number in (1, 3)]
    rows += [entry("/plain", title="Solaris", year=1972, resolution="1080p", size_bytes=5 * 1024**3)]
    write_part(folder, "entries", rows)
    problem = {"severity": "failure", "kind": "broken link", "phase": "walk"}
    write_part(folder, "failures", [problem | {"path": name, "message": name} for name in names])
    page = folder / "report.html"
    write_page(folder, run_record(roots=names), page)
    return page


def test_the_page_is_seen_and_drawn(browser: Browser, tmp_path: Path) -> None:
    """Opened from disk it shows the library's figures, and its plots are drawn, in light and in dark."""
    page = _page(tmp_path, ["a", "b"]).as_uri()
    document = Document(browser.open(page))

    for text in ("What the library holds", "Solaris", "Seasons with gaps", "failure: broken link", "400 MiB"):
        assert text in document.text
    assert document.count("polygon") == 2  # memory of the flow and of its workers
    for scheme, colour in _BAR.items():
        settings = f"--blink-settings=preferredColorScheme={scheme}"
        assert browser.colours(page, "--window-size=600,800", settings)[colour] > 500


def test_tables_can_be_searched_and_sorted(browser: Browser, tmp_path: Path) -> None:
    """A click on a column's head sorts by it, numbers as numbers; a search leaves the rows that hold it."""
    sizes = {"b": 9, "a": 10_000, "c": 300, "d": 5, "e": 6, "f": 7}
    rows = [entry(f"/{name}", title=f"Film {name}", size_bytes=size) for name, size in sizes.items()]
    write_part(tmp_path, "entries", rows)
    write_page(tmp_path, run_record(), tmp_path / "report.html")
    html = (tmp_path / "report.html").read_text()
    without_policy = re.sub(r"<meta http-equiv[^>]+>", "", html)  # <meta http-equiv="…" content="…">
    acted = tmp_path / "acted.html"
    acted.write_text(f"{without_policy}<script>{_ACT}</script>")

    (told,) = [line for line in Document(browser.open(acted.as_uri())).text.splitlines() if "told:" in line]
    by_size, by_title, found = json.loads(told.removeprefix("told:"))
    assert by_size == ["Film d", "Film e", "Film f", "Film b", "Film c", "Film a"]
    assert by_title == [f"Film {name}" for name in "abcdef"]
    assert found == ["Film c"]


_ACT = """
const table = [...document.querySelectorAll("summary")]
  .find(each => each.textContent.startsWith("Largest files")).parentNode.querySelector("table");
const head = name => [...table.tHead.rows[0].cells].find(each => each.textContent === name);
const shown = () => [...table.tBodies[0].rows].filter(row => !row.hidden)
  .map(row => row.cells[head("title").cellIndex].textContent);
head("size").querySelector("button").click();
head("size").querySelector("button").click();
const bySize = shown();
head("title").querySelector("button").click();
const byTitle = shown();
const search = table.parentNode.previousElementSibling;
search.value = "FILM C";
search.dispatchEvent(new Event("input"));
document.body.append("\\ntold:" + JSON.stringify([bySize, byTitle, shown()]) + "\\n");
"""


def test_names_can_do_nothing(browser: Browser, tmp_path: Path) -> None:
    """Whatever names hold is text: nothing of it becomes an element, runs, or makes a request."""
    with refusing_server(404) as (address, asked):
        control = tmp_path / "control.html"
        control.write_text(f"<img src={address}/control>")
        browser.open(control.as_uri())
        assert asked == ["/control"]  # a request would be seen
        asked.clear()

        names = _hostile_names(address)
        html = browser.open(_page(tmp_path, names).as_uri())

    document = Document(html)
    assert asked == []
    assert document.text.count("owned") > 0
    for name in names:
        assert printable(name) in document.text
    assert {tag: document.count(tag) for tag in ("script", "style", "img", "link", "iframe", "base")} == {
        "script": 1,
        "style": 1,
        "img": 0,
        "link": 0,
        "iframe": 0,
        "base": 0,
    }
    assert "<title>Census 20260102T030405Z-abcd</title>" in html
    assert str(7 * 191) not in document.text
    assert {"\u202e", "\u2066", "\x1b", "\x07", "\u200b"}.isdisjoint(document.text)


def test_the_page_refers_to_nothing_outside(tmp_path: Path) -> None:
    """No element names another file or address; what its policy allows is its own style and script."""
    document = Document(_page(tmp_path, ["a"]).read_text())
    links = [
        value
        for _, attributes in document.elements
        for name, value in attributes.items()
        if name in {"src", "href", "action", "srcset", "data", "poster"}
    ]
    assert len(links) > 0
    assert all(value is not None and value.startswith("#") for value in links)
    (policy,) = [each["content"] for tag, each in document.elements if each.get("http-equiv")]
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
