"""The shape of the code: what may import what, and how large things may be."""

from __future__ import annotations

import ast
import doctest
import sys
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_REPOSITORY = Path(__file__).parent.parent
_PACKAGES = ("mediacensus", "tasks", "flows")
_ORCHESTRATORS = {"prefect", "prefect_dask", "dask", "distributed"}
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def _paths(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (_REPOSITORY / folder).rglob("*.py"))


def _module(path: Path) -> str:
    return ".".join(path.relative_to(_REPOSITORY).with_suffix("").parts).removesuffix(".__init__")


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


_CODE = _paths(*_PACKAGES)
_MODULES = {_module(path) for path in _CODE}
_FUNCTIONS = [
    (f"{_module(path)}.{node.name}", node)
    for path in _CODE
    for node in ast.walk(_tree(path))
    if isinstance(node, _Function)
]


def _imported(node: ast.AST) -> Iterator[str]:
    """Yield the modules one import statement names, those of ``from package import module`` included."""
    if isinstance(node, ast.Import):
        yield from (each.name for each in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module is not None:
        inner = {f"{node.module}.{each.name}" for each in node.names}
        yield from (inner & _MODULES) or [node.module]


def _imports(path: Path) -> set[str]:
    """Return every module a file imports, at any depth, for types as well."""
    return {name for node in ast.walk(_tree(path)) for name in _imported(node)}


def _imports_at_once(path: Path) -> set[str]:
    """Return the modules that are imported when a file is: the statements at its top."""
    return {name for node in _tree(path).body for name in _imported(node)}


@pytest.mark.parametrize("package", _PACKAGES)
def test_imports_run_one_way(package: str) -> None:
    """Flows import tasks, tasks import the core, and never the other way round."""
    above = set(_PACKAGES[_PACKAGES.index(package) + 1 :])
    offences = [
        (_module(path), name)
        for path in _paths(package)
        for name in _imports(path)
        if name.partition(".")[0] in above
    ]
    assert offences == []


def test_the_core_imports_no_orchestrator() -> None:
    """Whoever only wants to read names needs neither Prefect nor Dask."""
    offences = [
        (_module(path), name)
        for path in _paths("mediacensus")
        for name in _imports(path)
        if name.partition(".")[0] in _ORCHESTRATORS
    ]
    assert offences == []


def test_imports_are_absolute() -> None:
    """A module is named in one way, so that these tests see every import."""
    nodes = [(path, node) for path in _CODE for node in ast.walk(_tree(path))]
    relative = [_module(path) for path, node in nodes if isinstance(node, ast.ImportFrom) and node.level]
    assert relative == []


def test_the_core_has_no_import_cycle() -> None:
    """Modules can be put in an order in which each needs only those before it."""
    paths = [path for path in _CODE if path.name != "__init__.py"]
    TopologicalSorter({_module(path): _imports_at_once(path) & _MODULES for path in paths}).prepare()


@pytest.mark.parametrize("path", [p for p in _paths("tasks") if p.name != "__init__.py"], ids=_module)
def test_a_file_of_tasks_defines_only_tasks(path: Path) -> None:
    """A task travels to workers by value: a helper beside it would be missing there."""
    allowed = (ast.Import, ast.ImportFrom)
    defined = [node for node in _tree(path).body if not isinstance(node, allowed)][1:]  # after the docstring
    assert len(defined) > 0
    for node in defined:
        assert isinstance(node, _Function)
        assert [ast.unparse(each).partition("(")[0] for each in node.decorator_list] == ["task"]


def test_no_flow_is_called_like_a_module_of_python() -> None:
    """Prefect puts a flow's folder on the path, where its name would hide Python's module."""
    assert {path.stem for path in _paths("flows", "tasks")} & set(sys.stdlib_module_names) <= {"__init__"}


@pytest.mark.parametrize("path", [*_CODE, *_paths("tests", "profiling")], ids=_module)
def test_no_file_is_longer_than_400_lines(path: Path) -> None:
    """A file is split before it gets long."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_functions_are_short() -> None:
    """Half have fewer than 10 lines, nine in ten fewer than 30."""
    lengths = [(node.end_lineno or 0) - node.lineno + 1 for _, node in _FUNCTIONS]
    assert median(lengths) < 10
    assert sum(length < 30 for length in lengths) >= 0.9 * len(lengths)


def test_functions_take_few_arguments_by_position() -> None:
    """Four at most, the object itself not counted."""
    taken = {name: [each.arg for each in (*n.args.posonlyargs, *n.args.args)] for name, n in _FUNCTIONS}
    offences = [name for name, arguments in taken.items() if len({*arguments} - {"self", "cls"}) > 4]
    assert offences == []


@pytest.mark.parametrize("module", sorted(name for name in _MODULES if name.startswith("mediacensus")))
def test_examples_in_docstrings_are_true(module: str) -> None:
    """Every example in the core gives what it says."""
    assert doctest.testmod(import_module(module)).failed == 0
