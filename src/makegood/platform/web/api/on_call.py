"""Rotas: who is on call, who takes over, who is on leave, and what hours are worth."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Final

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import WithJsonSchema

from makegood.engine.vocabulary.interval import Interval
from makegood.platform import clock
from makegood.platform.evidence.on_call import operations, queries
from makegood.platform.evidence.on_call.models import Layer, Leave, Override, PayRate, Rota
from makegood.platform.evidence.on_call.queries import Line as Hours
from makegood.platform.evidence.on_call.queries import Row, Shift
from makegood.platform.tenancy.access.models import Person, Scope
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.viewer import Viewer
from makegood.platform.web.api.asked import Number, contract_of, listed, one, organisation_of, viewer_with
from makegood.platform.web.api.shapes import TROUBLES, Day, In, Line, Listed, Moment, Paging, Word

router = Router(tags=["on call"])
_LONGEST: Final = timedelta(days=400)
_MONTH: Final = re.compile(r"(20\d\d|21[0-8]\d)-(0[1-9]|1[0-2])")


class RotaChange(In):
    """A rota: ``covers`` are its hours on the wall, such as ``mon-fri 18:00-08:00``; every hour if it is empty."""

    name: Word
    timezone: Annotated[str, Field(max_length=60)] = "UTC"
    covers: Annotated[str, Field(max_length=400)] = ""
    country: Annotated[str, Field(max_length=2)] = ""
    subdivision: Annotated[str, Field(max_length=6)] = ""


class RotaIn(RotaChange):
    """A new rota of an organisation; without one it is the provider's."""

    organisation: Word = ""


class RotaOut(Schema):
    """A rota."""

    number: int = Field(alias="pk")
    organisation: str = Field(alias="organisation.slug")
    name: str
    timezone: str
    covers: str
    country: str
    subdivision: str
    ended_at: datetime | None


class ShiftOut(Schema):
    """A stretch, and the mail address of whoever is on call in it; nobody in a hole."""

    rota: int = Field(alias="rota.pk")
    starts_at: datetime
    ends_at: datetime
    person: str | None

    @staticmethod
    def resolve_person(kept: Shift) -> str | None:
        return kept.person.email if kept.person is not None else None


class NowOut(Schema):
    """A rota now: who is on call, who is next, the first hole, and the telephone numbers."""

    rota: RotaOut
    now: ShiftOut | None
    next: ShiftOut | None
    hole: ShiftOut | None
    phones: list[str]
    available: bool | None

    @staticmethod
    def resolve_available(kept: Row) -> bool | None:
        return kept.presence.available if kept.presence is not None else None


class LayerIn(In):
    """People who take turns, by their mail addresses; in place of the layer ``replaces``, or below all others."""

    people: Annotated[list[Line], Field(max_length=100)]
    starts_on: Day
    hand_over: time = time(9)
    days: Annotated[int, Field(ge=1, le=1000)] = 7
    covers: Annotated[str, Field(max_length=400)] = ""
    since: Moment | None = None
    replaces: Annotated[int, Field(ge=1, lt=2**63)] | None = None


class LayerOut(Schema):
    """People who take turns."""

    number: int = Field(alias="pk")
    place: int
    people: list[str]
    starts_on: date
    hand_over: Annotated[time, WithJsonSchema({"type": "string", "title": "Hand Over"})]
    days: int
    covers: str
    since: datetime
    until: datetime | None

    @staticmethod
    def resolve_people(kept: Layer) -> list[str]:
        return [each.person.email for each in kept.turns.all()]


class OverrideIn(In):
    """Who takes over, and instead of whom, by their mail addresses."""

    person: Line
    instead_of: Line = ""
    starts_at: Moment
    ends_at: Moment
    why: Line = ""


class OverrideOut(Schema):
    """Who takes over."""

    number: int = Field(alias="pk")
    person: str = Field(alias="person.email")
    instead_of: str | None = Field(None, alias="instead_of.email")
    starts_at: datetime
    ends_at: datetime
    why: str


class RateIn(In):
    """What an hour is worth in minor units, and the percentages that are added."""

    since: Day
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    standby: Annotated[int, Field(ge=0, le=10**9)]
    called: Annotated[int, Field(ge=0, le=10**9)]
    night: Annotated[int, Field(ge=0, le=1000)] = 0
    weekend: Annotated[int, Field(ge=0, le=1000)] = 0
    holiday: Annotated[int, Field(ge=0, le=1000)] = 0


class RateOut(Schema):
    """What an hour is worth since a day."""

    since: date
    currency: str
    standby: int
    called: int
    night: int
    weekend: int
    holiday: int


class LeaveIn(In):
    """Who is not there, by their mail address."""

    person: Line
    starts_at: Moment
    ends_at: Moment
    why: Line = ""


class LeaveOut(Schema):
    """Who is not there."""

    number: int = Field(alias="pk")
    person: str = Field(alias="person.email")
    starts_at: datetime
    ends_at: datetime
    why: str


class HoursOut(Schema):
    """Hours of one kind of a person in a rota, in seconds, and what they are worth in minor units."""

    person: str = Field(alias="person.email")
    rota: int = Field(alias="rota.pk")
    since: date
    kind: str
    standby: int
    called: int
    amount: int | None
    currency: str

    @staticmethod
    def resolve_standby(kept: Hours) -> int:
        return kept.hours.standby

    @staticmethod
    def resolve_called(kept: Hours) -> int:
        return kept.hours.called


def rota_of(viewer: Viewer, number: int) -> Rota:
    """Return a rota that exists for somebody."""
    return one(queries.rotas(viewer=viewer), "rota", pk=number)


def colleague(organisation: Organisation, email: str) -> Person:
    """Return somebody of an organisation by their mail address."""
    for each in queries.colleagues(organisation=organisation):
        if each.email == email.strip().lower():
            return each
    raise HttpError(422, f"nobody of {organisation.name} has the address {email}")


@router.get("/now", response={200: list[NowOut], **TROUBLES}, summary="Who is on call now")
def now_on_call(request: HttpRequest) -> Sequence[Row]:
    """List the rotas with whoever is on call now."""
    return queries.board(viewer=viewer_with(request, Scope.READ_ON_CALL), now=clock.now())


@router.get("/rotas", response={200: Listed[RotaOut], **TROUBLES}, summary="Rotas")
def rotas(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """List the rotas, ended ones too."""
    return listed(queries.rotas(viewer=viewer_with(request, Scope.READ_ON_CALL)), paging)


@router.post("/rotas", response={201: RotaOut, **TROUBLES}, summary="Make a rota")
def make_rota(request: HttpRequest, asked: RotaIn) -> Status[Rota]:
    """Make a rota."""
    by = viewer_with(request, Scope.WRITE_ON_CALL)
    said = asked.model_dump()
    name = said.pop("organisation")
    about = organisation_of(by, name) if name else house()
    return Status(201, operations.keep_rota(organisation=about, **said, by=by, now=clock.now()))


@router.put("/rotas/{number}", response={200: RotaOut, **TROUBLES}, summary="Change a rota")
def change_rota(request: HttpRequest, number: Number, asked: RotaChange) -> Rota:
    """Change a rota."""
    by = viewer_with(request, Scope.WRITE_ON_CALL)
    found = rota_of(by, number)
    said = asked.model_dump()
    return operations.keep_rota(organisation=found.organisation, rota=found, **said, by=by, now=clock.now())


@router.delete("/rotas/{number}", response={204: None, **TROUBLES}, summary="End a rota")
def end_rota(request: HttpRequest, number: Number) -> Status[None]:
    """End a rota for good."""
    by = viewer_with(request, Scope.WRITE_ON_CALL)
    operations.end_rota(rota=rota_of(by, number), by=by, now=clock.now())
    return Status(204, None)


@router.get("/rotas/{rota}/timeline", response={200: list[ShiftOut], **TROUBLES}, summary="Whose turn it is")
def timeline(
    request: HttpRequest, rota: Number, since: Moment | None = None, until: Moment | None = None
) -> Sequence[Shift]:
    """List who is on call in a stretch, by default the next four weeks; holes included."""
    viewer, now = viewer_with(request, Scope.READ_ON_CALL), clock.now()
    found = rota_of(viewer, rota)
    start = since or now
    end = until or start + timedelta(weeks=4)
    if not start <= end <= start + _LONGEST:
        raise HttpError(422, f"ask for a stretch of at most {_LONGEST.days} days, the beginning first")
    return queries.timeline(viewer=viewer, rota=found, span=Interval(start, end), now=now)


@router.get("/rotas/{rota}/layers", response={200: Listed[LayerOut], **TROUBLES}, summary="Who takes turns")
def layers(request: HttpRequest, rota: Number, paging: Query[Paging]) -> dict[str, Any]:
    """List who takes turns in a rota."""
    viewer = viewer_with(request, Scope.READ_ON_CALL)
    return listed(queries.layers_of(viewer=viewer, rota=rota_of(viewer, rota), now=clock.now()), paging)


@router.post("/rotas/{rota}/layers", response={201: LayerOut, **TROUBLES}, summary="Plan turns")
def keep_layer(request: HttpRequest, rota: Number, asked: LayerIn) -> Status[Layer]:
    """Let people take turns."""
    by, now = viewer_with(request, Scope.WRITE_ON_CALL), clock.now()
    found = rota_of(by, rota)
    said = asked.model_dump()
    people = [colleague(found.organisation, each) for each in said.pop("people")]
    number = said.pop("replaces")
    known = queries.layers_of(viewer=by, rota=found, now=now)
    layer = one(known, "layer", pk=number) if number is not None else None
    return Status(201, operations.keep_layer(rota=found, people=people, layer=layer, **said, by=by, now=now))


@router.delete("/rotas/{rota}/layers/{number}", response={204: None, **TROUBLES}, summary="End turns")
def end_layer(request: HttpRequest, rota: Number, number: Number) -> Status[None]:
    """Let nobody take turns in a layer any more."""
    by, now = viewer_with(request, Scope.WRITE_ON_CALL), clock.now()
    found = queries.layers_of(viewer=by, rota=rota_of(by, rota), now=now)
    operations.end_layer(layer=one(found, "layer", pk=number), by=by, now=now)
    return Status(204, None)


@router.get("/rotas/{rota}/overrides", response={200: Listed[OverrideOut], **TROUBLES}, summary="Who takes over")
def overrides(request: HttpRequest, rota: Number, paging: Query[Paging]) -> dict[str, Any]:
    """List who takes over now or later."""
    viewer = viewer_with(request, Scope.READ_ON_CALL)
    return listed(queries.overrides_of(viewer=viewer, rota=rota_of(viewer, rota), now=clock.now()), paging)


@router.post("/rotas/{rota}/overrides", response={201: OverrideOut, **TROUBLES}, summary="Take over")
def keep_override(request: HttpRequest, rota: Number, asked: OverrideIn) -> Status[Override]:
    """Let somebody take over."""
    by = viewer_with(request, Scope.WRITE_ON_CALL)
    found = rota_of(by, rota)
    said = asked.model_dump()
    person = colleague(found.organisation, said.pop("person"))
    name = said.pop("instead_of")
    instead_of = colleague(found.organisation, name) if name else None
    made = operations.keep_override(rota=found, person=person, instead_of=instead_of, **said, by=by, now=clock.now())
    return Status(201, made)


@router.delete("/rotas/{rota}/overrides/{number}", response={204: None, **TROUBLES}, summary="Take an override back")
def withdraw_override(request: HttpRequest, rota: Number, number: Number) -> Status[None]:
    """Take an override back."""
    by, now = viewer_with(request, Scope.WRITE_ON_CALL), clock.now()
    found = queries.overrides_of(viewer=by, rota=rota_of(by, rota), now=now)
    operations.withdraw_override(override=one(found, "override", pk=number), by=by, now=now)
    return Status(204, None)


@router.post("/rotas/{rota}/rates", response={201: RateOut, **TROUBLES}, summary="Say what hours are worth")
def set_pay(request: HttpRequest, rota: Number, asked: RateIn) -> Status[PayRate]:
    """Say what an hour is worth from a day on."""
    by = viewer_with(request, Scope.WRITE_ON_CALL)
    return Status(201, operations.set_pay(rota=rota_of(by, rota), **asked.model_dump(), by=by, now=clock.now()))


@router.put("/rotas/{rota}/agreements/{identifier}", response={204: None, **TROUBLES}, summary="Assign a rota")
def assign_rota(request: HttpRequest, rota: Number, identifier: str) -> Status[None]:
    """Let a rota staff an agreement."""
    by = viewer_with(request, Scope.WRITE_ON_CALL)
    found = rota_of(by, rota)
    operations.assign_rota(rota=found, contract=contract_of(by, identifier), by=by, now=clock.now())
    return Status(204, None)


@router.delete("/rotas/{rota}/agreements/{identifier}", response={204: None, **TROUBLES}, summary="Release a rota")
def release_rota(request: HttpRequest, rota: Number, identifier: str) -> Status[None]:
    """Let a rota no longer staff an agreement."""
    by = viewer_with(request, Scope.WRITE_ON_CALL)
    found = rota_of(by, rota)
    operations.release_rota(rota=found, contract=contract_of(by, identifier), by=by, now=clock.now())
    return Status(204, None)


@router.get("/leaves", response={200: Listed[LeaveOut], **TROUBLES}, summary="Who is on leave")
def leaves(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """List who is on leave now or later."""
    return listed(queries.leaves(viewer=viewer_with(request, Scope.READ_ON_CALL), now=clock.now()), paging)


@router.post("/leaves", response={201: LeaveOut, **TROUBLES}, summary="Take leave")
def take_leave(request: HttpRequest, asked: LeaveIn) -> Status[Leave]:
    """Say that somebody is not there."""
    by = viewer_with(request, Scope.WRITE_ON_CALL)
    said = asked.model_dump()
    person = colleague(house(), said.pop("person"))
    return Status(201, operations.take_leave(person=person, **said, by=by, now=clock.now()))


@router.delete("/leaves/{number}", response={204: None, **TROUBLES}, summary="Take leave back")
def withdraw_leave(request: HttpRequest, number: Number) -> Status[None]:
    """Take leave back."""
    by, now = viewer_with(request, Scope.WRITE_ON_CALL), clock.now()
    operations.withdraw_leave(leave=one(queries.leaves(viewer=by, now=now), "leave", pk=number), by=by, now=now)
    return Status(204, None)


@router.get("/hours", response={200: list[HoursOut], **TROUBLES}, summary="What hours are worth")
def hours(request: HttpRequest, month: Word = "") -> Sequence[Hours]:
    """List the hours of a month such as ``2026-03``, by default of this one."""
    viewer, now = viewer_with(request, Scope.READ_ON_CALL), clock.now()
    found = _MONTH.fullmatch(month or f"{now:%Y-%m}")
    if found is None:
        raise HttpError(422, "write a month like 2026-03")
    return queries.statement(viewer=viewer, year=int(found[1]), month=int(found[2]), now=now)
