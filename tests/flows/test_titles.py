"""``mediacensus scan`` with a look-alike of TMDB: what is asked, what is kept, and what goes wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.sweep import sweep_cache
from mediacensus.settings import CensusParameters, SweepParameters
from mediacensus.tmdb.access import TmdbAccess
from tests.commands import interrupt, wait_for_line
from tests.flows.titles import look_up
from tests.tmdb.__main__ import TITLES
from tests.tmdb.faults import Fault
from tests.tmdb.server import LookAlike, look_alike

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.commands import Census

pytestmark = pytest.mark.slow

TOKEN = "eyJhbGciOiJIUzI1NiJ9.look-alike.token"
_NAMES = (
    "Movies/The Matrix (1999)/The.Matrix.1999.1080p.BluRay.x264-TEST.mkv",
    "Movies/The Matrix (1999)/The.Matrix.1999.2160p.UHD.BluRay.x265-TEST.mkv",
    "Movies/Xyzzy Plugh (1987)/Xyzzy.Plugh.1987.720p.mkv",
    "TV/Breaking Bad/Season 01/Breaking.Bad.S01E01.720p.WEB-DL.mkv",
    "TV/Breaking Bad/Season 01/Breaking.Bad.S01E02.720p.WEB-DL.mkv",
)


@pytest.fixture
def tmdb() -> Iterator[LookAlike]:
    """A look-alike with the project's own titles, which lets in one token."""
    with look_alike(TITLES, token=TOKEN) as server:
        yield server


@pytest.fixture
def titled(census: Census, tmdb: LookAlike) -> Census:
    """The command line with access to the look-alike."""
    return replace(census, settings=census.settings | {"TMDB_API_URL": tmdb.url, "TMDB_API_TOKEN": TOKEN})


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """Two versions of a film, a film nobody knows, and two episodes."""
    for name in _NAMES:
        path = tmp_path / "films" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path / "films"


def _many_films(folder: Path, count: int) -> Path:
    for line in (TITLES / "movies.jsonl").read_text().splitlines()[:count]:
        movie = json.loads(line)
        if "/" not in movie["title"]:
            (folder / f"{movie['title']} ({movie['release_date'][:4]}).mkv").touch()
    return folder


def _run(census: Census, *arguments: object, code: int = 0) -> dict[str, Any]:
    done = census.run("scan", *arguments, "--json")
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    record: dict[str, Any] = json.loads(done.stdout)
    return record


def _statuses(census: Census) -> dict[str, str]:
    rows = census.query("SELECT DISTINCT title, match_status FROM entries")
    return {row["title"]: row["match_status"] for row in rows}


def test_titles_are_asked_once_and_then_known(
    titled: Census, films: Path, tmdb: LookAlike, prefect_api: str
) -> None:
    """A first run asks once for what several files share; a second asks nothing and fills the same."""
    first = _run(titled, films)
    asked = len(tmdb.requests)
    entries = "SELECT path, match_status, tmdb_id, matched_title, query_key FROM entries ORDER BY path"
    filled = titled.query(entries)

    second = _run(titled, films)

    assert asked == first["tmdb"]["calls"] == sum(first["tmdb"]["calls_per_endpoint"].values())
    assert asked < 5 * 3
    assert (first["tmdb"]["entries"], first["tmdb"]["queries"], first["tmdb"]["asked"]) == (5, 3, 3)
    assert (second["tmdb"]["calls"], second["tmdb"]["from_buckets"]) == (0, 3)
    assert len(tmdb.requests) == asked
    assert filled == titled.query(entries)
    assert _statuses(titled) == {
        "The Matrix": "accepted",
        "Breaking Bad": "accepted",
        "Xyzzy Plugh": "no match",
    }
    assert titled.query("SELECT count(*) AS n FROM matches") == [{"n": 3}]
    assert titled.query("SELECT count(*) > 0 AS some FROM candidates") == [{"some": True}]
    summary = {row["figure"]: row["value"] for row in _artifact(prefect_api, first["flow_run_id"])}
    assert (summary["queries"], summary["calls"]) == (3, asked)


def _artifact(api: str, flow_run_id: str) -> list[dict[str, Any]]:
    wanted = {"artifacts": {"key": {"any_": ["census-titles"]}, "flow_run_id": {"any_": [flow_run_id]}}}
    [artifact] = httpx.post(f"{api}/artifacts/filter", json=wanted).raise_for_status().json()
    assert "not endorsed" in artifact["description"]
    rows: list[dict[str, Any]] = json.loads(artifact["data"])
    return rows


def test_without_a_token_everything_else_runs(census: Census, films: Path) -> None:
    """Without a token the census is complete and says "not looked up", and how to set the token."""
    done = census.run("scan", films)

    assert done.returncode == 0
    assert "Set TMDB_API_TOKEN to the API Read Access Token" in done.stdout
    assert set(_statuses(census).values()) == {"not looked up"}


@pytest.fixture
def parameters(films: Path, tmp_path: Path) -> CensusParameters:
    """A census of the films."""
    return CensusParameters(roots=[str(films)], catalog=str(tmp_path / "catalog"))


@pytest.fixture
def access(tmdb: LookAlike) -> TmdbAccess:
    """The access that the look-alike's token gives."""
    return TmdbAccess.checked(TOKEN, tmdb.url)


def _with(parameters: CensusParameters, **changes: object) -> CensusParameters:
    return CensusParameters(**parameters.model_dump() | changes)


def test_offline_takes_what_is_known(
    prefect_api: str, parameters: CensusParameters, tmdb: LookAlike, access: TmdbAccess
) -> None:
    """Offline nothing is asked: what is known is filled in, what is not is "not looked up"."""
    look_up(prefect_api, _with(parameters, roots=[f"{parameters.roots[0]}/Movies"]), access)
    asked = len(tmdb.requests)

    found = look_up(prefect_api, _with(parameters, lookup="offline"), access)

    assert found.tmdb["statuses"] == {"accepted": 1, "no match": 1, "not looked up": 1}
    assert found.statuses["Breaking Bad"] == "not looked up"
    assert found.failures == []
    assert len(tmdb.requests) == asked


def test_refresh_asks_again(
    prefect_api: str, parameters: CensusParameters, tmdb: LookAlike, access: TmdbAccess
) -> None:
    """With a refresh everything is asked again, and the next run knows it."""
    first = look_up(prefect_api, parameters, access)
    again = look_up(prefect_api, _with(parameters, lookup="refresh"), access)
    then = look_up(prefect_api, parameters, access)

    assert first.tmdb["calls"] == again.tmdb["calls"] == len(tmdb.requests) / 2
    assert (then.tmdb["calls"], then.tmdb["from_buckets"]) == (0, 3)


def test_titles_that_failed_are_asked_again_by_the_next_run(
    prefect_api: str, parameters: CensusParameters, tmdb: LookAlike, access: TmdbAccess
) -> None:
    """A title without an answer is "lookup failed" and a failure, and asked again; the others are kept."""
    tmdb.faults.plan(Fault(kind="400", code=22, times=99, path="Matrix"))
    first = look_up(prefect_api, parameters, access)
    kept = [path.read_text() for path in Path(parameters.catalog or "", "tmdb").rglob("*") if path.is_file()]
    tmdb.faults.forget()
    second = look_up(prefect_api, parameters, access)

    assert first.tmdb["statuses"] == {"accepted": 1, "lookup failed": 1, "no match": 1}
    assert first.statuses["The Matrix"] == "lookup failed"
    [failure] = first.failures
    assert "1 titles got no answer" in failure
    assert "HTTP 400" in failure
    assert kept
    assert "lookup failed" not in "".join(kept)
    assert second.tmdb["statuses"] == {"accepted": 2, "no match": 1}
    assert (second.tmdb["asked"], second.tmdb["from_buckets"]) == (1, 2)


@pytest.mark.parametrize("fault", ["503", "429:retry_after=0"])
def test_a_dead_tmdb_ends_the_asking_and_not_the_run(
    prefect_api: str, tmp_path: Path, tmdb: LookAlike, *, access: TmdbAccess, fault: str
) -> None:
    """Where TMDB never answers, asking ends after some failures, and the census is complete without it."""
    (tmp_path / "few").mkdir()
    films = _many_films(tmp_path / "few", 25)
    tmdb.faults.plan(replace(Fault.parsed(fault), times=100_000))

    found = look_up(prefect_api, CensusParameters(roots=[str(films)], catalog=str(tmp_path / "c")), access)

    assert len(found.entries) == 25
    assert set(found.statuses.values()) == {"lookup failed"}
    assert "in a row" in found.tmdb["stopped_by"]
    assert len(tmdb.requests) <= 20 * 8


def test_a_damaged_cache_costs_calls_and_nothing_else(
    prefect_api: str, parameters: CensusParameters, access: TmdbAccess
) -> None:
    """Where every kept record is damaged, titles are asked again and resolved as before."""
    first = look_up(prefect_api, parameters, access)
    for path in Path(parameters.catalog or "", "tmdb").rglob("*"):
        if path.is_file():
            path.write_bytes(b"{")

    second = look_up(prefect_api, parameters, access)

    assert second.tmdb["statuses"] == first.tmdb["statuses"]
    assert second.tmdb["calls"] == first.tmdb["calls"]


def test_a_refused_token_ends_the_asking_and_not_the_run(titled: Census, films: Path) -> None:
    """With a wrong token the run is complete, its titles "lookup failed", and it says how to set it."""
    wrong = replace(titled, settings=titled.settings | {"TMDB_API_TOKEN": "wrong"})

    done = wrong.run("scan", films)

    assert done.returncode == 1
    assert "Invalid API key" in done.stdout
    assert "Set TMDB_API_TOKEN to" in done.stdout
    assert set(_statuses(wrong).values()) == {"lookup failed"}
    assert wrong.query("SELECT phase, kind FROM failures") == [{"phase": "resolve", "kind": "lookup failed"}]


def test_titles_in_buckets_of_their_own_are_asked_side_by_side(
    prefect_api: str, tmp_path: Path, tmdb: LookAlike, access: TmdbAccess
) -> None:
    """Where a bucket holds one title, several are asked about at once, and each question once."""
    (tmp_path / "few").mkdir()
    films = _many_films(tmp_path / "few", 40)
    tmdb.latency_seconds = 0.2

    found = look_up(prefect_api, CensusParameters(roots=[str(films)], catalog=str(tmp_path / "c")), access)

    assert tmdb.most_at_once > 3
    targets = [target for _, target in tmdb.requests]
    assert len(targets) == len(set(targets)) == found.tmdb["calls"]
    assert found.tmdb["asked"] == found.tmdb["queries"] > 30
    assert found.tmdb["answers"]["asked"] == found.tmdb["calls"]


def test_a_sweep_leaves_what_is_good(
    prefect_api: str, parameters: CensusParameters, access: TmdbAccess
) -> None:
    """The sweeping flow removes nothing that has not expired, and all of it where nothing may stay."""
    look_up(prefect_api, parameters, access)

    with temporary_settings({PREFECT_API_URL: prefect_api}):
        first = sweep_cache(SweepParameters(catalog=parameters.catalog))
        second = sweep_cache(SweepParameters(catalog=parameters.catalog, max_mebibytes=0))

    assert (first["expired"], first["removed_for_size"], first["left"]) == (0, 0, second["removed_for_size"])
    assert (second["left"], second["left_bytes"]) == (0, 0)
    assert look_up(prefect_api, parameters, access).tmdb["calls"] > 0


def test_an_interrupt_ends_the_asking(titled: Census, films: Path, tmdb: LookAlike) -> None:
    """Ctrl-C while TMDB hangs ends the run with code 130, no traceback and no process left."""
    tmdb.faults.plan(Fault(kind="hang", times=100, seconds=600))
    process = titled.start("scan", films)
    read = wait_for_line(process, "looking titles up")
    while not tmdb.requests:
        assert process.poll() is None

    interrupt(process)

    _, err = process.communicate()
    assert process.returncode == 130
    assert "Traceback" not in read + err
    assert titled.wait_until_quiet() == []


def test_a_run_killed_midway_loses_no_answer(titled: Census, tmp_path: Path, tmdb: LookAlike) -> None:
    """What a killed run has been answered, to the last title, the next one does not ask again."""
    (tmp_path / "many").mkdir()
    films = _many_films(tmp_path / "many", 200)
    tmdb.latency_seconds = 0.02
    process = titled.start("scan", films)
    wait_for_line(process, "looking titles up")
    while len(tmdb.requests) < 100:
        assert process.poll() is None
    process.kill()
    process.communicate()
    titled.wait_until_quiet()
    first = [target for _, target in tmdb.requests]

    _run(titled, films)

    second = [target for _, target in tmdb.requests][len(first) :]
    assert len(first) >= 100
    # Those under way when the run was killed were never answered.
    assert len(set(first) & set(second)) <= 10
