"""Counting which outcomes the customer looks at."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from makegood.platform.judging.verdicts.models import Verdict
from makegood.platform.review.governance.models import Opened
from makegood.platform.tenancy.viewer import Viewer


@transaction.atomic
def count_opening(*, verdict: Verdict, by: Viewer, now: datetime) -> None:
    """Count that somebody of the customer opened the page of an outcome, by month.

    It is not kept who it was, here or in the trail. What programs and the other side open is not counted.
    """
    contract = verdict.period.contract
    if by.site is None or by.person is None or contract.customer_id not in by.organisations(by.site):
        return
    kept, new = Opened.objects.get_or_create(
        contract=contract, outcome=verdict.outcome, month=now.date().replace(day=1), defaults={"times": 1}
    )
    if not new:
        Opened.objects.filter(pk=kept.pk).update(times=F("times") + 1)
