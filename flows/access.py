"""How a run gets its token for TMDB, and keeps it to itself."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from prefect.blocks.system import Secret

from mediacensus.tmdb.access import TmdbAccess, access_of_environment, token_kept_back

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN_BLOCK = "mediacensus-tmdb-token"  # noqa: S105 - the block's name
"""Name of the Prefect Secret block with the token, where the environment has none."""


@contextmanager
def tmdb_access() -> Iterator[TmdbAccess | None]:
    """Offer the access to TMDB, or None where no token is set, and keep the token back from processes.

    Raises:
        ParameterError: the token or the address cannot be one.
    """
    access = access_of_environment() or _access_of_block()
    with token_kept_back():
        yield access


def _access_of_block() -> TmdbAccess | None:
    try:
        block = cast("Secret[str]", Secret.load(TOKEN_BLOCK))  # no coroutine, since no loop runs here
    except ValueError:  # there is none
        return None
    token = str(block.get())
    return TmdbAccess.checked(token) if token else None
