"""Draws: whole numbers that look random and are the same on every machine, from a seed and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

NAME = "makegood/draws/1"

_WORD = 8
_VALUES = 1 << 8 * _WORD


def draws(seed: int, below: int) -> Iterator[int]:
    """Yield whole numbers from 0 up to but not including ``below``, without end, each as likely as the others.

    Unit: none.
    Rule: the SHA-256 of ``makegood/draws/1:SEED:COUNTER`` in ASCII, with the counter from 0 on, gives four words of
        eight bytes each, read with the highest byte first. A word at or above the largest multiple of ``below`` is
        thrown away, so that no number is favoured; every other one gives its remainder.

    >>> from itertools import islice
    >>> list(islice(draws(1, 6), 8))
    [4, 3, 5, 1, 3, 3, 3, 1]
    """
    if below < 1:
        raise ValueError(f"nothing can be drawn out of {below}")
    fair = _VALUES - _VALUES % below
    counter = 0
    while True:
        block = hashlib.sha256(f"{NAME}:{seed}:{counter}".encode("ascii")).digest()
        for start in range(0, len(block), _WORD):
            word = int.from_bytes(block[start : start + _WORD], "big")
            if word < fair:
                yield word % below
        counter += 1
