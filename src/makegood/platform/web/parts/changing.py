"""Pages about changes: the list, the board, the calendar, and one change. Console and portal have them."""

from __future__ import annotations

import json
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.platform import clock
from makegood.platform.evidence.changes.models import Change, State
from makegood.platform.evidence.changes.operations import draft_change, rewrite_change
from makegood.platform.evidence.changes.queries import (
    changes,
    exported,
    left_over,
    linked_cases,
    problems,
    rule_of,
    searched,
    similar,
    spike_after,
    templates,
    votes,
)
from makegood.platform.evidence.service_desk.queries import cases
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import organisations
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Role, Site
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.answers import back_to, refused, told
from makegood.platform.web.parts.change_tabs import shown
from makegood.platform.web.parts.changing_acts import ACTS, CUSTOMERS, STAFF, Act, acts_for
from makegood.platform.web.parts.changing_forms import AskChange, written

READERS: Final = {
    Site.CONSOLE: (Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER, Role.BILLING, Role.AUDITOR),
    Site.PORTAL: CUSTOMERS,
}
ASKERS: Final = {Site.CONSOLE: STAFF, Site.PORTAL: CUSTOMERS}
A_PAGE: Final = 50
_ON_A_BOARD: Final = 200
_COLUMNS: Final = (
    State.DRAFT,
    State.REQUESTED,
    State.COMMITTEE,
    State.CUSTOMER,
    State.APPROVED,
    State.TESTED,
    State.RELEASE_APPROVED,
    State.RELEASED,
)
_LONGEST_NUMBER: Final = 16


def addresses(site: Site) -> list[URLPattern]:
    """Return the addresses of these pages at a site."""
    reads, asks = door(site, *READERS[site]), door(site, *ASKERS[site])
    return [
        path("changes/", reads(all_changes), name="rfcs"),
        path("changes/new/", asks(new_change), name="new-rfc"),
        path("changes/<int:rfc>/", reads(one_change), name="rfc"),
        path("changes/<int:rfc>/do/", reads(act), name="act-on-rfc"),
        path("changes/<int:rfc>/edit/", asks(edit), name="edit-rfc"),
        path("changes/<int:rfc>/change.json", reads(as_file), name="rfc-file"),
    ]


def all_changes(request: Request) -> HttpResponse:
    """Show the changes as a list or as a board; those in a state, of a customer, or with some words."""
    viewer = request.viewer
    words, state = request.GET.get("q", "")[:200], request.GET.get("state", "")
    found: QuerySet[Change] = searched(viewer=viewer, words=words) if words else changes(viewer=viewer)
    if state in State.values:
        found = found.filter(state=state)
    seen: dict[str, Any] = {
        "words": words,
        "state": state,
        "states": State.choices,
        "asks": viewer.site is not None and viewer.has(*ASKERS[viewer.site]),
        "board": request.GET.get("view") == "board",
    }
    if seen["board"]:
        open_ones = list(found.filter(state__in=_COLUMNS)[:_ON_A_BOARD])
        columns = [(each.label, [one for one in open_ones if one.state == each]) for each in _COLUMNS]
        seen["columns"] = [(label, listed) for label, listed in columns if listed]
    else:
        seen["page"] = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
        seen["waiting"] = [
            each for each in changes(viewer=viewer).filter(state__in=_DECIDED)[:A_PAGE] if _mine(each, request)
        ]
    return shown(request, "parts/rfcs.html", seen)


_DECIDED: Final = (State.REQUESTED, State.COMMITTEE, State.CUSTOMER)
_DECISIONS: Final = frozenset({"vote", "decide", "authorise"})


def _mine(change: Change, request: Request) -> bool:
    """Tell whether a change waits for whoever looks."""
    return any(each.name in _DECISIONS for each in acts_for(change, request.viewer))


@require_http_methods(["GET", "POST"])
def new_change(request: Request) -> HttpResponse:
    """Write a request for change down: first for which customer, then what it says."""
    viewer = request.viewer
    customers = organisations(viewer=viewer)
    chosen = request.GET.get("customer", "")
    if not chosen and viewer.site is Site.PORTAL and customers.count() == 1:
        chosen = customers.get().slug
    if not chosen:
        return shown(request, "parts/rfc_customer.html", {"customers": customers})
    customer = get_object_or_404(customers, slug=chosen)
    about = {
        "case": _asked_for(cases(viewer=viewer).filter(customer=customer), request.GET.get("case", "")),
        "problem": _asked_for(problems(viewer=viewer), request.GET.get("problem", "")),
    }
    form = _asking(request, customer, initial=_begun(about))
    if form.is_valid():
        try:
            made = draft_change(customer=customer, **form.asked(), **about, by=viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("The draft was kept. Read it again, then request it."))
            return back_to(request, "rfc", made.pk)
    seen = {"form": form, "customer": customer, "about": about, "title": _("Ask for a change")}
    return shown(request, "parts/rfc_form.html", seen, wrong=bool(form.errors))


@require_http_methods(["GET", "POST"])
def edit(request: Request, rfc: int) -> HttpResponse:
    """Write a draft anew."""
    change = change_of(request, rfc)
    zone = ZoneInfo(rule_of(customer=change.customer_id).timezone)
    form = _asking(request, change.customer, initial=written(change, zone))
    if form.is_valid():
        try:
            rewrite_change(change=change, asked=form.asked()["asked"], by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("It was kept."))
            return back_to(request, "rfc", change.pk)
    seen = {"form": form, "customer": change.customer, "about": {}, "title": str(change)}
    return shown(request, "parts/rfc_form.html", seen, wrong=bool(form.errors))


def one_change(request: Request, rfc: int) -> HttpResponse:
    """Show a change: what was asked for, how far it is, who decided what, and what can be done with it."""
    return _change(request, change_of(request, rfc))


@require_POST
def act(request: Request, rfc: int) -> HttpResponse:
    """Do something with a change."""
    change = change_of(request, rfc)
    chosen = next((each for each in ACTS if each.name == request.POST.get("do")), None)
    if chosen is None:
        raise Http404
    form = chosen.form(change, request.viewer, request.POST)
    if form.is_valid():
        try:
            chosen.does(change, form.cleaned_data, request.viewer, clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, str(chosen.done))
            return back_to(request, "rfc", change.pk)
    return _change(request, change, chosen, form)


def as_file(request: Request, rfc: int) -> HttpResponse:
    """Hand a change out as a file, so that the other side has it, too."""
    change = change_of(request, rfc)
    content = json.dumps(exported(viewer=request.viewer, change=change), ensure_ascii=False, indent=2)
    answer = HttpResponse(content, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="change-{change.pk}.json"'
    return answer


def change_of(request: Request, number: int) -> Change:
    """Return a change that exists for whoever asks.

    :raises Http404: if there is no such change
    """
    return get_object_or_404(changes(viewer=request.viewer).select_related("problem", "release"), pk=number)


def _asked_for(found: QuerySet[Any], number: str) -> Any:
    """Return what an address names besides, if it does; a number that is none is nothing.

    :raises Http404: if it does not exist for whoever asks
    """
    if not number:
        return None
    fits = number.isascii() and number.isdigit() and len(number) < _LONGEST_NUMBER
    return get_object_or_404(found, pk=number if fits else 0)


def _begun(about: dict[str, Any]) -> dict[str, Any]:
    """Return what is known already of a request because of where it comes from."""
    source = about["case"] or about["problem"]
    return {"title": source.title, "service": source.service, "need": str(source)} if source is not None else {}


def _asking(request: Request, customer: Organisation, **named: Any) -> AskChange:
    known = [each for each in templates(viewer=request.viewer) if each.customer_id in (None, customer.pk)]
    zone = rule_of(customer=customer.pk).timezone
    data = request.POST if request.method == "POST" else None
    return AskChange(data, templates=known, timezone=zone, **named)


def _change(request: Request, change: Change, chosen: Act | None = None, wrong: Form | None = None) -> HttpResponse:
    viewer, now = request.viewer, clock.now()
    offered = acts_for(change, viewer)
    forms = [
        (each, wrong if each is chosen and wrong is not None else each.form(change, viewer, None), each is chosen)
        for each in offered
    ]
    at_home = viewer.site is Site.CONSOLE
    seen = {
        "change": change,
        "zone": rule_of(customer=change.customer_id).timezone,
        "steps": change.steps.select_related("person"),
        "members": votes(viewer=viewer, change=change),
        "trials": change.trials.all(),
        "review": getattr(change, "review", None),
        "overrides": change.overrides.select_related("person"),
        "against": left_over(change=change) if change.is_open and change.released_at is None else (),
        "linked": linked_cases(viewer=viewer, change=change),
        "similar": similar(viewer=viewer, change=change) if at_home else [],
        "spike": spike_after(change=change, now=now) if at_home else None,
        "forms": forms,
        "elsewhere": wrong if wrong is not None and chosen not in offered else None,
        "edits": change.state == State.DRAFT and any(each.name == "request" for each in offered),
        "new_release": at_home
        and viewer.has(*STAFF)
        and change.state in (State.APPROVED, State.TESTED)
        and change.release_id is None,
    }
    return shown(request, "parts/rfc.html", seen, wrong=wrong is not None)
