"""Where TMDB is and what lets one in: from the environment, and kept out of everything that is shown."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mediacensus.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN_VARIABLE = "TMDB_API_TOKEN"  # noqa: S105 - the variable's name
"""Environment variable with TMDB's "API Read Access Token"."""
ADDRESS_VARIABLE = "TMDB_API_URL"
"""Environment variable with the API's address, up to and including its version."""
OFFICIAL_ADDRESS = "https://api.themoviedb.org/3"

HOW_TO_SET_THE_TOKEN = (
    f"Set {TOKEN_VARIABLE} to the API Read Access Token of your account on TMDB "
    "(https://www.themoviedb.org/settings/api)"
)
NOTICE = (
    "This application uses TMDB and the TMDB APIs but is not endorsed, certified, or otherwise approved "
    "by TMDB."
)
"""TMDB's terms of use want it shown wherever their data is."""


class Token:
    """A secret. Nothing that is printed, compared or copied by accident shows it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the secret, for the header it belongs in."""
        return self._text

    def __repr__(self) -> str:
        return "Token(…)"

    def __reduce__(self) -> str:
        raise TypeError("a token stays in its process")


@dataclass(frozen=True, slots=True)
class TmdbAccess:
    """An address and a token for it."""

    base_url: str
    token: Token

    @classmethod
    def checked(cls, token: str, base_url: str | None = None) -> TmdbAccess:
        """Return the access that a token gives.

        Raises:
            ParameterError: the token or the address cannot be one; the token is not shown.
        """
        token = token.strip()
        if not token.isascii() or not token.isprintable() or " " in token:
            raise ParameterError(
                f"The token for TMDB holds a blank or a character that no token has. {HOW_TO_SET_THE_TOKEN}."
            )
        return cls(chosen_address() if base_url is None else _checked_address(base_url), Token(token))


def chosen_address() -> str:
    """Return the API's address of the environment variable, else TMDB's own.

    Raises:
        ParameterError: it is no address.
    """
    return _checked_address(os.environ.get(ADDRESS_VARIABLE) or OFFICIAL_ADDRESS)


def _checked_address(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ParameterError(
            f"{address!r} is no address of an API. Set {ADDRESS_VARIABLE} to one like {OFFICIAL_ADDRESS}, "
            "or unset it."
        )
    return address.rstrip("/") + "/"


@contextmanager
def token_kept_back() -> Iterator[None]:
    """Keep the token out of the environment that processes started in the block inherit.

    Anybody who may look at them could read it there.
    """
    token = os.environ.pop(TOKEN_VARIABLE, None)
    try:
        yield
    finally:
        if token is not None:
            os.environ[TOKEN_VARIABLE] = token


def access_of_environment() -> TmdbAccess | None:
    """Return the access that the environment gives; None where it holds no token.

    Raises:
        ParameterError: what it holds cannot be used.
    """
    token = os.environ.get(TOKEN_VARIABLE, "").strip()
    return TmdbAccess.checked(token) if token else None
