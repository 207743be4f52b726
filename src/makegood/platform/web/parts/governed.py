"""Pages about governance: what is unresolved, meetings, actions, duties, scope changes. All sites have them."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.engine.agreement.versions import newest
from makegood.platform import clock
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import NotInForce, terms_of, versions
from makegood.platform.judging.verdicts.queries import sees_money
from makegood.platform.review.governance.operations import (
    agree_action,
    call_meeting,
    complete_action,
    decide_change,
    mark_duty,
    move_meeting,
    propose_change,
    put_into_version,
    write_minutes,
)
from makegood.platform.review.governance.queries import (
    actions,
    agenda,
    duties,
    meeting,
    meetings,
    quiet_outcomes,
    scope_changes,
    term_of,
    today_of,
    unresolved,
)
from makegood.platform.review.reports.queries import recommendations
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Role, Site
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.answers import back_to, refused, told
from makegood.platform.web.parts.found import contract_of
from makegood.platform.web.parts.governance_forms import (
    AgreeAction,
    CallMeeting,
    MarkDuty,
    MoveMeeting,
    ProposeChange,
    WriteMinutes,
)
from makegood.platform.web.parts.ics import Event, calendar

SPEAKERS = {
    Site.CONSOLE: (Role.OWNER, Role.SERVICE_MANAGER),
    Site.PORTAL: (Role.SPONSOR, Role.MANAGER),
    Site.PARTNER: (Role.AFFILIATE,),
}
_READERS = {
    Site.CONSOLE: (Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER, Role.BILLING, Role.AUDITOR),
    Site.PORTAL: (Role.SPONSOR, Role.MANAGER),
    Site.PARTNER: (Role.AFFILIATE,),
}
_EARLIER, _LATER = 6, 6
"""So many meetings of the past and of the future are on the first page; the calendar file has all."""


def addresses(site: Site) -> list[URLPattern]:
    """Return the addresses of these pages at a site."""
    opened = partial(door, site)
    reads, speaks = opened(*_READERS[site]), opened(*SPEAKERS[site])
    marks = opened(*SPEAKERS[site], *([Role.ENGINEER] if site is Site.CONSOLE else []))
    here = "agreements/<slug:slug>/governance/"
    found = [
        path(here, reads(governance), name="governance"),
        path(f"{here}meetings.ics", reads(all_days), name="meetings-ics"),
        path(f"{here}meetings/", speaks(call), name="call-meeting"),
        path(f"{here}meetings/<slug:meeting_key>/", reads(one_meeting), name="meeting"),
        path(f"{here}meetings/<slug:meeting_key>.ics", reads(one_day), name="meeting-ics"),
        path(f"{here}meetings/<slug:meeting_key>/move/", speaks(move), name="move-meeting"),
        path(f"{here}meetings/<slug:meeting_key>/minutes/", speaks(minutes), name="minutes"),
        path(f"{here}meetings/<slug:meeting_key>/actions/", speaks(agree), name="agree-action"),
        path(f"{here}actions/<int:agreed>/done/", marks(complete), name="complete-action"),
        path(f"{here}duties/", reads(all_duties), name="duties"),
        path(f"{here}duties/mark/", marks(mark), name="mark-duty"),
        path(f"{here}changes/", reads(all_changes), name="changes"),
        path(f"{here}changes/new/", speaks(propose), name="propose-change"),
        path(f"{here}changes/<int:change>/", speaks(decide), name="change"),
    ]
    if site is Site.CONSOLE:
        found.append(path(f"{here}changes/<int:change>/version/", speaks(put), name="put-change"))
    return found


def governance(request: Request, slug: str) -> HttpResponse:
    """Show what is unresolved, when the parties meet, and what they agreed to do."""
    return _governance(request, contract_of(request, slug), CallMeeting())


@require_POST
def call(request: Request, slug: str) -> HttpResponse:
    """Call a meeting."""
    contract = contract_of(request, slug)
    form = CallMeeting(request.POST)
    if form.is_valid():
        try:
            made = call_meeting(contract=contract, **form.cleaned_data, by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            return back_to(request, "meeting", slug, made.key)
    return _governance(request, contract, form)


def one_meeting(request: Request, slug: str, meeting_key: str) -> HttpResponse:
    """Show a meeting: its agenda, its minutes, and what was agreed."""
    return _meeting(request, contract_of(request, slug), meeting_key)


def one_day(request: Request, slug: str, meeting_key: str) -> HttpResponse:
    """Hand out a meeting for a calendar program."""
    contract = contract_of(request, slug)
    return _calendar(request, contract, [_found(request, contract, meeting_key)], f"{slug}-{meeting_key}")


def all_days(request: Request, slug: str) -> HttpResponse:
    """Hand out all meetings for a calendar program."""
    contract = contract_of(request, slug)
    return _calendar(request, contract, meetings(viewer=request.viewer, contract=contract), f"{slug}-meetings")


@require_POST
def move(request: Request, slug: str, meeting_key: str) -> HttpResponse:
    """Move a meeting to another day."""
    contract = contract_of(request, slug)
    found = _found(request, contract, meeting_key)
    form = MoveMeeting(request.POST)
    if not form.is_valid():
        return _meeting(request, contract, meeting_key, move=form)
    day = form.cleaned_data["day"]
    told(
        request,
        lambda: move_meeting(meeting=found, day=day, by=request.viewer, now=clock.now()),
        _("The meeting was moved."),
    )
    return back_to(request, "meeting", slug, meeting_key)


@require_POST
def minutes(request: Request, slug: str, meeting_key: str) -> HttpResponse:
    """Keep what was said and decided."""
    contract = contract_of(request, slug)
    found = _found(request, contract, meeting_key)
    form = WriteMinutes(request.POST)
    if form.is_valid():
        now = clock.now()
        points = [each.plain() for each in _agenda(request, found)]
        try:
            write_minutes(meeting=found, agenda=points, **form.cleaned_data, by=request.viewer, now=now)
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("The minutes were kept; both sides can read them."))
            return back_to(request, "meeting", slug, meeting_key)
    return _meeting(request, contract, meeting_key, minutes=form)


@require_POST
def agree(request: Request, slug: str, meeting_key: str) -> HttpResponse:
    """Keep what was agreed to be done."""
    contract = contract_of(request, slug)
    found = _found(request, contract, meeting_key)
    form = AgreeAction(request.POST, contract=contract)
    if form.is_valid():
        try:
            agree_action(meeting=found, **form.cleaned_data, by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("The action was kept."))
            return back_to(request, "meeting", slug, meeting_key)
    return _meeting(request, contract, meeting_key, action=form)


@require_POST
def complete(request: Request, slug: str, agreed: int) -> HttpResponse:
    """Say that an agreed action is done."""
    contract = contract_of(request, slug)
    found = get_object_or_404(actions(viewer=request.viewer, contract=contract), pk=agreed)
    result = request.POST.get("result", "")
    told(
        request,
        lambda: complete_action(action=found, result=result, by=request.viewer, now=clock.now()),
        _("It is done."),
    )
    return back_to(request, "governance", slug)


def all_duties(request: Request, slug: str) -> HttpResponse:
    """Show the customer's duties, and what was said of them."""
    return _duties(request, contract_of(request, slug), None)


@require_POST
def mark(request: Request, slug: str) -> HttpResponse:
    """Say since when a duty is met, unmet or waived."""
    contract = contract_of(request, slug)
    form = MarkDuty(request.POST)
    if form.is_valid():
        try:
            mark_duty(contract=contract, **form.cleaned_data, by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("It was kept; the other side can read it."))
            return back_to(request, "duties", slug)
    return _duties(request, contract, form)


def all_changes(request: Request, slug: str) -> HttpResponse:
    """Show the scope changes with their prices."""
    return _changes(request, contract_of(request, slug), None)


@require_POST
def propose(request: Request, slug: str) -> HttpResponse:
    """Propose a scope change."""
    contract = contract_of(request, slug)
    form = ProposeChange(request.POST, currency=_currency(contract))
    if form.is_valid():
        try:
            propose_change(contract=contract, **form.cleaned_data, by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("The change was proposed; the other side decides."))
            return back_to(request, "changes", slug)
    return _changes(request, contract, form)


@require_POST
def decide(request: Request, slug: str, change: int) -> HttpResponse:
    """Approve or refuse a scope change."""
    contract = contract_of(request, slug)
    found = get_object_or_404(scope_changes(viewer=request.viewer, contract=contract), pk=change)
    approve = request.POST.get("approve") == "yes"
    told(
        request,
        lambda: decide_change(change=found, approve=approve, by=request.viewer, now=clock.now()),
        _("The change was approved.") if approve else _("The change was refused."),
    )
    return back_to(request, "changes", slug)


@require_POST
def put(request: Request, slug: str, change: int) -> HttpResponse:
    """Say which version has a change in it."""
    contract = contract_of(request, slug)
    found = get_object_or_404(scope_changes(viewer=request.viewer, contract=contract), pk=change)
    number = request.POST.get("version", "")
    every = versions(viewer=request.viewer, contract=contract)
    version = get_object_or_404(every, pk=number if number.isdecimal() and len(number) < 10 else 0)  # a key
    told(
        request,
        lambda: put_into_version(change=found, version=version, by=request.viewer, now=clock.now()),
        _("It was kept."),
    )
    return back_to(request, "changes", slug)


def _found(request: Request, contract: Contract, key: str) -> Any:
    found = meeting(viewer=request.viewer, contract=contract, key=key)
    if found is None:
        raise Http404
    return found


def _speaks(request: Request, *more: Role) -> bool:
    return request.viewer.site is not None and request.viewer.has(*SPEAKERS[request.viewer.site], *more)


def _governance(request: Request, contract: Contract, form: CallMeeting) -> HttpResponse:
    viewer, now = request.viewer, clock.now()
    every = meetings(viewer=viewer, contract=contract)
    today = today_of(contract=contract, now=now)
    seen = {
        "contract": contract,
        "unresolved": unresolved(viewer=viewer, contract=contract, now=now),
        "quiet": quiet_outcomes(viewer=viewer, contract=contract, now=now),
        "coming": [each for each in every if each.day >= today][:_LATER],
        "past": [each for each in reversed(every) if each.day < today][:_EARLIER],
        "actions": actions(viewer=viewer, contract=contract),
        "today": today,
        "form": form if _speaks(request) else None,
        "completes": _speaks(request, Role.ENGINEER),
    }
    return render(request, "parts/governance.html", seen, status=422 if form.errors else 200)


def _agenda(request: Request, found: Any) -> Any:
    """Return the agenda of a meeting; recommendations that wait belong to it."""
    waiting = recommendations(viewer=request.viewer, contract=found.contract).filter(decision="")
    return agenda(viewer=request.viewer, meeting=found, now=clock.now(), recommended=[each.text for each in waiting])


def _meeting(request: Request, contract: Contract, key: str, **forms: Form) -> HttpResponse:
    found = _found(request, contract, key)
    kept = list(found.minutes.all()) if found.pk is not None else []
    speaks, today = _speaks(request), today_of(contract=contract, now=clock.now())
    shown: dict[str, Form] = {}
    if speaks:
        shown["action"] = AgreeAction(contract=contract)
        if not kept:
            shown["move"] = MoveMeeting()
        if found.day <= today:
            shown["minutes"] = WriteMinutes()
    seen = {
        "contract": contract,
        "meeting": found,
        "term": term_of(contract=contract, kind=found.kind),
        "agenda": kept[-1].agenda if kept else [each.plain() for each in _agenda(request, found)],
        "minutes": kept[::-1],
        "actions": actions(viewer=request.viewer, contract=contract).filter(meeting=found.pk) if found.pk else [],
        "forms": {**shown, **forms},
        "completes": _speaks(request, Role.ENGINEER),
    }
    return render(
        request, "parts/meeting.html", seen, status=422 if any(each.errors for each in forms.values()) else 200
    )


def _duties(request: Request, contract: Contract, form: MarkDuty | None) -> HttpResponse:
    now = clock.now()
    marks, today = _speaks(request, Role.ENGINEER), today_of(contract=contract, now=now)
    rows = [
        {
            "state": each,
            "form": (
                form
                if form is not None and form["duty"].value() == each.name
                else MarkDuty(initial={"duty": each.name, "since": today}, auto_id=f"id_{number}_%s")
            )
            if marks
            else None,
        }
        for number, each in enumerate(duties(viewer=request.viewer, contract=contract, now=now))
    ]
    known = {row["form"] for row in rows}
    seen = {"contract": contract, "rows": rows, "form": form if form not in known else None}
    return render(request, "parts/duties.html", seen, status=422 if form is not None and form.errors else 200)


def _changes(request: Request, contract: Contract, form: ProposeChange | None) -> HttpResponse:
    speaks, at_home = _speaks(request), request.viewer.site is Site.CONSOLE
    currency = _currency(contract)
    site = request.viewer.site
    seen = {
        "contract": contract,
        "changes": scope_changes(viewer=request.viewer, contract=contract),
        "form": (form or ProposeChange(currency=currency)) if speaks and currency else None,
        "decides": speaks,
        "money": sees_money(viewer=request.viewer, contract=contract),
        "mine": request.viewer.organisations(site) if site is not None else (),
        "versions": versions(viewer=request.viewer, contract=contract) if at_home and speaks else [],
    }
    return render(request, "parts/changes.html", seen, status=422 if form is not None and form.errors else 200)


def _currency(contract: Contract) -> str:
    """Return the currency of an agreement; of one that was never active there is none."""
    try:
        return newest(terms_of(contract=contract)[1]).money.currency
    except NotInForce:
        return ""


def _calendar(request: Request, contract: Contract, found: Any, name: str) -> HttpResponse:
    host = request.get_host().partition(":")[0]
    events = [
        Event(
            f"{contract.slug}-{each.key}@{host}",
            each.day,
            f"{contract.title}: {each.get_kind_display()}",
            f"{each.first_day} – {each.last_day}",
        )
        for each in found
    ]
    made = calendar(name=contract.title, events=events, now=clock.now())
    answer = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return answer
