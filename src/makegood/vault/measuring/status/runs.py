"""Time by status from the runs of probes, without the probes."""

from __future__ import annotations

import numpy as np

from makegood.engine.evidence.probes import STATUSES
from makegood.vault.measuring.status.part import LATE
from makegood.vault.measuring.status.plan import FOREVER, StatusPlan
from makegood.vault.probes.columns import Column
from makegood.vault.probes.runs import RunColumns


def seconds_of_runs(plan: StatusPlan, runs: RunColumns) -> tuple[Column, Column]:
    """Return the seconds that each status held, by series, as the probes would have it; and whose probes are needed.

    A run is one stretch unless something inside it took longer than a probe holds: then its series is named by the
    second array (bool), and what the first says of it is of no use.

    :raises ValueError: if runs of a series overlap or are not in order of time
    """
    numbers = plan.numbers(runs.names)[runs.series]
    asked = numbers >= 0
    numbers, first, last = numbers[asked], runs.first_at[asked], runs.last_at[asked]
    same = numbers[1:] == numbers[:-1]
    if (numbers[1:] < numbers[:-1]).any() or (first[1:] < last[:-1])[same].any():
        raise ValueError(LATE)
    following = np.append(np.where(same, first[1:], FOREVER), np.full(min(len(first), 1), FOREVER))
    held = plan.counting.within(numbers, first, np.minimum(following, last + plan.longest))
    seconds = np.zeros((len(plan.names), len(STATUSES)), np.int64)
    np.add.at(seconds, (numbers, runs.status[asked]), held)
    refused = np.zeros(len(plan.names), np.bool_)
    refused[numbers[runs.max_gap[asked] > plan.longest]] = True
    return seconds, refused
