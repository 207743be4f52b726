"""Booking accepted claims beside what an affiliate's own statements credit, never both."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db import transaction

from makegood.engine.vocabulary.amount import Amount
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import terms_of
from makegood.platform.judging.periods.models import Period
from makegood.platform.judging.periods.operations import after_the_term, lay_out_periods
from makegood.platform.money.claims.models import Claim
from makegood.platform.money.claims.operations.finding import lock
from makegood.platform.money.claims.operations.sharing import beyond_statements
from makegood.platform.money.ledger.models import Kind
from makegood.platform.money.ledger.operations import Booking, Line, book
from makegood.platform.money.ledger.queries import booked_for
from makegood.platform.money.settlement.queries import credited
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.trail.operations import record
from makegood.platform.tenancy.viewer import Viewer


@transaction.atomic
def book_claims(*, underpinning: Contract, now: datetime, by: Viewer | None = None) -> int:
    """Book what accepted claims come to beyond the own statements of the agreement that answers; return how often.

    What is due for an own credit is the larger of what its statements credit and what was accepted. So an accepted
    claim is booked as far as the statements fall short of it; when they credit it later, that much is taken back.
    Without ``by`` it is the schedule that books, because statements have changed.
    """
    lock([underpinning.pk])
    accepted: Counter[str] = Counter()
    held = Claim.objects.filter(recovery__underpinning=underpinning, state=Claim.State.ACCEPTED)
    for drawn in held.values_list("drawn", flat=True):
        accepted.update(drawn)
    before, own = booked_for(contract=underpinning, kind=Kind.CLAIMS), credited(contract=underpinning)
    bookings = []
    for name in sorted({*accepted, *before}):
        had, beyond = before.get(name, []), beyond_statements(accepted=accepted[name], own=own.get(name, 0))
        change = beyond - sum(had)
        if change:
            in_statements = accepted[name] - beyond
            bookings.append(_booking(underpinning, name, len(had) + 1, accepted[name], in_statements, change))
    if bookings:
        made = book(period=_open_period(underpinning, now), bookings=bookings, now=now)
        record(
            by=by or Viewer(name="the schedule", house=house().pk),
            did="book claims",
            about=str(underpinning),
            now=now,
            organisation=underpinning.provider_id,
            booked=[each.text for each in made],
        )
    return len(bookings)


def _booking(underpinning: Contract, name: str, number: int, accepted: int, in_statements: int, change: int) -> Booking:
    currency = terms_of(contract=underpinning)[1].money.currency
    label, _, outcome = name.partition("/")
    said = (
        f"{Amount(accepted, currency)} accepted, of which its own statements credit {Amount(in_statements, currency)}"
    )
    return Booking(
        key=f"claims/{underpinning.pk}/{name}/{number}",
        text=f"{outcome} in {label}: claims of {said}",
        lines=(Line(Kind.CLAIMS, currency, change), Line(Kind.DUE_TO_CUSTOMER, currency, -change)),
        cause={"for": name},
    )


def _open_period(underpinning: Contract, now: datetime) -> Period:
    opened = lay_out_periods(contract=underpinning, now=now)
    return opened[-1] if opened else after_the_term(contract=underpinning, agreement=terms_of(contract=underpinning)[1])
