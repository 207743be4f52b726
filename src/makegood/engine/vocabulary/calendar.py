"""Business calendars: when a service is promised, when a clock runs, when a day counts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Self

from makegood.engine.vocabulary.holiday import holiday_dates
from makegood.engine.vocabulary.interval import Interval, clip, union
from makegood.engine.vocabulary.opening import OpenTime
from makegood.engine.vocabulary.times import local_instant, utc, zone

DAY_MINUTES = 24 * 60
HORIZON_YEARS = 10
FIRST_YEAR, LAST_YEAR = 1900, 2199

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A stretch of one day on the wall, from minute ``opens`` up to but not including minute ``closes``.

    >>> print(Window(8 * 60, 18 * 60))
    08:00-18:00
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= DAY_MINUTES:
            raise ValueError(f"a window opens before it closes, between 00:00 and 24:00: {self}")

    def __str__(self) -> str:
        return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (self.opens, self.closes))


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekly windows in one time zone, less holidays and closed days, plus extra openings.

    Unit: all lengths are real seconds; all instants are in UTC.
    Rule: a holiday or closed day shuts the whole local day; extra windows open in addition to what is open anyway,
        and on holidays too; across clock changes the wall decides where a window lies, real time how long it is.
    Source: docs/explanation/vocabulary/calendar.md

    >>> office = Calendar("office", "UTC", ((Window(480, 1080),),) * 5 + ((), ()))
    >>> office.due(datetime(2026, 1, 12, 17, tzinfo=UTC), seconds=4 * 3600)
    datetime.datetime(2026, 1, 13, 11, 0, tzinfo=datetime.timezone.utc)
    """

    name: str
    zone: str
    weekly: tuple[tuple[Window, ...], ...]
    country: str | None = None
    subdivision: str | None = None
    closed: frozenset[date] = frozenset()
    extra_open: tuple[tuple[date, tuple[Window, ...]], ...] = ()
    # A memo of what follows from the fields above; no part of the value.
    _years: dict[int, OpenTime] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        zone(self.zone)
        if len(self.weekly) != 7:
            raise ValueError(f"calendar {self.name} needs seven days, Monday first, not {len(self.weekly)}")
        for windows in (*self.weekly, *(windows for _, windows in self.extra_open)):
            _refuse_disorder(windows)
        both = sorted(day for day, _ in self.extra_open if day in self.closed)
        if both:
            raise ValueError(f"calendar {self.name} is both closed and open on {both[0]}")
        if self.country is not None:
            holiday_dates(self.country, self.subdivision, FIRST_YEAR)
        elif self.subdivision is not None:
            raise ValueError(f"calendar {self.name} names subdivision {self.subdivision} of no country")

    @classmethod
    def always(cls, zone: str = "UTC") -> Self:
        """Return the calendar that is open every second."""
        return cls("always", zone, ((Window(0, DAY_MINUTES),),) * 7)

    @property
    def is_always(self) -> bool:
        """Whether every second is open, however the windows are written."""
        full_days = all(sum(each.closes - each.opens for each in day) == DAY_MINUTES for day in self.weekly)
        return full_days and not self.closed and self.country is None

    def windows_on(self, day: date) -> tuple[Window, ...]:
        """Return the windows of one local day; extra ones may overlap the weekly ones."""
        extra = tuple(window for extra_day, windows in self.extra_open if extra_day == day for window in windows)
        shut = day in self.closed or (
            self.country is not None and day in holiday_dates(self.country, self.subdivision, day.year)
        )
        return tuple(sorted(extra if shut else self.weekly[day.weekday()] + extra))

    def is_business_day(self, day: date) -> bool:
        """Return whether the local day has any open window."""
        return bool(self.windows_on(day))

    def business_days_after(self, day: date, n: int) -> date:
        """Return the ``n``-th business day after a day, or before it if ``n`` is negative.

        Rule: the day itself is never counted; 0 gives the day back, whether or not it is a business day.

        >>> Calendar("office", "UTC", ((Window(480, 1080),),) * 5 + ((), ())).business_days_after(date(2026, 3, 6), 1)
        datetime.date(2026, 3, 9)
        """
        left, found = abs(n), day
        for _ in range(HORIZON_YEARS * 366):
            if left == 0:
                return found
            found += _DAY if n > 0 else -_DAY
            left -= self.is_business_day(found)
        raise ValueError(f"calendar {self.name} does not reach {n} business days from {day} in {HORIZON_YEARS} years")

    def is_open(self, instant: datetime) -> bool:
        """Return whether the second at this instant is open."""
        return self._passed(utc(instant), utc(instant) + timedelta(seconds=1)) == 1

    def open_in(self, span: Interval) -> tuple[Interval, ...]:
        """Return the open time inside ``span``: sorted, apart from one another, none empty."""
        years = range(span.start.year, span.end.year + 1)
        return clip((each for year in years for each in self._year(year).within(span)), span)

    def elapsed(self, start: datetime, end: datetime, pauses: Iterable[Interval] = ()) -> int:
        """Return the open seconds from ``start`` up to ``end``, less the open seconds of pauses.

        Rule: a pause removes only the open time in it, and two pauses at once remove it once; 0 if ``end`` is not
            after ``start``.
        """
        start, end = utc(start), utc(end)
        if end <= start:
            return 0
        paused = sum(self._passed(pause.start, pause.end) for pause in clip(pauses, Interval(start, end)))
        return self._passed(start, end) - paused

    def due(self, start: datetime, seconds: int, pauses: Iterable[Interval] = ()) -> datetime:
        """Return the earliest instant at which so much open time has passed since ``start``, pauses left out.

        Rule: a target that ends exactly at closing time is due at closing, not when it opens again; no seconds
            give ``start`` itself; a target that is not reached in ten years is refused.
        """
        start = utc(start)
        found = self._after(start, seconds)
        for pause in union(pauses):
            if pause.start >= found:
                break
            found = self._after(found, self._passed(max(start, pause.start), pause.end))
        return found

    def started(self, due: datetime, seconds: int) -> datetime:
        """Return the latest instant from which so much open time lies before ``due``.

        Rule: the mirror of ``due``: a target that fills a window exactly started at opening, not when it closed
            before; no seconds give ``due`` itself.
        """
        _refuse_negative(seconds)
        due = utc(due)
        if seconds == 0:
            return due
        left = seconds + self._year(due.year).total - self._year(due.year).passed(due)
        for year in range(due.year, due.year - HORIZON_YEARS - 1, -1):
            open_time = self._year(year)
            if left <= open_time.total:
                return open_time.latest(open_time.total - left)
            left -= open_time.total
        raise self._out_of_reach(seconds)

    def _after(self, start: datetime, seconds: int) -> datetime:
        """Return the earliest instant at which so much open time has passed since ``start``."""
        _refuse_negative(seconds)
        if seconds == 0:
            return start
        left = seconds + self._year(start.year).passed(start)
        for year in range(start.year, start.year + HORIZON_YEARS + 1):
            open_time = self._year(year)
            if left <= open_time.total:
                return open_time.earliest(left)
            left -= open_time.total
        raise self._out_of_reach(seconds)

    def _passed(self, start: datetime, end: datetime) -> int:
        """Return the open seconds between two instants in UTC, 0 if the second is not later."""
        if end <= start:
            return 0
        before_end = sum(self._year(year).total for year in range(start.year, end.year))
        return before_end + self._year(end.year).passed(end) - self._year(start.year).passed(start)

    def _year(self, year: int) -> OpenTime:
        """Return the open time of one year of UTC, counted at its first use."""
        if year not in self._years:
            if not FIRST_YEAR <= year <= LAST_YEAR:
                raise ValueError(f"calendars answer for the years {FIRST_YEAR} to {LAST_YEAR}, not for {year}")
            whole = Interval(datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC))
            # Local days begin up to a day earlier or later than those of UTC.
            days = (whole.start.date() + offset * _DAY for offset in range(-1, 367))
            self._years[year] = OpenTime.of(clip((each for day in days for each in self._open_on(day)), whole))
        return self._years[year]

    def _open_on(self, day: date) -> Iterable[Interval]:
        """Yield when the windows of one local day really are."""
        midnight = datetime.combine(day, time())
        for window in self.windows_on(day):
            opens, closes = (midnight + timedelta(minutes=minute) for minute in (window.opens, window.closes))
            yield Interval(local_instant(opens, self.zone), local_instant(closes, self.zone))

    def _out_of_reach(self, seconds: int) -> ValueError:
        return ValueError(f"calendar {self.name} does not offer {seconds} open seconds in {HORIZON_YEARS} years")


def _refuse_negative(seconds: int) -> None:
    if seconds < 0:
        raise ValueError(f"open time is not negative: {seconds} seconds")


def _refuse_disorder(windows: tuple[Window, ...]) -> None:
    for earlier, later in pairwise(windows):
        if later.opens < earlier.closes:
            raise ValueError(f"windows of a day are sorted and apart: {earlier}, {later}")
