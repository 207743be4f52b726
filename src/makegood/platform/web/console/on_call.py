"""Pages about rotas: who is on call, and how it is planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.times import local_instant, zone
from makegood.platform import clock
from makegood.platform.agreement.contracts.models import ContractState
from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.evidence.on_call import operations
from makegood.platform.evidence.on_call.models import Rota
from makegood.platform.evidence.on_call.queries import (
    Shift,
    board,
    colleagues,
    covers_of,
    layers_of,
    leaves,
    may_keep,
    overrides_of,
    rotas,
    timeline,
)
from makegood.platform.evidence.on_call.queries.statement import READERS
from makegood.platform.tenancy.parties.queries import house, organisations
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Site
from makegood.platform.web.console.on_call_forms import (
    AssignRota,
    KeepLayer,
    KeepOverride,
    KeepRota,
    SetPay,
    TakeLeave,
)
from makegood.platform.web.console.on_call_tabs import ENGAGED, KEEPERS, shown
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.answers import back_to, refused, told

_WEEKS: Final = 4


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a rota: who is on call in it, in order, and whether somebody is missing."""

    day: date
    people: tuple[str, ...]
    hole: bool


def addresses() -> list[URLPattern]:
    """Return the addresses of these pages."""
    opened, keeps = door(Site.CONSOLE), door(Site.CONSOLE, *KEEPERS)
    engaged = door(Site.CONSOLE, *ENGAGED)
    one = "on-call/rotas/<int:rota>/"
    return [
        path("on-call/", opened(now_on_call), name="on-call"),
        path("on-call/rotas/", opened(all_rotas), name="rotas"),
        path("on-call/rotas/new/", keeps(new_rota), name="new-rota"),
        path(one, opened(rota_page), name="rota"),
        path(f"{one}change/", keeps(change_rota), name="change-rota"),
        path(f"{one}end/", keeps(end), name="end-rota"),
        path(f"{one}layers/", keeps(new_layer), name="new-layer"),
        path(f"{one}layers/<int:layer>/", keeps(change_layer), name="layer"),
        path(f"{one}layers/<int:layer>/end/", keeps(layer_ended), name="end-layer"),
        path(f"{one}overrides/", engaged(new_override), name="new-override"),
        path(f"{one}overrides/<int:override>/withdraw/", engaged(override_withdrawn), name="withdraw-override"),
        path(f"{one}pay/", keeps(pay), name="set-pay"),
        path(f"{one}agreements/", keeps(assign), name="assign-rota"),
        path(f"{one}agreements/<slug:slug>/release/", keeps(release), name="release-rota"),
        path("on-call/leave/", engaged(leave), name="leave"),
        path("on-call/leave/<int:leave>/withdraw/", engaged(leave_withdrawn), name="withdraw-leave"),
    ]


def now_on_call(request: Request) -> HttpResponse:
    """Show who can be reached now."""
    now = clock.now()
    seen = {"rows": board(viewer=request.viewer, now=now), "now": now, "keeps": may_keep(viewer=request.viewer)}
    return shown(request, "on_call.html", seen)


def all_rotas(request: Request) -> HttpResponse:
    """Show the rotas."""
    return _rotas(request, None)


@require_POST
def new_rota(request: Request) -> HttpResponse:
    """Make a rota."""
    form = KeepRota(request.POST, organisations=list(organisations(viewer=request.viewer)))
    if form.is_valid():
        said = dict(form.cleaned_data)
        about = get_object_or_404(organisations(viewer=request.viewer), pk=said.pop("organisation"))
        try:
            made = operations.keep_rota(organisation=about, **said, by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("The rota was made. Now say who takes turns."))
            return back_to(request, "rota", made.pk)
    return _rotas(request, form)


def rota_page(request: Request, rota: int) -> HttpResponse:
    """Show whose turn it is in the coming weeks, and how that was planned."""
    return _rota(request, _found(request, rota))


@require_POST
def change_rota(request: Request, rota: int) -> HttpResponse:
    """Change what a rota is called, or its hours."""
    found = _found(request, rota)
    form = KeepRota(request.POST)
    said = _("The rota was changed.")
    return _kept(
        request,
        found,
        "change",
        form,
        said,
        lambda: operations.keep_rota(
            organisation=found.organisation, rota=found, **form.cleaned_data, by=request.viewer, now=clock.now()
        ),
    )


@require_POST
def end(request: Request, rota: int) -> HttpResponse:
    """End a rota."""
    found = _found(request, rota)
    told(request, lambda: operations.end_rota(rota=found, by=request.viewer, now=clock.now()), _("The rota has ended."))
    return back_to(request, "rotas")


@require_POST
def new_layer(request: Request, rota: int) -> HttpResponse:
    """Let people take turns below all others."""
    found = _found(request, rota)
    form = KeepLayer(request.POST, people=colleagues(organisation=found.organisation))
    return _kept(
        request,
        found,
        "layer",
        form,
        _("The turns were planned."),
        lambda: operations.keep_layer(rota=found, **form.cleaned_data, by=request.viewer, now=clock.now()),
    )


@require_http_methods(["GET", "POST"])
def change_layer(request: Request, rota: int, layer: int) -> HttpResponse:
    """Change from now on who takes turns."""
    found = _found(request, rota)
    held = get_object_or_404(layers_of(viewer=request.viewer, rota=found, now=clock.now()), pk=layer)
    turns = [each.person_id for each in held.turns.all()]
    said: dict[str, Any] = {f"turn_{number}": person for number, person in enumerate(turns, 1)}
    said |= {"starts_on": held.starts_on, "hand_over": held.hand_over, "days": held.days, "covers": held.covers}
    people = colleagues(organisation=found.organisation)
    form = KeepLayer(request.POST or None, people=people, taken=len(turns), initial=said)
    if request.method == "POST" and form.is_valid():
        try:
            operations.keep_layer(rota=found, layer=held, **form.cleaned_data, by=request.viewer, now=clock.now())
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("The turns were changed from now on."))
            return back_to(request, "rota", found.pk)
    seen = {"rota": found, "layer": held, "form": form}
    return shown(request, "rota_layer.html", seen, wrong=bool(form.errors))


@require_POST
def layer_ended(request: Request, rota: int, layer: int) -> HttpResponse:
    """Let nobody take turns in a layer any more."""
    found = _found(request, rota)
    held = get_object_or_404(layers_of(viewer=request.viewer, rota=found, now=clock.now()), pk=layer)
    told(request, lambda: operations.end_layer(layer=held, by=request.viewer, now=clock.now()), _("It has ended."))
    return back_to(request, "rota", rota)


@require_POST
def new_override(request: Request, rota: int) -> HttpResponse:
    """Let somebody take over."""
    found = _found(request, rota)
    form = KeepOverride(request.POST, people=colleagues(organisation=found.organisation), timezone=found.timezone)
    return _kept(
        request,
        found,
        "override",
        form,
        _("The override was kept."),
        lambda: operations.keep_override(rota=found, **form.cleaned_data, by=request.viewer, now=clock.now()),
    )


@require_POST
def override_withdrawn(request: Request, rota: int, override: int) -> HttpResponse:
    """Take an override back."""
    found = _found(request, rota)
    held = get_object_or_404(overrides_of(viewer=request.viewer, rota=found, now=clock.now()), pk=override)
    taken_back = _("It was taken back.")
    told(request, lambda: operations.withdraw_override(override=held, by=request.viewer, now=clock.now()), taken_back)
    return back_to(request, "rota", rota)


@require_POST
def pay(request: Request, rota: int) -> HttpResponse:
    """Say what hours are worth."""
    found = _found(request, rota)
    form = SetPay(request.POST)
    return _kept(
        request,
        found,
        "pay",
        form,
        _("The rates were kept."),
        lambda: operations.set_pay(rota=found, **form.cleaned_data, by=request.viewer, now=clock.now()),
    )


@require_POST
def assign(request: Request, rota: int) -> HttpResponse:
    """Let a rota staff an agreement."""
    found = _found(request, rota)
    form = AssignRota(request.POST, contracts=_contracts(request))
    return _kept(
        request,
        found,
        "assign",
        form,
        _("The rota staffs the agreement."),
        lambda: operations.assign_rota(rota=found, **form.cleaned_data, by=request.viewer, now=clock.now()),
    )


@require_POST
def release(request: Request, rota: int, slug: str) -> HttpResponse:
    """Let a rota no longer staff an agreement."""
    found = _found(request, rota)
    contract = get_object_or_404(contracts(viewer=request.viewer), slug=slug)
    told(
        request,
        lambda: operations.release_rota(rota=found, contract=contract, by=request.viewer, now=clock.now()),
        _("The rota no longer staffs the agreement."),
    )
    return back_to(request, "rota", rota)


@require_http_methods(["GET", "POST"])
def leave(request: Request) -> HttpResponse:
    """Show who is on leave, and keep when somebody will be."""
    viewer, now = request.viewer, clock.now()
    people = colleagues(organisation=house())
    if not may_keep(viewer=viewer):
        people = [each for each in people if each.pk == viewer.author]
    form = TakeLeave(request.POST or None, people=people, initial={"person": viewer.author})
    if request.method == "POST" and form.is_valid():
        try:
            operations.take_leave(**form.cleaned_data, by=viewer, now=now)
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, _("The leave was kept. Look whether it leaves a hole."))
            return back_to(request, "leave")
    seen = {"leaves": leaves(viewer=viewer, now=now), "form": form, "keeps": may_keep(viewer=viewer)}
    return shown(request, "leave.html", seen, wrong=bool(form.errors))


@require_POST
def leave_withdrawn(request: Request, leave: int) -> HttpResponse:
    """Take leave back."""
    now = clock.now()
    held = get_object_or_404(leaves(viewer=request.viewer, now=now), pk=leave)
    taken_back = _("It was taken back.")
    told(request, lambda: operations.withdraw_leave(leave=held, by=request.viewer, now=now), taken_back)
    return back_to(request, "leave")


def _found(request: Request, rota: int) -> Rota:
    return get_object_or_404(rotas(viewer=request.viewer), pk=rota)


def _kept(request: Request, rota: Rota, name: str, form: Form, done: str, keep: Any) -> HttpResponse:
    """Keep what a form says and lead back to the rota, or show it with what is wrong."""
    if form.is_valid():
        try:
            keep()
        except Unable as refusal:
            refused(form, refusal)
        else:
            told(request, lambda: None, done)
            return back_to(request, "rota", rota.pk)
    return _rota(request, rota, **{name: form})


def _rotas(request: Request, form: KeepRota | None) -> HttpResponse:
    viewer = request.viewer
    known = list(organisations(viewer=viewer)) if may_keep(viewer=viewer) else []
    first = sorted(known, key=lambda each: not each.is_house)
    seen = {
        "going": rotas(viewer=viewer).filter(ended_at=None),
        "ended": rotas(viewer=viewer).exclude(ended_at=None),
        "form": form or (KeepRota(organisations=first) if known else None),
    }
    return shown(request, "rotas.html", seen, wrong=form is not None)


def _contracts(request: Request) -> list[Any]:
    return list(contracts(viewer=request.viewer).exclude(state=ContractState.ENDED))


def _rota(request: Request, rota: Rota, **forms: Form) -> HttpResponse:
    viewer, now = request.viewer, clock.now()
    keeps = may_keep(viewer=viewer) and rota.ended_at is None
    weeks, holes = _weeks(request, rota, now)
    people = colleagues(organisation=rota.organisation)
    offered: dict[str, Form] = {}
    if viewer.has(*ENGAGED) and rota.ended_at is None:
        offered["override"] = KeepOverride(people=people, timezone=rota.timezone, auto_id="id_override_%s")
    if keeps:
        said = {name: getattr(rota, name) for name in ("name", "timezone", "covers", "country", "subdivision")}
        offered["change"] = KeepRota(initial=said, auto_id="id_change_%s")
        offered["layer"] = KeepLayer(people=people, auto_id="id_layer_%s")
        offered["pay"] = SetPay(auto_id="id_pay_%s")
        offered["assign"] = AssignRota(contracts=_contracts(request), auto_id="id_assign_%s")
    seen = {
        "rota": rota,
        "weeks": weeks,
        "holes": holes,
        "layers": layers_of(viewer=viewer, rota=rota, now=now),
        "overrides": overrides_of(viewer=viewer, rota=rota, now=now),
        "covered": covers_of(viewer=viewer, rota=rota),
        "rates": rota.rates.all() if viewer.has(*READERS) and viewer.limited is None else (),
        "forms": {**offered, **forms},
        "keeps": keeps,
        "now": now,
    }
    return shown(request, "rota.html", seen, wrong=any(each.errors for each in forms.values()))


def _weeks(request: Request, rota: Rota, now: datetime) -> tuple[list[list[Day]], list[Shift]]:
    """Return the days of some weeks from this Monday on, and the holes from now on."""
    today = now.astimezone(zone(rota.timezone)).date()
    monday = today - timedelta(days=today.weekday())
    edges = [_midnight(monday + timedelta(days=number), rota) for number in range(7 * _WEEKS + 1)]
    shifts = timeline(viewer=request.viewer, rota=rota, span=Interval(edges[0], edges[-1]), now=now)
    days = [
        _day(monday + timedelta(days=number), shifts, start, end, now)
        for number, (start, end) in enumerate(pairwise(edges))
    ]
    holes = [each for each in shifts if each.person is None and each.ends_at > now]
    return [days[number : number + 7] for number in range(0, len(days), 7)], holes


def _midnight(day: date, rota: Rota) -> datetime:
    return local_instant(datetime(day.year, day.month, day.day), rota.timezone)  # noqa: DTZ001  # on the wall


def _day(day: date, shifts: Sequence[Shift], start: datetime, end: datetime, now: datetime) -> Day:
    here = [each for each in shifts if each.starts_at < end and each.ends_at > start]
    names = dict.fromkeys(each.person.name for each in here if each.person is not None)
    return Day(day, tuple(names), any(each.person is None and each.ends_at > now for each in here))
