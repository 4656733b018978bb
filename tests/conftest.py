"""Fixtures that many tests share."""

from __future__ import annotations

import os
from stat import S_IXGRP, S_IXOTH
from typing import TYPE_CHECKING, Protocol

import pytest
from hypothesis import HealthCheck, settings

from tests.trees import Files, Name, build_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

_NOBODY = 65534

# A machine with other work to do is no failure.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


class TreeFactory(Protocol):
    """Builds a tree of files and links in a folder of the test's own."""

    def __call__(
        self, files: Files | None = None, links: Mapping[Name, Name] | None = None, *, at: str = "library"
    ) -> str:
        """Return the folder's path."""


@pytest.fixture
def tree(tmp_path: Path) -> TreeFactory:
    """Offer a builder of real trees."""

    def build(
        files: Files | None = None, links: Mapping[Name, Name] | None = None, *, at: str = "library"
    ) -> str:
        return build_tree(tmp_path / at, files or {}, links or {})

    return build


@pytest.fixture
def lose_privileges(tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Offer a way to stop being root, who may read everything; undone when the test ends."""
    private = [each for each in (tmp_path, *tmp_path.parents) if not each.stat().st_mode & S_IXOTH]
    modes = {each: each.stat().st_mode for each in private}

    def lose() -> None:
        if os.geteuid() == 0:
            for each in private:
                each.chmod(modes[each] | S_IXGRP | S_IXOTH)
            os.seteuid(_NOBODY)

    yield lose
    if os.getuid() == 0:
        os.seteuid(0)
        for each in private:
            each.chmod(modes[each])
