"""How often names are read right, suite by suite: `python -m profiling.parser_accuracy`.

Runs the scorer beside the labelled suites (`MEDIACENSUS_CORPORA`). Its columns: core is type, title, year,
season, episode, absolute episode and date all right, all is every field that a suite asserts.
"""

from __future__ import annotations

import runpy
import sys

from profiling.parser_names import CORPORA


def main() -> None:
    """Score the parser on every suite, passing further arguments on to the scorer."""
    scorer = CORPORA / "score.py"
    if not scorer.exists():
        sys.exit(f"no labelled suites in {CORPORA}; set MEDIACENSUS_CORPORA to where they are")
    adapter = ["--parsers", "", "--adapter", "mediacensus.release:parse_as_guessit"]
    sys.argv = [str(scorer), *adapter, *sys.argv[1:]]
    runpy.run_path(str(scorer), run_name="__main__")


if __name__ == "__main__":
    main()
