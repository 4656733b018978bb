"""Names that other systems are known to match wrongly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.match.conftest import Asked

_RIGHT = """
CODA.2021.1080p.WEB-DL.mkv | CODA 2021
Joker.2019.1080p.BluRay.mkv | Joker 2019
Joker.2012.DVDRip.mkv | Joker 2012
Moon.2009.720p.mkv | Moon 2009
The.Twilight.Saga.New.Moon.2009.720p.mkv | The Twilight Saga: New Moon 2009
New.Moon.2009.720p.mkv | The Twilight Saga: New Moon 2009
Her.2013.1080p.mkv | Her 2013
Warcraft.2016.1080p.mkv | Warcraft 2016
Warcraft.The.Beginning.2016.1080p.mkv | Warcraft 2016
Max.2015.1080p.mkv | Max 2015
Mad.Max.1979.1080p.mkv | Mad Max 1979
The.Road.Warrior.1981.1080p.mkv | Mad Max 2 1981
RoboCop.1987.1080p.mkv | RoboCop 1987
Robocop (2014)/Robocop (2014).mkv | RoboCop 2014
The.Forest.2016.1080p.mkv | The Forest 2016
The.Forest.2018.1080p.mkv | The Forest 2018
The.Mummy.1932.mkv | The Mummy 1932
Mummy, The (1959).mkv | The Mummy 1959
The.Mummy.1999.2160p.mkv | The Mummy 1999
Mummy.The.2017.mkv | The Mummy 2017
Ghostbusters.1984.mkv | Ghostbusters 1984
Ghostbusters.2016.EXTENDED.mkv | Ghostbusters 2016
Ghostbusters.2.1989.mkv | Ghostbusters II 1989
Hero.2002.mkv | Hero 2002
英雄.2002.mkv | Hero 2002
Hero.1992.mkv | Hero 1992
Carter.2022.mkv | Carter 2022
Carter.2018.S01E03.mkv | Carter 2018
Darkness (2002)/Darkness.mkv | Darkness 2002
Army.of.Darkness.1992.mkv | Army of Darkness 1992
The.Office.UK.S02E03.mkv | The Office 2001
The Office (US)/Season 3/The Office - S03E10.mkv | The Office 2005
The.Office.S01E02.Work.Experience.mkv | The Office 2001
The.Office.S01E02.Diversity.Day.mkv | The Office 2005
Battlestar.Galactica.1978.S01E06.mkv | Battlestar Galactica 1978
Battlestar.Galactica.S01E01.33.mkv | Battlestar Galactica 2004
Battlestar.Galactica.2003.S02E01.mkv | Battlestar Galactica 2004
Doctor.Who.1963.S02E01.mkv | Doctor Who 1963
Doctor.Who.2005.S05E01.mkv | Doctor Who 2005
Doctor Who (2023)/Season 01/Doctor Who S01E02.mkv | Doctor Who 2024
Doctor.Who.S01E01.Rose.mkv | Doctor Who 2005
iCarly.2007.S01E01.mkv | iCarly 2007
iCarly.2021.S01E01.mkv | iCarly 2021
2001.A.Space.Odyssey.1968.2160p.mkv | 2001: A Space Odyssey 1968
2001.A.Space.Odyssey.2160p.mkv | 2001: A Space Odyssey 1968
1917.2019.1080p.mkv | 1917 2019
1883.S01E05.mkv | 1883 2021
(500) Days of Summer (2009).mkv | (500) Days of Summer 2009
500.Days.of.Summer.2009.mkv | (500) Days of Summer 2009
Blade.Runner.2049.2017.mkv | Blade Runner 2049 2017
Wonder.Woman.1984.2020.mkv | Wonder Woman 1984 2020
Wonder.Woman.1984.1080p.mkv | Wonder Woman 1984 2020
Rambo.1982.mkv | First Blood 1982
Star.Wars.Episode.III.Revenge.of.the.Sith.2005.mkv | Star Wars: Episode III - Revenge of the Sith 2005
Star.Wars.Episode.IV.A.New.Hope.1977.mkv | Star Wars 1977
Halloween.3.Season.of.the.Witch.1982.mkv | Halloween III: Season of the Witch 1982
Der.Herr.der.Ringe.Die.Gefaehrten.2001.German.mkv | The Lord of the Rings: The Fellowship of the Ring 2001
Amelie.AKA.Le.Fabuleux.Destin.dAmelie.Poulain.2001.mkv | Amélie 2001
Agents.of.SHIELD.S01E01.mkv | Marvel's Agents of S.H.I.E.L.D. 2013
Split.2016.mkv | Split 2017
The Grand Tour (2016)/Season 01/The Grand Tour S01E05.mkv | The Grand Tour 2016
"""
_OPEN = """
CODA.1080p.mkv
RoboCop.1080p.mkv
The.Forest.1080p.mkv
The.Mummy.1080p.mkv
Ghostbusters.1080p.mkv
Hero.1080p.mkv
Darkness.1080p.mkv
Max.1080p.mkv
It.1080p.mkv
The.Office.S01E01.mkv
Battlestar.Galactica.S01E01.mkv
Doctor.Who.S01E01.mkv
iCarly.S01E01.mkv
Carter.S01E01.mkv
The.Mummy.1983.mkv
Coda.2020.mkv
Chernobyl.2019.1080p.mkv
"""


def _lines(text: str) -> list[str]:
    return text.strip().splitlines()


@pytest.mark.parametrize("line", _lines(_RIGHT))
def test_names_that_tell_enough_are_matched_right(line: str, tmdb: Asked) -> None:
    """A name that tells one work from its namesakes is matched to that one."""
    path, _, expected = line.rpartition(" | ")

    found = tmdb.asked_about(path)

    assert (found.status, f"{found.matched_title} {found.matched_year}") == ("accepted", expected)


@pytest.mark.parametrize("path", _lines(_OPEN))
def test_names_that_tell_too_little_are_left_to_people(path: str, tmdb: Asked) -> None:
    """A name that fits several works, or none well, is reviewed, with its candidates and a reason."""
    found = tmdb.asked_about(path)

    assert (found.status, found.tmdb_id) == ("review", None)
    assert found.candidates
    assert found.reasons


@pytest.mark.parametrize(
    "path",
    [
        "Battlestar.Galactica.2003.S01E01.mkv",  # the miniseries, or the series as TheTVDB dates it
        "Battlestar.Galactica.2003.S01E05.mkv",
        "Battlestar.Galactica.2004.S01E01.mkv",
    ],
)
def test_databases_that_disagree_are_not_settled_by_chance(path: str, tmdb: Asked) -> None:
    """Where two databases give one work's year differently, the answer is right or left to people."""
    found = tmdb.asked_about(path)

    assert found.status == "review" or found.matched_year in (2003, 2004)
    assert {each.year for each in found.candidates[:2]} == {2003, 2004}
