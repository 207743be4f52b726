"""Texts of agreements before they are kept: templates to start from, and what there is to say about a text."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.errors import HttpError

from makegood.engine.agreement.advice.advise import advise
from makegood.engine.agreement.document import read
from makegood.engine.agreement.prose import service_level_text
from makegood.engine.vocabulary.finding import Finding
from makegood.platform.agreement.contracts.library.templates import begun, template, templates
from makegood.platform.agreement.contracts.queries import FILE
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.web.api.asked import listed, viewer_with
from makegood.platform.web.api.shapes import TROUBLES, Day, In, Line, Listed, Name, Paging, Word
from makegood.platform.web.api.versions import SectionOut, TextIn

router = Router(tags=["agreements"])


class TemplateOut(Schema):
    """An agreement to start from."""

    name: str
    title: str
    about: str


class TemplateWhole(TemplateOut):
    """An agreement to start from, with its text."""

    text: str


class BeginIn(In):
    """What is known of a new agreement; parties are named by the identifiers of organisations."""

    identifier: Word = ""
    title: Name = ""
    first_day: Day | None = None
    provider: Word = ""
    provider_name: Line = ""
    customer: Word = ""
    customer_name: Line = ""


class FindingOut(Schema):
    """Something to tell the author of a text, and where."""

    code: str
    severity: str
    line: int | None
    column: int | None
    path: str
    text: str
    hint: str


class ToldOut(Schema):
    """What there is to say about a text, and what it means in words; one with errors means nothing yet."""

    digest: str
    findings: list[FindingOut]
    sections: list[SectionOut]


@router.get("/templates", response={200: Listed[TemplateOut], **TROUBLES}, summary="Templates")
def all_templates(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """List the agreements to start from."""
    viewer_with(request, Scope.READ_AGREEMENTS)
    return listed(templates(), paging)


@router.get("/templates/{name}", response={200: TemplateWhole, **TROUBLES}, summary="A template")
def one_template(request: HttpRequest, name: str) -> Any:
    """Return an agreement to start from."""
    viewer_with(request, Scope.READ_AGREEMENTS)
    return _template(name)


@router.post("/templates/{name}/begin", response={200: TextIn, **TROUBLES}, summary="Begin with a template")
def begin_with(request: HttpRequest, name: str, asked: BeginIn) -> dict[str, str]:
    """Return the text of a template with what is known filled in; nothing is kept."""
    viewer_with(request, Scope.READ_AGREEMENTS)
    said = asked.model_dump()
    first_day = said.pop("first_day")
    values = {**said, "agreement": said.pop("identifier"), "term.from": first_day.isoformat() if first_day else ""}
    return {"text": begun(_template(name), values)}


@router.post("/check", response={200: ToldOut, **TROUBLES}, summary="Check a text")
def check(request: HttpRequest, asked: TextIn) -> dict[str, Any]:
    """Say what there is to say about a text of an agreement; nothing is kept."""
    viewer_with(request, Scope.READ_AGREEMENTS)
    text = asked.text.replace("\r\n", "\n")
    document = read(text, FILE)
    return {
        "digest": document.digest,
        "findings": [_finding(each) for each in sorted({*document.findings, *advise(text, FILE)})],
        "sections": service_level_text(document.agreement) if document.agreement is not None else (),
    }


def _template(name: str) -> Any:
    found = template(name)
    if found is None:
        raise HttpError(404, "there is no such template")
    return found


def _finding(found: Finding) -> dict[str, Any]:
    place = found.place
    return {
        "code": found.code,
        "severity": str(found.severity),
        "line": place.line if place else None,
        "column": place.column if place else None,
        "path": place.path if place else "",
        "text": found.text,
        "hint": found.hint,
    }
