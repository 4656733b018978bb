"""Whether a process can work for a run."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from mediacensus.workplace import Workplace, find_fault, look_around, read_versions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class _Unauthorized(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_error(401)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def guarded_api() -> Iterator[str]:
    """An address that answers, and wants a key."""
    with HTTPServer(("127.0.0.1", 0), _Unauthorized) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/api"
        server.shutdown()


def test_a_process_like_ours_has_no_fault(tmp_path: Path, guarded_api: str) -> None:
    """The same versions, the same folder, and an API that answers: nothing is in the way."""
    assert find_fault(look_around(str(tmp_path), guarded_api), str(tmp_path), guarded_api) is None


def test_what_is_missing_is_seen(tmp_path: Path) -> None:
    """A folder that is not there and an address nobody answers at are told."""
    here = look_around(str(tmp_path / "gone"), "http://127.0.0.1:1/api")
    assert (here.sees_snapshot, here.reaches_api) == (False, False)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (ModuleNotFoundError("No module named 'mediacensus'"), "has no mediacensus"),
        (Workplace(read_versions() | {"Python": "3.9"}, True, True), "runs Python 3.9 where this run has"),
        (Workplace(read_versions() | {"parser": "0"}, True, True), "runs parser 0 where"),
        (Workplace({}, True, True), "runs Python None where"),
        (Workplace(read_versions(), False, True), "cannot write to /catalog"),
        (Workplace(read_versions(), True, False), "cannot reach the Prefect API http://x/api"),
    ],
)
def test_a_fault_says_what_to_do(found: object, said: str) -> None:
    """The first thing that keeps a worker from working is named, with a way out."""
    fault = find_fault(found, "/catalog", "http://x/api")
    assert fault is not None
    assert said in fault
