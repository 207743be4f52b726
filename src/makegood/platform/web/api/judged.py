"""Periods, verdicts, and what is done about misses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status
from ninja.errors import HttpError

from makegood.platform import clock
from makegood.platform.evidence.intake.models import Batch
from makegood.platform.judging.periods.models import Period
from makegood.platform.judging.periods.queries import periods
from makegood.platform.judging.verdicts.models import Verdict
from makegood.platform.judging.verdicts.operations import judge_now
from makegood.platform.judging.verdicts.queries import (
    Burn,
    burn_and_forecast,
    earlier_verdicts,
    latest_verdicts,
    sees_money,
)
from makegood.platform.judging.verdicts.queries import verdict as one_verdict
from makegood.platform.money.settlement.models import CorrectiveAction
from makegood.platform.money.settlement.operations import claim_credit, finish_action, write_action
from makegood.platform.money.settlement.queries import corrective_actions, credit_claim, lacking_actions
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.tenancy.viewer import Viewer
from makegood.platform.web.api.asked import (
    IdempotencyKey,
    Number,
    contract_of,
    listed,
    made_once,
    of_the_house,
    one,
    period_of,
    viewer_with,
)
from makegood.platform.web.api.evidence import BatchOut
from makegood.platform.web.api.shapes import TROUBLES, Day, In, Listed, Paging, Prose, Word

router = Router(tags=["verdicts"])


class PeriodOut(Schema):
    """A period of an agreement; sums in minor units of ``currency`` are absent for those who may not see money."""

    label: str
    starts_at: datetime
    ends_at: datetime | None
    closes_at: datetime | None
    state: str
    closed_at: datetime | None
    currency: str
    fee: int | None
    at_risk: int | None
    credit: int | None


class VerdictOut(Schema):
    """A verdict; ``credit`` is in minor units of ``currency``, and absent for those who may not see money."""

    number: int = Field(alias="pk")
    period: str = Field(alias="period.label")
    outcome: str
    stage: str
    ruling: str
    value: str = Field(alias="shown")
    target: str
    coverage: str
    credit: int | None
    currency: str
    snapshot: int
    digest: str
    judged_at: datetime


class BurnOut(Schema):
    """How much of what may go wrong has gone wrong, and whether the target is met if it goes on like this."""

    used: str | None
    elapsed: str
    missed: str
    allowed: str
    will_meet: bool
    runs_out_at: datetime | None


class CreditClaimOut(Schema):
    """What became of a credit that is given only to those who claim it; ``worth`` is in minor units."""

    state: str
    deadline: datetime | None
    text: str
    worth: int
    claimed_at: datetime | None


class VerdictWhole(VerdictOut):
    """A verdict with everything that it rests on, how it was seen before, and where it is heading."""

    form: dict[str, Any]
    credit_form: dict[str, Any] | None
    records: list[dict[str, Any]]
    burn: BurnOut | None
    credit_claim: CreditClaimOut | None
    earlier: list[VerdictOut]


class ActionIn(In):
    """Why a promise was missed in a period, and what is done until when so that it does not happen again."""

    period: Word
    outcome: Word
    cause: Prose
    action: Prose
    due_date: Day


class ActionOut(Schema):
    """A corrective action."""

    number: int = Field(alias="pk")
    period: str = Field(alias="period.label")
    outcome: str
    cause: str
    action: str
    due_date: date
    done_at: datetime | None
    written_at: datetime


class LackingOut(Schema):
    """A credit that wants a corrective action before its period closes."""

    period: str = Field(alias="period.label")
    outcome: str


@router.get("/{identifier}/periods", response={200: Listed[PeriodOut], **TROUBLES}, summary="Periods")
def all_periods(request: HttpRequest, identifier: str, paging: Query[Paging]) -> dict[str, Any]:
    """List the periods that have begun, in order of time."""
    viewer = viewer_with(request, Scope.READ_VERDICTS)
    found = listed(periods(viewer=viewer, contract=contract_of(viewer, identifier)), paging)
    return {**found, "items": with_money(viewer, found["items"])}


@router.get("/{identifier}/periods/{label}", response={200: PeriodOut, **TROUBLES}, summary="One period")
def one_period(request: HttpRequest, identifier: str, label: str) -> Period:
    """Return one period by its label; its verdicts are under ``/verdicts?period=``."""
    viewer = viewer_with(request, Scope.READ_VERDICTS)
    return with_money(viewer, [period_of(viewer, identifier, label)])[0]


@router.get("/{identifier}/verdicts", response={200: Listed[VerdictOut], **TROUBLES}, summary="Verdicts that count")
def verdicts(request: HttpRequest, identifier: str, paging: Query[Paging], period: str = "") -> dict[str, Any]:
    """List the verdicts that count, of all periods or of one by its label."""
    viewer = viewer_with(request, Scope.READ_VERDICTS)
    found = latest_verdicts(viewer=viewer, contract=contract_of(viewer, identifier))
    return listed([each for each in found if period in {"", each.period.label}], paging)


@router.get("/{identifier}/verdicts/{number}", response={200: VerdictWhole, **TROUBLES}, summary="One verdict")
def verdict(request: HttpRequest, identifier: str, number: Number) -> Verdict:
    """Return a verdict with its readings, its steps and its evidence."""
    viewer = viewer_with(request, Scope.READ_VERDICTS)
    found, now = verdict_of(viewer, identifier, number), clock.now()
    burn = burn_and_forecast(verdict=found, now=now)
    found.credit_claim = credit_claim(viewer=viewer, verdict=found, now=now)  # type: ignore[attr-defined]
    found.burn = burnt(burn) if burn is not None else None  # type: ignore[attr-defined]  # shown, not kept
    found.earlier = earlier_verdicts(viewer=viewer, verdict=found)  # type: ignore[attr-defined]
    return found


@router.post("/{identifier}/verdicts/{number}/claim", response={200: BatchOut, **TROUBLES}, summary="Claim its credit")
def claim(request: HttpRequest, identifier: str, number: Number) -> Batch:
    """Claim the credit of a missed promise for the customer, where the agreement asks for that."""
    by = viewer_with(request, Scope.WRITE_MONEY)
    return claim_credit(verdict=verdict_of(by, identifier, number), by=by, now=clock.now())


@router.post("/{identifier}/judge", response={200: list[VerdictOut], **TROUBLES}, summary="Judge now")
def judge(request: HttpRequest, identifier: str) -> list[Verdict]:
    """Judge the open periods by all evidence that is there now, and list the verdicts that changed."""
    by = viewer_with(request, Scope.WRITE_VERDICTS)
    return list(judge_now(contract=contract_of(by, identifier), by=by, now=clock.now()))


@router.get("/{identifier}/actions", response={200: Listed[ActionOut], **TROUBLES}, summary="Corrective actions")
def actions(request: HttpRequest, identifier: str, paging: Query[Paging]) -> dict[str, Any]:
    """List what is done so that misses do not happen again."""
    viewer = viewer_with(request, Scope.READ_VERDICTS)
    return listed(corrective_actions(viewer=viewer, contract=contract_of(viewer, identifier)), paging)


@router.get("/{identifier}/actions/lacking", response={200: list[LackingOut], **TROUBLES}, summary="What lacks one")
def lacking(request: HttpRequest, identifier: str) -> list[Verdict]:
    """List the credits that want a corrective action before their period closes."""
    viewer = of_the_house(viewer_with(request, Scope.READ_MONEY))
    return lacking_actions(contract=contract_of(viewer, identifier), now=clock.now())


@router.post("/{identifier}/actions", response={201: ActionOut, **TROUBLES}, summary="Write a corrective action")
def act(
    request: HttpRequest, identifier: str, asked: ActionIn, idempotency_key: IdempotencyKey = ""
) -> Status[CorrectiveAction]:
    """Write down what is done about a miss."""
    by = viewer_with(request, Scope.WRITE_VERDICTS)
    said = asked.model_dump()
    period = period_of(by, identifier, said.pop("period"))
    return Status(
        201,
        made_once(
            request,
            idempotency_key,
            lambda: write_action(period=period, **said, by=by, now=clock.now()),
            lambda knows: corrective_actions(viewer=knows, contract=period.contract),
        ),
    )


@router.post("/{identifier}/actions/{number}/done", response={200: ActionOut, **TROUBLES}, summary="It is done")
def done(request: HttpRequest, identifier: str, number: Number) -> CorrectiveAction:
    """Say that a corrective action is done."""
    by = viewer_with(request, Scope.WRITE_VERDICTS)
    return finish_action(action=_action(by, identifier, number), by=by, now=clock.now())


def verdict_of(viewer: Viewer, identifier: str, number: int) -> Verdict:
    """Return a verdict that exists for somebody."""
    contract = contract_of(viewer, identifier)
    found = one_verdict(viewer=viewer, pk=number)
    if found is None or found.period.contract_id != contract.pk:
        raise HttpError(404, "there is no such verdict")
    return found


def with_money(viewer: Viewer, found: Iterable[Period]) -> list[Period]:
    """Return periods without sums for those who may not see money."""
    shown = list(found)
    for each in shown:
        if not sees_money(viewer=viewer, contract=each.contract):
            each.fee = each.at_risk = each.credit = None  # type: ignore[assignment]  # shown, not kept
    return shown


def _action(viewer: Viewer, identifier: str, number: int) -> CorrectiveAction:
    return one(corrective_actions(viewer=viewer, contract=contract_of(viewer, identifier)), "action", pk=number)


def burnt(burn: Burn) -> dict[str, Any]:
    """Return shares as exact numbers in text."""
    return {
        "used": None if burn.used is None else str(burn.used),
        "elapsed": str(burn.elapsed),
        "missed": str(burn.missed),
        "allowed": str(burn.allowed),
        "will_meet": burn.will_meet,
        "runs_out_at": burn.runs_out_at,
    }
