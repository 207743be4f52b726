"""Schedulers by name, as a person asks for one."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum

from makegood.vault.measuring.schedule.cluster import Cluster
from makegood.vault.measuring.schedule.processes import Processes
from makegood.vault.measuring.schedule.scheduler import Scheduler
from makegood.vault.measuring.schedule.threads import Threads


class SchedulerName(StrEnum):
    THREADS = "threads"
    PROCESSES = "processes"
    RAY = "ray"


def scheduler_named(name: SchedulerName, workers: int) -> AbstractContextManager[Scheduler]:
    """Return a scheduler with so many workers, which are there while a ``with`` statement lasts.

    :raises RayNotInstalled: if Ray is asked for and is not installed
    """
    if name is SchedulerName.RAY:
        return Cluster(workers)
    return Processes(workers) if name is SchedulerName.PROCESSES else nullcontext(Threads(workers))
