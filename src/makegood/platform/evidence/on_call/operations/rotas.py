"""Planning rotas: their hours, the people who take turns, and what hours are worth."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, Final

from django.db.models import Max
from django.utils.translation import gettext as _

from makegood.engine.vocabulary.currencies import EXPONENTS
from makegood.platform.evidence.on_call.models import Cover, Layer, PayRate, Rota, Turn
from makegood.platform.evidence.on_call.operations.covering import refresh, release_all
from makegood.platform.evidence.on_call.operations.refusals import (
    FIRST_YEAR,
    LAST_YEAR,
    UnableToPlan,
    going,
    holidays_of,
    hours_in,
    named,
    on_the_team,
    refuse_others,
    zone_in,
)
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Viewer

MOST_PEOPLE: Final = 50
MOST_DAYS: Final = 366
MOST_LAYERS: Final = 10
MOST_RATE: Final = 10**9
MOST_PERCENT: Final = 1000


@operation("keep rota", about="organisation")
def keep_rota(
    *,
    organisation: Organisation,
    name: str,
    timezone: str,
    by: Viewer,
    now: datetime,
    covers: str = "",
    country: str = "",
    subdivision: str = "",
    rota: Rota | None = None,
) -> Rota:
    """Make a rota of an organisation, or change one; ``covers`` are its hours on the wall, and every hour if empty.

    :raises UnableToPlan: if ``by`` may not, or a value cannot be one
    """
    refuse_others(by)
    kept = Rota(organisation=organisation, created_at=now) if rota is None else going(rota)
    kept.name, kept.timezone, kept.covers = named(name, 100), zone_in(timezone), hours_in(covers)
    kept.country, kept.subdivision = holidays_of(country, subdivision)
    same = Rota.objects.filter(organisation=kept.organisation, name=kept.name, ended_at=None).exclude(pk=kept.pk)
    if same.exists():
        raise UnableToPlan(_("There is a rota of this name already."))
    kept.save()
    _told("keep rota", kept, by, now)
    refresh(kept, now)
    return kept


@operation("end rota", about="rota")
def end_rota(*, rota: Rota, by: Viewer, now: datetime) -> Rota:
    """End a rota for good; agreements that it staffs are without it from now on."""
    refuse_others(by)
    held = going(rota)
    held.ended_at = now
    held.save(update_fields=["ended_at"])
    release_all(Cover.objects.filter(rota=held, released_at=None), now)
    _told("end rota", held, by, now)
    return held


@operation("keep layer", about="rota")
def keep_layer(
    *,
    rota: Rota,
    people: Sequence[Person],
    starts_on: date,
    hand_over: time,
    days: int,
    by: Viewer,
    now: datetime,
    covers: str = "",
    since: datetime | None = None,
    layer: Layer | None = None,
) -> Layer:
    """Let people take turns from a day on, each for so many days; in place of another layer, or below all others.

    It counts from ``since`` on, by default from now; what was planned before that stays as it was.

    :raises UnableToPlan: if ``by`` may not, a person is none of the organisation, or a value cannot be one
    """
    refuse_others(by)
    held = going(rota)
    begins = now if since is None else since.replace(microsecond=0)
    _refuse_nonsense(people, starts_on, days, begins, now)
    on_the_team(people, held.organisation)
    place = _end(layer, begins) if layer is not None else _last_place(held)
    made = Layer.objects.create(
        rota=held,
        place=place,
        starts_on=starts_on,
        hand_over=hand_over.replace(second=0, microsecond=0, tzinfo=None),
        days=days,
        covers=hours_in(covers),
        since=begins,
    )
    Turn.objects.bulk_create(Turn(layer=made, number=number, person=each) for number, each in enumerate(people))
    _told("keep layer", held, by, now, place=place, people=[each.name for each in people], days=days)
    refresh(held, now)
    return made


@operation("end layer", about="layer")
def end_layer(*, layer: Layer, by: Viewer, now: datetime) -> Layer:
    """Let nobody take turns in a layer from now on."""
    refuse_others(by)
    held = going(layer.rota)
    _end(layer, now)
    _told("end layer", held, by, now, place=layer.place)
    refresh(held, now)
    return Layer.objects.get(pk=layer.pk)


@operation("set pay rate", about="rota")
def set_pay(
    *,
    rota: Rota,
    since: date,
    currency: str,
    standby: int,
    called: int,
    by: Viewer,
    now: datetime,
    night: int = 0,
    weekend: int = 0,
    holiday: int = 0,
) -> PayRate:
    """Say what an hour of a rota is worth from a day on: on standby and called, and the percentages that are added.

    :raises UnableToPlan: if ``by`` may not, or a value cannot be one
    """
    refuse_others(by)
    held = going(rota)
    if by.author is None or currency not in EXPONENTS:
        raise UnableToPlan(_("Name a currency by its three letters, such as EUR."))
    if not (0 <= standby <= MOST_RATE and 0 <= called <= MOST_RATE):
        raise UnableToPlan(_("What an hour is worth is not negative, and not that much."))
    if not all(0 <= each <= MOST_PERCENT for each in (night, weekend, holiday)):
        raise UnableToPlan(_("What is added lies between 0 and %d percent.") % MOST_PERCENT)
    if not FIRST_YEAR <= since.year <= LAST_YEAR:
        raise UnableToPlan(_("The day lies in no year that can be planned."))
    made = PayRate.objects.create(
        rota=held,
        since=since,
        currency=currency,
        standby=standby,
        called=called,
        night=night,
        weekend=weekend,
        holiday=holiday,
        set_by_id=by.author,
        set_at=now,
    )
    _told("set pay rate", held, by, now, since=since.isoformat(), standby=standby, called=called, currency=currency)
    return made


def _refuse_nonsense(people: Sequence[Person], starts_on: date, days: int, begins: datetime, now: datetime) -> None:
    if not people or len(people) > MOST_PEOPLE:
        raise UnableToPlan(_("Choose at least one person, and at most %d.") % MOST_PEOPLE)
    if not 1 <= days <= MOST_DAYS:
        raise UnableToPlan(_("A turn takes between 1 and %d days.") % MOST_DAYS)
    if not (FIRST_YEAR <= starts_on.year <= LAST_YEAR and begins.year <= LAST_YEAR):
        raise UnableToPlan(_("The day lies in no year that can be planned."))
    if begins < now:
        raise UnableToPlan(_("What is past stays as it was; let the change count from now on, or later."))


def _last_place(rota: Rota) -> int:
    found = Layer.objects.filter(rota=rota)
    if found.filter(until=None).count() >= MOST_LAYERS:
        raise UnableToPlan(_("A rota has at most %d layers.") % MOST_LAYERS)
    last = found.aggregate(last=Max("place"))["last"]
    return 1 if last is None else int(last) + 1


def _end(layer: Layer, at: datetime) -> int:
    """End a layer at an instant, and return its place; one that has not begun by then never does."""
    held = Layer.objects.select_for_update().get(pk=layer.pk)
    if held.until is not None:
        raise UnableToPlan(_("These turns have ended, or were changed, already."))
    held.until = max(at, held.since)
    held.save(update_fields=["until"])
    return held.place


def _told(did: str, rota: Rota, by: Viewer, now: datetime, **details: Any) -> None:
    record(by=by, did=did, about=rota.name, now=now, organisation=rota.organisation_id, rota=rota.pk, **details)
