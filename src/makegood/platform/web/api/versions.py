"""Versions of agreements: their texts, what they mean, what changed, and the documents written from them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema, Status
from ninja.errors import HttpError

from makegood.engine.agreement.prose import service_level_text
from makegood.engine.vocabulary.amount import Amount
from makegood.platform import clock
from makegood.platform.agreement.contracts import operations, queries
from makegood.platform.agreement.contracts.documents.content import Paper
from makegood.platform.agreement.contracts.documents.papers import documents_of, paper
from makegood.platform.agreement.contracts.documents.pdf import Letterhead, pdf
from makegood.platform.agreement.contracts.models import Version
from makegood.platform.judging.verdicts.queries import sees_money
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.tenancy.branding.queries import house_brand
from makegood.platform.web.api.asked import (
    Number,
    answers_with,
    contract_of,
    file,
    listed,
    of_the_house,
    version_of,
    viewer_with,
)
from makegood.platform.web.api.shapes import TROUBLES, In, Listed, Paging, Prose, Text

router = Router(tags=["agreements"])


class SignatureOut(Schema):
    """That somebody accepted a text for a party."""

    organisation: str = Field(alias="organisation.slug")
    name: str
    digest: str
    signed_at: datetime


class VersionOut(Schema):
    """A text of an agreement; ``version`` is its number in the agreement, which a withdrawn one gives back."""

    number: int = Field(alias="pk")
    version: int = Field(alias="number")
    state: str
    digest: str
    first_day: date | None
    last_day: date | None
    offered_at: datetime | None
    signatures: list[SignatureOut]
    text: str

    @staticmethod
    def resolve_signatures(kept: Version) -> list[Any]:
        return list(kept.signatures.all())


class TextIn(In):
    """A text of an agreement."""

    text: Text


class WithdrawIn(In):
    """Why a version is taken back."""

    reason: Prose = ""


class SectionOut(Schema):
    """A part of the terms in words; the first row of a table is its heading."""

    title: str
    paragraphs: list[str]
    table: list[list[str]]


class GateOut(Schema):
    """Something that has to be so before a version comes into force, and what to do as long as it is not."""

    name: str
    text: str
    todo: str
    open: bool


class RewordingOut(Schema):
    """What a section says differently."""

    title: str
    gone: list[str]
    new: list[str]


class ComparedOut(Schema):
    """What the credits of a period come to by the text before and by this one, in minor units."""

    period: str
    before: int
    after: int


class DifferenceOut(Schema):
    """What changed against the version before; money is absent for those who may not see it."""

    before: int
    after: int
    changes: list[str]
    rewordings: list[RewordingOut]
    currency: str
    periods: list[ComparedOut] | None


class DocumentOut(Schema):
    """A document that is written from a version."""

    kind: str
    title: str


@router.get("/{identifier}/versions", response={200: Listed[VersionOut], **TROUBLES}, summary="Its texts")
def all_versions(request: HttpRequest, identifier: str, paging: Query[Paging]) -> dict[str, Any]:
    """List the versions of an agreement with their texts and signatures."""
    viewer = viewer_with(request, Scope.READ_AGREEMENTS)
    return listed(queries.versions(viewer=viewer, contract=contract_of(viewer, identifier)), paging)


@router.get("/{identifier}/next-text", response={200: TextIn, **TROUBLES}, summary="What to amend it with")
def next_text(request: HttpRequest, identifier: str) -> dict[str, str]:
    """Return a text to begin the next version with: that in force, as an amendment from the next period on."""
    viewer = of_the_house(viewer_with(request, Scope.READ_AGREEMENTS))
    return {"text": queries.next_text(contract=contract_of(viewer, identifier), today=clock.now().date())}


@router.post("/{identifier}/versions", response={201: VersionOut, **TROUBLES}, summary="Begin the next version")
def amend(request: HttpRequest, identifier: str, asked: TextIn) -> Status[Version]:
    """Begin the next version of an agreement with a complete text."""
    by = viewer_with(request, Scope.WRITE_AGREEMENTS)
    contract = contract_of(by, identifier)
    return Status(201, operations.amend_contract(contract=contract, text=asked.text, by=by, now=clock.now()))


@router.get("/{identifier}/versions/{number}", response={200: VersionOut, **TROUBLES}, summary="One text")
def version(request: HttpRequest, identifier: str, number: Number) -> Version:
    """Return one version."""
    return version_of(viewer_with(request, Scope.READ_AGREEMENTS), identifier, number)


@router.put("/{identifier}/versions/{number}", response={200: VersionOut, **TROUBLES}, summary="Rewrite a draft")
def rewrite(request: HttpRequest, identifier: str, number: Number, asked: TextIn) -> Version:
    """Replace the text of a draft, also by one that is not ready."""
    by = viewer_with(request, Scope.WRITE_AGREEMENTS)
    found = version_of(by, identifier, number)
    return operations.rewrite_draft(version=found, text=asked.text, by=by, now=clock.now())


@router.post("/{identifier}/versions/{number}/offer", response={200: VersionOut, **TROUBLES}, summary="Offer it")
def offer(request: HttpRequest, identifier: str, number: Number) -> Version:
    """Offer a draft to the other side; people of both sides sign it in the browser."""
    by = viewer_with(request, Scope.WRITE_AGREEMENTS)
    return operations.offer_version(version=version_of(by, identifier, number), by=by, now=clock.now())


@router.post("/{identifier}/versions/{number}/withdraw", response={200: VersionOut, **TROUBLES}, summary="Take it back")
def withdraw(request: HttpRequest, identifier: str, number: Number, asked: WithdrawIn) -> Version:
    """Take a draft or an offer back; it is kept, but nobody can sign it any more."""
    by = viewer_with(request, Scope.WRITE_AGREEMENTS)
    found = version_of(by, identifier, number)
    return operations.withdraw_version(version=found, reason=asked.reason, by=by, now=clock.now())


@router.get("/{identifier}/versions/{number}/gates", response={200: list[GateOut], **TROUBLES}, summary="Its gates")
def gates(request: HttpRequest, identifier: str, number: Number) -> Any:
    """List what has to be so before a version comes into force, for the provider."""
    viewer = of_the_house(viewer_with(request, Scope.READ_AGREEMENTS))
    return list(queries.gates_of(version=version_of(viewer, identifier, number), viewer=viewer))


@router.get("/{identifier}/versions/{number}/terms", response={200: list[SectionOut], **TROUBLES}, summary="In words")
def terms(request: HttpRequest, identifier: str, number: Number) -> Any:
    """Return the terms of a version in words; a text with errors says nothing yet."""
    found = version_of(viewer_with(request, Scope.READ_AGREEMENTS), identifier, number)
    agreement = queries.readable(found.text).agreement
    return [] if agreement is None else list(service_level_text(agreement))


@router.get(
    "/{identifier}/versions/{number}/difference",
    response={200: DifferenceOut | None, **TROUBLES},
    summary="What changed",
)
def difference(request: HttpRequest, identifier: str, number: Number) -> dict[str, Any] | None:
    """Say what a version changes, and what both texts come to on the evidence of a year; of the first nothing."""
    viewer = viewer_with(request, Scope.READ_AGREEMENTS)
    found = version_of(viewer, identifier, number)
    told = queries.difference_of(version=found, now=clock.now())
    if told is None:
        return None
    money = sees_money(viewer=viewer, contract=found.contract)
    return {
        "before": told.before.number,
        "after": told.after.number,
        "changes": [str(each) for each in told.changes],
        "rewordings": told.rewordings,
        "currency": told.currency,
        "periods": [_compared(each.label, each.credits) for each in told.periods] if money else None,
    }


@router.get(
    "/{identifier}/versions/{number}/documents", response={200: list[DocumentOut], **TROUBLES}, summary="Its documents"
)
def documents(request: HttpRequest, identifier: str, number: Number) -> list[dict[str, str]]:
    """List the documents that are written from a version."""
    found = version_of(viewer_with(request, Scope.READ_AGREEMENTS), identifier, number)
    return [{"kind": kind, "title": title} for kind, title in documents_of(found)]


@router.get(
    "/{identifier}/versions/{number}/documents/{kind}",
    response={200: dict[str, Any], **TROUBLES},
    summary="A document",
)
def document(request: HttpRequest, identifier: str, number: Number, kind: str) -> dict[str, Any]:
    """Return a document as data: what it is, its facts, and its parts in order."""
    return _paper(version_of(viewer_with(request, Scope.READ_AGREEMENTS), identifier, number), kind).plain()


@router.get(
    "/{identifier}/versions/{number}/documents/{kind}/pdf",
    response=TROUBLES,
    openapi_extra=answers_with("application/pdf"),
    summary="A document as PDF",
)
def document_pdf(request: HttpRequest, identifier: str, number: Number, kind: str) -> HttpResponse:
    """Return the same document as PDF, on the paper of the house."""
    found = version_of(viewer_with(request, Scope.READ_AGREEMENTS), identifier, number)
    brand = house_brand()
    letterhead = Letterhead(brand.name, brand.colour, bytes(brand.logo or b""), brand.logo_type)
    made = pdf(_paper(found, kind), letterhead, clock.now())
    return file(made, "application/pdf", f"{identifier}-{found.number}-{kind}.pdf")


def _paper(version: Version, kind: str) -> Paper:
    found = paper(version, kind)
    if found is None:
        raise HttpError(404, "there is no such document")
    return found


def _compared(label: str, credits: tuple[Amount, Amount]) -> dict[str, Any]:
    return {"period": label, "before": credits[0].minor, "after": credits[1].minor}
