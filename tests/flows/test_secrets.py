"""The token for TMDB, and where it must not be."""

from __future__ import annotations

import json
import os
import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import psutil
import pytest

from flows.access import TOKEN_BLOCK
from tests.tmdb.__main__ import TITLES
from tests.tmdb.faults import Fault
from tests.tmdb.server import LookAlike, look_alike

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.commands import Census

pytestmark = pytest.mark.slow

TOKEN = "eyJhbGciOiJIUzI1NiJ9.c2VjcmV0LWxvb2stYWxpa2U.dG9rZW4"


@pytest.fixture
def tmdb() -> Iterator[LookAlike]:
    """A look-alike that lets in one token."""
    with look_alike(TITLES, token=TOKEN) as server:
        yield server


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """Three films."""
    folder = tmp_path / "films"
    folder.mkdir()
    for name in ("The Matrix (1999).mkv", "Heat (1995).mkv", "Xyzzy Plugh (1987).mkv"):
        (folder / name).touch()
    return folder


def _holds_token(path: Path) -> bool:
    return path.is_file() and TOKEN.encode() in path.read_bytes()


def _processes(scan: psutil.Process) -> list[str]:
    """Return what can be seen of the processes a scan has started: their arguments and environment."""
    seen = []
    for process in scan.children(recursive=True):
        try:
            seen.append(" ".join((*process.cmdline(), *map("=".join, process.environ().items()))))
        except psutil.Error:
            continue  # gone meanwhile
    return seen


def test_the_token_is_nowhere(private_census: Census, films: Path, tmdb: LookAlike) -> None:
    """After runs that succeed, fail and are refused, the token is in no file, output or process they made.

    Looked through: everything in the catalog (snapshots, records, cache keys, the Prefect server's database
    with its logs, artifacts, parameters and results, and its own log), all output at the most talkative
    level, and the arguments and environments of every process that was started.
    """
    settings = {
        "TMDB_API_URL": tmdb.url,
        "TMDB_API_TOKEN": TOKEN,
        "PREFECT_LOGGING_LEVEL": "DEBUG",
        "PREFECT_LOGGING_EXTRA_LOGGERS": "httpx,httpcore,mediacensus",
    }
    census = replace(private_census, settings=private_census.settings | settings)
    tmdb.latency_seconds = 0.5
    process = census.start("scan", films, "--verbose")
    seen = ""
    while tmdb.requests == [] and process.poll() is None:
        seen = "\n".join(_processes(psutil.Process(process.pid)))
    output = "".join(process.communicate())
    tmdb.latency_seconds = 0
    tmdb.faults.plan(Fault(kind="reset"), Fault(kind="garbage"), Fault(kind="401", code=7))
    failed = census.run("scan", films, "--refresh", "--verbose")

    assert (process.returncode, failed.returncode) == (0, 1)
    assert "flows.private_server" in seen
    assert TOKEN not in seen + output + failed.stdout + failed.stderr
    database = census.catalog / "prefect" / "prefect.db"
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM log").fetchone()[0] > 10
        assert connection.execute("SELECT count(*) FROM artifact").fetchone()[0] > 3
    connection.close()
    assert any((census.catalog / "tmdb").rglob("*"))
    everything = [*census.catalog.rglob("*"), *(census.catalog.parent / "home").rglob("*")]
    assert [path for path in everything if _holds_token(path)] == []
    assert all(TOKEN not in str(path) for path in everything)


def test_the_token_may_lie_in_a_block(census: Census, films: Path, tmdb: LookAlike, prefect_api: str) -> None:
    """Where the environment has no token, that of Prefect's Secret block is used, and shown nowhere."""
    _save_block(prefect_api)
    known = replace(census, settings=census.settings | {"TMDB_API_URL": tmdb.url})

    try:
        done = known.run("scan", films, "--json")
    finally:
        _delete_block(prefect_api)

    record = json.loads(done.stdout)
    assert record["tmdb"]["statuses"] == {"accepted": 2, "no match": 1}
    assert TOKEN not in done.stdout + done.stderr
    run = httpx.get(f"{prefect_api}/flow_runs/{record['flow_run_id']}").raise_for_status().text
    assert TOKEN not in run
    assert [path for path in census.catalog.rglob("*") if _holds_token(path)] == []


def _save_block(api: str) -> None:
    kind = httpx.get(f"{api}/block_types/slug/secret").raise_for_status().json()
    [schema, *_] = (
        httpx.post(
            f"{api}/block_schemas/filter", json={"block_schemas": {"block_type_id": {"any_": [kind["id"]]}}}
        )
        .raise_for_status()
        .json()
    )
    httpx.post(
        f"{api}/block_documents/",
        json={
            "name": TOKEN_BLOCK,
            "data": {"value": TOKEN},
            "block_schema_id": schema["id"],
            "block_type_id": kind["id"],
        },
    ).raise_for_status()


def _delete_block(api: str) -> None:
    block = httpx.get(f"{api}/block_types/slug/secret/block_documents/name/{TOKEN_BLOCK}").json()
    httpx.delete(f"{api}/block_documents/{block['id']}").raise_for_status()


def test_a_token_that_can_be_none_stops_the_run_before_it_starts(census: Census, films: Path) -> None:
    """A token with a blank in it ends the run with code 2 and how to set it, and is not shown."""
    broken = replace(census, settings=census.settings | {"TMDB_API_TOKEN": "not one token"})

    done = broken.run("scan", films)

    assert done.returncode == 2
    assert "Set TMDB_API_TOKEN to" in done.stderr
    assert "not one token" not in done.stdout + done.stderr
    assert not (census.catalog / "current").exists()
    assert "TMDB_API_TOKEN" not in os.environ
