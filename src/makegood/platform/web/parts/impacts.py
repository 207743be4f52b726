"""What follows from a missed outcome: its impact on the customer's business, and duties that were unmet. All sites."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.engine.agreement.versions import outcomes_of
from makegood.platform import clock
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import terms_of
from makegood.platform.evidence.intake.operations import propose_exclusion
from makegood.platform.evidence.intake.queries import causes
from makegood.platform.judging.verdicts.models import Verdict
from makegood.platform.judging.verdicts.queries import verdict as one_verdict
from makegood.platform.review.governance.operations import confirm_impact, count_opening, state_impact
from makegood.platform.review.governance.queries import impact_of, unmet_in
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Role, Site, Viewer
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts import judged
from makegood.platform.web.parts.answers import refused, told
from makegood.platform.web.parts.governance_forms import StateImpact

_SPEAKERS = {
    Site.CONSOLE: (Role.OWNER, Role.SERVICE_MANAGER),
    Site.PORTAL: (Role.SPONSOR, Role.MANAGER),
    Site.PARTNER: (Role.AFFILIATE,),
}
_CAUSED_BY = "customer"
"""Causes of an agreement that begin with this word are those of the customer."""


def addresses(site: Site) -> list[URLPattern]:
    """Return the addresses of these pages at a site."""
    opened = partial(door, site)
    speaks = opened(*_SPEAKERS[site])
    here = "agreements/<slug:slug>/verdicts/<int:verdict>/"
    found = [
        path(here, opened()(show), name="verdict"),
        path(f"{here}impact/", speaks(state), name="impact"),
        path(f"{here}impact/confirm/", speaks(confirm), name="confirm-impact"),
    ]
    if site is Site.CONSOLE:
        found.append(path(f"{here}exclude/", speaks(exclude), name="exclude-unmet"))
    return found


def show(request: Request, slug: str, verdict: int) -> HttpResponse:
    """Show one verdict, and what followed from it."""
    found = _verdict(request, slug, verdict)
    count_opening(verdict=found, by=request.viewer, now=clock.now())
    return judged.shown_verdict(request, found, _followed(request, found, None))


@require_POST
def state(request: Request, slug: str, verdict: int) -> HttpResponse:
    """Keep what a miss did to the customer."""
    found = _verdict(request, slug, verdict)
    form = StateImpact(request.POST, currency=found.period.currency)
    if form.is_valid():
        try:
            state_impact(
                period=found.period,
                outcome=found.outcome,
                **form.cleaned_data,
                by=request.viewer,
                now=clock.now(),
            )
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("The impact was kept; it stands in the report."))
            return _back(request, found)
    return judged.shown_verdict(request, found, _followed(request, found, form), status=422)


@require_POST
def confirm(request: Request, slug: str, verdict: int) -> HttpResponse:
    """Confirm what the provider entered."""
    found = _verdict(request, slug, verdict)
    impact = impact_of(viewer=request.viewer, period=found.period, outcome=found.outcome)
    if impact is None:
        raise Http404
    told(
        request,
        lambda: confirm_impact(impact=impact, by=request.viewer, now=clock.now()),
        _("The impact was confirmed."),
    )
    return _back(request, found)


@require_POST
def exclude(request: Request, slug: str, verdict: int) -> HttpResponse:
    """Propose that the time in which a duty was unmet does not count; the customer decides."""
    found = _verdict(request, slug, verdict)
    contract, now = found.period.contract, clock.now()
    unmet = unmet_in(viewer=request.viewer, period=found.period, outcome=found.outcome, now=now)
    named = request.POST.get("duty", "")
    cause = _cause(contract)
    proposed = [each for each in unmet if each.name == named]
    if not proposed or not cause:
        raise Http404
    reason = _("The duty was not met: %(text)s %(note)s")

    def propose() -> None:
        for each in proposed:
            propose_exclusion(
                contract=contract,
                cause=cause,
                subject=_subject(contract, found.outcome),
                starts_at=each.starts_at,
                ends_at=each.ends_at,
                reason=reason % {"text": each.text, "note": each.note},
                by=request.viewer,
                now=now,
            )

    told(request, propose, _("The exclusion was proposed; the customer decides."))
    return _back(request, found)


def _followed(request: Request, verdict: Verdict, form: StateImpact | None) -> dict[str, Any]:
    """Return what followed from a miss, for the page of its verdict; of others nothing."""
    viewer = request.viewer
    if verdict.ruling != Verdict.Ruling.MISSED:
        return {}
    period, outcome = verdict.period, verdict.outcome
    impact = impact_of(viewer=viewer, period=period, outcome=outcome)
    speaks = _speaks(viewer)
    by_customer = impact is not None and impact.entered_for_id == period.contract.customer_id
    return {
        "is_missed": True,
        "impact": impact,
        "impact_form": form or (StateImpact(currency=period.currency) if speaks else None),
        "is_confirmed": by_customer,
        "confirms": impact is not None
        and not by_customer
        and speaks
        and viewer.site is _customers_site(period.contract),
        "unmet": unmet_in(viewer=viewer, period=period, outcome=outcome, now=clock.now()),
        "excludes": viewer.site is Site.CONSOLE and speaks,
        "cause": _cause(period.contract),
    }


def _customers_site(contract: Contract) -> Site:
    return Site.CONSOLE if contract.customer.is_house else Site.PORTAL


def _speaks(viewer: Viewer) -> bool:
    return viewer.site is not None and viewer.has(*_SPEAKERS[viewer.site])


def _cause(contract: Contract) -> str:
    """Return the cause by which an agreement excludes what the customer causes, if it does."""
    return next((each for each in causes(terms_of(contract=contract)[1]) if each.startswith(_CAUSED_BY)), "")


def _subject(contract: Contract, outcome: str) -> str:
    """Return what an outcome is measured of, as exclusions name it; nothing if it is everything."""
    found = outcomes_of(terms_of(contract=contract)[1]).get(outcome)
    return found.measure.subject if found is not None else ""


def _verdict(request: Request, slug: str, pk: int) -> Verdict:
    found = one_verdict(viewer=request.viewer, pk=pk)
    if found is None or found.period.contract.slug != slug:
        raise Http404
    return found


def _back(request: Request, verdict: Verdict) -> HttpResponse:
    return redirect(f"{request.viewer.site}:verdict", verdict.period.contract.slug, verdict.pk)
