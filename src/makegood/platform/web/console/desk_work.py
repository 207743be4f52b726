"""Work on cases in the console: templates and alarms, checklists, communication, and what it all comes to."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.platform import clock
from makegood.platform.evidence.service_desk import operations, queries
from makegood.platform.evidence.service_desk.models import Case, CaseTemplate
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.access.queries import people_with
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Role, Site
from makegood.platform.web.console.desk_work_forms import (
    Announce,
    FromTemplate,
    MakeAlarm,
    Plan,
    Template,
    WhichMonth,
)
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.answers import back_to, refused, told
from makegood.platform.web.parts.desk_asked import STAFF
from makegood.platform.web.parts.desk_help import known_about
from makegood.platform.web.parts.files import Listed, handed_out

_KEEPERS: Final = (Role.OWNER, Role.SERVICE_MANAGER)
_HEADS: Final = ("month", "opened", "resolved", "closed", "open_at_the_end")
_FIRST_YEAR, _LAST_YEAR = 2000, 2200


def addresses() -> list[URLPattern]:
    """Return the addresses of these pages."""
    opened, works, keeps = door(Site.CONSOLE), door(Site.CONSOLE, *STAFF), door(Site.CONSOLE, *_KEEPERS)
    here, of = "desk/templates/", "desk/<int:case>/"
    return [
        path("desk/reports/", opened(reports), name="desk-reports"),
        path("desk/reports/export/months.<slug:ending>", opened(export), name="export-desk-reports"),
        path(here, works(all_templates), name="case-templates"),
        path(f"{here}new/", keeps(new_template), name="new-case-template"),
        path(f"{here}<int:template>/", keeps(one_template), name="case-template"),
        path(f"{here}<int:template>/open/", works(opened_from), name="open-case-template"),
        path(f"{here}<int:template>/end/", keeps(ended_template), name="end-case-template"),
        path("desk/alarms/", keeps(all_alarms), name="alarms"),
        path("desk/alarms/<int:alarm>/end/", keeps(ended_alarm), name="end-alarm"),
        path(f"{of}work/", works(work), name="case-work"),
        path(f"{of}work/items/<int:item>/", works(ticked), name="tick"),
        path(f"{of}work/plan/", works(planned), name="plan-communication"),
        path(f"{of}work/plan/<int:plan>/", works(announced), name="announce"),
        path(f"{of}work/times/<int:worked>/", works(taken_back), name="take-back-time"),
    ]


def reports(request: Request) -> HttpResponse:
    """Show what the work of a month came to, and the months before."""
    form, found, day = _asked(request)
    zone = settings.TIME_ZONE
    since, until = queries.month_of(day=day.date(), zone=zone)
    asked = {name: each for name, each in form.data.items() if name in form.fields and each}
    seen = {
        "form": form,
        "work": queries.work_between(found=found, since=since, until=until),
        "trend": queries.trend(found=found, upto=day.date(), zone=zone),
        "month": f"{day:%Y-%m}",
        "asked": urlencode(asked),
    }
    return render(request, "console/desk_reports.html", seen)


def export(request: Request, ending: str) -> HttpResponse:
    """Hand out the months as a file."""
    _form, found, day = _asked(request)
    months = queries.trend(found=found, upto=day.date(), zone=settings.TIME_ZONE)
    rows = tuple((each.label, each.opened, each.resolved, each.closed, each.backlog) for each in months)
    return handed_out(Listed(_HEADS, rows), name="desk-months", ending=ending)


def all_templates(request: Request) -> HttpResponse:
    """Show the templates of cases, and open cases from them."""
    return _templates(request)


@require_http_methods(["GET", "POST"])
def new_template(request: Request) -> HttpResponse:
    """Make a template."""
    return _template(request, None, {})


@require_http_methods(["GET", "POST"])
def one_template(request: Request, template: int) -> HttpResponse:
    """Change a template."""
    found = _template_of(request, template)
    same = ("name", "title", "kind", "service", "symptoms", "impact", "urgency", "every", "unit", "first_day")
    initial = {
        **{name: getattr(found, name) for name in (*same, "hour", "zone")},
        "customer": found.customer.slug if found.customer is not None else "",
        "checklist": "\n".join(found.checklist),
        "owner": found.owner_id,
    }
    return _template(request, found, initial)


@require_POST
def opened_from(request: Request, template: int) -> HttpResponse:
    """Open a case from a template."""
    found = _template_of(request, template)
    form = FromTemplate(request.POST, request=request)
    if form.is_valid():
        try:
            made = operations.open_from_template(
                template=found, **form.cleaned_data, by=request.viewer, now=clock.now()
            )
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("The case is open: #%s.") % made.pk)
            return back_to(request, "case-work", made.pk)
    return _templates(request, {found.pk: form})


@require_POST
def ended_template(request: Request, template: int) -> HttpResponse:
    """Open no more cases from a template."""
    found = _template_of(request, template)
    told(
        request,
        lambda: operations.end_case_template(template=found, by=request.viewer, now=clock.now()),
        _("The template has ended."),
    )
    return back_to(request, "case-templates")


@require_http_methods(["GET", "POST"])
def all_alarms(request: Request) -> HttpResponse:
    """Show for which cases people are paged, and add to it."""
    form = MakeAlarm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        try:
            operations.make_alarm(**form.cleaned_data, by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("People are paged for these cases from now on."))
            return back_to(request, "alarms")
    seen = {"alarms": queries.alarms(viewer=request.viewer), "form": form}
    return render(request, "console/alarms.html", seen, status=422 if request.method == "POST" else 200)


@require_POST
def ended_alarm(request: Request, alarm: int) -> HttpResponse:
    """Page nobody by an alarm any more."""
    found = get_object_or_404(queries.alarms(viewer=request.viewer), pk=alarm)
    told(
        request,
        lambda: operations.end_alarm(alarm=found, by=request.viewer, now=clock.now()),
        _("Nobody is paged by this alarm any more."),
    )
    return back_to(request, "alarms")


def work(request: Request, case: int) -> HttpResponse:
    """Show the checklist of a case, who hears of it, the time it took, and what is known about the like."""
    return _work(request, _case(request, case))


@require_POST
def ticked(request: Request, case: int, item: int) -> HttpResponse:
    """Say that an item of a checklist is done, or that it is not."""
    found = get_object_or_404(queries.checklist(viewer=request.viewer, case=_case(request, case)), pk=item)
    done = request.POST.get("done") == "on"
    told(
        request,
        lambda: operations.tick(item=found, done=done, by=request.viewer, now=clock.now()),
        _("It was ticked off.") if done else _("It is to be done again."),
    )
    return back_to(request, "case-work", case)


@require_POST
def planned(request: Request, case: int) -> HttpResponse:
    """Say who hears how often of a major incident."""
    found = _case(request, case)
    form = Plan(request.POST)
    if form.is_valid():
        try:
            operations.plan_communication(case=found, **form.cleaned_data, by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("The plan was kept; its owner hears when an announcement is due."))
            return back_to(request, "case-work", case)
    return _work(request, found, plan=form)


@require_POST
def announced(request: Request, case: int, plan: int) -> HttpResponse:
    """Tell an audience how a major incident stands."""
    found = _case(request, case)
    mine = get_object_or_404(queries.communication(viewer=request.viewer, case=found), pk=plan)
    form = Announce(request.POST)
    if form.is_valid():
        try:
            operations.announce_incident(plan=mine, **form.cleaned_data, by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("They were told."))
            return back_to(request, "case-work", case)
    return _work(request, found, announce={mine.pk: form})


@require_POST
def taken_back(request: Request, case: int, worked: int) -> HttpResponse:
    """Undo a time entry."""
    found = get_object_or_404(queries.times(viewer=request.viewer, case=_case(request, case)), pk=worked)
    told(
        request,
        lambda: operations.take_back_time(entry=found, by=request.viewer, now=clock.now()),
        _("The time was taken back."),
    )
    return back_to(request, "case-work", case)


def _asked(request: Request) -> tuple[WhichMonth, Any, datetime]:
    """Return which cases are counted, and a day of the month; what is no month is this one."""
    form = WhichMonth(request.GET, request=request)
    form.is_valid()  # what is wrong is said beside it, and the rest is counted
    said: dict[str, Any] = form.cleaned_data
    customer, month = said.get("customer"), said.get("month")
    found = queries.counted_cases(
        viewer=request.viewer,
        customer=customer.pk if customer is not None else None,
        service=said.get("service", ""),
    )
    now = clock.now()
    if month is None or not _FIRST_YEAR <= month.year < _LAST_YEAR:
        return form, found, now
    return form, found, now.replace(year=month.year, month=month.month, day=1)


def _case(request: Request, number: int) -> Case:
    return get_object_or_404(queries.cases(viewer=request.viewer), pk=number)


def _template_of(request: Request, template: int) -> CaseTemplate:
    return get_object_or_404(queries.templates(viewer=request.viewer), pk=template)


def _people() -> list[Person]:
    return people_with(organisation=house(), roles=STAFF)


def _templates(request: Request, filled: dict[int, FromTemplate] | None = None) -> HttpResponse:
    forms = filled or {}
    rows = [
        {
            "template": each,
            "form": forms.get(each.pk) or FromTemplate(request=request, auto_id=f"id_{each.pk}_%s"),
            "open": each.pk in forms,
        }
        for each in queries.templates(viewer=request.viewer)
    ]
    seen = {"rows": rows, "keeps": request.viewer.has(*_KEEPERS)}
    return render(request, "console/case_templates.html", seen, status=422 if filled else 200)


def _template(request: Request, template: CaseTemplate | None, initial: dict[str, Any]) -> HttpResponse:
    people = _people()
    form = Template(request.POST or None, request=request, people=people, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            operations.keep_template(**form.asked(people), template=template, by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("The template was kept."))
            return back_to(request, "case-templates")
    status = 422 if request.method == "POST" else 200
    return render(request, "console/case_template.html", {"form": form, "template": template}, status=status)


def _work(
    request: Request, case: Case, plan: Plan | None = None, announce: dict[int, Announce] | None = None
) -> HttpResponse:
    viewer, filled = request.viewer, announce or {}
    plans = [
        {
            "plan": each,
            "form": filled.get(each.pk) or Announce(initial={"text": each.text}, auto_id=f"id_{each.pk}_%s"),
            "open": each.pk in filled,
        }
        for each in queries.communication(viewer=viewer, case=case)
    ]
    articles, similar = known_about(viewer=viewer, case=case)
    seen = {
        "case": case,
        "items": queries.checklist(viewer=viewer, case=case),
        "plans": plans,
        "plan": plan or Plan(),
        "plan_open": plan is not None,
        "times": queries.times(viewer=viewer, case=case).filter(takes_back=None).select_related("taken_back"),
        "articles": articles,
        "similar": similar,
    }
    return render(request, "console/case_work.html", seen, status=422 if plan or announce else 200)
