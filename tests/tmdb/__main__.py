"""``python -m tests.tmdb``: serve a look-alike of TMDB until interrupted."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.tmdb.catalogue import TitleSet
from tests.tmdb.faults import Fault
from tests.tmdb.server import LookAlike
from tests.tmdb.service import Service

TITLES = Path(__file__).parent / "titles"


def main() -> None:
    """Serve until interrupted; the address is the first line on standard output."""
    parser = argparse.ArgumentParser(prog="python -m tests.tmdb", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument(
        "--data", type=Path, default=TITLES, help="folder of JSON lines; default: %(default)s"
    )
    parser.add_argument("--token", help="the only token let in; default: any")
    parser.add_argument("--latency-seconds", type=float, default=0.0)
    parser.add_argument(
        "--fault",
        action="append",
        type=Fault.parsed,
        default=[],
        metavar="KIND[:times=N,retry_after=S,path=TEXT,seconds=S,code=N]",
        help="repeatable; KIND is a status, reset, hang, garbage, truncated, html, empty or odd",
    )
    chosen = parser.parse_args()
    server = LookAlike(Service(TitleSet.load(chosen.data), chosen.token), chosen.port)
    server.latency_seconds = chosen.latency_seconds
    server.faults.plan(*chosen.fault)
    sys.stdout.write(server.url + "\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.over.set()
    sys.stdout.write(f"{len(server.requests)} requests\n")


if __name__ == "__main__":
    main()
