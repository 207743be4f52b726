"""Work to be done later: written into the database with what it belongs to, and done by ``makegood worker``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ParamSpec

from django.db import transaction
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job

_P = ParamSpec("_P")
_MOST_TRIES = 5
_LONGEST_PAUSE = 4_096
"""In seconds; a little more than an hour."""


@dataclass(frozen=True, slots=True)
class Again(BaseRetryStrategy):
    """How work is tried again: after pauses that grow; ``aside`` leaves its lock to what waits behind it."""

    wait: int
    most: int
    aside: bool

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        del exception
        if job.attempts >= self.most:
            return None
        seconds = min(self.wait ** (job.attempts + 1), _LONGEST_PAUSE)
        return RetryDecision(
            retry_in={"seconds": seconds}, lock=f"{job.task_name} {job.id}" if self.aside else job.lock
        )


def task(
    name: str, *, wait: int = 3, priority: int = 0, most_tries: int = _MOST_TRIES, aside: bool = False
) -> Callable[[Callable[_P, None]], Callable[_P, None]]:
    """Return a decorator that makes a function a kind of work, which is tried again when it fails.

    It is tried again ``wait`` seconds after the first failure, and each time waits so many times longer, up to an hour;
    if it waits ``aside``, what has the same lock goes on meanwhile. What has a lower ``priority`` is done when nothing
    else waits.
    """
    retry = Again(wait, most_tries, aside)

    def made(function: Callable[_P, None]) -> Callable[_P, None]:
        app.task(name=name, retry=retry, priority=priority)(function)
        return function

    return made


def every(cron: str, name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Return a decorator that makes a function a kind of work that is done by the clock, as in ``7 * * * *``."""

    def made(function: Callable[[], None]) -> Callable[[], None]:
        @app.periodic(cron=cron)
        @app.task(name=name, queueing_lock=name, lock=name)
        def at_its_time(timestamp: int) -> None:
            del timestamp
            function()

        return function

    return made


def enqueue(name: str, *, once: str = "", lock: str = "", **arguments: Any) -> None:
    """Have work done later; with the transaction that this is called in, or not at all.

    What is waiting under the same ``once`` is not enqueued again; of those under one ``lock`` one runs at a time.
    """
    try:
        with transaction.atomic():  # that something waits already breaks this one only
            app.configure_task(name, queueing_lock=once or None, lock=lock or None).defer(**arguments)
    except AlreadyEnqueued:
        return
