"""The command line: ``mediacensus COMMAND``.

Commands are named by import path and loaded when used: a preview must not wait for Prefect, and the
core stays free of it.
"""

from __future__ import annotations

import sys
from importlib import import_module

import click

from mediacensus import __version__
from mediacensus.errors import CensusError, RunError
from mediacensus.tmdb.access import NOTICE

EXIT_COMPLETE = 0
EXIT_WITH_FAILURES = 1
EXIT_COULD_NOT_START = 2
EXIT_NOT_COMPLETED = 3
EXIT_INTERRUPTED = 130

_COMMANDS = {
    "scan": "flows.command:scan",
    "preview": "mediacensus.cli.preview:preview",
    "parse": "mediacensus.cli.parse:parse",
    "query": "mediacensus.cli.query:query",
    "report": "mediacensus.cli.report:report",
    "runs": "mediacensus.cli.runs:runs",
    "match": "mediacensus.cli.match:match",
    "review": "mediacensus.cli.review:review",
    "pin": "mediacensus.cli.review:pin",
    "sweep": "mediacensus.cli.sweep:sweep",
    "ui": "flows.command:ui",
    "up": "flows.stack.command:up",
    "down": "flows.stack.command:down",
    "token": "flows.stack.token_command:token",
}


class _LazyGroup(click.Group):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[cmd_name].partition(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)  # noqa: S101 - a wrong path above is ours
        return command


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(
    __version__, prog_name="mediacensus", message=f"%(prog)s, version %(version)s\n{NOTICE}"
)
def cli() -> None:
    """Take a census of a media library: every file identified, none of them touched."""


def main() -> None:
    """Run the command line and leave with its exit code; what goes wrong is one message, not a traceback."""
    try:
        code = cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = EXIT_COULD_NOT_START
    except CensusError as error:
        click.echo(f"mediacensus: {error}", err=True)
        code = EXIT_NOT_COMPLETED if isinstance(error, RunError) else EXIT_COULD_NOT_START
    except (click.Abort, KeyboardInterrupt):
        click.echo("mediacensus: interrupted.", err=True)
        code = EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader of our output (`| head`) has seen enough; keep Python from saying so at exit.
        sys.stdout = None
        code = EXIT_COMPLETE
    sys.exit(code if isinstance(code, int) else EXIT_COMPLETE)
