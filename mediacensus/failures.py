"""Failures as rows: every problem of a run with its path, so that nothing is missing silently."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from mediacensus import schema
from mediacensus.model import Severity
from mediacensus.names import readable
from mediacensus.parts import PartWriter

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from mediacensus.model import Failure


def failure_row(failure: Failure) -> tuple[Any, ...]:
    """Return a failure as a row of the ``failures`` table."""
    return (
        readable(failure.path),
        os.fsencode(failure.path),
        failure.phase,
        failure.kind.value,
        failure.kind.severity.value,
        readable(failure.message),
    )


class FailureLog:
    """Writes one process's failures to a part of the snapshot."""

    def __init__(self, path: Path) -> None:
        self.failures = 0
        """How many were recorded so far, notices not counted."""
        self._part = PartWriter(path, schema.FAILURES)

    def record(self, failure: Failure) -> None:
        """Write one failure."""
        self.failures += failure.kind.severity is Severity.FAILURE
        self._part.write(failure_row(failure))

    def __enter__(self) -> FailureLog:
        self._part.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._part.__exit__(kind, error, trace)
