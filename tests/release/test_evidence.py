"""For each field, the rule that read it: what a confidence can be made of."""

from __future__ import annotations

import pytest

from mediacensus.release import parse_folder, parse_release_name


@pytest.mark.parametrize(
    ("name", "parents", "field", "rule"),
    [
        ("Harbour.Lights.S02E05.1080p.WEB-DL.x264-GRP.mkv", (), "episodes", "numbering"),
        ("Harbour.Lights.S02E05.1080p.WEB-DL.x264-GRP.mkv", (), "source", "word"),
        ("[Kumori] Hagane - 05 [720p].mkv", (), "absolute_episodes", "number after a dash"),
        ("02 - Night Ferry.mkv", ("Copper Mile", "Season 1"), "episodes", "leading number"),
        ("02 - Night Ferry.mkv", ("Copper Mile", "Season 1"), "seasons", "folder"),
        ("02 - Night Ferry.mkv", ("Copper Mile", "Season 1"), "title", "folder"),
        ("Winter.Static.2011.EXTENDED.1080p.BluRay.mkv", (), "editions", "weak word"),
        ("Winter Static {tmdb-12}.mkv", (), "ids", "id"),
    ],
)
def test_a_field_names_the_rule_that_read_it(
    name: str, parents: tuple[str, ...], field: str, rule: str
) -> None:
    """What says so itself, what goes by company or place, and what a folder says can be told apart."""
    assert dict(parse_release_name(name, parents).evidence)[field] == rule


def test_names_read_together_have_the_same_evidence() -> None:
    """A name that is read by its sibling's pattern carries the evidence it would have alone."""
    names = [f"Harbour.Lights.S02E{number:02}.1080p.WEB-DL.x264-GRP.mkv" for number in range(1, 4)]
    assert [each.evidence for each in parse_folder(names)] == [parse_release_name(n).evidence for n in names]
