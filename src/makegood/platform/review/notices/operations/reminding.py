"""Mails about deadlines, once for each."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from makegood.platform.agreement.contracts.queries import active_contracts
from makegood.platform.evidence.intake.models import Dispute
from makegood.platform.evidence.intake.queries import disputes
from makegood.platform.money.claims.models import Claim
from makegood.platform.money.claims.queries import claims
from makegood.platform.money.settlement.queries import lacking_actions
from makegood.platform.review.notices.models import Kind
from makegood.platform.review.notices.operations.due import remind_of_governance
from makegood.platform.review.notices.operations.letters import MONEY
from makegood.platform.review.notices.operations.once import first_time
from makegood.platform.review.notices.operations.writing import moment, priced, write_to
from makegood.platform.review.notices.queries import everything, other_party, readers
from makegood.platform.tenancy.parties.queries import house

CLAIMS_AHEAD: Final = timedelta(days=3)
CLOSING_AHEAD: Final = timedelta(days=3)


def remind(*, now: datetime) -> int:
    """Write to those for whom something waits whose time is nearly over, and return how many mails that were.

    A dispute is remembered the day before its answer is due, a claim and a corrective action three days before it is
    too late. Of one deadline each person is told once, however often this is called.
    """
    return _disputes(now) + _claims(now) + _actions(now) + remind_of_governance(now=now)


@transaction.atomic
def _disputes(now: datetime) -> int:
    tomorrow = (now + timedelta(days=2)).replace(hour=0, minute=0, second=0)
    found = disputes(viewer=everything()).filter(state=Dispute.State.OPEN, answer_by__gt=now, answer_by__lt=tomorrow)
    number = 0
    for each in found.select_related("contract__provider", "contract__customer", "raised_for"):
        contract = each.contract
        for reader in readers(contract=contract, organisation=other_party(contract, each.raised_for)):
            if first_time(f"dispute due {each.pk} {reader.person.pk}", now):
                number += write_to(
                    reader,
                    Kind.DISPUTE_DUE,
                    title=contract.title,
                    page=("dispute", contract.slug, each.pk),
                    now=now,
                    raiser=each.raised_for.name,
                    outcome=each.outcome,
                    period=each.period,
                    until=moment(each.answer_by),
                )
    return number


@transaction.atomic
def _claims(now: datetime) -> int:
    number = 0
    for each in claims(viewer=everything()):
        if each.state != Claim.State.OPEN or each.claim_by is None or not now < each.claim_by <= now + CLAIMS_AHEAD:
            continue
        contract = each.recovery.underpinning
        for reader in readers(contract=contract, organisation=contract.customer, roles=MONEY):
            if first_time(f"claim due {each.pk} {reader.person.pk}", now):
                number += write_to(
                    reader,
                    Kind.CLAIM_DUE,
                    title=contract.title,
                    page=("claims",),
                    now=now,
                    affiliate=contract.provider.name,
                    outcome=each.recovery.outcome,
                    amount=priced(reader, each.amount, each.currency),
                    until=moment(each.claim_by),
                )
    return number


@transaction.atomic
def _actions(now: datetime) -> int:
    number, ours = 0, house()
    for contract in active_contracts():
        lacking = defaultdict(list)
        for each in lacking_actions(contract=contract, now=now):
            lacking[each.period].append(each.outcome)
        for period, outcomes in lacking.items():
            if period.closes_at is None or period.closes_at > now + CLOSING_AHEAD:
                continue
            for reader in readers(contract=contract, organisation=ours):
                if first_time(f"action lacking {period.pk} {' '.join(outcomes)} {reader.person.pk}"[:200], now):
                    number += write_to(
                        reader,
                        Kind.ACTION_LACKING,
                        title=contract.title,
                        page=("actions", contract.slug),
                        now=now,
                        period=period.label,
                        outcomes=", ".join(outcomes),
                        until=moment(period.closes_at),
                    )
    return number
