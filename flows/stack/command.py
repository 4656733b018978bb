"""``mediacensus up`` and ``mediacensus down``: scheduled runs on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import click
import psutil

from flows.private_server import wait_until_ready
from flows.stack.parts import client_settings
from flows.stack.place import STATE_VARIABLE, Address, StackPlace, default_state
from flows.stack.supervisor import end_processes, supervise
from mediacensus.catalog import Catalog, default_catalog
from mediacensus.cli.options import FOLDER, catalog_option
from mediacensus.errors import ServerError
from mediacensus.roots import resolve_roots
from mediacensus.tmdb.access import TOKEN_VARIABLE, token_kept_back

if TYPE_CHECKING:
    from collections.abc import Callable

_DOWN_SECONDS = 90
_PASSWORD_VARIABLE = "PREFECT_SERVER_API_AUTH_STRING"  # noqa: S105 - the variable's name


def state_option(command: Callable[..., None]) -> Callable[..., None]:
    """``--state DIR``."""
    return click.option(
        "--state",
        type=FOLDER,
        envvar=STATE_VARIABLE,
        show_envvar=True,
        help="Folder for the server's database and the logs. Default: one in your state directory.",
    )(command)


@click.command()
@click.argument("folders", nargs=-1, type=FOLDER, metavar="[FOLDER]...")
@catalog_option
@state_option
@click.option("--host", help="Address to listen on. Default: 127.0.0.1, for this machine alone.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port. Default: 4200, or a free one.")
@click.option("--foreground", is_flag=True, help="Stay, and log here: for systemd.")
def up(folders: tuple[str, ...], catalog: str | None, state: str | None, **options: Any) -> None:
    """Bring up Prefect on this machine, with a nightly census of media folders.

    Starts a server with its pages and a worker, and registers the schedules. Without folders, what was
    registered before. Both are started again when they end; `mediacensus down` ends them.
    """
    place = StackPlace(state or default_state())
    roots = resolve_roots(folders) if folders else ()
    chosen = Catalog(catalog or default_catalog())
    chosen.check_outside(roots)
    place.make()
    address = _settle_address(place, options["host"], options["port"])
    if options["foreground"]:
        supervise(place)
        return
    _start(place, address)
    os.environ |= client_settings(place, address)  # before Prefect is imported
    from flows.stack.automations import save_automation, zombie_automation  # noqa: PLC0415
    from flows.stack.enrol import deploy, wait_for_worker  # noqa: PLC0415

    wait_for_worker(place.log("worker"))
    save_automation(zombie_automation())
    if roots:
        click.echo("Registering the deployments …", err=True)
        deploy(roots, str(chosen.path))
    click.echo(_description(place, address))


@click.command()
@state_option
def down(state: str | None) -> None:
    """End what `mediacensus up` started, runs included. History and schedules stay."""
    place = StackPlace(state or default_state())
    supervisor = place.find_supervisor()
    if supervisor is not None:
        supervisor.terminate()
        psutil.wait_procs([supervisor], timeout=_DOWN_SECONDS)
    left = [*place.iter_processes(), *([supervisor] if supervisor and supervisor.is_running() else [])]
    end_processes(left)
    click.echo("Stopped." if supervisor or left else f"Nothing runs in {place.folder}.")


def _settle_address(place: StackPlace, host: str | None, port: int | None) -> Address:
    """Return the address of the running stack, or settle that of one to be started.

    Raises:
        ServerError: the stack runs at another address than was asked for.
    """
    known = place.read_address() or Address()
    wanted = Address(host or known.host, port or known.port)
    if place.find_supervisor() is not None:
        if wanted != known:
            raise ServerError(f"The stack runs at {known.pages} already. End it with: mediacensus down")
        return known
    if not wanted.is_loopback and not os.environ.get(_PASSWORD_VARIABLE):
        raise ServerError(
            f"Whoever reaches {wanted.host} could run anything as you, since the server has no password. "
            f"Set one as {_PASSWORD_VARIABLE}=user:password (deployments/README.md says what else to do)."
        )
    if port is None and place.read_address() is None:
        wanted = wanted.or_free()
    place.write_address(wanted)
    return wanted


def _start(place: StackPlace, address: Address) -> None:
    """Start the supervisor where none runs, and wait until the server answers."""
    supervisor = place.find_supervisor()
    if supervisor is None:
        click.echo("Starting Prefect's server and a worker …", err=True)
        with open(place.log("supervisor"), "ab") as log, token_kept_back():
            supervisor = psutil.Popen(
                [sys.executable, "-m", "flows.stack.supervisor", str(place.folder)],
                cwd=place.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
    wait_until_ready(address.api, supervisor.is_running, place.log("server"))


def _description(place: StackPlace, address: Address) -> str:
    lines = [
        f"Prefect's pages are at {address.pages}; runs, schedules and their parameters are there.",
        f"State and logs are in {place.folder}. To end it: mediacensus down",
        f"To have the command line's own scans there as well: export PREFECT_API_URL={address.api}",
    ]
    if os.environ.get(TOKEN_VARIABLE):
        lines.append(
            f"{TOKEN_VARIABLE} is not handed on. Keep it for scheduled runs with: mediacensus token save"
        )
    return "\n".join(lines)
