"""The bootstrap: years that never were, put together from stretches of periods that were."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from makegood.engine.review.draws import draws


def usual_block(number: int) -> int:
    """Return how many periods are drawn together if nobody says.

    Unit: periods.
    Rule: the whole number nearest to the cube root of the number of periods that were observed, at least 1.

    >>> [(number, usual_block(number)) for number in (1, 3, 4, 12, 16, 36, 43)]
    [(1, 1), (3, 1), (4, 2), (12, 2), (16, 3), (36, 3), (43, 4)]
    """
    block = 1
    while (2 * block + 1) ** 3 <= 8 * number:
        block += 1
    return block


def resampled(*, number: int, length: int, block: int, seed: int) -> Iterator[tuple[int, ...]]:
    """Yield sequences of periods, without end: the circular block bootstrap.

    Unit: each entry is the position of an observed period, from 0 on.
    Rule: a block begins at any of the ``number`` observed periods with the same chance, and takes ``block`` of them
        in their order, after the last going on with the first; blocks are put together until ``length`` periods are
        there, and what is left of the last block is thrown away. A period is taken whole, with all outcomes.

    >>> next(resampled(number=12, length=12, block=12, seed=3))
    (8, 9, 10, 11, 0, 1, 2, 3, 4, 5, 6, 7)
    """
    if not 1 <= block <= number:
        raise ValueError(f"a block has from 1 to {number} periods, not {block}")
    starts = draws(seed, number)
    blocks = -(-length // block)
    while True:
        places = (start + step for start in islice(starts, blocks) for step in range(block))
        yield tuple(place % number for place in islice(places, length))
