"""Pages about money: statements, balances, corrective actions, closing, and the bundle. All sites have them."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from django import forms
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from makegood.platform import clock
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import terms_of
from makegood.platform.judging.periods.queries import periods
from makegood.platform.money.ledger.models import BUDGET_MINUTES, Kind
from makegood.platform.money.ledger.queries import Balance, balances, budgets
from makegood.platform.money.settlement.operations import close_due, finish_action, make_bundle, write_action
from makegood.platform.money.settlement.queries import corrective_actions, lacking_actions, statements
from makegood.platform.money.settlement.queries import credit_claims as claims_of
from makegood.platform.review.governance.queries import shares_value
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Role, Site
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts import credit_claims
from makegood.platform.web.parts.answers import back_to, refused, told
from makegood.platform.web.parts.found import contract_of

_WITH_MONEY = {
    Site.CONSOLE: (Role.OWNER, Role.SERVICE_MANAGER, Role.BILLING, Role.AUDITOR),
    Site.PORTAL: (Role.SPONSOR, Role.MANAGER),
    Site.PARTNER: (Role.AFFILIATE,),
}


def addresses(site: Site) -> list[URLPattern]:
    """Return the addresses of these pages at a site."""
    opened = partial(door, site)
    money = opened(*_WITH_MONEY[site])
    found = [
        path("agreements/<slug:slug>/money/", money(all_statements), name="statements"),
        path("agreements/<slug:slug>/money/<int:run>/", money(statement), name="statement"),
        path("agreements/<slug:slug>/bundle/", money(bundle), name="bundle"),
        path("agreements/<slug:slug>/actions/", opened()(actions), name="actions"),
        *credit_claims.addresses(site),
    ]
    if site is Site.CONSOLE:
        closes = opened(Role.OWNER, Role.SERVICE_MANAGER, Role.BILLING)
        acts = opened(Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER)
        found += [
            path("agreements/<slug:slug>/close/", closes(close), name="close"),
            path("agreements/<slug:slug>/actions/new/", acts(new_action), name="new-action"),
            path("agreements/<slug:slug>/actions/<int:action>/done/", acts(action_done), name="action-done"),
        ]
    return found


class Action(forms.Form):
    """What is done so that a miss does not happen again."""

    period = forms.CharField(label=gettext_lazy("Period"))
    outcome = forms.CharField(label=gettext_lazy("Outcome"))
    cause = forms.CharField(label=gettext_lazy("Why it was missed"), widget=forms.Textarea(attrs={"rows": 2}))
    action = forms.CharField(
        label=gettext_lazy("What is done so that it does not happen again"), widget=forms.Textarea(attrs={"rows": 2})
    )
    due_date = forms.DateField(
        label=gettext_lazy("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def all_statements(request: Request, slug: str) -> HttpResponse:
    """Show what was booked, what it comes to, and what has to be done before the next closing."""
    contract = contract_of(request, slug)
    now = clock.now()
    booked = balances(viewer=request.viewer, contract=contract)
    claims = claims_of(viewer=request.viewer, contract=contract, now=now)
    seen = {
        "contract": contract,
        "statements": statements(viewer=request.viewer, contract=contract).order_by("-id"),
        "balances": [each for each in booked if each.unit != BUDGET_MINUTES],
        "minutes": sorted((each for each in booked if each.unit == BUDGET_MINUTES), key=_as_listed),
        "claims": claims,
        "zone": terms_of(contract=contract)[1].term.timezone if claims else "UTC",
        "lacking": lacking_actions(contract=contract, now=now) if request.viewer.site is Site.CONSOLE else [],
        "due": periods(viewer=request.viewer, contract=contract).filter(state="OPEN", closes_at__lte=now),
        "closes": request.viewer.site is Site.CONSOLE
        and request.viewer.has(Role.OWNER, Role.SERVICE_MANAGER, Role.BILLING),
        "is_owner": request.viewer.has(Role.OWNER),
        "shares": shares_value(viewer=request.viewer, contract=contract),
    }
    return render(request, "parts/statements.html", seen)


def statement(request: Request, slug: str, run: int) -> HttpResponse:
    """Show one statement, line by line, each with its cause."""
    contract = contract_of(request, slug)
    found = get_object_or_404(statements(viewer=request.viewer, contract=contract), run=run)
    seen = {
        "contract": contract,
        "statement": found,
        "period": found.period,
        "budgets": budgets(viewer=request.viewer, contract=contract, run=run),
    }
    return render(request, "parts/statement.html", seen)


def bundle(request: Request, slug: str) -> HttpResponseBase:
    """Hand out agreement, evidence, verdicts and book as one file that anybody can verify."""
    contract = contract_of(request, slug)
    folder = TemporaryDirectory(prefix="makegood-")
    file = Path(folder.name) / f"{slug}.bundle"
    if not told(
        request, lambda: make_bundle(viewer=request.viewer, contract=contract, to=file), _("The bundle was made.")
    ):
        folder.cleanup()
        return back_to(request, "agreement", slug)
    content = file.open("rb")
    folder.cleanup()  # what is open stays readable
    return FileResponse(content, as_attachment=True, filename=file.name, content_type="application/octet-stream")


@require_POST
def close(request: Request, slug: str) -> HttpResponse:
    """Close every period whose time has come, and book what changed in closed ones."""
    contract = contract_of(request, slug)
    reason = request.POST.get("without_actions", "")
    told(
        request,
        lambda: close_due(contract=contract, by=request.viewer, now=clock.now(), without_actions=reason),
        _("What was due was closed and booked."),
    )
    return back_to(request, "statements", slug)


def actions(request: Request, slug: str) -> HttpResponse:
    """Show corrective actions, and which credits lack one."""
    contract = contract_of(request, slug)
    first = {name: request.GET.get(name, "") for name in ("period", "outcome")}
    return _actions(request, contract, Action(initial=first))


@require_POST
def new_action(request: Request, slug: str) -> HttpResponse:
    """Write a corrective action down."""
    contract = contract_of(request, slug)
    form = Action(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        found = periods(viewer=request.viewer, contract=contract).filter(label=said.pop("period")).first()
        if found is None:
            form.add_error("period", _("There is no such period."))
        else:
            try:
                write_action(period=found, **said, by=request.viewer, now=clock.now())
            except Unable as refusal:
                refused(form, refusal)
            else:
                told(request, lambda: None, _("It was written down."))
                return back_to(request, "actions", slug)
    return _actions(request, contract, form)


@require_POST
def action_done(request: Request, slug: str, action: int) -> HttpResponse:
    """Say that a corrective action is done."""
    contract = contract_of(request, slug)
    found = get_object_or_404(corrective_actions(viewer=request.viewer, contract=contract), pk=action)
    told(request, lambda: finish_action(action=found, by=request.viewer, now=clock.now()), _("It is done."))
    return back_to(request, "actions", slug)


def _as_listed(balance: Balance) -> int:
    return list(Kind).index(balance.kind)


def _actions(request: Request, contract: Contract, form: Action) -> HttpResponse:
    acts = request.viewer.site is Site.CONSOLE and request.viewer.has(Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER)
    now = clock.now()
    seen = {
        "contract": contract,
        "actions": corrective_actions(viewer=request.viewer, contract=contract).order_by("-id"),
        "lacking": lacking_actions(contract=contract, now=now) if acts else [],
        "form": form if acts else None,
        "today": date(now.year, now.month, now.day),
    }
    return render(request, "parts/actions.html", seen, status=422 if form.errors else 200)
