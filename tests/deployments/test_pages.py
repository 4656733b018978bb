"""Prefect's pages, as somebody uses them in a browser: the form, the run it makes, and what that shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mediacensus.catalog import Catalog
from mediacensus.settings import CensusParameters
from tests.browser import Browser
from tests.devtools import Tab, open_tab
from tests.trees import many_films

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.deployments.stack import Stack

pytestmark = pytest.mark.slow

_NAME = "started in the form"
_RUN = f'//main//a[.="{_NAME}"]'
_ARTIFACTS = '//button[@role="tab"][.="Artifacts"]'
_SUBMIT = '//button[.="Submit"]'


@pytest.fixture
def tab(tmp_path: Path) -> Iterator[Tab]:
    """A new browser's tab."""
    with open_tab(Browser(tmp_path / "profile")) as tab:
        yield tab


def test_a_run_is_started_in_the_form_and_shows_what_it_found(stack: Stack, tab: Tab, tmp_path: Path) -> None:
    """The form explains its fields and refuses what is unfit; the run that it makes draws its artifacts."""
    many_films(tmp_path / "films", 7)
    _open_form(tab, stack)

    form = tab.see('//form[.//label[starts-with(., "Library folders")]]')
    for field in CensusParameters.model_fields.values():
        assert f"{field.title}" in form
        assert f"{field.description}" in form

    tab.write(_field("Run Name"), _NAME)
    _check_refusals(tab)
    assert _runs(stack) == []

    tab.write(_field("Library folders"), str(tmp_path / "films"))
    tab.write(_field("Catalog folder"), str(tmp_path / "catalog"))
    tab.click('//button[.="cached"]')
    tab.click('//*[@role="option"][.="offline"]')
    tab.click_for(_SUBMIT, _RUN)
    tab.click_for(_RUN, _ARTIFACTS)  # on the page of a run, and on none that shows others
    tab.see('//main//*[text()="Completed"]')

    [run] = _runs(stack)
    states = stack.request("GET", f"flow_run_states/?flow_run_id={run['id']}")
    assert {"SCHEDULED", "PENDING", "RUNNING", "COMPLETED"} == {each["type"] for each in states}
    assert run["parameters"]["parameters"]["lookup"] == "offline"
    assert Catalog(tmp_path / "catalog").current_snapshot().is_dir()

    assert "7" in _open_artifact(tab, "census-summary", '//tr[contains(., "media files")]').split()
    tab.click_for(_RUN, _ARTIFACTS)
    assert "7" in _open_artifact(tab, "census-batches", "//tbody/tr").split()
    tab.click_for(_RUN, _ARTIFACTS)
    _open_artifact(tab, "census-memory", "//main//img")
    assert tab.evaluate("document.querySelector('main img').naturalWidth") > 100
    assert tab.requested == {f"127.0.0.1:{stack.address.port}"}


def _open_form(tab: Tab, stack: Stack) -> None:
    tab.open(stack.pages)
    tab.click('//a[.="Deployments"]')
    tab.click(f'//a[contains(@href, "{stack.deployment()["id"]}")]')
    tab.click('//button[normalize-space()="Run"]')
    tab.click('//*[@role="menuitem"][contains(., "Custom run")]')


def _field(title: str) -> str:
    return f'//label[starts-with(., "{title}")]/following::*[self::input or self::textarea][1]'


def _check_refusals(tab: Tab) -> None:
    """Numbers are refused by the browser, what has a form of its own by Prefect."""
    tab.write(_field("Worker processes"), "0")
    tab.click(_SUBMIT)
    assert "1" in tab.evaluate("document.activeElement.validationMessage")
    tab.write(_field("Worker processes"), "2")

    tab.write(_field("Library folders"), "Films")
    tab.click(_SUBMIT)
    tab.see("""//form//*[contains(text(), "'Films' does not match")]""")


def _runs(stack: Stack) -> list[dict[str, Any]]:
    wanted = {"flow_runs": {"name": {"any_": [_NAME]}}}
    found: list[dict[str, Any]] = stack.request("POST", "flow_runs/filter", wanted)
    return found


def _open_artifact(tab: Tab, key: str, part: str) -> str:
    """Go from the run's page by those of all runs to an artifact, and return the text of a part of it."""
    named = f'//main//*[text()="{key}"]'
    newest = f'{_RUN}/preceding::a[contains(@href, "/artifacts/artifact/")][1]'
    tab.click_for(_ARTIFACTS, named)
    tab.click_for(named, newest)
    tab.click_for(newest, part)
    return tab.see(part)
