"""Agreements of the house: which there are, and what moves them on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.platform import clock
from makegood.platform.agreement.contracts import operations, queries
from makegood.platform.agreement.contracts.models import Contract, Version
from makegood.platform.tenancy.viewer import Site
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.activating import bring_into_force
from makegood.platform.web.parts.agreements import contract_of, terms_context, version_of

AUTHORS = operations.AUTHORS
A_PAGE = 50


@door(Site.CONSOLE)
def agreements(request: Request) -> HttpResponse:
    """List the agreements with their state and what is to be done next."""
    page = Paginator(queries.newest_first(viewer=request.viewer), A_PAGE).get_page(request.GET.get("page"))
    rows = [(each, queries.next_step(viewer=request.viewer, contract=each)) for each in page]
    seen = {"rows": rows, "page": page, "writes": request.viewer.has(*AUTHORS)}
    return render(request, "console/agreements.html", seen)


@door(Site.CONSOLE)
def terms(request: Request, slug: str) -> HttpResponse:
    """Show the terms of an agreement, and the gates before it is in force."""
    return _terms(request, contract_of(request, slug))


@door(Site.CONSOLE, *AUTHORS)
@require_POST
def offer(request: Request, slug: str, version: int) -> HttpResponse:
    """Offer a draft to the other side."""
    found = version_of(request, slug, version)
    return _done(
        request,
        found.contract,
        lambda: operations.offer_version(version=found, by=request.viewer, now=clock.now()),
        _("It is offered: both sides can read and sign it."),
    )


@door(Site.CONSOLE, *AUTHORS)
@require_POST
def withdraw(request: Request, slug: str, version: int) -> HttpResponse:
    """Take a draft or an offer back."""
    found, reason = version_of(request, slug, version), request.POST.get("reason", "")
    return _done(
        request,
        found.contract,
        lambda: operations.withdraw_version(version=found, by=request.viewer, now=clock.now(), reason=reason),
        _("It is withdrawn."),
    )


@door(Site.CONSOLE, *AUTHORS)
@require_POST
def activate(request: Request, slug: str) -> HttpResponse:
    """Bring the offered version into force."""
    contract = contract_of(request, slug)
    return _done(
        request,
        contract,
        lambda: bring_into_force(contract=contract, by=request.viewer, now=clock.now()),
        _("The agreement is active."),
    )


@door(Site.CONSOLE, *AUTHORS)
@require_POST
def end(request: Request, slug: str) -> HttpResponse:
    """End an agreement."""
    contract, reason = contract_of(request, slug), request.POST.get("reason", "")
    return _done(
        request,
        contract,
        lambda: operations.end_contract(contract=contract, reason=reason, by=request.viewer, now=clock.now()),
        _("The agreement has ended."),
    )


@door(Site.CONSOLE, *AUTHORS)
@require_POST
def declare_source(request: Request, slug: str) -> HttpResponse:
    """Say where evidence is to come from."""
    contract = contract_of(request, slug)
    name, reports = request.POST.get("name", ""), request.POST.getlist("reports")
    return _done(
        request,
        contract,
        lambda: operations.declare_source(
            contract=contract, name=name, reports=reports, by=request.viewer, now=clock.now()
        ),
        _("The source is declared."),
    )


@door(Site.CONSOLE, *AUTHORS)
@require_POST
def drop_source(request: Request, slug: str, source: int) -> HttpResponse:
    """Take a declared source back."""
    contract = contract_of(request, slug)
    found = get_object_or_404(queries.sources(viewer=request.viewer, contract=contract), pk=source)
    return _done(
        request,
        contract,
        lambda: operations.drop_source(source=found, by=request.viewer, now=clock.now()),
        _("The source is no longer expected."),
    )


def _done(request: Request, contract: Contract, act: Callable[[], object], told: str) -> HttpResponse:
    """Do something and go back to the terms, or show them with the refusal."""
    try:
        act()
    except operations.UnableToContract as refusal:
        return _terms(request, contract, refusal)
    messages.success(request, told)
    return redirect("console:terms", contract.slug)


def _terms(request: Request, contract: Contract, refusal: Exception | None = None) -> HttpResponse:
    context: dict[str, Any] = terms_context(request, contract)
    open_ = context["open"]
    gates = queries.gates_of(version=open_, viewer=request.viewer) if open_ is not None else ()
    context |= {
        "writes": request.viewer.has(*AUTHORS),
        "gates": gates,
        "ready": all(gate.open for gate in gates),
        "streams": _streams(open_, context["in_force"]),
        "refusal": refusal,
    }
    return render(request, "console/agreement_terms.html", context, status=422 if refusal is not None else 200)


def _streams(*versions: Version | None) -> dict[str, tuple[str, ...]]:
    """Return what has to be reported by the version that is open, or else by that in force."""
    for version in versions:
        terms = queries.readable(version.text).agreement if version is not None else None
        if terms is not None:
            return queries.streams(terms)
    return {}
