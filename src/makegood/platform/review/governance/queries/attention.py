"""Which outcomes may not be worth measuring: those that are never missed, and those that nobody looks at."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Sum

from makegood.engine.agreement.meetings import months_after
from makegood.engine.agreement.versions import newest
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import NotInForce, contracts, terms_of
from makegood.platform.judging.verdicts.models import Verdict
from makegood.platform.judging.verdicts.queries import verdicts_over_time
from makegood.platform.review.governance.models import Opened
from makegood.platform.tenancy.viewer import Viewer

MANY_PERIODS: Final = 12
"""An outcome that was met in so many periods in a row may be too easy, or not worth measuring."""
FEW_PERIODS: Final = 3
"""Before so many periods were judged nobody has had much reason to look."""
MONTHS: Final = 12
"""So many months back it is counted how often an outcome was opened."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """An outcome that was met in the last twelve periods that were decided, or that nobody opened in twelve months."""

    outcome: str
    promise: str
    periods: int
    never_missed: bool
    opened: int


def quiet_outcomes(*, viewer: Viewer, contract: Contract, now: datetime) -> list[Quiet]:
    """Return the outcomes of the newest terms that were never missed of late, or that the customer never opens."""
    if not contracts(viewer=viewer).filter(pk=contract.pk).exists():
        return []
    try:
        promised = newest(terms_of(contract=contract)[1]).outcomes
    except NotInForce:
        return []
    rulings: dict[str, list[str]] = defaultdict(list)
    for each in verdicts_over_time(viewer=viewer, contract=contract):
        if each.period.ends_at is not None and each.period.ends_at <= now and each.ruling != Verdict.Ruling.UNDECIDED:
            rulings[each.outcome].append(each.ruling)
    since = months_after(now.date().replace(day=1), -MONTHS)
    counted = Opened.objects.filter(contract=contract, month__gt=since).order_by().values_list("outcome")
    opened = dict(counted.annotate(Sum("times")))
    every = (_quiet(name, each.promise or "", rulings[name], opened.get(name, 0)) for name, each in promised.items())
    return [each for each in every if each.never_missed or (not each.opened and each.periods >= FEW_PERIODS)]


def _quiet(outcome: str, promise: str, rulings: list[str], opened: int) -> Quiet:
    last = rulings[-MANY_PERIODS:]
    never_missed = len(last) == MANY_PERIODS and set(last) == {Verdict.Ruling.MET}
    return Quiet(outcome, promise, len(rulings), never_missed, opened)
