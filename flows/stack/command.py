"""``mediacensus up`` and ``mediacensus down``: scheduled runs on this machine."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING, Any

import click
import psutil

from flows.private_server import wait_until_ready
from flows.stack.parts import PASSWORD_VARIABLE, client_settings
from flows.stack.place import STATE_VARIABLE, Address, StackPlace, default_state
from flows.stack.supervisor import SUPERVISOR_COMMAND, end_processes, supervise
from mediacensus.catalog import Catalog, default_catalog
from mediacensus.cli.options import FOLDER, catalog_option
from mediacensus.errors import ServerError
from mediacensus.roots import resolve_roots
from mediacensus.tmdb.access import TOKEN_VARIABLE, token_kept_back

if TYPE_CHECKING:
    from collections.abc import Callable

_DOWN_SECONDS = 90


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
        supervise(place, address)
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
    known = place.read_address()
    usual = known or Address()
    wanted = Address(host or usual.host, port or usual.port)
    if place.find_supervisor() is not None:
        if wanted != usual:
            raise ServerError(f"The stack runs at {usual.pages} already. End it with: mediacensus down")
        return usual
    _check_door(place, wanted)
    return wanted if port or known else wanted.or_free()


def _start(place: StackPlace, address: Address) -> None:
    """Start the supervisor where none runs, and wait until the server answers."""
    supervisor = place.find_supervisor()
    if supervisor is not None:
        wait_until_ready(address.api, supervisor.is_running, place.log("supervisor"))
        return
    click.echo("Starting Prefect's server and a worker …", err=True)
    with open(place.log("supervisor"), "ab") as log, token_kept_back():
        started = subprocess.Popen(  # noqa: S603 - our own program
            [*SUPERVISOR_COMMAND, str(place.folder), address.host, str(address.port)],
            cwd=place.folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    wait_until_ready(address.api, lambda: started.poll() is None, place.log("supervisor"))


def _check_door(place: StackPlace, address: Address) -> None:
    """Make sure that a server which others reach lets in only who knows the password.

    Raises:
        ServerError: it would let in anybody.
    """
    if address.is_loopback:
        return
    os.environ["PREFECT_HOME"] = str(place.home)
    from prefect.settings import get_current_settings  # noqa: PLC0415 - after the environment is set

    if get_current_settings().server.api.auth_string is None:
        raise ServerError(
            f"Whoever reaches {address.host} could run anything as you, since the server has no password. "
            f"Set one as {PASSWORD_VARIABLE}=user:password (deployments/README.md says what else to do)."
        )


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
