"""The documents say what is true."""

from __future__ import annotations

import re
import shlex

import click
import pytest

from mediacensus.cli import cli
from tests.commands import PROJECT

_DOCUMENTS = [
    PROJECT / name
    for name in (
        "README.md",
        "CONTRIBUTING.md",
        "DESIGN.md",
        "deployments/README.md",
        "deployments/SCALING.md",
    )
]

# a fenced block of shell: ```sh … ```
_SHELL_BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def _shown_commands() -> list[list[str]]:
    """Return every ``mediacensus …`` line of the documents' shell blocks, as words."""
    lines = [
        line
        for document in _DOCUMENTS
        for block in _SHELL_BLOCK.findall(document.read_text())
        for line in block.splitlines()
    ]
    words = [shlex.split(line, comments=True) for line in lines]
    return [each[1:] for each in words if each and each[0] in {"mediacensus", "scripts/mediacensus"}]


@pytest.mark.parametrize("words", _shown_commands(), ids=" ".join)
def test_shown_commands_exist(words: list[str]) -> None:
    """Every mediacensus command in the documents exists and understands the arguments shown."""
    context = click.Context(cli)
    command = cli.get_command(context, words[0])

    assert command is not None
    command.make_context(words[0], words[1:])


def test_there_are_commands_to_check() -> None:
    """The documents show the main commands."""
    assert {"scan", "preview", "parse", "query"} <= {words[0] for words in _shown_commands()}


@pytest.mark.parametrize(
    "command",
    ["scan", "preview", "parse", "query", "match", "review", "pin", "sweep", "report", "runs", "ui"],
)
def test_readme_names_every_command(command: str) -> None:
    """README tells of each command."""
    assert f"mediacensus {command}" in (PROJECT / "README.md").read_text()


def test_readme_names_every_option_of_a_scan() -> None:
    """README's table tells of each option of the main command."""
    command = cli.get_command(click.Context(cli), "scan")
    assert command is not None
    readme = (PROJECT / "README.md").read_text()

    options = [parameter.opts[-1] for parameter in command.params if isinstance(parameter, click.Option)]

    assert [option for option in options if option not in readme] == []


@pytest.mark.parametrize("document", _DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: object) -> None:
    """Every relative link in a document leads to a file or folder."""
    path = PROJECT / str(document)
    # a Markdown link: [DESIGN.md](DESIGN.md)
    targets = re.findall(r"\]\(([^)#]+)\)", path.read_text())

    relative = [target for target in targets if "://" not in target]

    assert [target for target in relative if not (path.parent / target).exists()] == []
