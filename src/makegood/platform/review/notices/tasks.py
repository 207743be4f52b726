"""What is done in the background."""

from __future__ import annotations

from makegood.platform import clock
from makegood.platform.jobs import every, task
from makegood.platform.judging.verdicts.events import VERDICTS_GIVEN
from makegood.platform.review.notices import operations
from makegood.platform.tenancy.trail.events import DONE


@task(DONE)
def tell_of_entry(entry: int) -> None:
    """Tell programs and people of what was done."""
    operations.tell_of_entry(entry=entry, now=clock.now())


@task(VERDICTS_GIVEN)
def tell_of_verdicts(verdicts: list[int]) -> None:
    """Tell programs of promises that turned."""
    operations.tell_of_verdicts(verdicts=verdicts, now=clock.now())


@every("11 6 * * *", "remind of deadlines")
def remind() -> None:
    """Write to those for whom something waits."""
    operations.remind(now=clock.now())
    operations.forget_told(now=clock.now())
