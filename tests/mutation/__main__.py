"""Mutation testing: ``./run mutate [PATH…]`` changes the law line by line and asks whether a test notices.

Each path is a file or a room below ``src/makegood/engine``; without one, judging and money. First the tests of the room are
asked, and then, about what those did not notice, all that could. The work is done on a copy, so nothing here is touched. What
survived is printed as a difference; the last line is the score.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path

from tests.mutation.results import told
from tests.mutation.workshop import ENGINE, ROOMS, Workshop


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run mutate", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--children", type=int, default=1, help="how many trials at once")
    parser.add_argument("--tests", nargs="+", default=[], help="ask only these tests, once")
    parser.add_argument("--keep", type=Path, help="work in this folder and leave it; what it knows is not tried again")
    asked = parser.parse_args()
    files = sorted(set(_files(asked.paths or [ENGINE / room for room in ROOMS])))
    with nullcontext(asked.keep) if asked.keep else tempfile.TemporaryDirectory(prefix="makegood-mutate-") as folder:
        workshop = Workshop(Path(folder).resolve(), files)
        workshop.copy()
        for tests in [asked.tests] if asked.tests else workshop.rounds:
            workshop.ask(tests, children=asked.children)
            if all(trial.noticed for trial in workshop.trials()):
                break
        return told(workshop)


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        whole = path.resolve() if path.exists() else ENGINE / path
        yield from whole.rglob("*.py") if whole.is_dir() else [whole]


if __name__ == "__main__":
    sys.exit(main())
