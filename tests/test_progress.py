"""What a run is doing right now."""

from __future__ import annotations

import time

import pytest

from mediacensus.model import BatchSummary, Directory, Failure, FailureKind
from mediacensus.progress import Progress, current_progress, watched
from tests.trees import companions, media


def summary(batch_id: int = 0, *, files: int = 10, titled: int = 8, failures: int = 1) -> BatchSummary:
    """Return what parsing a batch of some files came to."""
    return BatchSummary(batch_id, files, titled, failures, 0.0, 2.0, 1.0, 1024 * 1024, "VmHWM", "host:1")


def test_directories_are_counted() -> None:
    """Every kind of file has its count, and the last directory is named."""
    progress = Progress()
    progress.count_directory(Directory("/r", "/r/a", media("a", "b"), companions("c"), 3, 4))
    progress.count_directory(Directory("/r", "/r/b", media("d")))
    assert (progress.directories, progress.media_files, progress.companions) == (2, 3, 1)
    assert (progress.other_files, progress.pruned, progress.files) == (3, 4, 7)
    assert progress.directory == "/r/b"


@pytest.mark.parametrize("kind", list(FailureKind))
def test_notices_are_no_failures(kind: FailureKind) -> None:
    """A problem is counted once, by its severity."""
    progress = Progress()
    progress.count_failure(Failure(kind, "/x", ""))
    notice = kind.severity.value == "notice"
    assert (progress.failures, progress.notices) == (int(not notice), int(notice))


def test_batches_are_counted() -> None:
    """Parsed files and failures add up over batches."""
    progress = Progress()
    progress.count_batch(summary())
    progress.count_batch(summary(1, files=5, failures=0))
    assert (progress.parsed, progress.failures) == (15, 1)


@pytest.mark.parametrize(
    ("parsing_since", "parsed", "is_known"),
    [(None, 5, False), (time.monotonic() - 10, 0, False), (time.monotonic() - 10, 5, True)],
)
def test_a_rate_is_told_once_it_is_known(parsing_since: float | None, parsed: int, is_known: bool) -> None:
    """Before the first batch is back there is no rate."""
    progress = Progress(parsing_since=parsing_since, parsed=parsed)
    assert (progress.files_per_second > 0) is is_known


def test_the_time_left_is_unknown_while_the_walk_goes_on() -> None:
    """Only a known total gives a time left."""
    progress = Progress(parsing_since=time.monotonic() - 10, parsed=10, media_files=10)
    assert progress.remaining_seconds is None


@pytest.mark.parametrize(("parsed", "is_over"), [(5, False), (10, True)])
def test_the_time_left_is_that_of_what_is_left(parsed: int, is_over: bool) -> None:
    """It is positive while files are left, and nothing when all are parsed."""
    since = time.monotonic() - 10
    progress = Progress(parsing_since=since, parsed=parsed, media_files=10, is_walk_over=True)
    assert (progress.remaining_seconds == 0) is is_over


def test_a_run_writes_to_the_progress_that_is_watched() -> None:
    """Inside the block there is one progress, outside nobody's."""
    with watched() as progress:
        assert current_progress() is progress
        with watched() as inner:
            assert current_progress() is inner
        assert current_progress() is progress
    assert current_progress() is not progress
    assert current_progress() is not current_progress()
