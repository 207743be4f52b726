"""Pages about claims on affiliates: the console makes them, the affiliate answers. Customers see none."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.platform import clock
from makegood.platform.money.claims.models import Claim
from makegood.platform.money.claims.operations import answer_claim, make_claim
from makegood.platform.money.claims.queries import claims, recovered, standings
from makegood.platform.tenancy.viewer import Role, Site
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.answers import back_to, told


def addresses(site: Site) -> list[URLPattern]:
    """Return the addresses of these pages at a site."""
    if site is Site.CONSOLE:
        reads = door(site, Role.OWNER, Role.SERVICE_MANAGER, Role.BILLING, Role.AUDITOR)
        makes = door(site, Role.OWNER, Role.SERVICE_MANAGER, Role.BILLING)
        return [
            path("claims/", reads(all_claims), name="claims"),
            path("claims/<int:claim>/make/", makes(make), name="make-claim"),
        ]
    return [
        path("claims/", door(site)(all_claims), name="claims"),
        path("claims/<int:claim>/answer/", door(site)(answer), name="answer-claim"),
    ]


def all_claims(request: Request) -> HttpResponse:
    """Show what can be claimed, what was, and what came back."""
    found, now = claims(viewer=request.viewer), clock.now()
    stands = standings(seen=found)
    seen = {
        "rows": [
            {
                "claim": each,
                "stands": stands[each.pk],
                "own": sum(each.recovery.own.values()),
                "late": _late(each, now),
            }
            for each in found
        ],
        "recovered": recovered(viewer=request.viewer),
        "makes": request.viewer.has(Role.OWNER, Role.SERVICE_MANAGER, Role.BILLING),
    }
    return render(request, "parts/claims.html", seen)


@require_POST
def make(request: Request, claim: int) -> HttpResponse:
    """Claim from an affiliate what it owes."""
    found = _claim(request, claim)
    told(request, lambda: make_claim(claim=found, by=request.viewer, now=clock.now()), _("It was claimed."))
    return back_to(request, "claims")


@require_POST
def answer(request: Request, claim: int) -> HttpResponse:
    """Accept or refuse a claim."""
    found = _claim(request, claim)
    accept = request.POST.get("accept") == "yes"
    words = request.POST.get("answer", "")
    told(
        request,
        lambda: answer_claim(claim=found, accept=accept, answer=words, by=request.viewer, now=clock.now()),
        _("The claim was accepted.") if accept else _("The claim was refused."),
    )
    return back_to(request, "claims")


def _late(claim: Claim, now: datetime) -> bool:
    return claim.state == Claim.State.OPEN and claim.claim_by is not None and now > claim.claim_by


def _claim(request: Request, number: int) -> Claim:
    found = next((each for each in claims(viewer=request.viewer) if each.pk == number), None)
    if found is None:
        raise Http404
    return found
