"""Work to be done later: written into the database with what it belongs to, and done by ``makegood worker``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

_P = ParamSpec("_P")
_MOST_TRIES = 5


def task(name: str, *, wait: int = 3, priority: int = 0) -> Callable[[Callable[_P, None]], Callable[_P, None]]:
    """Return a decorator that makes a function a kind of work, which is tried again when it fails.

    It is tried again ``wait`` seconds after the first failure, and each time waits so many times longer. What has a
    lower ``priority`` is done when nothing else waits.
    """
    retry = RetryStrategy(max_attempts=_MOST_TRIES, exponential_wait=wait)

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
