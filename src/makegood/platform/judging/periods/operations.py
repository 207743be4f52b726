"""Laying out and closing periods."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from makegood.engine.agreement.schedule import closes_at, periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.money.closing import AFTER_THE_TERM
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import terms_of
from makegood.platform.judging.periods.models import Period, PeriodState


@transaction.atomic
def lay_out_periods(*, contract: Contract, now: datetime) -> list[Period]:
    """Write down the periods of a contract that have begun, and return the open ones, locked until the end.

    None begins after the contract ended.
    An open period that a later version cuts in two keeps its row, which becomes the first part.
    """
    agreement = terms_of(contract=contract)[1]
    Contract.objects.select_for_update().get(pk=contract.pk)  # two at once would write the first rows twice
    rows = {each.starts_at: each for each in Period.objects.select_for_update().filter(contract=contract)}
    for each in periods_of(agreement):
        if each.interval.start > min(now, contract.ended_at or now):
            continue
        found = rows.get(each.interval.start)
        if found is None:
            found = Period(contract=contract, starts_at=each.interval.start, currency=agreement.money.currency)
        elif found.state == PeriodState.CLOSED:
            continue
        said = (each.label, each.interval.end, closes_at(agreement, each))
        if said != (found.label, found.ends_at, found.closes_at):
            found.label, found.ends_at, found.closes_at = said
            found.save()
        rows[found.starts_at] = found
    opened = [each for each in rows.values() if each.state == PeriodState.OPEN]
    return sorted(opened, key=lambda each: each.starts_at)


def after_the_term(*, contract: Contract, agreement: Agreement) -> Period:
    """Return the period in which adjustments are booked when all others are closed."""
    last = periods_of(agreement)[-1].interval.end
    found, _ = Period.objects.get_or_create(
        contract=contract, label=AFTER_THE_TERM, defaults={"starts_at": last, "currency": agreement.money.currency}
    )
    return found


def close_period(*, period: Period, now: datetime) -> None:
    """Close a period for good."""
    period.state, period.closed_at = PeriodState.CLOSED, now
    period.save(update_fields=["state", "closed_at"])
