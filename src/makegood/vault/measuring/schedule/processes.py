"""Measuring in processes of this machine, which may be killed: what they had in hand is measured again."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache, partial
from multiprocessing import get_context
from typing import Any, Final, Self, TypeVar

from makegood.vault.measuring.schedule.scheduler import WorkersLost, in_order

MOST_LOSSES: Final = 3
"""So many times in a row workers may be lost before anything more is measured."""

_Partition = TypeVar("_Partition")
_Part = TypeVar("_Part")


class Processes:
    """A pool of processes, which are there while the ``with`` statement lasts."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool = self._started()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def parts(self, measure: Callable[[_Partition], _Part], partitions: Iterable[_Partition]) -> Iterator[_Part]:
        submit = partial(self._submit, pickle.dumps(measure))
        rest, done, losses = list(partitions), 0, 0
        while done < len(rest):
            try:
                for part in in_order(submit, rest[done:], self._workers):
                    yield part
                    done, losses = done + 1, 0
            except BrokenProcessPool as broken:
                losses += 1
                if losses > MOST_LOSSES:
                    raise WorkersLost(str(broken)) from None
                self._pool.shutdown()
                self._pool = self._started()

    def _submit(self, measure: bytes, partition: object) -> Any:
        return self._pool.submit(run, measure, partition)

    def _started(self) -> ProcessPoolExecutor:
        # A forked process would inherit locks that threads of this one hold.
        return ProcessPoolExecutor(self._workers, mp_context=get_context("spawn"))


def run(measure: bytes, partition: object) -> object:
    """Return what a partition tells; the function, which may hold a large plan, is sent as bytes and unpacked once."""
    return _unpacked(measure)(partition)


@lru_cache(1)
def _unpacked(measure: bytes) -> Callable[[object], object]:
    function: Callable[[object], object] = pickle.loads(measure)  # noqa: S301  # from the process that started this one
    return function
