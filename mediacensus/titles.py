"""The record of looking titles up: what was asked, where answers came from, and what that cost."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from mediacensus.measure import Phases

if TYPE_CHECKING:
    from mediacensus.lookup import Lookup
    from mediacensus.tmdb.client import TmdbClient

_MOST_REASONS: Final = 20


@dataclass(slots=True)
class TitlesRecord:
    """Gathers figures while titles are looked up."""

    entries: int = 0
    """Entries that ask something."""
    queries: int = 0
    """What they ask, each once."""
    bucket_queries: int = 0
    """Of these, answered as part of a bucket that Prefect had kept."""
    buckets: int = 0
    cached_buckets: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    """Queries by their match status."""
    steps: Phases = field(default_factory=Phases)
    """``sort``: spreading entries over buckets; ``look up``; ``fill``: writing the answers into entries."""

    def describe(self, lookup: Lookup, client: TmdbClient | None) -> dict[str, Any]:
        """Return the record as JSON-ready values; this is ``tmdb`` in ``run.json``.

        ``queries`` are what entries ask, each counted once. ``from_buckets`` were answered by Prefect's
        cache of whole buckets, ``from_answers`` by answers kept one by one, ``asked`` by TMDB in part at
        least. ``answers`` are single questions: from this process's memory, from the store, expired there,
        asked. ``negative`` are those from the store that said "nothing". Seconds of waits add up over the
        threads that waited. ``queries_per_second`` is over the step ``look up`` alone.
        """
        seconds = self.steps.seconds.get("look up", 0.0)
        asked = lookup.counts["queries asked"]
        calls = client.statistics.describe() if client is not None else {"calls": 0}
        stopped_by = client.stopped_by if client is not None else None
        return {
            "entries": self.entries,
            "queries": self.queries,
            "from_buckets": self.bucket_queries,
            "from_answers": max(0, self.queries - self.bucket_queries - asked),
            "asked": asked,
            "buckets": {"all": self.buckets, "cached": self.cached_buckets},
            "answers": {
                name: lookup.counts[name]
                for name in ("memory", "store", "negative", "expired", "asked", "not kept")
            },
            **calls,
            "calls_per_file": round(calls["calls"] / self.entries, 4) if self.entries else 0.0,
            "calls_if_one_per_file": self.entries,
            "statuses": dict(sorted(self.statuses.items())),
            "failures": dict(lookup.failures.most_common(_MOST_REASONS)),
            "stopped_by": None if stopped_by is None else str(stopped_by),
            "seconds": {name: round(each, 3) for name, each in self.steps.seconds.items()},
            "queries_per_second": round(self.queries / seconds, 1) if seconds else 0.0,
        }


def not_looked_up(reason: str) -> dict[str, Any]:
    """Return the record of a run that looked nothing up."""
    return {"queries": 0, "calls": 0, "not_looked_up": reason}
