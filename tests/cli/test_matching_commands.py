"""``match``, ``review`` and ``pin``: matching explained, and people's decisions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from mediacensus import schema
from mediacensus.catalog import Catalog
from mediacensus.match import iter_candidate_rows, match_columns, match_row
from mediacensus.parts import PartWriter
from mediacensus.pins import Pins
from tests.commands import Census
from tests.match.conftest import TITLES, Asked, query_of
from tests.tmdb.catalogue import TitleSet
from tests.tmdb.server import LookAlike, look_alike

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TOKEN = "eyJhbGciOiJIUzI1NiJ9.look-alike.token"
_PATHS = (
    "/m/Films/The.Mummy.1080p.mkv",
    "/m/Films/The.Mummy.720p.mkv",
    "/m/Films/The.Mummy.1999.1080p.mkv",
    "/m/Films/Xyzzy.2011.mkv",
    "/m/Films/Heat (1995) {tmdb-9034}/Heat.mkv",
    "/m/TV/Doctor.Who.S01E01.mkv",
)


@pytest.fixture
def tmdb() -> Iterator[LookAlike]:
    """A look-alike of TMDB with the project's own titles."""
    with look_alike(TITLES, token=_TOKEN) as server:
        yield server


@pytest.fixture
def census(tmp_path: Path) -> Census:
    """The command line, with a catalog and no access to TMDB."""
    return Census(tmp_path / "catalog", {"TMDB_API_TOKEN": "", "TMDB_API_URL": ""})


@pytest.fixture
def scanned(census: Census) -> Census:
    """The command line, with a snapshot of a few files that were looked up."""
    catalog, source = Catalog(census.catalog), Asked(TitleSet.load(TITLES))
    with catalog.locked(), catalog.new_snapshot("20260131T204500Z-9f3a") as folder:
        with (
            PartWriter(folder / "entries/part-00000.parquet", schema.ENTRIES) as entries,
            PartWriter(folder / "matches/part-00000.parquet", schema.MATCHES) as matches,
            PartWriter(folder / "candidates/part-00000.parquet", schema.CANDIDATES) as candidates,
        ):
            seen = set()
            for path in _PATHS:
                query, found = query_of(path), source.asked_about(path)
                assert query is not None
                entry: dict[str, Any] = dict.fromkeys(schema.ENTRIES.names)
                entry |= {"path": path, "kind": "movie", "query_key": query.key}
                entry |= match_columns(entry, found)
                entries.write([entry[name] for name in schema.ENTRIES.names])
                if query.key not in seen:
                    seen.add(query.key)
                    matches.write(match_row(query.key, query, found))
                    for row in iter_candidate_rows(query.key, found):
                        candidates.write(row)
        catalog.publish(folder, {})
    return census


def test_match_shows_the_whole_reasoning(census: Census, tmdb: LookAlike) -> None:
    """``match`` prints what was asked, the decision, and every candidate with its distances and reasons."""
    census.settings.update(TMDB_API_TOKEN=_TOKEN, TMDB_API_URL=tmdb.url)

    done = census.run("match", "Rambo.1982.1080p.mkv", "Films/The.Mummy.mkv")

    assert done.returncode == 0, done.stderr
    first, second = done.stdout.strip().split("\n\n")
    assert "search movie 'Rambo' of 1982" in first
    assert "First Blood (1982), confidence 0.9" in first
    assert "title 0.02, year 0" in first
    assert "review" in second
    assert "the name gives no year" in second
    assert all(f"The Mummy ({year})" in second for year in (1932, 1959, 1999, 2017))


def test_match_prints_one_json_object_a_name(census: Census, tmdb: LookAlike) -> None:
    """With --json everything is there for programs."""
    census.settings.update(TMDB_API_TOKEN=_TOKEN, TMDB_API_URL=tmdb.url)

    done = census.run("match", "--json", "Heat.1995.mkv", "1080p.mkv")

    told, nothing = map(json.loads, done.stdout.splitlines())
    assert (told["resolution"]["status"], told["resolution"]["matched_title"]) == ("accepted", "Heat")
    assert told["asked"] == ["search movie 'Heat' of 1995"]
    assert nothing["query"] is None


def test_match_without_a_token_says_how_to_set_one(census: Census) -> None:
    """Without a token nothing is asked, and the message names the variable."""
    done = census.run("match", "Heat.1995.mkv")

    assert (done.returncode, done.stdout) == (2, "")
    assert "TMDB_API_TOKEN" in done.stderr


def test_match_with_a_wrong_token_ends(census: Census, tmdb: LookAlike) -> None:
    """A token that TMDB refuses is an error of the command, without the token."""
    census.settings.update(TMDB_API_TOKEN="wrong.token", TMDB_API_URL=tmdb.url)

    done = census.run("match", "Heat.1995.mkv", "Alien.1979.mkv")

    assert done.returncode == 2
    assert "TMDB_API_TOKEN" in done.stderr
    assert "wrong.token" not in done.stdout + done.stderr
    assert len(tmdb.requests) == 1


def test_review_lists_what_is_uncertain(scanned: Census) -> None:
    """``review`` shows every title that is open with its files, reasons and candidates; most files first."""
    done = scanned.run("review")

    assert done.returncode == 0, done.stderr
    blocks = done.stdout.strip().split("\n\n")
    assert [block.partition(":")[0] for block in blocks[:-1]] == [
        "The Mummy (no year, movie)",
        "Doctor Who (no year, series)",
        "Heat (1995, movie)",
        "Xyzzy (2011, movie)",
    ]
    assert "review, 2 files" in blocks[0]
    assert "/m/Films/The.Mummy.1080p.mkv" in blocks[0]
    assert "movie:9035" in blocks[0]
    assert "named by an id" in blocks[2]
    assert "no match" in blocks[3]
    assert blocks[-1] == "4 titles to look at."


def test_review_prints_json(scanned: Census) -> None:
    """With --json there is one object a title, with candidates."""
    done = scanned.run("review", "--json", "--limit", "2")

    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["status"], first["files"], first["pinned"]) == ("review", 2, None)
    assert first["candidates"][0]["link"] == "movie:9035"
    assert second["title"] == "Doctor Who"


def test_a_pin_is_kept_and_shown(scanned: Census) -> None:
    """``pin`` writes the decision beside the catalog, ``review`` shows it, ``--remove`` forgets it."""
    done = scanned.run("pin", "/m/Films/The.Mummy.1080p.mkv", "movie:9035")

    assert done.returncode == 0, done.stderr
    assert "pins.jsonl" in done.stdout
    assert Pins.load(scanned.catalog).works == {"/m/Films/The.Mummy.1080p.mkv": "movie:9035"}
    assert "pinned as movie:9035" in scanned.run("review").stdout

    scanned.run("pin", "/m/Films/The.Mummy.1080p.mkv", "--remove")
    assert Pins.load(scanned.catalog).works == {}


def test_a_folder_can_be_pinned(scanned: Census) -> None:
    """A pin says how many files it decides for."""
    assert "5 files" in scanned.run("pin", "/m/Films/", "none").stdout
    assert Pins.load(scanned.catalog).decision_for("/m/Films/a.mkv") == "none"


def test_a_pin_that_names_nothing_warns(scanned: Census) -> None:
    """A path without files is kept, since they may come, with a word about the spelling."""
    done = scanned.run("pin", "/m/Flims", "movie:1")

    assert done.returncode == 0
    assert "check the spelling" in done.stderr


@pytest.mark.parametrize("arguments", [("/m/a.mkv", "603"), ("/m/a.mkv",), ("/m/a.mkv", "none", "--remove")])
def test_a_pin_without_a_decision_is_refused(arguments: tuple[str, ...], scanned: Census) -> None:
    """What names no work changes nothing."""
    assert scanned.run("pin", *arguments).returncode == 2
    assert Pins.load(scanned.catalog).works == {}


def test_review_and_pin_need_a_catalog(census: Census) -> None:
    """Without a snapshot both say how to make one, and write nothing."""
    for arguments in (("review",), ("pin", "/m/a.mkv", "none")):
        done = census.run(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert "mediacensus scan" in done.stderr
    assert not census.catalog.exists()
