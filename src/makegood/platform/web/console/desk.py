"""The queue of the service desk, who has how much of it, and cases that come in by telephone."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from makegood.platform import clock
from makegood.platform.agreement.contracts.queries import NotInForce
from makegood.platform.evidence.on_call.queries import presence_of
from makegood.platform.evidence.service_desk.models import Channel, State, Transfer
from makegood.platform.evidence.service_desk.operations import Intake, keep_instruction, open_case, transfer
from makegood.platform.evidence.service_desk.queries import Wanted, askable, cases, instructions, loads, queue, sizes
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.access.queries import people_with
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import house, organisations
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import CUSTOMER, Role, Site
from makegood.platform.web.console.desk_forms import Look
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts import organisation as organised
from makegood.platform.web.parts.answers import back_to, refused, told
from makegood.platform.web.parts.desk_asked import STAFF
from makegood.platform.web.parts.desk_forms import Instruct, Open
from makegood.platform.web.parts.desk_lists import as_listed, rows_of
from makegood.platform.web.parts.files import handed_out

A_PAGE: Final = 50
_MOST_IN_A_FILE: Final = 20_000


def addresses() -> list[URLPattern]:
    """Return the addresses of these pages."""
    opened, works = door(Site.CONSOLE), door(Site.CONSOLE, *STAFF)
    keeps = door(Site.CONSOLE, Role.OWNER, Role.SERVICE_MANAGER)
    return [
        path("desk/", opened(desk), name="desk"),
        path("desk/export/cases.<slug:ending>", opened(export), name="export-cases"),
        path("desk/dispatch/", works(dispatch), name="dispatch"),
        path("desk/new/", works(new), name="new-case"),
        path("organisations/<slug:slug>/instructions/", keeps(all_instructions), name="instructions"),
    ]


def desk(request: Request) -> HttpResponse:
    """Show the queue, what is most at stake first; or the list alone, for whoever looks at it again and again."""
    viewer, now = request.viewer, clock.now()
    form, wanted = _wanted(request)
    number = _page(request)
    found = list(queue(viewer=viewer, wanted=wanted, now=now)[(number - 1) * A_PAGE : number * A_PAGE + 1])
    asked = {name: said for name in form.fields if (said := request.GET.get(name))}
    seen = {
        "rows": rows_of(viewer=viewer, cases=found[:A_PAGE], now=now),
        "form": form,
        "asked": urlencode(asked),
        "wanted": wanted,
        "number": number,
        "more": len(found) > A_PAGE,
        "now": now,
    }
    if request.htmx:
        return render(request, "console/_queue.html", seen)
    seen |= {"sizes": sizes(viewer=viewer, now=now), "works": viewer.has(*STAFF)}
    return render(request, "console/desk.html", seen)


def export(request: Request, ending: str) -> HttpResponse:
    """Hand out the queue, or what is looked for, as a file."""
    viewer, now = request.viewer, clock.now()
    found = queue(viewer=viewer, wanted=_wanted(request)[1], now=now)[:_MOST_IN_A_FILE]
    rows = rows_of(viewer=viewer, cases=list(found), now=now)
    return handed_out(as_listed(rows), name="cases", ending=ending)


@require_http_methods(["GET", "POST"])
def dispatch(request: Request) -> HttpResponse:
    """Show who has how much to do, and give cases of one owner to another."""
    viewer, now = request.viewer, clock.now()
    people = people_with(organisation=house(), roles=STAFF)
    known = {each.pk: each for each in people}
    chosen = known.get(_number(request.GET.get("owner"))) or known.get(viewer.author or 0) or next(iter(people), None)
    if request.method == "POST":
        case = get_object_or_404(cases(viewer=viewer), pk=_number(request.POST.get("case")))
        to = known.get(_number(request.POST.get("to")))
        if to is not None:
            reason = Transfer.Reason.DISPATCHED
            said = _("#%(case)s belongs to %(owner)s now.") % {"case": case.pk, "owner": to.name}
            told(request, lambda: transfer(case=case, to=to, reason=reason, by=viewer, now=now), said)
        return redirect(f"{request.path}?owner={chosen.pk if chosen is not None else 0}")
    listed = queue(viewer=viewer, wanted=Wanted(owner=chosen.pk if chosen is not None else 0), now=now)[:A_PAGE]
    seen = {
        "people": _people(request, people),
        "chosen": chosen,
        "others": [each for each in people if each != chosen],
        "rows": rows_of(viewer=viewer, cases=list(listed), now=now) if chosen is not None else [],
        "now": now,
    }
    return render(request, "console/dispatch.html", seen)


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Write down what a customer reports on the telephone: first which customer it is, then the facts."""
    viewer, now = request.viewer, clock.now()
    customers = organisations(viewer=viewer).filter(is_house=False)
    slug = request.GET.get("customer", "")
    if not slug:
        return render(request, "console/new_case.html", {"customers": customers})
    customer = get_object_or_404(customers, slug=slug)
    people = people_with(organisation=customer, roles=CUSTOMER)
    known = {each.pk: each for each in people}
    about = askable(customer=customer, at=now)
    form = Open(request.POST or None, known=about, people={each.pk: each.name for each in people})
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        opened_at, requester = said.pop("opened_at"), known.get(said.pop("requester"))
        try:
            made = open_case(
                customer=customer,
                intake=Intake(**said, requester=requester),
                channel=Channel.PHONE,
                opened_at=opened_at,
                by=viewer,
                now=now,
            )
        except (Unable, NotInForce) as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("The case is open; tell the customer its number: #%s.") % made.pk)
            return back_to(request, "case", made.pk)
    seen = {
        "customer": customer,
        "form": form,
        "instructions": instructions(viewer=viewer, customer=customer),
    }
    return render(request, "console/new_case.html", seen, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
def all_instructions(request: Request, slug: str) -> HttpResponse:
    """Show what is to be known about a customer, and change it."""
    customer = organised.found(request, slug)
    now = clock.now()
    form = Instruct(request.POST or None, known=askable(customer=customer, at=now))
    if request.method == "POST" and form.is_valid():
        try:
            keep_instruction(customer=customer, **form.cleaned_data, by=request.viewer, now=now)
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("It was kept; whoever works on a case of this customer sees it."))
            return back_to(request, "instructions", slug)
    seen = {"instructions": instructions(viewer=request.viewer, customer=customer), "form": form}
    page = "console/instructions.html"
    return organised.shown(request, page, customer, 422 if request.method == "POST" else 200, **seen)


def _wanted(request: Request) -> tuple[Look, Wanted]:
    """Return what somebody looks for; what is no such thing is not looked for."""
    viewer = request.viewer
    form = Look(
        request.GET,
        customers=organisations(viewer=viewer).filter(is_house=False),
        people=people_with(organisation=house(), roles=STAFF),
    )
    form.is_valid()  # what is wrong is said beside it, and the rest is looked for
    said: dict[str, Any] = form.cleaned_data
    of: Organisation | None = said.get("customer")
    owner = said.get("owner") or ""
    return form, Wanted(
        owner=viewer.author if owner == "me" else int(owner or 0) or None,
        customer=of.pk if of is not None else None,
        service=said.get("service", ""),
        state=said.get("state", ""),
        priority=said.get("priority", ""),
        soon=bool(said.get("soon")),
        closed=bool(said.get("closed")) or said.get("state") == State.CLOSED,
        words=said.get("words", ""),
    )


def _people(request: Request, people: list[Person]) -> list[dict[str, Any]]:
    found = loads(viewer=request.viewer, now=clock.now())
    there = presence_of(people=[each.pk for each in people], now=clock.now())
    nothing = {"open": 0, "over": 0, "soon": 0, "waiting": 0}
    return [{"person": each, "presence": there.get(each.pk), **found.get(each.pk, nothing)} for each in people]


def _page(request: Request) -> int:
    return max(1, min(_number(request.GET.get("page")), 1_000))


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0
