"""How often matches are right: ``python -m profiling.match_accuracy [--every N] [--fit]``.

Names are made of known works in the forms that real ones take, parsed, asked about and compared with the
work that is meant. Works come from `../shared/tmdb` where it is at hand (`MEDIACENSUS_TITLES`), else from the
tests' own set. Half of them, by a hash of their id, serve to choose thresholds; the other half is only
reported on.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mediacensus.match import resolve
from mediacensus.queries import query_of_release
from mediacensus.release import parse_release_name
from profiling.match_names import iter_movie_names, iter_series_names
from tests.tmdb.catalogue import TitleSet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mediacensus.match import Resolution
    from mediacensus.tmdb.source import Answer, SearchKind, WorkKind
    from profiling.match_names import Labelled

_OWN = Path(__file__).parents[1] / "tests" / "tmdb" / "titles"
_SHARED = Path(os.environ.get("MEDIACENSUS_TITLES", Path(__file__).parents[2] / "shared" / "tmdb"))
_CALIBRATION = Path(__file__).parents[1] / "mediacensus" / "match" / "calibration.toml"
_EDGES = (-1.0, 0.5, 0.7, 0.8, 0.9, 0.935, 0.95, 0.965, 0.98, 0.995)
"""Where the steps of the calibration begin; steps that are right less often than the one below join it."""
_STEPS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.88, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99, 0.995, 1.0)


class Counting:
    """A source that counts what it is asked."""

    def __init__(self, titles: TitleSet) -> None:
        self._titles = titles
        self.calls: Counter[str] = Counter()

    def search(self, kind: SearchKind, title: str, *, year: int | None = None, page: int = 1) -> Answer:
        """Count and answer a search."""
        self.calls["search"] += 1
        return self._titles.search(kind, title, year=year, page=page)

    def details(self, kind: WorkKind, tmdb_id: int, append: tuple[str, ...] = ()) -> Answer | None:
        """Count and answer a question for details."""
        self.calls["details"] += 1
        return self._titles.details(kind, tmdb_id, append)

    def find(self, source: str, external_id: str) -> Answer:
        """Count and answer a question by another database's id."""
        self.calls["find"] += 1
        return self._titles.find(source, external_id)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one name."""

    name: Labelled
    resolution: Resolution | None
    """None where the parser found nothing to ask about."""

    @property
    def is_accepted(self) -> bool:
        """Whether a work was chosen."""
        return self.resolution is not None and self.resolution.status == "accepted"

    @property
    def is_wrong(self) -> bool:
        """Whether another work was chosen than is meant."""
        return self.is_accepted and not self.is_right

    @property
    def is_right(self) -> bool:
        """Whether the nearest work is the one that is meant, chosen or not."""
        if self.resolution is None or not self.resolution.candidates:
            return False
        nearest = self.resolution.candidates[0]
        return (nearest.kind, nearest.tmdb_id) == (self.name.kind, self.name.tmdb_id)


def iter_outcomes(names: Iterable[Labelled], source: Counting) -> Iterator[Outcome]:
    """Parse, ask and decide, name by name."""
    for name in names:
        *parents, last = name.path.split("/")
        query = query_of_release(parse_release_name(last, parents), name.path)
        yield Outcome(name, None if query is None else resolve(query, source))


def print_forms(outcomes: Sequence[Outcome]) -> None:
    """Print precision and coverage by the form of the names."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[outcome.name.form].append(outcome)
    print(f"{'form':18}{'names':>8}{'accepted':>10}{'right':>10}{'nearest right':>15}")
    for form, group in [*sorted(groups.items()), ("all", list(outcomes))]:
        accepted = [each for each in group if each.is_accepted]
        right = sum(each.is_right for each in accepted)
        nearest = sum(each.is_right for each in group) / len(group)
        share = right / len(accepted) if accepted else 0
        print(f"{form:18}{len(group):8}{len(accepted) / len(group):10.2%}{share:10.3%}{nearest:15.2%}")


def print_thresholds(outcomes: Sequence[Outcome]) -> None:
    """Print precision and coverage over the certainty from which on works would be accepted."""
    print(f"{'certainty from':>14}{'coverage':>10}{'right':>10}{'wrong':>7}")
    for step in _STEPS:
        above = [each for each in outcomes if _certainty(each) >= step]
        right = sum(each.is_right for each in above)
        if above:
            print(
                f"{step:14}{len(above) / len(outcomes):10.2%}{right / len(above):10.3%}{len(above) - right:7}"
            )


def print_reliability(outcomes: Sequence[Outcome]) -> None:
    """Print how often each confidence was right: a calibrated one is right as often as it says."""
    groups: dict[float, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.resolution is not None and outcome.resolution.confidence is not None:
            groups[outcome.resolution.confidence].append(outcome)
    print(f"{'confidence':>10}{'names':>8}{'right':>10}")
    for confidence, group in sorted(groups.items()):
        print(f"{confidence:10}{len(group):8}{sum(each.is_right for each in group) / len(group):10.2%}")


def _certainty(outcome: Outcome) -> float:
    certainty = None if outcome.resolution is None else outcome.resolution.certainty
    return -1.0 if certainty is None else certainty


def fit(outcomes: Sequence[Outcome]) -> list[tuple[float, int, int]]:
    """Return (certainty from which on, names, right ones) of each step, the share of right ones rising."""
    steps: list[tuple[float, int, int]] = []
    for edge, end in zip(_EDGES, (*_EDGES[1:], 2.0), strict=True):
        step = [each for each in outcomes if edge <= _certainty(each) < end and each.resolution is not None]
        names, right = len(step), sum(each.is_right for each in step)
        while steps and names * steps[-1][2] >= right * steps[-1][1]:
            edge, more, more_right = steps.pop()  # noqa: PLW2901 - the steps become one
            names, right = names + more, right + more_right
        steps.append((edge, names, right))
    return steps


def write_calibration(steps: Sequence[tuple[float, int, int]], origin: str) -> None:
    """Write the steps; one name is added to either side, so that nothing is ever certain."""
    lines = [
        "# From which certainty on which part of the nearest works was right; written by",
        "# `python -m profiling.match_accuracy --fit` from the half of the names that serves for it:",
        f"# {origin}.",
        "# The threshold is the confidence from which on a work without a rival is accepted.",
        "threshold = 0.97",
    ]
    for edge, names, right in steps:
        confidence = round((right + 1) / (names + 2), 4)
        lines += [
            "",
            "[[step]]",
            f"certainty = {edge}",
            f"confidence = {confidence}",
            f"names = {names}",
            f"right = {right}",
        ]
    _CALIBRATION.write_text("\n".join(lines) + "\n", encoding="utf-8")


def print_wrong(outcomes: Iterable[Outcome], most: int) -> None:
    """Print names that were accepted as another work."""
    for name, found in [(each.name, each.resolution) for each in outcomes if each.is_wrong][:most]:
        if found is not None:
            chosen = f"{found.tmdb_id} {found.matched_title} ({found.matched_year})"
            print(f"  {name.path}: meant {name.tmdb_id}, chosen {chosen}")


def print_open(outcomes: Iterable[Outcome], most: int) -> None:
    """Print names that were left to people, a sample of them."""
    left = [each for each in outcomes if not each.is_accepted]
    for outcome in left[:: max(1, len(left) // most)] if most else ():
        found = outcome.resolution
        told = "asks nothing" if found is None else f"{found.status} {found.certainty} {found.reasons}"
        print(f"  {outcome.name.path} [{outcome.name.form}]: {told}")


def print_half(half: Sequence[Outcome]) -> None:
    """Print all tables of one half."""
    print_forms(half)
    print_thresholds(half)
    print_reliability(half)


def main() -> None:
    """Score both halves and print the tables."""
    options = _options()
    titles = TitleSet.load(_SHARED if _SHARED.is_dir() and not options.own else _OWN)
    source = Counting(titles)
    groups = {
        "movies": iter_movie_names(titles, options.every),
        "well known series": iter_series_names(titles, counted=True, every=max(1, options.every // 4)),
        "any series": iter_series_names(titles, counted=False, every=options.every * 8),
    }
    chosen: list[Outcome] = []
    for label, names in groups.items():
        if options.only not in label:
            continue
        began, before = time.perf_counter(), source.calls.total()
        outcomes = list(iter_outcomes(names, source))
        if not outcomes:
            continue
        calls = (source.calls.total() - before) / len(outcomes)
        milliseconds = (time.perf_counter() - began) / len(outcomes) * 1e3
        print(f"\n# {label}: {len(outcomes)} names, {calls:.2f} calls and {milliseconds:.2f} ms a name")
        ours = [each for each in outcomes if each.name.is_for_choosing]
        kept_back = [each for each in outcomes if not each.name.is_for_choosing]
        print("\n## the half that thresholds are chosen on")
        print_half(ours)
        print_wrong(ours, options.wrong)
        print_open(ours, options.open)
        print("\n## the half kept back")
        print_half(kept_back)
        chosen += ours
    if options.fit:
        write_calibration(fit(chosen), f"{len(chosen)} names of one work in {options.every}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="take every n-th work")
    parser.add_argument("--only", default="", help="movies, well, any: groups whose label holds this")
    parser.add_argument("--own", action="store_true", help="use the tests' own titles")
    parser.add_argument("--fit", action="store_true", help="write the calibration")
    parser.add_argument("--wrong", type=int, default=0, help="show so many wrong matches")
    parser.add_argument("--open", type=int, default=0, help="show so many names left to people")
    return parser.parse_args()


if __name__ == "__main__":
    main()
