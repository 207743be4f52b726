"""Corrective actions: what is done so that a miss does not happen again."""

from __future__ import annotations

from datetime import date, datetime

from makegood.engine.agreement.versions import outcomes_of
from makegood.platform.agreement.contracts.queries import contracts, terms_of
from makegood.platform.judging.periods.models import Period
from makegood.platform.money.settlement.models import CorrectiveAction
from makegood.platform.tenancy.trail.operations import Unable, operation, record
from makegood.platform.tenancy.viewer import Role, Site, Viewer


class UnableToAct(Unable):
    """Nothing was written down."""


@operation("write corrective action", about="period")
def write_action(
    *, period: Period, outcome: str, cause: str, action: str, due_date: date, by: Viewer, now: datetime
) -> CorrectiveAction:
    """Write down why a promise was missed, and what is done until when so that it does not happen again."""
    person = _writer(period, by)
    if outcome not in outcomes_of(terms_of(contract=period.contract)[1]):
        raise UnableToAct(f"{outcome or 'this'} is no outcome of the agreement")
    if not cause.strip() or not action.strip():
        raise UnableToAct("say what the cause was, and what is done about it")
    made = CorrectiveAction.objects.create(
        period=period,
        outcome=outcome,
        cause=cause.strip(),
        action=action.strip(),
        due_date=due_date,
        written_by_id=person,
        written_at=now,
    )
    _told("write corrective action", made, by, now)
    return made


@operation("finish corrective action", about="action")
def finish_action(*, action: CorrectiveAction, by: Viewer, now: datetime) -> CorrectiveAction:
    """Say that a corrective action is done."""
    _writer(action.period, by)
    if action.done_at is not None:
        raise UnableToAct("this was done before")
    action.done_at = now
    action.save(update_fields=["done_at"])
    _told("finish corrective action", action, by, now)
    return action


def _writer(period: Period, by: Viewer) -> int:
    seen = contracts(viewer=by).filter(pk=period.contract_id).exists()
    may = by.site is Site.CONSOLE and by.has(Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER)
    if not seen or not may or by.author is None:
        raise UnableToAct("corrective actions are written by owners, service managers and engineers of the provider")
    return by.author


def _told(did: str, action: CorrectiveAction, by: Viewer, now: datetime) -> None:
    contract = action.period.contract
    record(
        by=by,
        did=did,
        about=str(contract),
        now=now,
        organisation=contract.customer_id,
        period=action.period.label,
        outcome=action.outcome,
    )
