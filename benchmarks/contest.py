"""Running a race: every contestant in its own process, in turns, so that a slow minute of the machine hits all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.race import Race, Run, Runs, Size
from benchmarks.usage import descendants, memory_of_tree

ROOT = Path(__file__).resolve().parent.parent
_PAUSE = 0.05


class AnswersDiffer(Exception):
    """Two contestants did not do the same work; their figures say nothing."""


def runs_of(race: Race, module: str, size: Size, rounds: int) -> Runs:
    """Return the runs of all contestants of a race, having compared their answers.

    :raises AnswersDiffer: if two of them name the same part of the answer and differ in it
    :raises CalledProcessError: if one of them fails
    """
    runs: dict[str, list[Run]] = {each.name: [] for each in race.contestants}
    with TemporaryDirectory(prefix="makegood-bench-") as folder:
        data = Path(folder) / "data"
        data.mkdir()
        _run(race, module, size, "", data)
        for _ in range(rounds):
            for name, done in runs.items():
                done.append(_run(race, module, size, name, data))
                compare(race, runs)
    return runs


def _run(race: Race, module: str, size: Size, name: str, data: Path) -> Run:
    """Run one contestant, or the preparation if no name is given, and wait for it."""
    with TemporaryDirectory(dir=data.parent) as scratch:
        result = data.parent / "result.json"
        result.unlink(missing_ok=True)
        command = [
            sys.executable,
            "-m",
            "benchmarks.contestant",
            module,
            size,
            race.title,
            name,
            str(data),
            str(result),
        ]
        search = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        with subprocess.Popen(command, cwd=scratch, env=os.environ | {"PYTHONPATH": search}) as process:  # noqa: S603  # ourselves
            sampled = _watched(process, result)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, [race.title, name or "prepare"])
        if not name:
            return Run(0, 0, 0, {}, {}, {})
        run = Run(**json.loads(result.read_text("utf-8")))
        return replace(run, peak=max(run.peak, sampled))


def _watched(process: subprocess.Popen[bytes], result: Path) -> int:
    """Wait for a process; return the most memory that its tree was seen to have while the work went on.

    A process knows its own peak exactly; only what has children must be watched.
    """
    peak = 0
    while process.poll() is None:
        if result.exists() and not result.stat().st_size and descendants(process.pid):
            peak = max(peak, memory_of_tree(process.pid))
        time.sleep(_PAUSE)
    return peak


def compare(race: Race, runs: Runs) -> None:
    """Compare what the contestants answered so far.

    :raises AnswersDiffer: if two of them name the same part of the answer and differ in it
    """
    seen: dict[str, tuple[str, str]] = {}
    for name, done in runs.items():
        for run in done:
            for part, digest in run.digests.items():
                first, expected = seen.setdefault(part, (name, digest))
                if digest != expected:
                    raise AnswersDiffer(f"{race.title}: {first} and {name} differ in {part!r}")
