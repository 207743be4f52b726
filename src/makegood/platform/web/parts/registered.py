"""Pages about how an engagement began and who may reach what: stages, baselines, accesses. All sites have them."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.engine.agreement.versions import newest
from makegood.platform import clock
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import NotInForce, terms_of
from makegood.platform.review.governance.models import Baseline
from makegood.platform.review.governance.operations import end_grant, grant_access, set_stage, take_baseline
from makegood.platform.review.governance.queries import QUESTIONS, baselines, grants, stages, today_of
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Role, Site
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.answers import back_to, refused, told
from makegood.platform.web.parts.found import contract_of
from makegood.platform.web.parts.governance_forms import GrantAccess, SetStage, TakeBaseline

_READERS = {
    Site.CONSOLE: (Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER, Role.BILLING, Role.AUDITOR),
    Site.PORTAL: (Role.SPONSOR, Role.MANAGER),
    Site.PARTNER: (Role.AFFILIATE,),
}
_KEEPERS = (Role.OWNER, Role.SERVICE_MANAGER)


def addresses(site: Site) -> list[URLPattern]:
    """Return the addresses of these pages at a site."""
    opened = partial(door, site)
    reads, keeps = opened(*_READERS[site]), opened(*_KEEPERS)
    here = "agreements/<slug:slug>/governance/"
    found = [
        path(f"{here}start/", reads(start), name="start"),
        path(f"{here}access/", reads(access), name="access"),
    ]
    if site is Site.CONSOLE:
        found += [
            path(f"{here}start/stages/<int:stage>/", keeps(one_stage), name="stage"),
            path(f"{here}start/baselines/<slug:domain>/", keeps(assess), name="assess"),
            path(f"{here}access/new/", keeps(new_access), name="new-access"),
            path(f"{here}access/<int:grant>/end/", keeps(access_ended), name="end-access"),
        ]
    return found


def start(request: Request, slug: str) -> HttpResponse:
    """Show the stages of the engagement, and what assessments found."""
    contract = contract_of(request, slug)
    keeps = _keeps(request)
    shown = [
        {
            "stage": each,
            "form": SetStage(
                initial={"name": each.name, "began_on": each.began_on, "ended_on": each.ended_on},
                auto_id=f"id_{each.number}_%s",
            )
            if keeps
            else None,
        }
        for each in stages(viewer=request.viewer, contract=contract)
    ]
    seen = {
        "contract": contract,
        "stages": shown,
        "baselines": [_told(each) for each in baselines(viewer=request.viewer, contract=contract)],
        "domains": Baseline.Domain.choices if keeps else [],
    }
    return render(request, "parts/start.html", seen)


@require_POST
def one_stage(request: Request, slug: str, stage: int) -> HttpResponse:
    """Name a stage, and say when it began and ended."""
    contract = contract_of(request, slug)
    form = SetStage(request.POST)
    if not form.is_valid():
        told(request, lambda: _refuse(_("Give the stage a name, and days that there are.")), "")
        return back_to(request, "start", slug)
    said = form.cleaned_data
    told(
        request,
        lambda: set_stage(contract=contract, number=stage, **said, by=request.viewer, now=clock.now()),
        _("The stage was kept."),
    )
    return back_to(request, "start", slug)


@require_http_methods(["GET", "POST"])
def assess(request: Request, slug: str, domain: str) -> HttpResponse:
    """Show the questions of an assessment, and keep its answers as a baseline."""
    contract, domain = contract_of(request, slug), domain.upper()
    if domain not in QUESTIONS:
        raise Http404
    form = TakeBaseline(request.POST or None, domain=domain, outcomes=_outcomes(contract))
    if request.method == "POST" and form.is_valid():
        answers = dict(form.cleaned_data)
        outcomes = answers.pop("outcomes", [])
        try:
            take_baseline(
                contract=contract, domain=domain, answers=answers, outcomes=outcomes, by=request.viewer, now=clock.now()
            )
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("The baseline was taken and is frozen."))
            return back_to(request, "start", slug)
    seen = {"contract": contract, "form": form, "domain": Baseline.Domain(domain).label}
    return render(request, "parts/assess.html", seen, status=422 if request.method == "POST" else 200)


def access(request: Request, slug: str) -> HttpResponse:
    """Show who may reach what of the customer."""
    return _access(request, contract_of(request, slug), GrantAccess())


@require_POST
def new_access(request: Request, slug: str) -> HttpResponse:
    """Write an access down."""
    contract = contract_of(request, slug)
    form = GrantAccess(request.POST)
    if form.is_valid():
        try:
            grant_access(contract=contract, **form.cleaned_data, by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("The access was written down; the customer sees it."))
            return back_to(request, "access", slug)
    return _access(request, contract, form)


@require_POST
def access_ended(request: Request, slug: str, grant: int) -> HttpResponse:
    """Say that an access has ended."""
    contract = contract_of(request, slug)
    found = get_object_or_404(grants(viewer=request.viewer, contract=contract), pk=grant)
    told(request, lambda: end_grant(grant=found, by=request.viewer, now=clock.now()), _("The access has ended."))
    return back_to(request, "access", slug)


def _access(request: Request, contract: Contract, form: GrantAccess) -> HttpResponse:
    seen = {
        "contract": contract,
        "grants": grants(viewer=request.viewer, contract=contract),
        "today": today_of(contract=contract, now=clock.now()),
        "form": form if _keeps(request) else None,
    }
    return render(request, "parts/access.html", seen, status=422 if form.errors else 200)


def _told(baseline: Baseline) -> dict[str, Any]:
    """Return a baseline with its questions in words."""
    asked = dict(QUESTIONS.get(baseline.domain, ()))
    return {
        "baseline": baseline,
        "answers": [(asked.get(name, name), text) for name, text in baseline.answers.items()],
    }


def _outcomes(contract: Contract) -> list[str]:
    try:
        return [*newest(terms_of(contract=contract)[1]).outcomes]
    except NotInForce:
        return []


def _keeps(request: Request) -> bool:
    return request.viewer.site is Site.CONSOLE and request.viewer.has(*_KEEPERS)


def _refuse(sentence: str) -> None:
    raise Unable(sentence)
