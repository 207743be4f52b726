"""Measuring on a cluster by Ray, which is an extra."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, Self, TypeVar

from makegood.vault.measuring.schedule.processes import MOST_LOSSES, run
from makegood.vault.measuring.schedule.scheduler import UnableToMeasure, WorkersLost, in_order

LOCAL: Final = "local"

_STORE = 80 * 1024 * 1024  # what partitions tell is small

_Partition = TypeVar("_Partition")
_Part = TypeVar("_Part")


class RayNotInstalled(UnableToMeasure):
    def __init__(self) -> None:
        super().__init__("Ray is not installed; to measure on a cluster: pip install 'makegood[vault,cluster]'")


class Cluster:
    """Workers of Ray, while the ``with`` statement lasts.

    ``address`` is that of a cluster, whose machines have makegood installed and reach the segments; by default one is
    started on this machine. Ray is told to report nothing about its use to anybody.

    :raises RayNotInstalled: if it is not
    """

    def __init__(self, workers: int, address: str = LOCAL) -> None:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        if address == LOCAL:
            # Nobody else on the network is to reach a cluster that we started; this is read when Ray is imported.
            os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
        try:
            import ray  # noqa: PLC0415  # an extra that takes over a second to import
        except ImportError:
            raise RayNotInstalled from None
        self._ray: Any = ray
        self._workers = workers
        own: dict[str, Any] = {"num_cpus": workers, "object_store_memory": _STORE} if address == LOCAL else {}
        ray.init(address, include_dashboard=False, log_to_driver=False, **own)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ray.shutdown()

    def parts(self, measure: Callable[[_Partition], _Part], partitions: Iterable[_Partition]) -> Iterator[_Part]:
        errors = self._ray.exceptions
        function = self._ray.put(pickle.dumps(measure))
        task = self._ray.remote(run).options(max_retries=MOST_LOSSES)
        try:
            yield from in_order(lambda each: task.remote(function, each).future(), partitions, self._workers)
        except errors.RayTaskError as failed:
            raise failed.cause from None
        except errors.RayError as lost:
            raise WorkersLost(type(lost).__name__) from None
