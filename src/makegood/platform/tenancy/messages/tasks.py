"""Sending mails, later."""

from __future__ import annotations

from makegood.platform import clock, jobs
from makegood.platform.tenancy.messages import operations


@jobs.task("send message")
def send_message(message: int) -> None:
    """Send a message that waits."""
    operations.send(message=message, now=clock.now())
