"""Every error a caller may want to catch, in one tree.

::

    CensusError                 base: its text is what a user reads
    ├── RootError               a root is missing, unreadable, or overlaps another
    ├── ParameterError          a parameter cannot be what it was set to
    ├── CatalogError            the catalog folder cannot serve
    │   ├── CatalogBusyError    another run is writing to it
    │   ├── CatalogEmptyError   nothing has been published in it yet
    │   └── CatalogFormatError  a file in it is not what this version writes
    ├── QueryError              a query was refused or is wrong
    ├── RunError                a run began and could not be completed
    ├── ServerError             the Prefect server did not start or does not answer
    ├── ClusterError            the Dask scheduler cannot be reached or used
    └── TmdbError               TMDB gave no answer
        ├── TmdbUnreachableError    one request got no reply: no connection, a reset, a timeout
        └── TmdbRefusedError    it will not answer anything: the token is missing, wrong or blocked
            └── TmdbNotAskedError   it is not to be asked, and no earlier answer is known

Each text says what happened, to which path or address, and what to do next.
"""


class CensusError(Exception):
    """Base of everything mediacensus raises on purpose."""


class RootError(CensusError):
    """A root is missing, unreadable, or overlaps another root or the catalog."""


class ParameterError(CensusError):
    """A parameter has a value that cannot work."""


class CatalogError(CensusError):
    """The catalog folder cannot be read or written."""


class CatalogBusyError(CatalogError):
    """Another run holds the catalog's lock."""


class CatalogEmptyError(CatalogError):
    """The catalog has no published snapshot."""


class CatalogFormatError(CatalogError):
    """A file of the catalog cannot be understood."""


class QueryError(CensusError):
    """A query is not one that may be asked, or DuckDB rejects it."""


class RunError(CensusError):
    """A run began and could not be completed; what was published before still is."""


class ServerError(CensusError):
    """No Prefect server can be started or reached."""


class ClusterError(CensusError):
    """No Dask scheduler can be started or reached."""


class TmdbError(CensusError):
    """TMDB gave no answer: it could not be reached, was too busy, or sent what is no answer."""


class TmdbRefusedError(TmdbError):
    """TMDB answers nothing with this token, so there is no use in asking on."""


class TmdbUnreachableError(TmdbError):
    """One request got no complete reply."""

    def __init__(self, message: str, *, is_timeout: bool) -> None:
        super().__init__(message)
        self.is_timeout = is_timeout


class TmdbNotAskedError(TmdbRefusedError):
    """TMDB is not to be asked, and no earlier answer is known."""
