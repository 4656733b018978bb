"""Batches of whole directories."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediacensus.model import Directory
from mediacensus.partition import BatchBounds, iter_groups
from tests.trees import companions, media


def _directory(number: int, films: int, subtitles: int = 0) -> Directory:
    names = [str(each) for each in range(max(films, subtitles))]
    return Directory("/r", f"/r/{number}", media(*names[:films]), companions(*names[:subtitles]))


@given(
    sizes=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10)), max_size=200),
    least=st.integers(1, 20),
    more=st.integers(0, 40),
)
def test_directories_are_never_split_lost_or_reordered(
    sizes: list[tuple[int, int]], least: int, more: int
) -> None:
    """All directories come out once and in order; each batch but the last is just as full as it must be."""
    bounds = BatchBounds(least, least + more)
    directories = [_directory(number, *size) for number, size in enumerate(sizes)]
    groups = list(iter_groups(directories, bounds))
    assert list(chain.from_iterable(groups)) == directories
    for batch_id, group in enumerate(groups):
        assert _fullness(group[:-1]) < bounds.files_in(batch_id)
        if group is not groups[-1]:
            assert _fullness(group) >= bounds.files_in(batch_id)


def _fullness(group: list[Directory]) -> int:
    return max(len(group), sum(len(each.media) + len(each.companions) for each in group))


@pytest.mark.parametrize(
    ("batch_id", "files"),
    [(0, 10), (49, 10), (50, 20), (99, 20), (100, 40), (150, 70), (10_000, 70), (10**9, 70)],
)
def test_batches_double_every_fifty_up_to_the_largest(batch_id: int, files: int) -> None:
    """Batches grow with the walk and stay within their bounds."""
    assert BatchBounds(10, 70).files_in(batch_id) == files


def test_a_million_files_make_a_moderate_number_of_batches() -> None:
    """The default bounds give the 50 to 200 batches a run should have."""
    bounds, files, batches = BatchBounds(), 0, 0
    while files < 1_000_000:
        files += bounds.files_in(batches)
        batches += 1
    assert 50 <= batches <= 200


def test_no_directories_make_no_batch() -> None:
    """An empty library has no batches."""
    assert list(iter_groups([], BatchBounds())) == []


def test_groups_are_made_lazily() -> None:
    """A group is there before the directory after it is asked for."""
    taken = []
    directories = (taken.append(number) or _directory(number, 1) for number in range(10))  # type: ignore[func-returns-value]
    assert len(next(iter_groups(directories, BatchBounds(2, 2)))) == 2
    assert taken == [0, 1]
