"""What a reply is: an answer, "there is no such thing", a refusal, or trouble that may pass."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from mediacensus.errors import TmdbRefusedError
from mediacensus.tmdb.access import HOW_TO_SET_THE_TOKEN

if TYPE_CHECKING:
    from mediacensus.tmdb.http import Reply
    from mediacensus.tmdb.source import Answer

# https://developer.themoviedb.org/docs/errors
_REFUSALS: Final = frozenset({7, 10, 35})
"""TMDB's codes for a key that is invalid or suspended and a token that is invalid."""
_NO_SUCH_ID: Final = frozenset({6, 34})

TOO_MANY: Final = "too many requests"
SERVER: Final = "server error"
MALFORMED: Final = "malformed answer"
REJECTED: Final = "request rejected"


@dataclass(frozen=True, slots=True)
class Question:
    """One request of the API."""

    endpoint: str
    """For statistics: ``search/movie``, ``movie/{id}``."""
    path: str
    parameters: dict[str, str]
    holds: str
    """A field that every answer to it has, by which an answer is known."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """No usable answer."""

    kind: str
    """Under which it is counted."""
    message: str
    wait_seconds: float | None = None
    """How long TMDB wants a pause; None where it does not say."""
    is_final: bool = False
    """Whether asking again is of no use."""


def read_reply(reply: Reply, question: Question) -> Answer | Trouble | None:
    """Return the answer, None where TMDB says that there is no such thing, or what is wrong.

    Only TMDB's own word makes a "no such thing": a 404 of a proxy or of a wrong address is trouble.

    Raises:
        TmdbRefusedError: TMDB will answer nothing.
    """
    body = _decoded(reply.body)
    code = body.get("status_code") if body is not None else None
    if reply.status in {401, 403} or code in _REFUSALS:
        told = f": {body['status_message']}" if body is not None and "status_message" in body else ""
        raise TmdbRefusedError(
            f"TMDB refuses to answer (HTTP {reply.status}, code {code}{told}). {HOW_TO_SET_THE_TOKEN}."
        )
    if reply.status == 200 and body is not None and isinstance(body.get(question.holds), list | int):
        return body
    if reply.status == 404 and code in _NO_SUCH_ID:
        return None
    return _trouble(reply, code)


def _decoded(body: bytes) -> dict[str, Any] | None:
    """Return a body that is a JSON object; None for anything else."""
    try:
        decoded = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return decoded if isinstance(decoded, dict) else None


def _trouble(reply: Reply, code: object) -> Trouble:
    status = reply.status
    told = f"HTTP {status}" if code is None else f"HTTP {status}, code {code}"
    if status == 429:
        return Trouble(TOO_MANY, told, wait_seconds=_wanted_pause(reply.headers.get("retry-after")))
    if status >= 500:
        return Trouble(SERVER, told, wait_seconds=_wanted_pause(reply.headers.get("retry-after")))
    if status == 200:
        return Trouble(MALFORMED, f"an answer of {len(reply.body)} bytes that is not TMDB's")
    return Trouble(REJECTED, told, is_final=True)


def _wanted_pause(header: str | None) -> float | None:
    """Return the seconds of a Retry-After header, which may also name a moment; None where there are none.

    Source: RFC 9110, section 10.2.3.
    """
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
