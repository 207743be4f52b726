"""Claiming a credit where an agreement gives it only to those who ask: the customer does, at its site."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.platform import clock
from makegood.platform.judging.verdicts.models import Verdict
from makegood.platform.judging.verdicts.queries import verdict as one_verdict
from makegood.platform.money.settlement.operations import CLAIMANTS, claim_credit
from makegood.platform.money.settlement.queries import CreditClaim, credit_claim
from makegood.platform.tenancy.viewer import Role, Site, Viewer
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.answers import back_to, told

_WHO = {
    Site.PORTAL: (Role.SPONSOR, Role.MANAGER),
    Site.CONSOLE: (Role.OWNER, Role.SERVICE_MANAGER, Role.BILLING),
}


def addresses(site: Site) -> list[URLPattern]:
    """Return the addresses of these pages at a site; affiliates only provide, and so have nothing to claim."""
    if site is Site.PARTNER:
        return []
    claims = door(site, *_WHO[site])
    return [
        path("agreements/<slug:slug>/verdicts/<int:verdict>/claim/", claims(claim), name="claim-credit"),
    ]


@require_POST
def claim(request: Request, slug: str, verdict: int) -> HttpResponse:
    """Claim the credit of a missed promise."""
    found = one_verdict(viewer=request.viewer, pk=verdict)
    if found is None or found.period.contract.slug != slug:
        raise Http404
    told(
        request,
        lambda: claim_credit(verdict=found, by=request.viewer, now=clock.now()),
        _("It is claimed. What is due is paid with the next statement."),
    )
    return back_to(request, "verdict", slug, verdict)


def claiming(viewer: Viewer, verdict: Verdict) -> dict[str, object]:
    """Return what a page of a verdict shows of its claim, and whether the viewer is one who claims."""
    found: CreditClaim | None = credit_claim(viewer=viewer, verdict=verdict, now=clock.now())
    party = verdict.period.contract.customer_id
    return {"credit_claim": found, "claims_it": viewer.has(*CLAIMANTS, organisation=party)}
