"""The scheduler: whoever can do as little as this can measure a vault.

A partition is something small that names immutable bytes, as segments do, and can be sent anywhere. What it tells
depends on these bytes alone: if a worker is lost it is measured again, elsewhere, and nothing changes. What partitions
tell comes back in their order, so that it merges to the same bytes whoever measured them and in whatever order.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from functools import reduce
from typing import Protocol, TypeVar

_Partition = TypeVar("_Partition")
_Part = TypeVar("_Part")
_Whole = TypeVar("_Whole")


class Scheduler(Protocol):
    def parts(self, measure: Callable[[_Partition], _Part], partitions: Iterable[_Partition]) -> Iterator[_Part]:
        """Yield what each partition tells, in their order; function, partitions and parts can be pickled."""


class UnableToMeasure(Exception):
    """What was asked could not be measured; nothing was changed."""


class WorkersLost(UnableToMeasure):
    def __init__(self, why: str) -> None:
        super().__init__(
            f"workers were lost again and again ({why}): perhaps one partition needs more memory than there is; "
            "use fewer workers, or machines with more memory"
        )
        self.why = why


def merged_parts(
    scheduler: Scheduler,
    measure: Callable[[_Partition], _Part],
    partitions: Iterable[_Partition],
    merge: Callable[[_Whole, _Part], _Whole],
    nothing: _Whole,
) -> _Whole:
    """Return what all partitions tell together; ``nothing`` is what no partition tells.

    :raises UnableToMeasure: if too many workers are lost
    """
    return reduce(merge, scheduler.parts(measure, partitions), nothing)


def in_order(
    submit: Callable[[_Partition], Future[_Part]], partitions: Iterable[_Partition], workers: int
) -> Iterator[_Part]:
    """Yield the results of partitions in their order, while no more of them wait than keep the workers busy."""
    waiting: deque[Future[_Part]] = deque()
    for partition in partitions:
        waiting.append(submit(partition))
        if len(waiting) > 2 * workers:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
