"""What is done in the background."""

from __future__ import annotations

from makegood.platform import clock
from makegood.platform.evidence.on_call import operations
from makegood.platform.evidence.on_call.operations.notifying import SEND_PAGE
from makegood.platform.jobs import every, task


@every("* * * * *", "page people")
def page_people() -> None:
    """Take the steps of pages that are due."""
    operations.sweep(now=clock.now())


@task(SEND_PAGE, wait=8, most_tries=4)
def send_page(notification: int) -> None:
    """Post a notification to a paging tool."""
    operations.post_notification(notification=notification, now=clock.now())


@every("23 3 * * *", "look for holes in rotas")
def look_for_holes() -> None:
    """Tell agreements anew whether the rotas behind them leave holes in the weeks to come."""
    operations.refresh_staffing(now=clock.now())
