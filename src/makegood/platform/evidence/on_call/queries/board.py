"""Who can be reached now, and whose turn it is in the weeks to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from makegood.engine.vocabulary.interval import Interval
from makegood.platform.evidence.on_call.models import Channel, ChannelKind, Presence, Rota
from makegood.platform.evidence.on_call.queries.people import presence_of
from makegood.platform.evidence.on_call.queries.plans import plan_of, rotas
from makegood.platform.evidence.on_call.schedule import Duty, on_call_in
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.viewer import Viewer

_AHEAD: Final = timedelta(weeks=5)


@dataclass(frozen=True, slots=True)
class Shift:
    """A stretch of a rota, and who is on call in it: nobody, if it is a hole."""

    rota: Rota
    starts_at: datetime
    ends_at: datetime
    person: Person | None

    @property
    def hours(self) -> int:
        """The whole hours, for a first look."""
        return (self.ends_at - self.starts_at) // timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Row:
    """A rota now: who is on call and until when, how to call them, what they say, and who is next."""

    rota: Rota
    now: Shift | None
    next: Shift | None
    hole: Shift | None
    phones: tuple[str, ...]
    presence: Presence | None


def board(*, viewer: Viewer, now: datetime) -> list[Row]:
    """Return who is on call now in each rota that somebody sees."""
    found = [
        (each, timeline(viewer=viewer, rota=each, span=Interval(now, now + _AHEAD), now=now)) for each in _going(viewer)
    ]
    people = {shifts[0].person.pk for _, shifts in found if shifts and shifts[0].person is not None}
    phones: dict[int, list[str]] = {}
    for each in Channel.objects.filter(person__in=people, kind=ChannelKind.PHONE, ended_at=None):
        phones.setdefault(each.person_id, []).append(each.address)
    said = presence_of(people=people, now=now)
    return [_row(rota, shifts, now, phones, said) for rota, shifts in found]


def timeline(*, viewer: Viewer, rota: Rota, span: Interval, now: datetime) -> list[Shift]:
    """Return the stretches of a rota and who is on call in each, holes included; none of one that is not seen."""
    if not rotas(viewer=viewer).filter(pk=rota.pk).exists():
        return []
    return _shifts(rota, on_call_in(plan_of(rota=rota, now=now), span))


def shifts_of(*, viewer: Viewer, person: int, span: Interval, now: datetime) -> list[Shift]:
    """Return when it is the turn of a person in the rotas that somebody sees, in order."""
    found = [
        shift
        for rota in _going(viewer)
        for shift in _shifts(rota, on_call_in(plan_of(rota=rota, now=now), span))
        if shift.person is not None and shift.person.pk == person
    ]
    return sorted(found, key=lambda each: (each.starts_at, each.rota.pk))


def _going(viewer: Viewer) -> list[Rota]:
    return list(rotas(viewer=viewer).filter(ended_at=None))


def _shifts(rota: Rota, duties: Sequence[Duty]) -> list[Shift]:
    people = Person.objects.in_bulk({each.person for each in duties if each.person is not None})
    return [
        Shift(rota, each.span.start, each.span.end, people[each.person] if each.person is not None else None)
        for each in duties
    ]


def _row(
    rota: Rota, shifts: list[Shift], now: datetime, phones: dict[int, list[str]], said: dict[int, Presence]
) -> Row:
    current = shifts[0] if shifts and shifts[0].starts_at <= now else None
    later = [each for each in shifts if each is not current]
    person = current.person.pk if current is not None and current.person is not None else 0
    return Row(
        rota,
        current,
        next((each for each in later if each.person is not None), None),
        next((each for each in shifts if each.person is None), None),
        tuple(phones.get(person, ())),
        said.get(person),
    )
