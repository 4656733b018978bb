"""Bounds of batches, and directories that are too large for one."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediacensus.model import Directory
from mediacensus.partition import PIECE_FILES, BatchBounds, Extent, iter_pieces
from tests.trees import companions, media


@pytest.mark.parametrize(
    ("bounds", "batch_files", "seen_files", "is_full"),
    [
        (BatchBounds(10), 9, 9, False),
        (BatchBounds(10), 10, 10, True),
        (BatchBounds(10), 19, 320, False),
        (BatchBounds(10), 20, 320, True),
        (BatchBounds(10, 15), 14, 320, False),
        (BatchBounds(10, 15), 15, 320, True),
        (BatchBounds(10, 10), 10, 10**9, True),
    ],
)
def test_batches_grow_with_what_was_seen(
    bounds: BatchBounds, batch_files: int, seen_files: int, *, is_full: bool
) -> None:
    """A batch has its least number of files or a sixteenth of those seen, and never more than asked for."""
    assert bounds.is_full(Extent(batch_files), Extent(seen_files)) is is_full


@pytest.mark.parametrize("total", [100_000, 1_000_000, 10**9])
def test_a_library_of_any_size_makes_less_than_200_batches(total: int) -> None:
    """Task runs cost the same whatever they do: their number hardly grows with the library."""
    bounds, seen, batches = BatchBounds(), 0, 0
    while seen < total:
        low, high = 1, total
        while low < high:
            middle = (low + high) // 2
            is_full = bounds.is_full(Extent(middle), Extent(seen + middle))
            low, high = (low, middle) if is_full else (middle + 1, high)
        seen, batches = seen + low, batches + 1
    assert 5 < batches < 200


def test_long_paths_close_a_batch_before_its_files_do() -> None:
    """Bytes are bounded as well as files."""
    assert BatchBounds(100).is_full(Extent(99, 99 * 4_000), Extent(99, 99 * 4_000))
    assert not BatchBounds(100).is_full(Extent(99, 99 * 200), Extent(99, 99 * 200))


def test_an_extent_counts_every_row() -> None:
    """Files of both kinds count with their paths, a directory without any counts as one."""
    extent = Extent()
    extent.add(Extent.of(Directory("/r", "/r/d", media("a.mkv"), companions("a.srt"))))
    assert (extent.files, extent.bytes) == (2, 2 * len("/r/d") + 10)
    extent.add(Extent.of(Directory("/r", "/r/e", other_files=7)))
    assert extent.files == 3


def test_a_directory_of_ordinary_size_stays_whole() -> None:
    """What fits is passed on as it is."""
    directory = Directory("/r", "/r/d", media(*map(str, range(PIECE_FILES))), companions("x"), 3, 4)
    assert list(iter_pieces([directory])) == [directory]


@given(extra=st.integers(1, 2 * PIECE_FILES), owned=st.sets(st.integers(0, 3 * PIECE_FILES), max_size=20))
def test_a_very_large_directory_is_taken_in_pieces(extra: int, owned: set[int]) -> None:
    """All media stay in order, each companion is beside its owner, and counts are told once."""
    names = [f"{number:06}.mkv" for number in range(PIECE_FILES + extra)]
    subtitles = tuple(
        chain.from_iterable(
            companions(f"{names[number]}.srt", owner=names[number]) for number in owned if number < len(names)
        )
    )
    directory = Directory("/r", "/r/d", media(*names), (*companions("loose.srt"), *subtitles), 3, 4)
    pieces = list(iter_pieces([directory]))
    assert list(chain.from_iterable(piece.media for piece in pieces)) == list(directory.media)
    assert max(len(piece.media) for piece in pieces) == PIECE_FILES
    assert {each for piece in pieces for each in piece.companions} == set(directory.companions)
    for piece in pieces:
        assert {each.owner for each in piece.companions} <= {None, *(file.name for file in piece.media)}
    assert [(piece.other_files, piece.pruned) for piece in pieces] == [(3, 4), *[(0, 0)] * (len(pieces) - 1)]


def test_pieces_are_made_lazily() -> None:
    """A directory is passed on before the one after it is asked for."""
    taken = []
    directories = (taken.append(number) or Directory("/r", str(number)) for number in range(10))  # type: ignore[func-returns-value]
    assert next(iter_pieces(directories)).path == "0"
    assert taken == [0]
