"""The parameters of a census, as Prefect's form, a deployment and the command line all set them."""

from __future__ import annotations

import os
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from mediacensus import __version__
from mediacensus.catalog import Catalog, default_catalog
from mediacensus.errors import ParameterError
from mediacensus.partition import BatchBounds
from mediacensus.release import PARSER_VERSION
from mediacensus.tmdb.budget import CONNECTIONS, REQUESTS_PER_SECOND
from mediacensus.tmdb.sweeping import MOST_BYTES
from mediacensus.walk import WalkRules

_MOST_BATCH_FILES = 10_000_000
_MEBIBYTE = 1024 * 1024
_Folder = Annotated[str, Field(pattern="^[/~]")]
"""From / or ~ on: relative to a worker's current folder it would be anywhere."""
_Nothing = SkipJsonSchema[None]
"""Left empty. In the schema it would make of a box in Prefect's form a switch between "int" and "None"."""


def _drop_empty_defaults(schema: dict[str, Any]) -> None:
    """Leave out defaults of nothing: Prefect takes nothing for a value only where no default is named."""
    for described in schema["properties"].values():
        if described.get("default", ...) is None:
            del described["default"]


class CensusParameters(BaseModel):
    """What to take a census of, where to write it, and with how much of the machine."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra=_drop_empty_defaults)

    roots: Annotated[list[_Folder], Field(min_length=1)] = Field(
        title="Library folders",
        description="Directory trees of movies, series or anime, from / or ~ on. They are only ever read.",
    )
    catalog: _Folder | _Nothing = Field(
        default=None,
        title="Catalog folder",
        description="Where snapshots are kept; outside the library. Default: MEDIACENSUS_CATALOG, "
        "else a folder in the user's data directory.",
    )
    lookup: Literal["cached", "refresh", "offline"] = Field(
        default="cached",
        title="Look titles up",
        description="cached: ask TMDB for what is not known from earlier runs. refresh: ask for everything "
        "again. offline: ask nothing, and take what is known. The token is no parameter: it comes from the "
        "environment (TMDB_API_TOKEN) or from a Secret block, mediacensus-tmdb-token.",
    )
    tmdb_language: str = Field(
        default="en-US",
        pattern=r"^[a-z]{2}(-[A-Z]{2})?$",
        title="Language of titles",
        description="In which TMDB's titles are cataloged, as de-DE. Names are matched in every language.",
    )
    ignore_patterns: list[str] = Field(
        default=[],  # pydantic copies it; a factory's value would be missing from Prefect's form
        title="Leave out",
        description="Gitignore patterns relative to each library folder. .plexignore, .ignore and .nomedia "
        "in the library are obeyed as well.",
    )
    media_extensions: Annotated[list[str], Field(min_length=1)] | _Nothing = Field(
        default=None,
        title="What counts as media",
        description="File extensions without the dot; a single * counts every file that is no subtitle, "
        "artwork or other companion. Default: the usual ones of video files and disc images, mkv, mp4, iso "
        "and some sixty more.",
    )
    fresh: bool = Field(
        default=False,
        title="Start anew",
        description="Leave aside what an unfinished run with the same folders and rules has parsed already.",
    )
    workers: Annotated[int, Field(ge=1, le=256)] | _Nothing = Field(
        default=None,
        title="Worker processes",
        description="Processes that parse, on this machine. Default: one for each core.",
    )
    dask_address: Annotated[str, Field(pattern=r"^(tcp|tls|ucx)://[^\s/]+$")] | _Nothing = Field(
        default=None,
        title="Dask scheduler",
        description="Address of a running scheduler, tcp://host:8786, in place of local workers. Its "
        "workers need mediacensus installed and must see the catalog folder under the same path. "
        "Default: none.",
    )
    walk_concurrency: Annotated[int, Field(ge=1, le=256)] | _Nothing = Field(
        default=None,
        title="Listings at once",
        description="How many folders to list at once on each storage device. Default: 1 on local disks, "
        "16 on network file systems.",
    )
    min_batch_files: int = Field(
        default=BatchBounds().min_files,
        ge=1,
        le=_MOST_BATCH_FILES,
        title="Files in the first batches",
        description="Batches grow from here while the walk goes on. Only a very large directory is split.",
    )
    max_batch_files: Annotated[int, Field(ge=1, le=_MOST_BATCH_FILES)] | _Nothing = Field(
        default=BatchBounds().max_files,
        title="Files in the largest batches",
        description="Default: a sixteenth of what was seen before, so that no library makes 200 batches.",
    )
    tmdb_requests_per_second: float = Field(
        default=REQUESTS_PER_SECOND,
        gt=0,
        le=40,
        title="Requests to TMDB per second",
        description="For all of the run. TMDB's limit is about 40, for all users of one network address.",
    )
    tmdb_connections: int = Field(
        default=CONNECTIONS,
        ge=1,
        le=20,
        title="Connections to TMDB",
        description="For all of the run. TMDB's limit is 20, for all users of one network address.",
    )
    record: bool = Field(
        default=True,
        title="Record time and memory",
        description="Measure each batch on its worker and sample the memory of all processes once a second. "
        "Without it the run says what it found, and nothing of what that took.",
    )
    profile: bool = Field(
        default=False,
        title="Profile the run",
        description="Serve Dask's dashboard while the run lasts, sample what all its processes do, and keep "
        "Dask's performance report, flame graphs and stacks in the snapshot's folder 'profile'. Needs bokeh; "
        "costs some 100 MB and a few per cent of speed.",
    )

    @model_validator(mode="after")
    def _check_bounds(self) -> Self:
        if self.max_batch_files is not None and self.min_batch_files > self.max_batch_files:
            raise ValueError(
                "the first batches cannot be larger than the largest: min_batch_files > max_batch_files"
            )
        if self.dask_address is not None and self.workers is not None:
            raise ValueError("workers are the local ones; a Dask scheduler has its own. Give one of the two")
        return self

    @model_validator(mode="after")
    def _check_rules(self) -> Self:
        try:
            self.walk_rules()
        except ParameterError as error:
            raise ValueError(str(error)) from error
        return self

    def open_catalog(self) -> Catalog:
        """Return the catalog these parameters name."""
        return Catalog(self.catalog or default_catalog())

    def walk_rules(self) -> WalkRules:
        """Return what the walk takes and leaves out."""
        return WalkRules.chosen(self.media_extensions, self.ignore_patterns)

    def batch_bounds(self) -> BatchBounds:
        """Return how large batches are."""
        return BatchBounds(self.min_batch_files, self.max_batch_files)

    def plan(self, roots: tuple[str, ...]) -> dict[str, Any]:
        """Return what decides which entries a run makes; an unfinished run with the same can be continued."""
        return {
            "roots": list(roots),
            "media_extensions": sorted(self.walk_rules().media_extensions),
            "ignore_patterns": self.ignore_patterns,
            "parser": PARSER_VERSION,
            "mediacensus": __version__,
        }

    def local_workers(self) -> int:
        """Return how many worker processes to start on this machine."""
        return self.workers or _usable_cores()


class SweepParameters(BaseModel):
    """Which cache of TMDB's answers to sweep, and how large it may be."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra=_drop_empty_defaults)

    catalog: _Folder | _Nothing = Field(
        default=None,
        title="Catalog folder",
        description="Whose cache to sweep. Default: MEDIACENSUS_CATALOG, else a folder in the user's data "
        "directory.",
    )
    max_mebibytes: int = Field(
        default=MOST_BYTES // _MEBIBYTE,
        ge=0,
        le=1024 * 1024,
        title="Size in mebibytes",
        description="How large the kept answers may be together. Those that expire first are removed first.",
    )

    def open_catalog(self) -> Catalog:
        """Return the catalog these parameters name."""
        return Catalog(self.catalog or default_catalog())

    @property
    def max_bytes(self) -> int:
        """How large the kept answers may be together."""
        return self.max_mebibytes * _MEBIBYTE


def _usable_cores() -> int:
    """Return how many cores this process may use, where the system tells (Linux), else how many there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
