"""Marking duties of the customer, and what a miss did to its business."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from makegood.engine.agreement.versions import outcomes_of
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import terms_of
from makegood.platform.judging.periods.models import Period
from makegood.platform.judging.verdicts.queries import latest_verdicts
from makegood.platform.review.governance.models import DutyMark, Impact, Standing
from makegood.platform.review.governance.operations.sides import (
    SPEAKERS,
    UnableToGovern,
    agreement_of,
    other_side,
    person_of,
    side_of,
)
from makegood.platform.review.governance.queries import today_of
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Role, Viewer

MOST = 2**31 - 1


@operation("mark duty", about="contract")
def mark_duty(
    *, contract: Contract, duty: str, standing: str, since: date, by: Viewer, now: datetime, note: str = ""
) -> DutyMark:
    """Say since when a duty of the customer is met, unmet or waived.

    What is unmet or waived needs a note. The customer cannot waive its own duty.
    """
    side = side_of(contract, by, *SPEAKERS, Role.ENGINEER)
    if duty not in agreement_of(contract).duties:
        raise UnableToGovern(_("This agreement has no duty %s.") % (duty or "—"))
    if standing not in Standing.values:
        raise UnableToGovern(_("Say whether the duty is met, not met or waived."))
    if since > today_of(contract=contract, now=now):
        raise UnableToGovern(_("A duty can be marked from a day on that has begun."))
    if standing != Standing.MET and not note.strip():
        raise UnableToGovern(_("Say in a note why it is not met, or why it is waived."))
    if standing == Standing.WAIVED and side == contract.customer_id:
        raise UnableToGovern(_("Only the provider can waive a duty of the customer."))
    made = DutyMark.objects.create(
        contract=contract,
        duty=duty,
        standing=standing,
        since=since,
        note=note.strip(),
        marked_by_id=person_of(by),
        marked_for_id=side,
        marked_at=now,
    )
    about = other_side(contract, by.house)
    record(by=by, did="mark duty", about=str(contract), now=now, organisation=about, duty=duty, standing=standing)
    return made


@operation("state impact", about="period")
def state_impact(
    *,
    period: Period,
    outcome: str,
    people: int | None,
    minutes: int | None,
    amount: int | None,
    words: str,
    by: Viewer,
    now: datetime,
) -> Impact:
    """Say what a missed outcome did to the customer: people, minutes, money in minor units, and words."""
    side = side_of(period.contract, by, *SPEAKERS)
    if outcome not in outcomes_of(terms_of(contract=period.contract)[1]):
        raise UnableToGovern(_("This agreement has no outcome %s.") % (outcome or "—"))
    _refuse_unless_missed(period, outcome, by)
    figures = [each for each in (people, minutes, amount) if each is not None]
    if not figures and not words.strip():
        raise UnableToGovern(_("Give a number of people, a duration, an amount, or say it in words."))
    if any(not 0 <= each <= MOST for each in figures):
        raise UnableToGovern(_("Numbers of people, minutes and money are not negative, and not that large."))
    _alone(period)
    made = Impact.objects.create(
        period=period,
        outcome=outcome,
        people=people,
        minutes=minutes,
        amount=amount,
        currency=period.currency,
        words=words.strip(),
        entered_by_id=person_of(by),
        entered_for_id=side,
        entered_at=now,
    )
    _told("state impact", made, by, now)
    return made


@operation("confirm impact", about="impact")
def confirm_impact(*, impact: Impact, by: Viewer, now: datetime) -> Impact:
    """Confirm as the customer what the provider entered, as it stands."""
    contract = impact.period.contract
    side = side_of(contract, by, *SPEAKERS)
    _alone(impact.period)
    if side != contract.customer_id:
        raise UnableToGovern(_("The customer confirms what a miss did to its business."))
    last = Impact.objects.filter(period=impact.period, outcome=impact.outcome).order_by("-id")[0]
    if last.pk != impact.pk:
        raise UnableToGovern(_("Something else was entered since; look at it first."))
    if impact.entered_for_id == contract.customer_id:
        raise UnableToGovern(_("This was entered or confirmed by the customer before."))
    made = Impact.objects.create(
        period=impact.period,
        outcome=impact.outcome,
        people=impact.people,
        minutes=impact.minutes,
        amount=impact.amount,
        currency=impact.currency,
        words=impact.words,
        confirms=impact,
        entered_by_id=person_of(by),
        entered_for_id=side,
        entered_at=now,
    )
    _told("confirm impact", made, by, now)
    return made


def _alone(period: Period) -> None:
    """Keep others from saying something else of a period until the transaction ends."""
    Period.objects.select_for_update().get(pk=period.pk)


def _refuse_unless_missed(period: Period, outcome: str, by: Viewer) -> None:
    found = latest_verdicts(viewer=by, contract=period.contract, period=period)
    if not any(each.outcome == outcome and each.ruling == "MISSED" for each in found):
        raise UnableToGovern(_("This outcome was not missed in that period."))


def _told(did: str, impact: Impact, by: Viewer, now: datetime) -> None:
    contract = impact.period.contract
    record(
        by=by,
        did=did,
        about=str(contract),
        now=now,
        organisation=other_side(contract, by.house),
        period=impact.period.label,
        outcome=impact.outcome,
        impact=impact.pk,
    )
