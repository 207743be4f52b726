"""What the first page shows: how everything stands now, and what wants an answer; of all agreements together."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router

from makegood.platform import clock
from makegood.platform.evidence.intake.models import Dispute, Exclusion
from makegood.platform.evidence.intake.queries import disputes, exclusions
from makegood.platform.judging.periods.queries import open_periods
from makegood.platform.judging.verdicts.queries import burn_and_forecast, latest_verdicts
from makegood.platform.money.settlement.queries import actions_lacking
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.web.api.asked import listed, of_the_house, viewer_with
from makegood.platform.web.api.disputes import DisputeOut, ExclusionOut
from makegood.platform.web.api.judged import BurnOut, PeriodOut, VerdictOut, burnt, with_money
from makegood.platform.web.api.shapes import TROUBLES, Listed, Paging

router = Router(tags=["overview"])


class OpenPeriod(PeriodOut):
    """A period that is not closed, and of which agreement."""

    agreement: str = Field(alias="contract.slug")


class OpenVerdict(VerdictOut):
    """A verdict of a period that is not closed, of which agreement, and where it is heading."""

    agreement: str = Field(alias="period.contract.slug")
    burn: BurnOut | None


class LackingVerdict(VerdictOut):
    """A verdict that wants a corrective action, and of which agreement."""

    agreement: str = Field(alias="period.contract.slug")


class OpenDispute(DisputeOut):
    """A dispute that waits for a decision, and of which agreement."""

    agreement: str = Field(alias="contract.slug")


class ProposedExclusion(ExclusionOut):
    """An exclusion that waits for a decision, and of which agreement."""

    agreement: str = Field(alias="contract.slug")


@router.get("/periods", response={200: Listed[OpenPeriod], **TROUBLES}, summary="Open periods")
def all_open_periods(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """List the periods that are not closed, with what is at risk and what is credited so far."""
    viewer = viewer_with(request, Scope.READ_VERDICTS)
    found = listed(open_periods(viewer=viewer), paging)
    return {**found, "items": with_money(viewer, found["items"])}


@router.get("/verdicts", response={200: Listed[OpenVerdict], **TROUBLES}, summary="Verdicts of open periods")
def open_verdicts(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """List the provisional verdicts, and whether each target is met if it goes on like this."""
    now = clock.now()
    found = listed(latest_verdicts(viewer=viewer_with(request, Scope.READ_VERDICTS), only_open=True), paging)
    for each in found["items"]:
        burn = burn_and_forecast(verdict=each, now=now)
        each.burn = burnt(burn) if burn is not None else None
    return found


@router.get("/disputes", response={200: Listed[OpenDispute], **TROUBLES}, summary="Open disputes")
def open_disputes(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """List the disputes that wait for a decision, the latest first."""
    found = disputes(viewer=viewer_with(request, Scope.READ_EVIDENCE))
    return listed(found.filter(state=Dispute.State.OPEN), paging)


@router.get("/exclusions", response={200: Listed[ProposedExclusion], **TROUBLES}, summary="Proposed exclusions")
def proposed_exclusions(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """List the exclusions that wait for a decision, the latest first."""
    found = exclusions(viewer=viewer_with(request, Scope.READ_EVIDENCE))
    return listed(found.filter(state=Exclusion.State.PROPOSED), paging)


@router.get("/actions", response={200: Listed[LackingVerdict], **TROUBLES}, summary="Corrective actions lacking")
def lacking(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """List the verdicts that want a corrective action before their period closes, the dearest first."""
    viewer = of_the_house(viewer_with(request, Scope.READ_VERDICTS))
    return listed(actions_lacking(viewer=viewer, now=clock.now()), paging)
