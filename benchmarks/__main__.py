"""Run the benchmarks: ``./run bench [NAME…] [--size small|full] [--rounds N]``; only full ones are written down."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from signal import SIGTERM, signal
from statistics import median

from benchmarks.contest import AnswersDiffer, runs_of
from benchmarks.page import PAGE, part, rows, with_part
from benchmarks.race import Race, Runs, Size


def names() -> list[str]:
    """Return the modules beside this one that have races."""
    found = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.name.startswith("__"))
    return [name for name in found if hasattr(import_module(f"benchmarks.{name}"), "races")]


def run(name: str, size: Size, rounds: int) -> Iterator[tuple[Race, Runs]]:
    """Run all races of a module, and show each as it is done."""
    module = f"benchmarks.{name}"
    for race in import_module(module).races(size):
        runs = runs_of(race, module, size, rounds)
        print("\n".join(rows(race, runs)))
        for contestant, done in runs.items():
            print(f"    {contestant}: {median(run.cpu for run in done):.3f} s of CPU", flush=True)
        yield race, runs


def main() -> None:
    parser = ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("name", nargs="*", help="which to run; without any, all")
    parser.add_argument("--size", type=Size, choices=list(Size), default=Size.FULL)
    parser.add_argument("--rounds", type=int, help="how often each runs; without it 3 times, and once if small")
    given = parser.parse_args()
    signal(SIGTERM, lambda *_: sys.exit("bench: ended"))  # so that no data is left behind
    rounds = given.rounds or (3 if given.size is Size.FULL else 1)
    for name in given.name or names():
        try:
            text = part(name, given.size, rounds, run(name, given.size, rounds))
        except AnswersDiffer as different:
            sys.exit(f"bench: {different}")
        if given.size is not Size.FULL:
            continue
        page = PAGE.read_text("utf-8") if PAGE.exists() else ""
        PAGE.write_text(with_part(page, name, text), encoding="utf-8")


if __name__ == "__main__":
    main()
