"""Who is on call when: layers of people in turn, overrides, leave, and the holes that are left. Pure functions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Final

from makegood.engine.vocabulary.calendar import DAY_MINUTES, Calendar, Window
from makegood.engine.vocabulary.interval import Interval, clip, difference, intersection, seconds, union
from makegood.engine.vocabulary.rounding import rounded
from makegood.engine.vocabulary.times import local_instant, zone

_DAY: Final = timedelta(days=1)
_HOUR: Final = 3600
Week = tuple[tuple[Window, ...], ...]
"""Windows of the seven days of a week, Monday first."""
_NIGHT: Final[Week] = ((Window(0, 6 * 60), Window(22 * 60, DAY_MINUTES)),) * 7
_WEEKEND: Final[Week] = ((),) * 5 + ((Window(0, DAY_MINUTES),),) * 2


@lru_cache(maxsize=256)
def calendar(timezone: str, week: Week | None = None, country: str = "", subdivision: str = "") -> Calendar:
    """Return the calendar of some hours in the week, or of all; without the public holidays of a country."""
    windows = Calendar.always().weekly if week is None else week
    return Calendar("hours", timezone, windows, country or None, subdivision or None)


@dataclass(frozen=True, slots=True)
class Turns:
    """People in turn, from ``starts`` on the wall of the rota, each for so many ``days``, in the hours of ``covers``.

    It holds from ``since`` up to ``until``, which may be open.
    """

    people: tuple[int, ...]
    starts: datetime
    days: int
    covers: Calendar
    since: datetime
    until: datetime | None = None

    def __post_init__(self) -> None:
        if not self.people or self.days < 1:
            raise ValueError("somebody takes turns, each of a day or more")
        if self.starts.tzinfo is not None:
            raise ValueError("turns begin at a time on the wall")

    def within(self, span: Interval) -> Iterator[tuple[Interval, int]]:
        """Yield the turns in a stretch: when each is, and whose, in the order of time."""
        end = span.end if self.until is None else min(span.end, self.until)
        start = max(span.start, self.since)
        if start >= end:
            return
        wall = start.astimezone(zone(self.covers.zone)).replace(tzinfo=None)
        number = max(0, (wall - self.starts) // (_DAY * self.days) - 1)
        while (begins := self._begin(number)) < end:
            turn = Interval(max(start, begins), max(start, min(end, self._begin(number + 1))))
            for part in self.covers.open_in(turn) if turn else ():
                yield part, self.people[number % len(self.people)]
            number += 1

    def _begin(self, number: int) -> datetime:
        return local_instant(self.starts + number * self.days * _DAY, self.covers.zone)


@dataclass(frozen=True, slots=True)
class Swap:
    """Somebody takes over for a stretch: from everybody, or where one person would be on call."""

    person: int
    span: Interval
    instead_of: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A rota as it is planned: the first layer that has somebody counts, and the last override before all of them."""

    covers: Calendar
    layers: tuple[Turns, ...] = ()
    overrides: tuple[Swap, ...] = ()
    leave: Mapping[int, tuple[Interval, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Duty:
    """A stretch in which one person is on call, or nobody: a hole."""

    span: Interval
    person: int | None

    @property
    def is_hole(self) -> bool:
        return self.person is None


def on_call_in(plan: Plan, span: Interval) -> tuple[Duty, ...]:
    """Return who is on call in a stretch: the hours of the rota, each second once, holes included, in order.

    An override counts before the layers, and a later one before an earlier one; a layer before those below it. Whoever
    is on leave is not on call: the next in this order is, and where there is none there is a hole.
    """
    left: tuple[Interval, ...] = plan.covers.open_in(span)
    found: dict[int | None, list[Interval]] = defaultdict(list)
    for where, person in _wanted(plan, span):
        here = difference(intersection(left, where), plan.leave.get(person, ()))
        if here:
            found[person].extend(here)
            left = difference(left, here)
    found[None] = list(left)
    duties = [Duty(each, person) for person, spans in found.items() for each in union(spans)]
    return tuple(sorted(duties, key=lambda each: each.span))


def on_call_at(plan: Plan, at: datetime) -> int | None:
    """Return who is on call at an instant, if anybody is."""
    found = on_call_in(plan, Interval(at, at + timedelta(seconds=1)))
    return found[0].person if found else None


def holes_in(plan: Plan, span: Interval) -> tuple[Interval, ...]:
    """Return when nobody is on call in a stretch, outside the hours of the rota as well."""
    covered = [each.span for each in on_call_in(plan, span) if not each.is_hole]
    return difference((span,), covered)


def _wanted(plan: Plan, span: Interval) -> Iterator[tuple[tuple[Interval, ...], int]]:
    """Yield when people are wanted, those first who count before the others."""
    for each in reversed(plan.overrides):
        where = clip((each.span,), span)
        if where and each.instead_of is not None:
            where = intersection(where, _turns_of(plan, each.instead_of, span))
        if where:
            yield where, each.person
    for layer in plan.layers:
        for turn, person in layer.within(span):
            yield (turn,), person


def _turns_of(plan: Plan, person: int, span: Interval) -> tuple[Interval, ...]:
    """Return when it is somebody's turn by the layers, on leave or not."""
    taken: tuple[Interval, ...] = ()
    found: list[Interval] = []
    for layer in plan.layers:
        turns = list(layer.within(span))
        found += difference((turn for turn, whose in turns if whose == person), taken)
        taken = union([*taken, *(turn for turn, _ in turns)])
    return union(found)


class Kind(StrEnum):
    """The kinds of hours, which are paid differently."""

    ORDINARY = "ORDINARY"
    NIGHT = "NIGHT"
    WEEKEND = "WEEKEND"
    HOLIDAY = "HOLIDAY"


@dataclass(frozen=True, slots=True)
class Hours:
    """Seconds of one kind that somebody stood by, or was called."""

    kind: Kind
    standby: int
    called: int


@dataclass(frozen=True, slots=True)
class Pay:
    """What an hour is worth in minor units, and the percentages added at night, at weekends and on holidays."""

    standby: int
    called: int
    night: int = 0
    weekend: int = 0
    holiday: int = 0

    def of(self, hours: Hours) -> int:
        """Return what some hours are worth.

        Unit: minor units, rounded once, half away from zero.
        """
        added = {Kind.NIGHT: self.night, Kind.WEEKEND: self.weekend, Kind.HOLIDAY: self.holiday}.get(hours.kind, 0)
        worth = Fraction(hours.standby * self.standby + hours.called * self.called, _HOUR)
        return rounded(worth * Fraction(100 + added, 100))


def hours_of(
    standby: Iterable[Interval], called: Iterable[Interval], timezone: str, country: str = "", subdivision: str = ""
) -> tuple[Hours, ...]:
    """Return how many seconds of each kind somebody stood by and was called; whoever is called does not stand by.

    A second of a public holiday is of that kind, whatever else it is; one of a weekend is no night. A night is from 22
    to 6 o'clock.
    """
    worked = union(called)
    waited = difference(standby, worked)
    found = []
    for kind, within in _kinds([*waited, *worked], timezone, country, subdivision):
        hours = Hours(kind, seconds(intersection(waited, within)), seconds(intersection(worked, within)))
        if hours.standby or hours.called:
            found.append(hours)
    return tuple(found)


def _kinds(
    spans: Sequence[Interval], timezone: str, country: str, subdivision: str
) -> Iterator[tuple[Kind, tuple[Interval, ...]]]:
    """Yield what of some stretches is of each kind; together it is all of them, and nothing twice."""
    left = union(spans)
    if not left:
        return
    whole = Interval(left[0].start, left[-1].end)
    kinds = (
        (Kind.HOLIDAY, difference((whole,), calendar(timezone, None, country, subdivision).open_in(whole))),
        (Kind.WEEKEND, calendar(timezone, _WEEKEND).open_in(whole)),
        (Kind.NIGHT, calendar(timezone, _NIGHT).open_in(whole)),
        (Kind.ORDINARY, (whole,)),
    )
    for kind, where in kinds:
        here = intersection(left, where)
        left = difference(left, here)
        yield kind, here
