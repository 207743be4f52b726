"""Mails about duties and agreed actions whose day comes or is over, and about what runs out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import active_contracts
from makegood.platform.review.governance.queries import (
    DutyState,
    actions,
    assurances,
    duties,
    grants,
    policies,
    today_of,
)
from makegood.platform.review.notices.models import Kind
from makegood.platform.review.notices.operations.once import first_time
from makegood.platform.review.notices.operations.writing import shortened, write_to
from makegood.platform.review.notices.queries import Reader, everything, keepers, readers
from makegood.platform.tenancy.parties.queries import house

DUTY_AHEAD: Final = timedelta(days=7)
RUNS_OUT_AHEAD: Final = timedelta(days=30)
LATE: Final = timedelta(days=30)
"""Nobody is written to of what has been overdue for longer, as when it was written down long afterwards."""


@transaction.atomic
def remind_of_governance(*, now: datetime) -> int:
    """Write of duties, agreed actions and what runs out, once of each to everybody, and return how many mails it was.

    A duty of which nothing was said is remembered a week before its day, and when its day is over. Of an agreed action
    its side hears once its day is over; of what runs out the house hears thirty days before.
    """
    return _duties(now) + _actions(now) + _accesses(now) + _own(now)


def _duties(now: datetime) -> int:
    number = 0
    for contract in active_contracts():
        today = today_of(contract=contract, now=now)
        for each in duties(viewer=everything(), contract=contract, now=now):
            due = each.duty.due
            if each.mark is None and due is not None and today - LATE <= due <= today + DUTY_AHEAD:
                number += _duty(contract, each, due, now)
    return number


def _duty(contract: Contract, state: DutyState, due: date, now: datetime) -> int:
    """Write of a duty: before its day is over to the side that has it, afterwards to both."""
    kind = Kind.DUTY_OVERDUE if state.overdue else Kind.DUTY_DUE
    parties = (contract.provider, contract.customer) if state.overdue else (contract.customer,)
    reached = [each for party in parties for each in readers(contract=contract, organisation=party)]
    key = f"{kind.value} {contract.pk} {due}"
    return _written(
        reached,
        kind,
        key,
        now,
        about=state.name,
        title=contract.title,
        page=("duties", contract.slug),
        day=due.isoformat(),
        duty=shortened(state.duty.text),
        customer=contract.customer.name,
    )


def _actions(now: datetime) -> int:
    number = 0
    waiting = actions(viewer=everything()).filter(done_at=None, due_date__gte=(now - LATE).date())
    for each in waiting.filter(due_date__lte=now.date()).select_related("contract__provider", "contract__customer"):
        contract = each.contract
        if each.due_date < today_of(contract=contract, now=now):
            reached = readers(contract=contract, organisation=each.side)
            page = ("governance", contract.slug)
            said = {"action": shortened(each.text), "owner": each.owner, "day": each.due_date.isoformat()}
            key = f"action overdue {each.pk}"
            number += _written(reached, Kind.AGREED_OVERDUE, key, now, title=contract.title, page=page, **said)
    return number


def _accesses(now: datetime) -> int:
    number = 0
    for each in grants(viewer=everything()).filter(until__range=_soon(now)):
        number += _written(
            readers(contract=each.contract, organisation=house()),
            Kind.RUNNING_OUT,
            f"access {each.pk} runs out",
            now,
            title=each.contract.title,
            page=("access", each.contract.slug),
            what="access",
            named=f"{each.who}: {each.what}",
            day=each.until.isoformat(),
        )
    return number


def _own(now: datetime) -> int:
    """Write of insurances of the house and its affiliates, and of what customers see on their trust page."""
    ours, viewer = house().name, everything()
    found = [
        *(("insurance", each.pk, each.title, each.organisation.name, each.until) for each in policies(viewer=viewer)),
        *(("assurance", each.pk, each.title, ours, each.until) for each in assurances(viewer=viewer)),
    ]
    first, last = _soon(now)
    number = 0
    for what, pk, named, whose, until in found:
        if until is not None and first <= until <= last:
            key = f"{what} {pk} runs out"
            said = {"what": what, "named": named, "day": until.isoformat()}
            number += _written(keepers(), Kind.RUNNING_OUT, key, now, title=whose, page=("assurance",), **said)
    return number


def _soon(now: datetime) -> tuple[date, date]:
    return now.date(), (now + RUNS_OUT_AHEAD).date()


def _written(reached: Iterable[Reader], kind: Kind, key: str, now: datetime, *, about: str = "", **words: Any) -> int:
    """Write to each reader who has not been told yet, and return how many mails that were."""
    return sum(
        write_to(each, kind, now=now, **words)
        for each in reached
        if first_time(f"{key} {each.person.pk} {about}"[:200], now)
    )
