"""What a run is doing right now."""

from __future__ import annotations

import time

import pytest

from mediacensus.model import BatchSummary, Directory, Failure, FailureKind
from mediacensus.progress import Progress, current_progress, slowest_directory, time_left, watched
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


@pytest.mark.parametrize(("expected", "is_known"), [(None, False), (100, True), (10, False), (9, False)])
def test_an_earlier_run_tells_about_how_much_is_left(expected: int | None, is_known: bool) -> None:
    """While the walk goes on, the files of an earlier run are the total, until more have been found."""
    progress = Progress(parsing_since=time.monotonic() - 10, parsed=10, media_files=10)
    progress.expect(None if expected is None else {"files": {"media": expected}})
    assert (progress.remaining_seconds is not None) is is_known
    (said,) = time_left(progress)
    assert said.startswith("left: about 0:0") is is_known
    assert (said == "left: unknown") is not is_known


def test_what_is_left_is_never_nothing_before_the_end() -> None:
    """With one file to go some time is left; with none, parsing is over and other phases follow."""
    progress = Progress(parsing_since=time.monotonic() - 1, parsed=9_999, media_files=10_000)
    progress.is_walk_over = True
    assert time_left(progress) == ["left: 0:00:01"]
    progress.parsed += 1
    assert time_left(progress) == []


def test_the_slowest_directories_are_kept() -> None:
    """However many there are, the twenty that took longest stay, the slowest first."""
    progress = Progress()
    for number in range(100):
        progress.count_directory(Directory("/r", f"/r/{number}"), (number * 37 % 100) / 10)
    assert [seconds for seconds, _ in progress.slowest] == [each / 10 for each in range(99, 79, -1)]
    (said,) = slowest_directory(progress)
    assert said == "slowest: /r/27, 9.9 s"


def test_a_quick_disk_has_no_slowest_directory() -> None:
    """What takes no time is not worth a word."""
    progress = Progress()
    progress.count_directory(Directory("/r", "/r/a"), 0.01)
    assert slowest_directory(progress) == []


def test_a_run_writes_to_the_progress_that_is_watched() -> None:
    """Inside the block there is one progress, outside nobody's."""
    with watched() as progress:
        assert current_progress() is progress
        with watched() as inner:
            assert current_progress() is inner
        assert current_progress() is progress
    assert current_progress() is not progress
    assert current_progress() is not current_progress()
