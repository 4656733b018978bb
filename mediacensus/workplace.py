"""What a worker process must have in common with the run it works for, wherever it was started."""

from __future__ import annotations

import os
import platform
import urllib.error
import urllib.request
from importlib.metadata import version
from typing import NamedTuple

from mediacensus import __version__
from mediacensus.release import PARSER_VERSION

_PACKAGES = ("prefect", "prefect-dask", "distributed")
"""Tasks travel to workers as these pickle them: another version may not read them, or not in the same way."""
_API_SECONDS = 5


class Workplace(NamedTuple):
    """A process as a place to parse batches in."""

    versions: dict[str, str]
    sees_snapshot: bool
    """Whether the folder of the snapshot is there, and can be written to."""
    reaches_api: bool


def read_versions() -> dict[str, str]:
    """Return the versions that must be the same in a run and its workers; of Python the minor one."""
    return {
        "Python": ".".join(platform.python_version_tuple()[:2]),
        "mediacensus": __version__,
        "parser": str(PARSER_VERSION),
    } | {package: version(package) for package in _PACKAGES}


def look_around(snapshot: str, api: str) -> Workplace:
    """Return what this process is to a run that writes to ``snapshot`` and reports to ``api``."""
    return Workplace(
        versions=read_versions(),
        sees_snapshot=os.path.isdir(snapshot) and os.access(snapshot, os.W_OK),
        reaches_api=_reaches(api),
    )


def _reaches(api: str) -> bool:
    try:
        with urllib.request.urlopen(f"{api}/health", timeout=_API_SECONDS):  # noqa: S310 - ours
            return True
    except urllib.error.HTTPError:
        return True  # it answers, if only to say that it wants a key
    except OSError:
        return False


def find_fault(found: object, snapshot: str, api: str) -> str | None:
    """Return what keeps a process from working for a run, and what to do about it; None for nothing.

    Args:
        found: what `look_around` returned there, or the error it ended in.
        snapshot: the folder that batches are written to.
        api: the Prefect API of the run.
    """
    if not isinstance(found, Workplace):
        return f"has no mediacensus {__version__} ({found!r}). Install the same version there"
    ours = read_versions()
    different = [name for name in ours if found.versions.get(name) != ours[name]]
    if different:
        pairs = (f"{name} {found.versions.get(name)} where this run has {ours[name]}" for name in different)
        return f"runs {', '.join(pairs)}. Install the same versions in both places"
    if not found.sees_snapshot:
        return (
            f"cannot write to {snapshot}. Put the catalog on storage that all machines have "
            "under the same path"
        )
    if not found.reaches_api:
        return (
            f"cannot reach the Prefect API {api}. Start a server that all machines reach, "
            "and set PREFECT_API_URL to its address here"
        )
    return None
