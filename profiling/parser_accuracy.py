"""How often names are read right, suite by suite: `python -m profiling.parser_accuracy`.

Runs the scorer beside the labelled suites (`MEDIACENSUS_CORPORA`), which needs babelfish. Its columns: core
is type, title, year, season, episode, absolute episode and date all right, all is every field that a suite
asserts. One row of ``runs.jsonl``, whose figures are exact: the same code gives the same.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import re
import runpy
import sys
from contextlib import redirect_stdout

from profiling.parser_names import CORPORA
from profiling.rows import keep, keep_option, new_row

# "sonarr     mediacensus.release    1322   93.8   1300   94.5 …"
_LINE = re.compile(
    r"^(?P<suite>\w+) +\S+ +(?P<cases>\d+) +(?P<core>[\d.]+) +\d+ +(?P<all>[\d.]+) ", re.MULTILINE
)


def read_table(text: str) -> tuple[dict[str, int], dict[str, float]]:
    """Return the cases of each suite, and the percentages that were right, from what the scorer prints."""
    cases: dict[str, int] = {}
    right: dict[str, float] = {}
    for line in _LINE.finditer(text):
        cases[line["suite"]] = int(line["cases"])
        right[f"{line['suite']}_core_percent"] = float(line["core"])
        right[f"{line['suite']}_all_percent"] = float(line["all"])
    return cases, right


def main() -> None:
    """Score the parser on every suite, passing further arguments on to the scorer."""
    scorer = CORPORA / "score.py"
    if not scorer.exists():
        sys.exit(f"no labelled suites in {CORPORA}; set MEDIACENSUS_CORPORA to where they are")
    if importlib.util.find_spec("babelfish") is None:
        sys.exit("the scorer compares languages with babelfish; install it with: pip install babelfish")
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    keep_option(parser)
    chosen, others = parser.parse_known_args()
    adapter = ["--parsers", "", "--adapter", "mediacensus.release:parse_as_guessit"]
    sys.argv = [str(scorer), *adapter, *others]
    with redirect_stdout(io.StringIO()) as out:
        runpy.run_path(str(scorer), run_name="__main__")
    print(out.getvalue())
    cases, right = read_table(out.getvalue())
    if right and not others:
        keep(new_row("accuracy", cases, exact=right), chosen.keep)


if __name__ == "__main__":
    main()
