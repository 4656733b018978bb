"""Failures as rows."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from mediacensus.failures import FailureLog, failure_row
from mediacensus.model import Failure, FailureKind, Severity
from mediacensus.parts import iter_rows

if TYPE_CHECKING:
    from pathlib import Path

_NOTICES = {FailureKind.SYMLINK_LOOP, FailureKind.LINKED_TWICE, FailureKind.NAME_NOT_UTF8}


@pytest.mark.parametrize("kind", list(FailureKind))
def test_only_what_loses_nothing_is_a_notice(kind: FailureKind) -> None:
    """Every kind is a failure, except those that leave nothing out."""
    assert kind.severity == (Severity.NOTICE if kind in _NOTICES else Severity.FAILURE)


def test_a_row_keeps_the_bytes_of_the_path() -> None:
    """Path and message are readable, and the bytes of the disk stand beside them."""
    path = os.fsdecode(b"/r/caf\xe9")
    row = failure_row(Failure(FailureKind.BROKEN_LINK, path, f"its target {path} is gone"))
    assert row == (
        r"/r/caf\xe9",
        b"/r/caf\xe9",
        "walk",
        "broken link",
        "failure",
        r"its target /r/caf\xe9 is gone",
    )


def test_a_log_is_a_part_and_counts_failures(tmp_path: Path) -> None:
    """Notices are written and not counted as failures."""
    with FailureLog(tmp_path / "f.parquet") as log:
        log.record(Failure(FailureKind.PARSE_ERROR, "/a", "x", phase="parse"))
        log.record(Failure(FailureKind.SYMLINK_LOOP, "/b", "y"))
    assert [row[0] for row in iter_rows(tmp_path / "f.parquet")] == ["/a", "/b"]
    assert log.failures == 1


def test_a_log_without_failures_is_an_empty_part(tmp_path: Path) -> None:
    """That nothing failed is on record, too."""
    with FailureLog(tmp_path / "f.parquet"):
        pass
    assert list(iter_rows(tmp_path / "f.parquet")) == []
