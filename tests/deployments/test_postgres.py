"""The stack with its history in PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flows.stack.place import STATE_VARIABLE, StackPlace
from tests.commands import Census
from tests.deployments.stack import Api
from tests.postgres import postgres_server

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


def test_a_census_is_recorded_in_postgresql(tmp_path: Path, library: Path) -> None:
    """With its address set, the stack keeps runs in PostgreSQL, none in SQLite; the census is the same."""
    place = StackPlace(tmp_path / "state")
    with postgres_server() as postgres:
        settings = {
            STATE_VARIABLE: str(place.folder),
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": postgres.url,
            "PREFECT_WORKER_QUERY_SECONDS": "2",
        }
        commands = Census(tmp_path / "catalog", settings)
        try:
            up = commands.run("up", library)
            address = place.read_address()
            assert address is not None, up.stderr
            api = Api(address)
            run = api.run()
            ended = api.wait_for(run)
        finally:
            commands.run("down")

        assert ended["state_type"] == "COMPLETED"
        assert postgres.ask(f"SELECT state_type FROM flow_run WHERE id = '{run}'") == "COMPLETED"
        recorded = f"SELECT count(*) FROM task_run WHERE flow_run_id = '{run}' AND state_type = 'COMPLETED'"
        assert int(postgres.ask(recorded)) == 5
    assert not list(place.folder.rglob("*.db"))
    titles = commands.query("SELECT title FROM entries ORDER BY title")
    assert [each["title"] for each in titles] == ["Battlestar Galactica", "Heat", "Mad Max Fury Road"]
