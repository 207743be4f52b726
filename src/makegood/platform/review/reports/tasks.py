"""What is done in the background."""

from __future__ import annotations

from makegood.platform import clock
from makegood.platform.jobs import every
from makegood.platform.review.reports.operations import make_reports_due


@every("37 * * * *", "make reports")
def make_all_due() -> None:
    """Make the reports of the periods that were closed since the last hour."""
    make_reports_due(now=clock.now())
