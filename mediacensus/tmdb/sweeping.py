"""Keeping the cache of answers small: Prefect writes records and never removes one.

May run beside a census: a record that is removed while somebody wants it is asked for again.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from mediacensus.tmdb.keys import CACHE_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_BYTES: Final = 1024 * 1024 * 1024
"""Some 100,000 titles."""
_LEFTOVER_SECONDS: Final = 24 * 3600
"""A file that was being written longer ago has no writer any more."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did."""

    expired: int = 0
    """Records removed because their time is over, or that cannot be read."""
    removed_for_size: int = 0
    """Records removed to hold the limit, those that expire first."""
    left: int = 0
    left_bytes: int = 0


def sweep(folder: Path, most_bytes: int = MOST_BYTES, now: datetime | None = None) -> Swept:
    """Remove expired records of a cache folder, and then as many as hold it below a size.

    Records are looked at one by one, twice where the limit is passed, so memory does not grow with them.

    Args:
        folder: of the cache.
        most_bytes: of all records together.
        now: the time of day.
    """
    moment = now or datetime.now(UTC)
    expired = left = 0
    bytes_by_day: Counter[int] = Counter()
    for path in _iter_files(folder):
        expiration = _expiration_of(path)
        if expiration is None or expiration <= moment:
            expired += _remove(path)
            continue
        left += 1
        bytes_by_day[_day(expiration)] += os.path.getsize(path)
    removed = _shrink(folder, bytes_by_day, most_bytes)
    return Swept(expired, removed, left - removed, sum(bytes_by_day.values()))


def _shrink(folder: Path, bytes_by_day: Counter[int], most_bytes: int) -> int:
    """Remove the records that expire first until the rest fits, taking them off the count by day."""
    removed = 0
    over = sum(bytes_by_day.values()) - most_bytes
    if over <= 0:
        return 0
    last_day = _last_day_to_remove(bytes_by_day, over)
    for path in _iter_files(folder):
        expiration = _expiration_of(path)
        if expiration is not None and _day(expiration) <= last_day:
            bytes_by_day[_day(expiration)] -= os.path.getsize(path)
            removed += _remove(path)
    return removed


def _last_day_to_remove(bytes_by_day: Counter[int], over: int) -> int:
    """Return the day up to which records must go for so many bytes to be gone."""
    gone = 0
    for day in sorted(bytes_by_day):
        gone += bytes_by_day[day]
        if gone >= over:
            return day
    return max(bytes_by_day, default=0)


def _iter_files(folder: Path) -> Iterator[str]:
    """Yield the records of every version. What killed writers left goes; other things here are not seen."""
    for version in range(1, CACHE_VERSION + 1):
        for parent, _, names in os.walk(folder / f"v{version}"):
            for name in names:
                path = os.path.join(parent, name)
                if not name.endswith(".unfinished"):
                    yield path
                elif _age_seconds(path) > _LEFTOVER_SECONDS:
                    _remove(path)


def _age_seconds(path: str) -> float:
    try:
        return time.time() - os.path.getmtime(path)
    except OSError:
        return 0.0


def _expiration_of(path: str) -> datetime | None:
    """Return when one of Prefect's result records expires; None where it does not say."""
    try:
        with open(path, encoding="utf-8") as record:
            text: str = json.load(record)["metadata"]["expiration"]
        return datetime.fromisoformat(text)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _day(expiration: datetime) -> int:
    return expiration.toordinal()


def _remove(path: str) -> int:
    """Remove a file, and return how many that were: none where somebody else was first."""
    try:
        os.unlink(path)
    except OSError:
        return 0
    return 1
