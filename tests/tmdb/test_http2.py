"""HTTP/2 between threads, against a server that speaks nothing else."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

import h2.config
import h2.connection
import h2.events
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from mediacensus.tmdb.access import TmdbAccess
from mediacensus.tmdb.client import open_client

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def _write_certificate(path: Path) -> Path:
    """Write a key and a certificate of one's own for loopback."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "look-alike")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + certificate.public_bytes(pem))
    return path


class _Http2Server:
    """Answers ``/movie/N`` with ``{"id": N}``, each stream on its own and in any order."""

    def __init__(self, certificate: Path) -> None:
        self.connections = 0
        self.requests = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._context.set_alpn_protocols(["h2"])
        self.url = f"https://127.0.0.1:{self._listener.getsockname()[1]}/3"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return  # closed
            self.connections += 1
            threading.Thread(target=self._serve, args=(plain,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        with self._context.wrap_socket(plain, server_side=True) as link:
            state = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
            state.initiate_connection()
            link.sendall(state.data_to_send())
            while data := link.recv(65_536):
                asked = [e for e in state.receive_data(data) if isinstance(e, h2.events.RequestReceived)]
                time.sleep(0.002)  # so that others ask meanwhile
                for event in reversed(asked):
                    self._answer(state, event)
                link.sendall(state.data_to_send())

    def _answer(self, state: h2.connection.H2Connection, event: h2.events.RequestReceived) -> None:
        self.requests += 1
        path = dict(event.headers)[b":path"].decode().partition("?")[0]
        state.send_headers(event.stream_id, [(":status", "200"), ("content-type", "application/json")])
        state.send_data(
            event.stream_id, json.dumps({"id": int(path.rpartition("/")[2])}).encode(), end_stream=True
        )

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def http2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[_Http2Server]:
    """A server whose certificate is trusted."""
    certificate = _write_certificate(tmp_path / "look-alike.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    server = _Http2Server(certificate)
    yield server
    server.close()


def test_threads_share_one_http2_connection(http2: _Http2Server) -> None:
    """Ten threads with one client get each its own answer, over one connection, each asked once."""
    access = TmdbAccess.checked("token", http2.url)

    with open_client(access, requests_per_second=100_000) as client, ThreadPoolExecutor(10) as pool:
        ids = list(pool.map(lambda n: (client.details("movie", n) or {})["id"], range(500)))

    assert ids == list(range(500))
    assert (http2.requests, client.statistics.describe()["troubles"]) == (500, {})
    assert http2.connections == 1
