"""Pages about reports and recommendations. All sites have them."""

from __future__ import annotations

from functools import partial

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from makegood.platform import clock
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.judging.periods.queries import periods
from makegood.platform.review.reports.models import Report
from makegood.platform.review.reports.operations import decide, make_report, recommend
from makegood.platform.review.reports.queries import recommendations, reports
from makegood.platform.tenancy.viewer import Role, Site
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.answers import back_to, told
from makegood.platform.web.parts.found import contract_of

_READERS = {
    Site.CONSOLE: (Role.OWNER, Role.SERVICE_MANAGER, Role.BILLING, Role.AUDITOR),
    Site.PORTAL: (Role.SPONSOR, Role.MANAGER),
    Site.PARTNER: (Role.AFFILIATE,),
}


def addresses(site: Site) -> list[URLPattern]:
    """Return the addresses of these pages at a site."""
    opened = partial(door, site)
    reads = opened(*_READERS[site])
    found = [
        path("agreements/<slug:slug>/reports/", reads(all_reports), name="reports"),
        path("agreements/<slug:slug>/reports/<int:report>/", reads(one_report), name="report"),
        path("agreements/<slug:slug>/reports/<int:report>/pdf/", reads(paper), name="report-pdf"),
    ]
    if site is Site.CONSOLE:
        makes = opened(Role.OWNER, Role.SERVICE_MANAGER)
        found += [
            path("agreements/<slug:slug>/reports/new/", makes(new_report), name="new-report"),
            path("agreements/<slug:slug>/recommendations/", makes(new_recommendation), name="recommend"),
        ]
    if site is Site.PORTAL:
        found.append(
            path("agreements/<slug:slug>/recommendations/<int:recommendation>/", reads(decided), name="recommendation")
        )
    return found


class Recommend(forms.Form):
    """What is recommended."""

    text = forms.CharField(label=gettext_lazy("What you recommend"), widget=forms.Textarea(attrs={"rows": 2}))
    cost = forms.CharField(label=gettext_lazy("What it costs"), required=False, max_length=200)
    due_date = forms.DateField(
        label=gettext_lazy("Decide until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def all_reports(request: Request, slug: str) -> HttpResponse:
    """Show the archive of reports, and what was recommended."""
    return _archive(request, contract_of(request, slug), Recommend())


def one_report(request: Request, slug: str, report: int) -> HttpResponse:
    """Show a report as a page, as it was when it was made."""
    contract = contract_of(request, slug)
    found = _report(request, contract, report)
    return render(request, "parts/report.html", {"contract": contract, "report": found, "it": found.form})


def paper(request: Request, slug: str, report: int) -> HttpResponse:
    """Hand out a report as PDF."""
    contract = contract_of(request, slug)
    found = _report(request, contract, report)
    answer = HttpResponse(bytes(found.pdf), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{slug}-{found.period.label}.pdf"'
    return answer


@require_POST
def new_report(request: Request, slug: str) -> HttpResponse:
    """Make the report of a period and send it."""
    contract = contract_of(request, slug)
    period = get_object_or_404(periods(viewer=request.viewer, contract=contract), label=request.POST.get("period", ""))
    told(
        request,
        lambda: make_report(period=period, by=request.viewer, now=clock.now(), language=request.LANGUAGE_CODE or "en"),
        _("The report was made and is on its way."),
    )
    return back_to(request, "reports", slug)


@require_POST
def new_recommendation(request: Request, slug: str) -> HttpResponse:
    """Recommend something."""
    contract = contract_of(request, slug)
    form = Recommend(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        if told(
            request,
            lambda: recommend(contract=contract, **said, by=request.viewer, now=clock.now()),
            _("It was recommended."),
        ):
            return back_to(request, "reports", slug)
    return _archive(request, contract, form)


@require_POST
def decided(request: Request, slug: str, recommendation: int) -> HttpResponse:
    """Keep what the customer decided."""
    contract = contract_of(request, slug)
    found = get_object_or_404(recommendations(viewer=request.viewer, contract=contract), pk=recommendation)
    words = request.POST.get("decision", "")
    told(
        request,
        lambda: decide(recommendation=found, decision=words, by=request.viewer, now=clock.now()),
        _("The decision was kept."),
    )
    return back_to(request, "reports", slug)


def _archive(request: Request, contract: Contract, form: Recommend) -> HttpResponse:
    makes = request.viewer.site is Site.CONSOLE and request.viewer.has(Role.OWNER, Role.SERVICE_MANAGER)
    seen = {
        "contract": contract,
        "reports": reports(viewer=request.viewer, contract=contract).defer("pdf", "form"),
        "recommendations": recommendations(viewer=request.viewer, contract=contract),
        "periods": periods(viewer=request.viewer, contract=contract).order_by("-starts_at") if makes else [],
        "form": form if makes else None,
    }
    return render(request, "parts/reports.html", seen, status=422 if form.errors else 200)


def _report(request: Request, contract: Contract, number: int) -> Report:
    return get_object_or_404(reports(viewer=request.viewer, contract=contract), pk=number)
