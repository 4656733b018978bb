"""A Prefect server of one's own."""

from __future__ import annotations

import ssl
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx
import psutil
import pytest

from flows.private_server import private_server
from mediacensus.errors import ServerError

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


def test_it_listens_on_loopback_alone(prefect_api: str) -> None:
    """The server answers on 127.0.0.1, tells its pages where its API is, and is on no other address."""
    settings = httpx.get(prefect_api.removesuffix("/api") + "/ui-settings").raise_for_status().json()

    assert prefect_api == settings["api_url"]
    port = httpx.URL(prefect_api).port
    listening = [each.laddr for each in psutil.net_connections("tcp") if each.status == psutil.CONN_LISTEN]
    assert {"127.0.0.1"} == {address.ip for address in listening if address and address.port == port}


def test_it_ends_with_the_block(tmp_path: Path) -> None:
    """After the block nothing answers any more, also when the block ends with an error."""
    answers = []
    with suppress(ZeroDivisionError), private_server(tmp_path / "home") as server:
        answers.append(httpx.get(server.wait_until_ready() + "/health"))
        raise ZeroDivisionError

    assert answers[0].is_success
    with pytest.raises(httpx.ConnectError):
        httpx.get(answers[0].url)


def test_one_that_does_not_start_shows_its_log(tmp_path: Path) -> None:
    """A server that cannot start ends in an error that holds the end of its log."""
    (tmp_path / "prefect.db").mkdir()  # where its database should be

    said = r"(?s)did not start\. Its log, .*unable to open database file"
    with private_server(tmp_path) as server, pytest.raises(ServerError, match=said):
        server.wait_until_ready()


def test_prefect_has_one_certificate_to_load(tmp_path: Path) -> None:
    """Beside the server lies a file with one certificate, which Python's ssl takes."""
    with private_server(tmp_path / "home") as server:
        context = ssl.create_default_context(cafile=str(server.certificate))

    assert len(context.get_ca_certs()) == 1
