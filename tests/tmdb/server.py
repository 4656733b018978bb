"""A look-alike as a server on loopback."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from tests.tmdb import answers
from tests.tmdb.catalogue import TitleSet
from tests.tmdb.faults import Fault, Faults
from tests.tmdb.service import Service

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PREFIX = "/3/"
# With this, closing a socket sends a reset in place of an end.
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class LookAlike(ThreadingHTTPServer):
    """The server, the faults still to happen, and the requests that came.

    Args:
        service: what answers.
        port: 0 for a free one.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, service: Service, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.service = service
        self.faults = Faults()
        self.latency_seconds = 0.0
        self.requests: list[tuple[float, str]] = []
        """When each came, by the monotonic clock, and its path and query."""
        self.connections: set[tuple[str, int]] = set()
        """The other ends of all connections there were."""
        self.at_once = 0
        self.most_at_once = 0
        """Requests that were under way together."""
        self.counting = threading.Lock()
        self.over = threading.Event()

    @property
    def url(self) -> str:
        """The API's address, as ``TMDB_API_URL`` names it."""
        return f"http://127.0.0.1:{self.server_port}/3"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over connections that the other side has closed."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # An answer must not wait for more to come: 40 ms each, measured.
    disable_nagle_algorithm = True
    server: LookAlike

    def do_GET(self) -> None:
        with self.server.counting:
            self.server.at_once += 1
            self.server.most_at_once = max(self.server.most_at_once, self.server.at_once)
        try:
            self._answer()
        finally:
            with self.server.counting:
                self.server.at_once -= 1

    def _answer(self) -> None:
        self.server.requests.append((time.monotonic(), self.path))
        self.server.connections.add(self.client_address)
        if self.server.latency_seconds:
            time.sleep(self.server.latency_seconds)
        fault = self.server.faults.next_for(self.path)
        if fault is not None:
            self._fail(fault)
            return
        parts = urlsplit(self.path)
        if not parts.path.startswith(PREFIX):
            self._send(404, b"<html>no API here</html>", {"Content-Type": "text/html"})
            return
        asked = dict(parse_qsl(parts.query))
        status, body = self.server.service.answer(
            parts.path.removeprefix(PREFIX), asked, self.headers["Authorization"]
        )
        self._send_json(status, body, {"Cache-Control": "public, max-age=600"} if status == 200 else {})

    def _send_json(self, status: int, body: answers.Body, headers: dict[str, str]) -> None:
        headers = {
            "Content-Type": "application/json;charset=utf-8",
            "Vary": "accept-encoding, Origin",
        } | headers
        self._send(status, json.dumps(body, ensure_ascii=False).encode(), headers)

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _fail(self, fault: Fault) -> None:
        match fault.kind:
            case "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
                self._hang_up()
            case "hang":
                self.server.over.wait(fault.seconds)
                self._hang_up()
            case "garbage":
                self._send(200, b"\x00\xff{not json", {"Content-Type": "application/json;charset=utf-8"})
            case "truncated":
                self._send(200, b'{"page": 1, "resu', {"Content-Length": "4000"})
                self._hang_up()
            case "html":
                self._send(404, b"<html>captive portal</html>", {"Content-Type": "text/html"})
            case "odd":
                self._send_json(200, {"id": 7, "results": [7, {"id": "seven", "title": 7}, None]}, {})
            case "empty":
                self._send_json(200, {}, {})
            case _:
                after = {} if fault.retry_after is None else {"Retry-After": fault.retry_after}
                status = int(fault.kind)
                code = fault.code if fault.code is not None else 25 if status == 429 else 11
                self._send_json(*answers.error(status, code, f"Fault {fault.kind} on demand."), after)

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        """Keep standard error for what matters."""


@contextmanager
def look_alike(folder: Path, *, token: str | None = None) -> Iterator[LookAlike]:
    """Serve the titles of a folder on a free port while the block runs."""
    server = LookAlike(Service(TitleSet.load(folder), token))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
