"""Measuring on threads of this process: what kernels in C and compiled ones do at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from makegood.vault.measuring.schedule.scheduler import in_order

_Partition = TypeVar("_Partition")
_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True)
class Threads:
    """So many threads at a time; they cost nothing to start, and end with each measurement."""

    workers: int

    def parts(self, measure: Callable[[_Partition], _Part], partitions: Iterable[_Partition]) -> Iterator[_Part]:
        with ThreadPoolExecutor(self.workers) as pool:
            yield from in_order(lambda each: pool.submit(measure, each), partitions, self.workers)
