"""``mediacensus token``: the token for TMDB, kept by the Prefect server for runs that no shell starts."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
import httpx
from pydantic import SecretStr

from flows.stack.command import state_option
from flows.stack.parts import client_settings
from flows.stack.place import StackPlace, default_state
from mediacensus.errors import ParameterError, ServerError
from mediacensus.tmdb.access import HOW_TO_SET_THE_TOKEN, TOKEN_VARIABLE, TmdbAccess

if TYPE_CHECKING:
    from collections.abc import Iterator


@click.group()
def token() -> None:
    """Keep the token for TMDB on the Prefect server, where scheduled runs find it."""


@token.command()
@state_option
def save(state: str | None) -> None:
    """Keep the token of TMDB_API_TOKEN, of standard input, or one that is asked for.

    It becomes a Secret block, encrypted in the server's database and masked in its pages.
    """
    access = TmdbAccess.checked(_read_token())
    with _server(state) as api:
        from prefect.blocks.system import Secret  # noqa: PLC0415 - after the server is chosen

        from flows.access import TOKEN_BLOCK  # noqa: PLC0415

        # Not Secret[str](…): to Prefect that would be a type of block of its own.
        block: Secret[str] = Secret(value=SecretStr(access.token.reveal()))
        block.save(TOKEN_BLOCK, overwrite=True)
    click.echo(f"Kept as the Secret block {TOKEN_BLOCK} on {api}.")


@token.command()
@state_option
def remove(state: str | None) -> None:
    """Forget the token that was kept."""
    with _server(state) as api:
        from prefect.blocks.system import Secret  # noqa: PLC0415 - after the server is chosen

        from flows.access import TOKEN_BLOCK  # noqa: PLC0415

        try:
            Secret.delete(TOKEN_BLOCK)
        except ValueError:
            raise ParameterError(f"There is no token on {api}.") from None
    click.echo(f"The Secret block {TOKEN_BLOCK} is no longer on {api}.")


def _read_token() -> str:
    """Return the token from where no list of processes shows it."""
    text = os.environ.get(TOKEN_VARIABLE, "").strip()
    if not text and sys.stdin.isatty():
        text = str(click.prompt("TMDB's API Read Access Token", hide_input=True)).strip()
    elif not text:
        text = sys.stdin.readline().strip()
    if not text:
        raise ParameterError(f"No token was given. {HOW_TO_SET_THE_TOKEN}, or give it on standard input.")
    return text


@contextmanager
def _server(state: str | None) -> Iterator[str]:
    """Have Prefect talk to the API of the environment, else to the stack that runs, else to the profile's.

    Raises:
        ServerError: there is none, or it does not answer.
    """
    place = StackPlace(state or default_state())
    address = place.read_address()
    if not os.environ.get("PREFECT_API_URL") and address is not None and place.find_supervisor() is not None:
        os.environ |= client_settings(place, address)
    from prefect.exceptions import PrefectHTTPStatusError  # noqa: PLC0415 - after the environment is set
    from prefect.settings import PREFECT_API_URL  # noqa: PLC0415

    api = PREFECT_API_URL.value()
    if not api:
        raise ServerError(
            "There is no Prefect server to keep it. Bring one up with: mediacensus up FOLDER, "
            "or set PREFECT_API_URL to the address of another."
        )
    try:
        yield str(api)
    except (httpx.TransportError, PrefectHTTPStatusError) as error:
        raise ServerError(f"The Prefect server {api} does not answer as it should: {error}") from error
