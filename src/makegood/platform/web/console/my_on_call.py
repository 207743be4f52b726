"""Pages of whoever is on call: how they are reached, their turns and calendars, what they can do, what it is worth."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.engine.vocabulary.interval import Interval
from makegood.platform import clock
from makegood.platform.evidence.on_call import operations
from makegood.platform.evidence.on_call.queries import (
    channels,
    colleagues,
    feeds,
    may_keep,
    presence_of,
    rotas,
    shifts_of,
    skills,
    statement,
)
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Site, Viewer
from makegood.platform.web.console.on_call_forms import KeepChannel, KeepSkill, MakeFeed, SayPresence
from makegood.platform.web.console.on_call_tabs import COUNTING, ENGAGED, KEEPERS, shown
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.answers import back_to, refused, told
from makegood.platform.web.parts.files import Listed, as_file

AHEAD: Final = timedelta(weeks=8)
_MONTH: Final = re.compile(r"(20\d\d|21[0-8]\d)-(0[1-9]|1[0-2])")


def addresses() -> list[URLPattern]:
    """Return the addresses of these pages."""
    engaged, keeps = door(Site.CONSOLE, *ENGAGED), door(Site.CONSOLE, *KEEPERS)
    reads = door(Site.CONSOLE, *COUNTING)
    return [
        path("on-call/mine/", engaged(mine), name="my-on-call"),
        path("on-call/mine/presence/", engaged(presence), name="say-presence"),
        path("on-call/mine/channels/", engaged(new_channel), name="new-channel"),
        path("on-call/mine/channels/<int:channel>/drop/", engaged(channel_dropped), name="drop-channel"),
        path("on-call/mine/feeds/", engaged(new_feed), name="new-feed"),
        path("on-call/mine/feeds/<int:feed>/end/", engaged(feed_ended), name="end-feed"),
        path("on-call/skills/", engaged(all_skills), name="skills"),
        path("on-call/skills/new/", keeps(new_skill), name="new-skill"),
        path("on-call/skills/<int:skill>/drop/", keeps(skill_dropped), name="drop-skill"),
        path("on-call/hours/", reads(hours), name="on-call-hours"),
        path("on-call/hours/<slug:what>.<slug:ending>", reads(hours_file), name="on-call-hours-file"),
    ]


def mine(request: Request) -> HttpResponse:
    """Show how somebody is reached, and when it is their turn."""
    return _mine(request)


@require_POST
def presence(request: Request) -> HttpResponse:
    """Say that one is there, or away."""
    form = SayPresence(request.POST)
    if form.is_valid():
        try:
            operations.say_presence(**form.cleaned_data, by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("Your colleagues see it."))
            return back_to(request, "my-on-call")
    return _mine(request, presence=form)


@require_POST
def new_channel(request: Request) -> HttpResponse:
    """Keep how one is reached."""
    form = KeepChannel(request.POST)
    if form.is_valid():
        try:
            operations.keep_channel(**form.cleaned_data, by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("You can be reached there."))
            return back_to(request, "my-on-call")
    return _mine(request, channel=form)


@require_POST
def channel_dropped(request: Request, channel: int) -> HttpResponse:
    """Take a channel away."""
    found = get_object_or_404(channels(viewer=request.viewer), pk=channel)
    gone = _("You are no longer reached there.")
    told(request, lambda: operations.drop_channel(channel=found, by=request.viewer, now=clock.now()), gone)
    return back_to(request, "my-on-call")


@require_POST
def new_feed(request: Request) -> HttpResponse:
    """Make a calendar, and show its address this once."""
    form = MakeFeed(request.POST, rotas=list(rotas(viewer=request.viewer)))
    if form.is_valid():
        try:
            _made, secret = operations.make_feed(**form.cleaned_data, by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            return _mine(request, address=f"{settings.BASE_URL}{reverse('on-call-feed', args=[secret])}")
    return _mine(request, feed=form)


@require_POST
def feed_ended(request: Request, feed: int) -> HttpResponse:
    """End a calendar."""
    found = get_object_or_404(feeds(viewer=request.viewer), pk=feed)
    ended = _("Nobody can fetch this calendar any more.")
    told(request, lambda: operations.end_feed(feed=found, by=request.viewer, now=clock.now()), ended)
    return back_to(request, "my-on-call")


def all_skills(request: Request) -> HttpResponse:
    """Show who can do what."""
    return _skills(request, None)


@require_POST
def new_skill(request: Request) -> HttpResponse:
    """Keep what somebody can do."""
    form = KeepSkill(request.POST, people=colleagues(organisation=house()))
    if form.is_valid():
        try:
            operations.keep_skill(**form.cleaned_data, by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("The skill was kept."))
            return back_to(request, "skills")
    return _skills(request, form)


@require_POST
def skill_dropped(request: Request, skill: int) -> HttpResponse:
    """Take a skill away."""
    found = get_object_or_404(skills(viewer=request.viewer), pk=skill)
    gone = _("The skill was taken away.")
    told(request, lambda: operations.drop_skill(skill=found, by=request.viewer, now=clock.now()), gone)
    return back_to(request, "skills")


def hours(request: Request) -> HttpResponse:
    """Show the hours of a month, and what they are worth."""
    now = clock.now()
    found = _MONTH.fullmatch(request.GET.get("month", ""))
    year, month = (int(found[1]), int(found[2])) if found else (now.year, now.month)
    first = date(year, month, 1)
    following = (first + timedelta(days=32)).replace(day=1)
    seen = {
        "lines": statement(viewer=request.viewer, year=year, month=month, now=now),
        "first": first,
        "month": f"{first:%Y-%m}",
        "before": f"{first - timedelta(days=1):%Y-%m}" if _began(request.viewer) < first else "",
        "after": f"{following:%Y-%m}" if following <= now.date() else "",
        "endings": (("CSV", "csv"), ("XLSX", "xlsx"), ("Parquet", "parquet")),
    }
    return shown(request, "on_call_hours.html", seen)


def hours_file(request: Request, what: str, ending: str) -> HttpResponse:
    """Hand the hours of a month out as a file, for payroll."""
    found = _MONTH.fullmatch(what)
    answer = found and as_file(
        _listed(request.viewer, int(found[1]), int(found[2]), clock.now()), name=f"on-call-{what}", ending=ending
    )
    if not answer:
        raise Http404
    return answer


def _began(viewer: Viewer) -> date:
    """Return the day on which the first rota was made."""
    first = rotas(viewer=viewer).order_by("created_at").first()
    return first.created_at.date() if first is not None else date.max


def _listed(viewer: Viewer, year: int, month: int, now: datetime) -> Listed:
    heads = ("person", "email", "rota", "since", "kind", "standby_seconds", "called_seconds", "minor", "currency")
    rows = (
        (
            each.person.name,
            each.person.email,
            each.rota.name,
            each.since,
            each.kind,
            each.hours.standby,
            each.hours.called,
            each.amount,
            each.currency,
        )
        for each in statement(viewer=viewer, year=year, month=month, now=now)
    )
    return Listed(heads, tuple(rows))


def _mine(request: Request, address: str = "", **forms: Form) -> HttpResponse:
    viewer, now = request.viewer, clock.now()
    person = viewer.person or 0
    seen = {
        "channels": channels(viewer=viewer),
        "feeds": feeds(viewer=viewer),
        "said": presence_of(people=[person], now=now).get(person),
        "shifts": shifts_of(viewer=viewer, person=person, span=Interval(now, now + AHEAD), now=now),
        "address": address,
        "forms": {
            "presence": SayPresence(auto_id="id_presence_%s"),
            "channel": KeepChannel(auto_id="id_channel_%s"),
            "feed": MakeFeed(rotas=list(rotas(viewer=viewer)), auto_id="id_feed_%s"),
            **forms,
        },
    }
    return shown(request, "my_on_call.html", seen, wrong=bool(forms))


def _skills(request: Request, form: KeepSkill | None) -> HttpResponse:
    keeps = may_keep(viewer=request.viewer)
    seen = {
        "skills": skills(viewer=request.viewer),
        "form": form or (KeepSkill(people=colleagues(organisation=house())) if keeps else None),
        "today": clock.now().date(),
    }
    return shown(request, "skills.html", seen, wrong=form is not None)
