"""Reports as they were made, and what is recommended."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema, Status

from makegood.platform import clock
from makegood.platform.review.reports.models import Recommendation, Report
from makegood.platform.review.reports.operations import MOST_CHARACTERS, decide, make_report, recommend
from makegood.platform.review.reports.queries import recommendations, reports
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.tenancy.viewer import Viewer
from makegood.platform.web.api.asked import (
    IdempotencyKey,
    Number,
    answers_with,
    contract_of,
    file,
    listed,
    made_once,
    one,
    period_of,
    viewer_with,
)
from makegood.platform.web.api.shapes import TROUBLES, Day, In, Listed, Paging, Prose, Word

router = Router(tags=["reports"])


class ReportOut(Schema):
    """A report of a period; a later one of the same period has the next number in it."""

    number: int = Field(alias="pk")
    period: str = Field(alias="period.label")
    edition: int = Field(alias="number")
    sha256: str
    made_at: datetime


class ReportWhole(ReportOut):
    """A report with everything that it shows."""

    content: dict[str, Any] = Field(alias="form")


class ReportIn(In):
    """Of which period, and in which language, a report is to be made."""

    period: Word
    language: Literal["en", "de"] = "en"


class RecommendationIn(In):
    """What is recommended, what it costs in words, and until when to decide."""

    text: Prose
    cost: Annotated[str, Field(max_length=MOST_CHARACTERS)] = ""
    due_date: Day | None = None


class RecommendationOut(Schema):
    """What was recommended, and what became of it."""

    number: int = Field(alias="pk")
    text: str
    cost: str
    due_date: date | None
    decision: str
    written_at: datetime


class Decided(In):
    """What the customer decided."""

    decision: Annotated[str, Field(max_length=MOST_CHARACTERS)]


@router.get("/{identifier}/reports", response={200: Listed[ReportOut], **TROUBLES}, summary="Reports")
def all_reports(request: HttpRequest, identifier: str, paging: Query[Paging]) -> dict[str, Any]:
    """List the reports of an agreement, the latest first."""
    viewer = viewer_with(request, Scope.READ_MONEY)
    return listed(reports(viewer=viewer, contract=contract_of(viewer, identifier)), paging)


@router.post("/{identifier}/reports", response={201: ReportOut, **TROUBLES}, summary="Make a report")
def make(
    request: HttpRequest, identifier: str, asked: ReportIn, idempotency_key: IdempotencyKey = ""
) -> Status[Report]:
    """Make the report of a period, and send it to the sponsors and managers of the customer."""
    by = viewer_with(request, Scope.WRITE_REPORTS)
    period = period_of(by, identifier, asked.period)
    return Status(
        201,
        made_once(
            request,
            idempotency_key,
            lambda: make_report(period=period, language=asked.language, by=by, now=clock.now()),
            lambda knows: reports(viewer=knows, contract=period.contract),
        ),
    )


@router.get("/{identifier}/reports/{number}", response={200: ReportWhole, **TROUBLES}, summary="One report")
def report(request: HttpRequest, identifier: str, number: Number) -> Report:
    """Return a report as data, as it was when it was made."""
    return _report(viewer_with(request, Scope.READ_MONEY), identifier, number)


@router.get(
    "/{identifier}/reports/{number}/pdf",
    response=TROUBLES,
    openapi_extra=answers_with("application/pdf"),
    summary="One report as PDF",
)
def report_pdf(request: HttpRequest, identifier: str, number: Number) -> HttpResponse:
    """Return a report as PDF, as it was when it was made."""
    found = _report(viewer_with(request, Scope.READ_MONEY), identifier, number)
    return file(bytes(found.pdf), "application/pdf", f"{identifier}-{found.period.label}.pdf")


@router.get(
    "/{identifier}/recommendations", response={200: Listed[RecommendationOut], **TROUBLES}, summary="Recommendations"
)
def all_recommendations(request: HttpRequest, identifier: str, paging: Query[Paging]) -> dict[str, Any]:
    """List what was recommended, the latest first."""
    viewer = viewer_with(request, Scope.READ_MONEY)
    return listed(recommendations(viewer=viewer, contract=contract_of(viewer, identifier)), paging)


@router.post("/{identifier}/recommendations", response={201: RecommendationOut, **TROUBLES}, summary="Recommend")
def recommended(
    request: HttpRequest, identifier: str, asked: RecommendationIn, idempotency_key: IdempotencyKey = ""
) -> Status[Recommendation]:
    """Recommend something to a customer; it stands in every report from now on."""
    by = viewer_with(request, Scope.WRITE_REPORTS)
    contract = contract_of(by, identifier)
    return Status(
        201,
        made_once(
            request,
            idempotency_key,
            lambda: recommend(contract=contract, **asked.model_dump(), by=by, now=clock.now()),
            lambda knows: recommendations(viewer=knows, contract=contract),
        ),
    )


@router.post(
    "/{identifier}/recommendations/{number}/decision",
    response={200: RecommendationOut, **TROUBLES},
    summary="Decide about it",
)
def decided(request: HttpRequest, identifier: str, number: Number, asked: Decided) -> Recommendation:
    """Keep what the customer decided."""
    by = viewer_with(request, Scope.WRITE_REPORTS)
    found = one(recommendations(viewer=by, contract=contract_of(by, identifier)), "recommendation", pk=number)
    return decide(recommendation=found, decision=asked.decision, by=by, now=clock.now())


def _report(viewer: Viewer, identifier: str, number: int) -> Report:
    return one(reports(viewer=viewer, contract=contract_of(viewer, identifier)), "report", pk=number)
