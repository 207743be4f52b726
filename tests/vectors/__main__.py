"""``python -m tests.vectors FILE… [--show ID]``: try vectors through the language, and count what came out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.vectors.kinds import KINDS
from tests.vectors.trial import CannotSay, Trial

Vector = Mapping[str, Any]


def tried(vector: Vector) -> tuple[Trial, list[str]]:
    """Return what a vector became, and what is wrong with it: nothing if it came out as expected."""
    translation = KINDS.get(vector["kind"])
    if translation is None:
        return Trial(), [f"cannot say: vectors of the kind {vector['kind']}"]
    try:
        trial = translation(vector["given"])
    except CannotSay as gap:
        return Trial(), [f"cannot say: {gap}"]
    missing = object()
    wrong = [
        f"{name} is {trial.found.get(name, 'not told')!r}, expected {expected!r}"
        for name, expected in vector["expect"].items()
        if trial.found.get(name, missing) != expected
    ]
    return trial, wrong


def vectors(path: Path) -> list[Vector]:
    """Return the vectors of a file."""
    found: list[Vector] = json.loads(path.read_text(encoding="utf-8"))["vectors"]
    return found


def _shown(vector: Vector, trial: Trial) -> Iterator[str]:
    yield f"\n--- {vector['id']}: {vector['title']}\n{vector.get('why', '')}\n"
    yield trial.document
    yield from (f"  {record}" for record in trial.records)
    yield f"found: {trial.found}\nexpected: {vector['expect']}\n"


def main(words: list[str]) -> int:
    """Try the vectors of all files; the exit code is 1 if one failed."""
    shown = set()
    if "--show" in words:
        place = words.index("--show")
        shown = set(words[place + 1 : place + 2])
        words = words[:place] + words[place + 2 :]
    passed = failed = 0
    for vector in (vector for word in words for vector in vectors(Path(word))):
        trial, wrong = tried(vector)
        passed, failed = (passed, failed + 1) if wrong else (passed + 1, failed)
        print(f"{'FAIL' if wrong else 'pass'}  {vector['id']:6} {vector['kind']:18} {'; '.join(wrong)}".rstrip())  # noqa: T201
        if vector["id"] in shown:
            print("\n".join(_shown(vector, trial)))  # noqa: T201
    print(f"{passed} passed, {failed} failed")  # noqa: T201
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
