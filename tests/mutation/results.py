"""What is told of the changes: those that nobody noticed as differences, and the score."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import chdir
from itertools import groupby

from mutmut.mutation.diff_apply import get_diff_for_mutant

from tests.mutation.workshop import NOTICED, Trial, Workshop


def told(workshop: Workshop) -> int:
    """Print every change that was not noticed, and the score of each file and of all; 1 if there are such changes."""
    trials = list(workshop.trials())
    left = [trial for trial in trials if not trial.noticed]
    with chdir(workshop.folder):
        for trial in left:
            diff = get_diff_for_mutant(trial.name, path=trial.file)
            sys.stdout.write(f"--- {trial.end}: {trial.name}\n{diff}\n\n")
    for file, found in groupby(trials, key=lambda trial: trial.file):
        sys.stdout.write(f"{file.as_posix()}: {_score(found)}\n")
    sys.stdout.write(f"{len(workshop.files)} files, {_score(trials)}\n")
    return 1 if left else 0


def _score(trials: Iterable[Trial]) -> str:
    ends = Counter(trial.end for trial in trials)
    number = sum(ends.values())
    if not number:
        return "nothing to change"
    listed = ", ".join(f"{times:,} {end}" for end, times in sorted(ends.items()))
    return f"{number:,} mutants: {listed}. Score: {100 * sum(ends[end] for end in NOTICED) / number:.1f} %"
