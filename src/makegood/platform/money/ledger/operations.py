"""Booking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.judging.periods.models import Period, PeriodState
from makegood.platform.money.ledger.models import Account, Entry, Kind, Posting
from makegood.platform.tenancy.trail.operations import Unable


class UnableToBook(Unable):
    """Nothing was booked."""


@dataclass(frozen=True, slots=True)
class Line:
    """An amount on an account of a contract: minor units of a currency, or minutes of a sort; positive is a debit."""

    kind: Kind
    unit: str
    amount: int


@dataclass(frozen=True, slots=True)
class Booking:
    """Lines that belong together, under a key that is booked once, with the sentence that explains them."""

    key: str
    text: str
    lines: tuple[Line, ...]
    cause: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def book(*, period: Period, bookings: Iterable[Booking], now: datetime) -> list[Entry]:
    """Book in an open period. What adds up to nothing in each unit is booked, anything else is not.

    :raises UnableToBook: if the period is closed, or a booking does not balance
    """
    if period.state != PeriodState.OPEN:
        raise UnableToBook(f"{period.label} is closed; what comes later is booked in an open period")
    made = []
    for each in bookings:
        _refuse_imbalance(each)
        entry = Entry.objects.create(period=period, key=each.key, text=each.text, cause=each.cause, booked_at=now)
        Posting.objects.bulk_create(
            Posting(entry=entry, account=_account(period.contract, line), amount=line.amount) for line in each.lines
        )
        made.append(entry)
    return made


def _refuse_imbalance(booking: Booking) -> None:
    for unit in sorted({line.unit for line in booking.lines}):
        sum_ = sum(line.amount for line in booking.lines if line.unit == unit)
        if sum_:
            raise UnableToBook(f"the lines of {booking.key} add up to {sum_} {unit}, and not to nothing")


def _account(contract: Contract, line: Line) -> Account:
    return Account.objects.get_or_create(contract=contract, kind=line.kind, unit=line.unit)[0]
