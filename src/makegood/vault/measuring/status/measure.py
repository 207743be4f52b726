"""Measuring: the probes of some partition, part after part, by whichever pass there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, partial

from makegood.vault.measuring.compiling import compiled
from makegood.vault.measuring.status import arrays, loops
from makegood.vault.measuring.status.part import StatusPart
from makegood.vault.measuring.status.plan import StatusPlan
from makegood.vault.probes.columns import ProbeColumns

Pass = Callable[[StatusPart, ProbeColumns], None]


def measured(plan: StatusPlan, partition: Iterable[ProbeColumns], add: Pass | None = None) -> StatusPart:
    """Return what the probes of a partition tell; those of each series must be in order of time.

    :raises ValueError: if they are not, or if a series has more values than the plan says
    """
    part = StatusPart.of(plan)
    add = add or fastest()
    for columns in partition:
        add(part, columns)
    return part


@cache
def fastest() -> Pass:
    """Return the pass compiled by Numba, or that in NumPy where it is not installed; they give equal answers."""
    inner = (loops.hold, loops.count_windows, loops.keep_values, loops.to_front, loops.sweep)
    try:
        over_rows = compiled(loops.over_rows, inner=inner)
    except ImportError:
        return arrays.add
    return partial(loops.add, by_series=compiled(loops.by_series), over_rows=over_rows)
