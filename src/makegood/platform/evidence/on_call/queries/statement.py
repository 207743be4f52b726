"""What somebody's hours of a month are worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from makegood.engine.vocabulary.interval import Interval, clip, intersection
from makegood.engine.vocabulary.times import local_instant, utc
from makegood.platform.evidence.on_call.models import Acknowledgement, PayRate, Rota
from makegood.platform.evidence.on_call.queries.plans import plan_of, rotas
from makegood.platform.evidence.on_call.schedule import Hours, Kind, Pay, hours_of, on_call_in
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.viewer import Role, Viewer

READERS = (Role.OWNER, Role.SERVICE_MANAGER, Role.BILLING, Role.AUDITOR)
"""Who sees the hours of others, and what they are worth."""


_KINDS: Final = {
    Kind.ORDINARY: _("ordinary"),
    Kind.NIGHT: _("night"),
    Kind.WEEKEND: _("weekend"),
    Kind.HOLIDAY: _("holiday"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """Hours of one kind of a person in a rota; ``amount`` is in minor units, if somebody said what they are worth."""

    person: Person
    rota: Rota
    since: date
    hours: Hours
    amount: int | None
    currency: str

    @property
    def kind(self) -> str:
        return self.hours.kind.value

    @property
    def label(self) -> str:
        """The kind as people read it."""
        return str(_KINDS[self.hours.kind])

    @property
    def standby_minutes(self) -> int:
        return self.hours.standby // 60

    @property
    def called_minutes(self) -> int:
        return self.hours.called // 60


def statement(*, viewer: Viewer, year: int, month: int, now: datetime) -> list[Line]:
    """Return the hours of a month up to now, by person, rota and kind; those who may not see all see their own.

    A month, its nights and its holidays are those of the rota. Somebody is called from acknowledging a page until it
    is resolved, while it is their turn.
    """
    only = None if viewer.has(*READERS) and viewer.limited is None else viewer.author
    lines = [line for rota in rotas(viewer=viewer) for line in _of_rota(rota, date(year, month, 1), now)]
    mine = [each for each in lines if only is None or each.person.pk == only]
    return sorted(mine, key=lambda each: (each.person.name, each.person.pk, each.rota.name, each.since, each.kind))


def _of_rota(rota: Rota, first: date, now: datetime) -> Iterator[Line]:
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    start, end = _midnight(first, rota), min(_midnight(after, rota), utc(now), utc(rota.ended_at or now))
    if start >= end:
        return
    month = Interval(start, end)
    taken: dict[int, list[Interval]] = defaultdict(list)
    for each in on_call_in(plan_of(rota=rota, now=now), month):
        if each.person is not None:
            taken[each.person].append(each.span)
    people = Person.objects.in_bulk(taken)
    called = _called(month, now)
    for since, span, rate in _rates(rota, first, month):
        for person, spans in taken.items():
            standby = clip(spans, span)
            for hours in hours_of(
                standby, intersection(standby, called.get(person, ())), rota.timezone, rota.country, rota.subdivision
            ):
                yield Line(people[person], rota, since, hours, _worth(rate, hours), rate.currency if rate else "")


def _midnight(day: date, rota: Rota) -> datetime:
    return local_instant(datetime(day.year, day.month, day.day), rota.timezone)  # noqa: DTZ001  # on the wall


def _called(month: Interval, now: datetime) -> dict[int, list[Interval]]:
    """Return when people worked on pages."""
    found: dict[int, list[Interval]] = defaultdict(list)
    for each in Acknowledgement.objects.filter(person__isnull=False, at__lt=month.end).exclude(
        ended_at__lt=month.start
    ):
        if each.person_id is not None:
            found[each.person_id].append(Interval(each.at, max(each.at, each.ended_at or now)))
    return found


def _rates(rota: Rota, first: date, month: Interval) -> Iterator[tuple[date, Interval, PayRate | None]]:
    """Yield the parts of a month in which hours are worth the same; of several rates of a day the last counts."""
    every = {each.since: each for each in rota.rates.all()}
    before = [day for day in every if day <= first]
    known = {first: every[max(before)]} if before else {first: None}
    days = sorted({**known, **{day: rate for day, rate in every.items() if day > first}}.items())
    for (since, rate), later in zip(days, [*(each[0] for each in days[1:]), None], strict=True):
        start = max(month.start, _midnight(since, rota))
        end = month.end if later is None else min(month.end, _midnight(later, rota))
        if start < end:
            yield since, Interval(start, end), rate


def _worth(rate: PayRate | None, hours: Hours) -> int | None:
    if rate is None:
        return None
    return Pay(rate.standby, rate.called, rate.night, rate.weekend, rate.holiday).of(hours)
