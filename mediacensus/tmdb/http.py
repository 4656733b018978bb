"""HTTP to TMDB, and the only module that knows which library speaks it.

httpx's synchronous client may be shared between threads, but not with HTTP/2: its streams then take
each other's numbers. So an asynchronous one runs on a loop in a thread of its own, where nothing else
runs, and callers in any thread wait for it.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import CancelledError
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import httpx

from mediacensus import __version__
from mediacensus.errors import TmdbUnreachableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mediacensus.tmdb.access import TmdbAccess

_LOOP_SECONDS = 10
"""How long a thread that has nothing left to do may take to end."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, whatever it is."""

    status: int
    headers: Mapping[str, str]
    """Their names in lower case."""
    body: bytes


class Transport(Protocol):
    """Sends one request; may be used from several threads at once."""

    def get(self, path: str, parameters: Mapping[str, str]) -> Reply:
        """Return the reply to a GET of a path below the base address.

        Raises:
            TmdbUnreachableError: no complete reply came.
        """

    def give_up(self) -> None:
        """Have every request under way fail at once."""

    def close(self) -> None:
        """Let the connections go."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long one request may take, in seconds."""

    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    """Between two pieces of an answer."""
    total_seconds: float = 60.0
    """For all of it, against an answer that trickles."""


class HttpTransport:
    """A pool of connections to one address, over HTTP/2 where the other side speaks it.

    Args:
        access: the address and the token, which goes into a header and nowhere else.
        connections: how many may be open, and how many requests under way.
        timeouts: how long a request may take.
    """

    def __init__(self, access: TmdbAccess, connections: int, timeouts: Timeouts | None = None) -> None:
        self._timeouts = timeouts or Timeouts()
        self._access = access
        self._connections = connections
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="tmdb-http", daemon=True)
        self._thread.start()
        self._client = self._new_client()

    def _new_client(self) -> httpx.AsyncClient:
        limits = httpx.Limits(max_connections=self._connections, max_keepalive_connections=self._connections)
        seconds = self._timeouts
        return httpx.AsyncClient(
            base_url=self._access.base_url,
            headers={
                "Authorization": f"Bearer {self._access.token.reveal()}",
                "Accept": "application/json",
                "User-Agent": f"mediacensus/{__version__}",
            },
            http2=True,
            limits=limits,
            # Whoever waits for a connection waits for the budget of all threads, so that has no limit here.
            timeout=httpx.Timeout(seconds.read_seconds, connect=seconds.connect_seconds, pool=None),
        )

    def get(self, path: str, parameters: Mapping[str, str]) -> Reply:
        """Return the reply to a GET of a path below the base address.

        Raises:
            TmdbUnreachableError: no complete reply came.
        """
        waiting = asyncio.run_coroutine_threadsafe(self._get(path, parameters), self._loop)
        try:
            return waiting.result()
        except TimeoutError as error:
            raise TmdbUnreachableError(
                f"no complete answer within {self._timeouts.total_seconds:g} seconds", is_timeout=True
            ) from error
        except httpx.TimeoutException as error:
            raise TmdbUnreachableError(
                f"no answer in time ({type(error).__name__})", is_timeout=True
            ) from error
        except CancelledError as error:
            raise TmdbUnreachableError("the request was given up", is_timeout=False) from error
        except (httpx.TransportError, httpx.DecodingError) as error:
            told = f"{type(error).__name__}: {error}".rstrip(": ")
            raise TmdbUnreachableError(f"the connection failed ({told})", is_timeout=False) from error

    async def _get(self, path: str, parameters: Mapping[str, str]) -> Reply:
        async with asyncio.timeout(self._timeouts.total_seconds):
            answer = await self._client.get(path.lstrip("/"), params=dict(parameters))
        return Reply(answer.status_code, answer.headers, answer.content)

    def give_up(self) -> None:
        """Have every request under way fail at once."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._cancel_all)

    def _cancel_all(self) -> None:
        for request in asyncio.all_tasks(self._loop):
            request.cancel()

    def close(self) -> None:
        """Let the connections go, and end the thread."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._client.aclose(), self._loop).result(_LOOP_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_LOOP_SECONDS)
        self._loop.close()
