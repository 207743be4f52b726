"""Periods, verdicts and money."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from ninja import Router
from ninja.errors import HttpError

from makegood.platform.judging.periods.models import Period
from makegood.platform.judging.periods.queries import periods
from makegood.platform.judging.verdicts.models import Verdict
from makegood.platform.judging.verdicts.queries import latest_verdicts
from makegood.platform.judging.verdicts.queries import verdict as one_verdict
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.web.api.asked import contract_of, viewer_with
from makegood.platform.web.api.shapes import TROUBLES, PeriodOut, VerdictOut, VerdictWhole

router = Router()


@router.get("/{identifier}/periods", response={200: list[PeriodOut], **TROUBLES}, summary="Periods")
def all_periods(request: HttpRequest, identifier: str) -> Iterable[Period]:
    """List the periods that have begun."""
    viewer = viewer_with(request, Scope.READ_VERDICTS)
    return periods(viewer=viewer, contract=contract_of(viewer, identifier))


@router.get("/{identifier}/verdicts", response={200: list[VerdictOut], **TROUBLES}, summary="Verdicts that count")
def verdicts(request: HttpRequest, identifier: str, period: str = "") -> Iterable[Verdict]:
    """List the verdicts that count, of all periods or of one by its label."""
    viewer = viewer_with(request, Scope.READ_VERDICTS)
    found = latest_verdicts(viewer=viewer, contract=contract_of(viewer, identifier))
    return [each for each in found if period in {"", each.period.label}]


@router.get("/{identifier}/verdicts/{number}", response={200: VerdictWhole, **TROUBLES}, summary="One verdict")
def verdict(request: HttpRequest, identifier: str, number: int) -> Verdict:
    """Return a verdict with its readings, its steps and its evidence."""
    viewer = viewer_with(request, Scope.READ_VERDICTS)
    contract = contract_of(viewer, identifier)
    found = one_verdict(viewer=viewer, pk=number) if 0 < number < 2**63 else None
    if found is None or found.period.contract_id != contract.pk:
        raise HttpError(404, "there is no such verdict")
    return found
