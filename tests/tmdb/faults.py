"""What can go wrong on demand."""

from __future__ import annotations

import threading
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something to happen in place of an answer."""

    kind: str
    """A status like ``429``; or ``reset``, ``hang``, ``truncated``, or a body: ``garbage``, ``html``,
    ``empty`` or ``odd``."""
    times: int = 1
    """How many requests it befalls."""
    path: str = ""
    """Part of the path and query of those requests."""
    retry_after: str | None = None
    seconds: float = 30.0
    """How long a hang lasts."""
    code: int | None = None
    """TMDB's own code in the body of an error."""

    @classmethod
    def parsed(cls, text: str) -> Fault:
        """Read ``429:times=3,retry_after=2,path=/search``."""
        kind, _, rest = text.partition(":")
        told = dict(each.split("=", 1) for each in rest.split(",") if each)
        types = {"times": int, "seconds": float, "code": int}
        unknown = told.keys() - {each.name for each in fields(cls)}
        if unknown:
            raise ValueError(f"a fault has no {', '.join(sorted(unknown))}")
        return cls(kind=kind, **{name: types.get(name, str)(value) for name, value in told.items()})


class Faults:
    """The faults still to happen, in order; for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: list[tuple[Fault, int]] = []

    def plan(self, *faults: Fault) -> None:
        """Add faults."""
        with self._lock:
            self._left += [(fault, fault.times) for fault in faults]

    def forget(self) -> None:
        """Have none of those that are left happen."""
        with self._lock:
            self._left.clear()

    def next_for(self, target: str) -> Fault | None:
        """Return the fault that befalls a request, and count it."""
        with self._lock:
            for place, (fault, times) in enumerate(self._left):
                if fault.path in target:
                    self._left[place : place + 1] = [(fault, times - 1)] if times > 1 else []
                    return fault
        return None
