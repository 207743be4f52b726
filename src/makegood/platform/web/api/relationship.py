"""The relationship with a customer: its steps, costs, expected value and measurements."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from makegood.platform import clock
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.review.governance import operations, queries
from makegood.platform.review.governance.models import Cost, ExpectedValue, Measurement
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.tenancy.viewer import Viewer
from makegood.platform.web.api.asked import (
    IdempotencyKey,
    Number,
    contract_of,
    listed,
    made_once,
    one,
    organisation_of,
    viewer_with,
)
from makegood.platform.web.api.shapes import TROUBLES, Day, In, Line, Listed, Paging, Prose, Word

router = Router(tags=["relationship"])

Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Minor = Annotated[int, Field(ge=1, le=10**15)]


class StepOut(Schema):
    """One of the four steps with a customer: 1 evaluate, 2 talk about value, 3 agree, 4 apply; and what it lacks."""

    number: int
    progress: str
    missing: list[str]
    agreement: str | None


class CostIn(In):
    """What something costs the customer in a year, in minor units."""

    title: Line
    amount: Minor
    currency: Currency


class CostOut(Schema):
    """What something costs the customer in a year, in minor units."""

    number: int = Field(alias="pk")
    title: str
    amount: int
    currency: str
    kept_at: datetime


class ExpectedValueIn(In):
    """What an outcome is expected to be worth in a year, in minor units, and who agreed to that."""

    outcome: Line
    amount: Minor
    currency: Currency
    words: Prose = ""
    agreed_with: Line


class ExpectedValueOut(Schema):
    """What an outcome is expected to be worth in a year, in minor units."""

    number: int = Field(alias="pk")
    outcome: str
    amount: int
    currency: str
    words: str
    agreed_with: str
    kept_at: datetime


class ComparedIn(In):
    """With which outcome of which agreement a measurement is compared; without both with none."""

    agreement: Word = ""
    outcome: Word = ""


class MeasurementIn(ComparedIn):
    """What a health check measured: ``97.5%``, ``4h`` or ``12``."""

    title: Line
    value: Annotated[str, Field(max_length=40)]
    measured_on: Day
    source: Line = ""


class MeasurementOut(Schema):
    """What a health check measured, and the verdict that was found last of what it is compared with."""

    number: int
    title: str
    value: str
    measured_on: date
    source: str
    agreement: str | None
    outcome: str
    now: str | None = Field(description="What was found last.")
    period: str | None
    better: str | None = Field(description="BETTER, SAME or WORSE; null if it cannot be compared.")


@router.get("/{identifier}/relationship", response={200: list[StepOut], **TROUBLES}, summary="The four steps")
def steps(request: HttpRequest, identifier: str) -> list[dict[str, Any]]:
    """Say how far the four steps with a customer are, for the provider."""
    viewer = viewer_with(request, Scope.READ_GOVERNANCE)
    found = queries.relationship(viewer=viewer, customer=organisation_of(viewer, identifier), now=clock.now())
    return [
        {
            "number": each.number,
            "progress": each.progress,
            "missing": [one.value for one in each.missing],
            "agreement": each.contract.slug if each.contract is not None else None,
        }
        for each in found
    ]


@router.get("/{identifier}/costs", response={200: Listed[CostOut], **TROUBLES}, summary="Costs of today")
def costs(request: HttpRequest, identifier: str, paging: Query[Paging]) -> dict[str, Any]:
    """List what the customer pays today, for the provider."""
    viewer = viewer_with(request, Scope.READ_GOVERNANCE)
    return listed(queries.costs(viewer=viewer, customer=organisation_of(viewer, identifier)), paging)


@router.post("/{identifier}/costs", response={201: CostOut, **TROUBLES}, summary="Write a cost down")
def keep_cost(
    request: HttpRequest, identifier: str, asked: CostIn, idempotency_key: IdempotencyKey = ""
) -> Status[Cost]:
    """Write down what something costs the customer in a year."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    customer = organisation_of(by, identifier)
    made = made_once(
        request,
        idempotency_key,
        lambda: operations.keep_cost(customer=customer, **asked.model_dump(), by=by, now=clock.now()),
        lambda knows: queries.costs(viewer=knows, customer=customer),
    )
    return Status(201, made)


@router.delete("/{identifier}/costs/{number}", response={204: None, **TROUBLES}, summary="Take a cost off")
def end_cost(request: HttpRequest, identifier: str, number: Number) -> Status[None]:
    """Take a cost off the list."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    found = one(queries.costs(viewer=by, customer=organisation_of(by, identifier)), "cost", pk=number)
    operations.end_cost(cost=found, by=by, now=clock.now())
    return Status(204, None)


@router.get(
    "/{identifier}/expected-values", response={200: Listed[ExpectedValueOut], **TROUBLES}, summary="Expected values"
)
def expected_values(request: HttpRequest, identifier: str, paging: Query[Paging]) -> dict[str, Any]:
    """List what outcomes are expected to be worth to the customer, for the provider."""
    viewer = viewer_with(request, Scope.READ_GOVERNANCE)
    return listed(queries.expected_values(viewer=viewer, customer=organisation_of(viewer, identifier)), paging)


@router.post(
    "/{identifier}/expected-values",
    response={201: ExpectedValueOut, **TROUBLES},
    summary="Write an expected value down",
)
def keep_expected_value(
    request: HttpRequest, identifier: str, asked: ExpectedValueIn, idempotency_key: IdempotencyKey = ""
) -> Status[ExpectedValue]:
    """Write down what an outcome is expected to be worth in a year."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    customer = organisation_of(by, identifier)
    made = made_once(
        request,
        idempotency_key,
        lambda: operations.keep_expected_value(customer=customer, **asked.model_dump(), by=by, now=clock.now()),
        lambda knows: queries.expected_values(viewer=knows, customer=customer),
    )
    return Status(201, made)


@router.delete(
    "/{identifier}/expected-values/{number}", response={204: None, **TROUBLES}, summary="Take an expected value off"
)
def end_expected_value(request: HttpRequest, identifier: str, number: Number) -> Status[None]:
    """Say that an outcome is no longer expected to be worth this."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    every = queries.expected_values(viewer=by, customer=organisation_of(by, identifier))
    operations.end_expected_value(value=one(every, "expected value", pk=number), by=by, now=clock.now())
    return Status(204, None)


@router.get("/{identifier}/measurements", response={200: Listed[MeasurementOut], **TROUBLES}, summary="Measurements")
def measurements(request: HttpRequest, identifier: str, paging: Query[Paging]) -> dict[str, Any]:
    """List what was measured before the work began, beside what was found last."""
    viewer = viewer_with(request, Scope.READ_GOVERNANCE)
    found = queries.comparisons(viewer=viewer, customer=organisation_of(viewer, identifier))
    return listed([_compared(each) for each in found], paging)


@router.post("/{identifier}/measurements", response={201: MeasurementOut, **TROUBLES}, summary="Keep a measurement")
def keep_measurement(
    request: HttpRequest, identifier: str, asked: MeasurementIn, idempotency_key: IdempotencyKey = ""
) -> Status[dict[str, Any]]:
    """Keep what a health check measured."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    customer = organisation_of(by, identifier)
    said = asked.model_dump()
    said["contract"] = _agreement(by, said.pop("agreement"))
    made = made_once(
        request,
        idempotency_key,
        lambda: operations.keep_measurement(customer=customer, **said, by=by, now=clock.now()),
        lambda knows: queries.measurements(viewer=knows, customer=customer),
    )
    return Status(201, _answered(by, made))


@router.put(
    "/{identifier}/measurements/{number}", response={200: MeasurementOut, **TROUBLES}, summary="Compare a measurement"
)
def compare_measurement(request: HttpRequest, identifier: str, number: Number, asked: ComparedIn) -> dict[str, Any]:
    """Say with which outcome a measurement is compared."""
    by = viewer_with(request, Scope.WRITE_GOVERNANCE)
    found = one(queries.measurements(viewer=by, customer=organisation_of(by, identifier)), "measurement", pk=number)
    contract = _agreement(by, asked.agreement)
    made = operations.compare_measurement(
        measurement=found, contract=contract, outcome=asked.outcome, by=by, now=clock.now()
    )
    return _answered(by, made)


def _agreement(by: Viewer, identifier: str) -> Contract | None:
    return contract_of(by, identifier) if identifier else None


def _answered(by: Viewer, made: Measurement) -> dict[str, Any]:
    found = queries.comparisons(viewer=by, customer=made.customer)
    return next(_compared(each) for each in found if each.measurement.pk == made.pk)


def _compared(each: queries.Comparison) -> dict[str, Any]:
    it = each.measurement
    return {
        "number": it.pk,
        "title": it.title,
        "value": it.value,
        "measured_on": it.measured_on,
        "source": it.source,
        "agreement": it.contract.slug if it.contract is not None else None,
        "outcome": it.outcome,
        "now": each.verdict.shown if each.verdict is not None else None,
        "period": each.verdict.period.label if each.verdict is not None else None,
        "better": each.better,
    }
