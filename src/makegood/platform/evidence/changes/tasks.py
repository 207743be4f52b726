"""What is done in the background."""

from __future__ import annotations

from makegood.platform import clock
from makegood.platform.agreement.contracts.queries import ever_active_contracts
from makegood.platform.evidence.changes.events import CHANGES_MOVED
from makegood.platform.evidence.changes.operations import review_trends, send_changes
from makegood.platform.jobs import every, task


@task(CHANGES_MOVED)
def send_changes_of(contract: int) -> None:
    """Put the steps of changes of a contract into its vault."""
    send_changes(contract=ever_active_contracts().get(pk=contract), now=clock.now())


@every("40 4 * * *", "look for problems behind incidents")
def review_trends_daily() -> None:
    """Look once a day for what incidents have in common."""
    review_trends(now=clock.now())
