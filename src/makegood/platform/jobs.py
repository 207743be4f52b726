"""Work to be done later: written into the database with what it belongs to, and done by ``makegood worker``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

_P = ParamSpec("_P")
_RETRY = RetryStrategy(max_attempts=5, exponential_wait=3)


def task(name: str) -> Callable[[Callable[_P, None]], Callable[_P, None]]:
    """Return a decorator that makes a function a kind of work, which is tried again when it fails."""

    def made(function: Callable[_P, None]) -> Callable[_P, None]:
        app.task(name=name, retry=_RETRY)(function)
        return function

    return made


def enqueue(name: str, *, once: str = "", lock: str = "", **arguments: Any) -> None:
    """Have work done later; with the transaction that this is called in, or not at all.

    What is waiting under the same ``once`` is not enqueued again; of those under one ``lock`` one runs at a time.
    """
    try:
        app.configure_task(name, queueing_lock=once or None, lock=lock or None).defer(**arguments)
    except AlreadyEnqueued:
        return
