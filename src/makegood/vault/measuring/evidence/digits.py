"""Significant digits in columns: values rounded as the law rounds samples, one by one."""

from __future__ import annotations

from typing import Final

import numpy as np

from makegood.engine.evidence.probes import LARGEST_VALUE
from makegood.vault.probes.columns import NO_VALUE, Column

_POWERS: Final = np.uint64(10) ** np.arange(19, dtype=np.uint64)
_HALVES: Final = _POWERS // np.uint64(2)


def to_digits(values: Column, digits: int) -> Column:
    """Return values rounded to so many significant digits, half away from zero.

    Unit: millionths (int64), as they are given; ``NO_VALUE`` stays. A value close to the largest stays as it is where
        no column has room for what it would become: the law rounds it when it is ranked.
    """
    size = np.abs(values).view(np.uint64)  # has room for twice the largest value
    unit = np.maximum(np.searchsorted(_POWERS, size, side="right") - digits, 0)
    size += _HALVES[unit]
    size -= size % _POWERS[unit]
    fits = (size <= LARGEST_VALUE) & (values != NO_VALUE)
    return np.where(fits, np.sign(values) * size.view(np.int64), values)
