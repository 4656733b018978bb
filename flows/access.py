"""How a run gets its token for TMDB, and keeps it to itself."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from prefect.blocks.system import Secret

from mediacensus.tmdb.access import TOKEN_VARIABLE, TmdbAccess, access_of_environment

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN_BLOCK = "mediacensus-tmdb-token"  # noqa: S105 - the block's name
"""Name of the Prefect Secret block with the token, where the environment has none."""


@contextmanager
def tmdb_access() -> Iterator[TmdbAccess | None]:
    """Offer the access to TMDB, or None where no token is set, with the token out of the environment.

    Processes that are started in the block inherit the environment, and anybody who may look at them can
    read it there.

    Raises:
        ParameterError: the token or the address cannot be one.
    """
    access = access_of_environment() or _access_of_block()
    token = os.environ.pop(TOKEN_VARIABLE, None)
    try:
        yield access
    finally:
        if token is not None:
            os.environ[TOKEN_VARIABLE] = token


def _access_of_block() -> TmdbAccess | None:
    try:
        block = cast("Secret[str]", Secret.load(TOKEN_BLOCK))  # no coroutine, since no loop runs here
    except ValueError:  # there is none
        return None
    token = str(block.get())
    return TmdbAccess.checked(token) if token else None
