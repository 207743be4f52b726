"""What is done in the background."""

from __future__ import annotations

from makegood.platform import clock, jobs
from makegood.platform.tenancy.hooks import operations


@jobs.task("deliver event", wait=8, priority=-1, most_tries=operations.MOST_TURNS, aside=True)
def deliver_event(delivery: int) -> None:
    """Post an event that waits; after failures it is tried again in seconds, a minute, nine minutes and an hour.

    Of what is new to one web hook one is on its way at a time, so that a slow receiver does not hold up all others.
    """
    operations.deliver(delivery=delivery, now=clock.now(), sent_at=clock.unshifted())


@jobs.every("17 2 * * *", "forget deliveries")
def forget() -> None:
    """Forget what was delivered long ago."""
    operations.forget_deliveries(now=clock.now())
