"""Calendars compiled to one row a day: the open seconds before any instant, for millions of instants at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple, Self

import numpy as np

from makegood.engine.vocabulary.calendar import FIRST_YEAR, LAST_YEAR, Calendar
from makegood.engine.vocabulary.times import local_instant
from makegood.vault.probes.columns import Column, second_of

DAY: Final = 86_400

_EPOCH = date(1970, 1, 1)


class CompiledCalendars(NamedTuple):
    """Calendars over a stretch of days of UTC; the row of day ``d`` of calendar ``c`` is ``c * days + d``.

    Unit: seconds. ``stretches`` (int32, rows x slots x 2) are when the open stretches of the day begin and end, since
        midnight; there are two slots or more, and those that a day does not need hold an empty stretch at midnight.
        ``base`` (int64, one a row) is the open time up to the row's day, from the first day on or from where it is
        ``counted_from``, less the seconds at which its stretches begin. So the open time up to a second of the day is
        the base and, for each stretch, that second or the bound of the stretch that is nearest to it. ``first`` is
        the first day, since 1970; the last row of each calendar is the day after its last, in which nothing is open.
        It is a tuple because compiled kernels take it as it is.
    """

    first: int
    days: int
    base: Column
    stretches: Column

    @classmethod
    def of(cls, calendars: Sequence[Calendar], first_day: date, last_day: date) -> Self:
        """Return calendars as the law opens them on the days from the first to the last.

        :raises ValueError: if the last day comes before the first, or a day lies where calendars do not answer
        """
        if last_day < first_day:
            raise ValueError(f"days are counted forwards, not from {first_day} to {last_day}")
        if first_day.year < FIRST_YEAR or last_day.year > LAST_YEAR:
            raise ValueError(
                f"calendars answer for the years {FIRST_YEAR} to {LAST_YEAR}, not {first_day} to {last_day}"
            )
        first, days = (first_day - _EPOCH).days, (last_day - first_day).days + 2
        parts = [list(_by_day(_opened(calendar, first, days - 1))) for calendar in calendars]
        slots = max((2, *(slot + 1 for found in parts for _, slot, _, _ in found)))
        stretches = np.zeros((len(calendars), days, slots, 2), np.int32)
        for number, found in enumerate(parts):
            for day, slot, opens, closes in found:
                stretches[number, day, slot] = opens, closes
        opens, closes = np.moveaxis(stretches.sum(axis=2, dtype=np.int64), 2, 0)
        base = (closes - opens).cumsum(axis=1) - closes
        return cls(first, days, base.reshape(-1), stretches.reshape(-1, slots, 2))

    @property
    def start(self) -> int:
        """The first instant of which the rows know, in seconds since 1970."""
        return self.first * DAY

    @property
    def end(self) -> int:
        """The last such instant: the midnight that ends the last day."""
        return (self.first + self.days - 1) * DAY

    def refuse_outside(self, at: Column) -> None:
        """Do nothing if all instants lie in the days that were compiled.

        :raises ValueError: if one does not
        """
        for second in (int(at.min()), int(at.max())) if len(at) else ():
            if not self.start <= second <= self.end:
                days = " to ".join(str(_EPOCH + timedelta(days=n)) for n in (self.first, self.first + self.days - 2))
                raise ValueError(f"calendars were compiled for {days}; second {second} since 1970 lies outside")

    def counted_from(self, at: int) -> Self:
        """Return the same calendars, counting from another instant: before it the open time is negative.

        :raises ValueError: if the instant lies outside of the days that were compiled
        """
        numbers = np.arange(len(self.base) // self.days)
        passed = self.cum(numbers, np.full(len(numbers), at, np.int64))
        return self._replace(base=self.base - np.repeat(passed, self.days))

    def cum(self, calendar: Column, at: Column) -> Column:
        """Return the open seconds up to each instant, on the calendar of that number.

        Unit: seconds (int64), exact; ``at`` are seconds since 1970 in UTC. The difference of two instants is what
            ``Calendar.elapsed`` gives for them.

        :raises ValueError: if an instant lies outside of the days that were compiled
        """
        self.refuse_outside(at)
        return open_before(self, calendar, at)


def open_before(calendars: CompiledCalendars, calendar: Column, at: Column) -> Column:
    """Return what ``CompiledCalendars.cum`` does, without asking whether the calendars reach so far."""
    day = at // DAY
    since = (at - day * DAY).astype(np.int32)
    row = calendar * np.int64(calendars.days) + (day - calendars.first)
    passed: Column = calendars.base[row]
    for slot in range(calendars.stretches.shape[1]):
        opens, closes = calendars.stretches[:, slot].T
        passed += np.minimum(np.maximum(since, opens.take(row)), closes.take(row))  # faster than to clip
    return passed


def _opened(calendar: Calendar, first: int, days: int) -> Iterable[tuple[int, int]]:
    """Return when a calendar is open in so many days from a first one, in seconds of it: in order and apart.

    It is what ``Calendar.open_in`` gives, which asks for whole years; a month is a tenth of the work. Clocks never
    change twice within a day, so they do not change at all on a day of 24 hours.
    """
    windows = []
    midnights = _midnights(calendar.zone, first - 1, days + 3)
    for number, (begins, ends) in enumerate(pairwise(midnights), first - 1):
        day = _EPOCH + timedelta(days=number)
        for window in calendar.windows_on(day):  # local days begin up to a day earlier or later than those of UTC
            bounds = [begins + 60 * minute for minute in (window.opens, window.closes)]
            if ends - begins != DAY:
                bounds = [_second(calendar.zone, day, minute) for minute in (window.opens, window.closes)]
            windows.append(tuple(min(max(bound - first * DAY, 0), days * DAY) for bound in bounds))
    found: list[tuple[int, int]] = []
    for opens, closes in sorted(windows):
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(closes, found[-1][1]))
        else:
            found.append((opens, closes))
    return found


@lru_cache(maxsize=256)
def _midnights(zone: str, first: int, days: int) -> tuple[int, ...]:
    """Return when so many days begin in a zone, in seconds since 1970; many calendars share a zone."""
    return tuple(_second(zone, _EPOCH + timedelta(days=first + number), 0) for number in range(days))


def _second(zone: str, day: date, minute: int) -> int:
    """Return the second since 1970 at which clocks on the wall show a minute of a day."""
    return second_of(local_instant(datetime.combine(day, time()) + timedelta(minutes=minute), zone))


def _by_day(stretches: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, int, int]]:
    """Yield open stretches, cut at the midnights of UTC: their day, place in it, and the seconds of it between them."""
    last, slot = -1, 0
    for opens, closes in stretches:
        start = opens
        while start < closes:
            day = start // DAY
            until = min(closes, (day + 1) * DAY)
            slot = slot + 1 if day == last else 0
            yield day, slot, start - day * DAY, until - day * DAY
            last, start = day, until
