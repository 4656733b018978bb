"""A real browser for tests: what a page becomes in it, and what is drawn."""

from __future__ import annotations

import shutil
import struct
import subprocess
import threading
import zlib
from collections import Counter
from contextlib import contextmanager
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_SECONDS = 120
_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --hide-scrollbars "
    "--blink-settings=preferredColorScheme=1"
).split()
_QUIET = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""The browser's own calls to its maker find nobody."""
_CHANNELS = {2: 3, 6: 4}
"""Bytes of a pixel by the colour type of a PNG: RGB and RGBA (PNG specification, 11.2.1)."""


class Browser:
    """Chromium without a window, with a profile that is thrown away."""

    def __init__(self, profile: Path) -> None:
        found = next(filter(None, map(shutil.which, _NAMES)), None)
        if found is None:
            pytest.skip("no Chromium is installed; on Debian: apt install chromium")
        self.profile = profile
        self.command = [found, *_FLAGS, _QUIET, f"--user-data-dir={profile}"]
        self._shot = profile.with_name("shot.png")

    def open(self, url: str, *options: str) -> str:
        """Return the document as it is once its scripts have run."""
        done = subprocess.run(
            [*self.command, *options, "--dump-dom", url],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=True,
        )
        return done.stdout

    def colours(self, url: str, *options: str) -> Counter[bytes]:
        """Return how many pixels of a picture of the page have each colour."""
        self._shot.unlink(missing_ok=True)
        command = [*self.command, *options, f"--screenshot={self._shot}", url]
        subprocess.run(command, capture_output=True, timeout=_SECONDS, check=True)
        return _count_colours(self._shot.read_bytes())


@contextmanager
def refusing_server(status: int) -> Iterator[tuple[str, list[str]]]:
    """Offer the address of a server that refuses whatever it is asked, as a proxy too, and what that was."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(status)

        do_CONNECT = do_POST = do_GET  # noqa: N815 - as the base class wants them

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _count_colours(png: bytes) -> Counter[bytes]:
    position, compressed = 8, b""
    width = pixel = 0
    while position < len(png):
        length, kind = struct.unpack(">I4s", png[position : position + 8])
        chunk = png[position + 8 : position + 8 + length]
        position += 12 + length
        if kind == b"IHDR":
            width, _, _, colour_type = struct.unpack(">IIBB", chunk[:10])
            pixel = _CHANNELS[colour_type]
        elif kind == b"IDAT":
            compressed += chunk
    colours: Counter[bytes] = Counter()
    stride, raw, above = width * pixel, zlib.decompress(compressed), bytes(width * pixel)
    for start in range(0, len(raw), stride + 1):
        above = _unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + stride]), above, pixel)
        colours.update(above[at : at + 3] for at in range(0, stride, pixel))
    return colours


def _unfiltered(kind: int, line: bytearray, above: bytes, pixel: int) -> bytes:
    """Undo a line's filter (PNG specification, 9.2): none, left, above, mean, or Paeth's nearest."""
    for at in range(len(line) if kind else 0):
        left, corner = (line[at - pixel], above[at - pixel]) if at >= pixel else (0, 0)
        guesses = (0, left, above[at], (left + above[at]) // 2, 0)
        offset = guesses[kind]
        if kind == 4:
            sum_of_both = left + above[at] - corner
            offset = min((left, above[at], corner), key=lambda each: abs(sum_of_both - each))
        line[at] = (line[at] + offset) & 255
    return bytes(line)


class Document(HTMLParser):
    """The elements and the text of a document."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._silent = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: D102
        self.elements.append((tag, dict(attrs)))
        self._silent += tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:  # noqa: D102
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:  # noqa: D102
        if not self._silent:
            self.text += data

    def count(self, tag: str) -> int:
        """Return how many elements of a kind there are."""
        return sum(name == tag for name, _ in self.elements)
