"""The process of one contestant: ``python -m benchmarks.contestant MODULE SIZE RACE CONTESTANT DATA RESULT``.

Without a name of a contestant it prepares the data. The file RESULT appears when the work begins, and is filled in
when it is done.
"""

from __future__ import annotations

import gc
import hashlib
import json
import sys
from dataclasses import asdict
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.race import Contestant, Race, Races, Run, Size
from benchmarks.usage import cpu_of_tree, forget_peak, peak

# Of which packages a result depends on the version.
PACKAGES = ("numpy", "pyarrow", "numba", "duckdb", "polars", "ray", "pysail", "businesstimedelta", "timegrid")


def found(module: str, size: Size, title: str) -> Race:
    """Return the race of a module by its title."""
    races: Races = import_module(module).races
    return next(race for race in races(size) if race.title == title)


def measured(contestant: Contestant, data: Path, result: Path) -> Run:
    """Let a contestant get ready, then measure its work."""
    given = contestant.ready(data)
    gc.collect()
    forget_peak()
    result.touch()
    cpu, wall = cpu_of_tree(), perf_counter()
    answer = contestant.work(given)
    cpu, wall = cpu_of_tree() - cpu, perf_counter() - wall
    digests = {name: digest(part) for name, part in answer.parts.items()}
    return Run(cpu, wall, peak(), digests, dict(answer.figures), _versions())


def digest(part: object) -> str:
    """Return what equal parts have in common: whole numbers of any width in arrays are equal if the numbers are."""
    array: Any = part if getattr(part, "ndim", 0) else None
    if array is not None:
        part = (array.astype("<i8") if array.dtype.kind in "iub" else array).tobytes()
    if isinstance(part, bytes):
        return hashlib.sha256(part).hexdigest()
    return hashlib.sha256(json.dumps(part, sort_keys=True, default=_plain).encode()).hexdigest()


def _plain(value: object) -> object:
    """Return a number of an array as a number, and anything else as its text."""
    item = getattr(value, "item", None)
    return item() if item is not None else str(value)


def _versions() -> dict[str, str]:
    return {name: version(name) for name in PACKAGES if name in sys.modules}


def main() -> None:
    module, size, title, name, data, result = sys.argv[1:]
    race = found(module, Size(size), title)
    if not name:
        race.prepare(Path(data))
        return
    run = measured(race.contestant(name), Path(data), Path(result))
    Path(result).write_text(json.dumps(asdict(run)), encoding="utf-8")


if __name__ == "__main__":
    main()
