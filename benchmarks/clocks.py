"""Clocks of cases: from their changes of state to what each agreement attained, beside reading the file alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from benchmarks.race import MIB, Answer, Contestant, Peak, Race, Ratio, Runs, Size
from makegood.engine.agreement.measures.within import Clock, Within
from makegood.engine.vocabulary.calendar import Calendar, Window
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.holiday import holiday_dates
from makegood.engine.vocabulary.interval import Interval
from makegood.vault.measuring.calendars import CompiledCalendars
from makegood.vault.measuring.clocks.columns import Change, TransitionColumns
from makegood.vault.measuring.clocks.derivation import StateColumns, from_states
from makegood.vault.measuring.clocks.plan import ClockPlan
from makegood.vault.measuring.clocks.reading import Reading
from makegood.vault.measuring.clocks.sums import IN_NUMPY, ClockSums, Kernels, compiled
from makegood.vault.measuring.clocks.tables import NO_LIMIT
from makegood.vault.measuring.transitions import TransitionFile, transition_bytes
from makegood.vault.probes.columns import Column, instant_of, second_of

MEASURE = Within(cases="incident", limit=Duration(0), clock=Clock(pause=("waiting",)))
PRIORITIES = ("P1", "P2", "P3", "P4")
FIRST, LAST = date(2026, 2, 1), date(2026, 4, 30)
MARCH = Interval(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
# How cases go on after they were opened, and how often each way is taken: six transitions a case on average.
WAYS = {
    "opened active resolved closed": 20,
    "opened active waiting active resolved closed": 40,
    "opened active waiting active waiting active resolved closed": 30,
    "opened active resolved active resolved closed": 5,
    "opened active": 5,
}
RUNNING = ("opened", "active")
# Peers take one interval at a time, and are given the cases with the first numbers.
OF_TIMEGRID, OF_BUSINESSTIMEDELTA = 20_000, 400
PLACES = {
    "Europe/Berlin": "DE",
    "Europe/Paris": "FR",
    "Europe/Madrid": "ES",
    "Europe/Warsaw": "PL",
    "America/New_York": "US",
    "America/Chicago": "US",
    "America/Sao_Paulo": "BR",
    "Asia/Tokyo": "JP",
    "Asia/Kolkata": "IN",
    "Australia/Sydney": "AU",
}


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes of a day from opening to closing, and of a break in it, on so many days from Monday on."""

    opens: int
    closes: int
    days: int
    pause: tuple[int, int] | None = None


SHIFTS = (
    Hours(480, 1080, 5),
    Hours(540, 1020, 5, (720, 780)),
    Hours(420, 1140, 6),
    Hours(510, 1050, 5, (750, 780)),
    Hours(360, 1320, 6),
)


@dataclass(frozen=True, slots=True)
class PerInterval:
    """How many times as much one contestant needs for an interval as another, each by the intervals that it took."""

    of: str
    over: str
    at_least: float
    at_most: None = None

    @property
    def unit(self) -> str:
        return f"× {self.over}, an interval"

    def value(self, runs: Runs) -> float:
        def cpu(name: str) -> list[float]:
            return [run.cpu / run.figures["intervals"] for run in runs[name]]

        return median(theirs / ours for theirs, ours in zip(cpu(self.of), cpu(self.over), strict=True))


def races(size: Size) -> Iterator[Race]:
    cases, agreements = (5_000_000, 20_000) if size is Size.FULL else (250_000, 1_000)
    ours, twin = "makegood, compiled", "makegood, NumPy"
    timegrid, businesstimedelta = (
        f"timegrid, {OF_TIMEGRID:,} cases",
        f"businesstimedelta, {OF_BUSINESSTIMEDELTA:,} cases",
    )
    yield Race(
        f"clocks of {cases:,} cases",
        partial(_write, cases, agreements),
        (
            Contestant("bare scan", _scan),
            Contestant("bare scan of what is summed", partial(_scan, columns=["case", "change", "at"])),
            Contestant(ours, partial(_measure, kernels=compiled), ready=partial(_ready, kernels=compiled)),
            Contestant(twin, partial(_measure, kernels=lambda: IN_NUMPY), ready=_ready),
            Contestant(timegrid, _in_timegrid, ready=_timelines),
            Contestant(businesstimedelta, _in_businesstimedelta, ready=_rules),
        ),
        (
            Ratio(ours, over="bare scan of what is summed", at_most=3.5),
            Peak(ours, at_most=1536 * MIB),
            Ratio(twin, over=ours, at_most=2.5),
            PerInterval(timegrid, over=ours, at_least=5),
            PerInterval(businesstimedelta, over=ours, at_least=1_000),
        ),
    )


def calendars() -> list[Calendar]:
    """Return 50 calendars: five shifts in each of ten places, with their holidays."""
    found = []
    for zone, country in PLACES.items():
        for number, hours in enumerate(SHIFTS):
            begin, end = hours.pause or (hours.closes, hours.closes)
            windows = (Window(hours.opens, begin), *((Window(end, hours.closes),) if hours.pause else ()))
            found.append(
                Calendar(f"{zone} {number}", zone, (windows,) * hours.days + ((),) * (7 - hours.days), country=country)
            )
    return found


def _write(cases: int, agreements: int, folder: Path) -> None:
    """Write the transitions of cases that were opened in February and March, and of which agreement each is."""
    random = np.random.default_rng(20260301)
    ways = _ways()
    lengths = np.bincount(ways.case)
    share = np.repeat(np.array([*WAYS.values()]) / 100 / len(PRIORITIES), len(PRIORITIES))
    way = random.choice(len(lengths), cases, p=share)
    many = lengths[way]
    begins = np.cumsum(many) - many
    rows = int(many.sum())
    case = np.repeat(np.arange(cases, dtype=np.int32), many)
    place = np.arange(rows) - begins[case]
    change = ways.change[(np.cumsum(lengths) - lengths)[way][case] + place]
    gaps = np.exp(random.uniform(np.log(300), np.log(200_000), rows)).astype(np.int64)
    gaps[begins] = random.integers(second_of(MARCH.start) - 28 * 86_400, second_of(MARCH.end), cases)
    passed = np.cumsum(gaps)
    at = passed - (passed - gaps)[begins][case]
    # Entries of a thousand transitions each, as time went on.
    sequence = 1 + (at - at.min()) * (rows // 1_000) // (at.max() - at.min())
    columns = TransitionColumns(ways.changes, case, change, at, sequence)
    (folder / "transitions.parquet").write_bytes(transition_bytes(columns))
    started = (_starting(ways.changes)[change]) & (at < second_of(MARCH.end))
    np.save(folder / "intervals.npy", np.count_nonzero(started))
    np.save(folder / "agreement.npy", random.integers(0, agreements, cases, np.int32))
    np.save(folder / "calendar.npy", random.integers(0, len(PLACES) * len(SHIFTS), agreements, np.int32))
    np.save(folder / "limit.npy", random.integers(2, 9, (agreements, 1)) * 3600 * 2 ** np.arange(len(PRIORITIES)))


def _ways() -> TransitionColumns:
    """Return one case of each way and priority."""
    states = sorted({state for way in WAYS for state in way.split()})
    found = [(way.split(), priority) for way in WAYS for priority in range(len(PRIORITIES))]
    case = np.repeat(np.arange(len(found)), [len(way) for way, _ in found])
    state = np.array([states.index(state) for way, _ in found for state in way])
    priority = np.array([priority for way, priority in found for _ in way])
    return from_states(StateColumns(states, PRIORITIES, case, np.arange(len(case)), state, priority))


def _starting(changes: Sequence[Change]) -> Column:
    """Return which changes let a clock run that stood."""
    return np.array([each.after in RUNNING and each.before not in RUNNING for each in changes])


def _scan(folder: Path, columns: list[str] | None = None) -> Answer:
    file = pq.ParquetFile(folder / "transitions.parquet")
    for group in range(file.num_row_groups):
        file.read_row_group(group, columns=columns, use_threads=False)
    return Answer()


def _ready(folder: Path, kernels: Callable[[], Kernels] = lambda: IN_NUMPY) -> tuple[Path, list[Calendar]]:
    """Return the calendars of the law, none of which has been opened yet; kernels are compiled on another one."""
    found = calendars()
    _sums(folder, [Calendar.always()] * len(found), kernels(), parts=1).attainment(kernels())
    return folder, found


def _measure(given: tuple[Path, list[Calendar]], kernels: Callable[[], Kernels]) -> Answer:
    sums = _sums(*given, kernels())
    found = sums.attainment(kernels())
    assert not len(found.left_to_law)
    firsts = {_part(cases): sums.elapsed(slice(cases)) for cases in (OF_TIMEGRID, OF_BUSINESSTIMEDELTA)}
    return Answer(
        {"inside": found.inside, "total": found.total, **firsts},
        {"intervals": float(np.load(given[0] / "intervals.npy"))},
    )


def _sums(folder: Path, on: Sequence[Calendar], kernels: Kernels, parts: int | None = None) -> ClockSums:
    sums = ClockSums.none(_plan(folder, on), np.load(folder / "agreement.npy"))
    file = TransitionFile.open(folder / "transitions.parquet")
    for number, rows in enumerate(file.parts()):
        if number == parts:
            break
        sums.add(rows, kernels)
    return sums


def _plan(folder: Path, on: Sequence[Calendar]) -> ClockPlan:
    """Return the plan of all agreements: of each one calendar, and a limit for each of its priorities."""
    limit = np.load(folder / "limit.npy")
    none = np.full((len(limit), 1), NO_LIMIT)
    calendar = np.load(folder / "calendar.npy")[:, None]
    start, end = second_of(MARCH.start), second_of(MARCH.end)
    compiled_calendars = CompiledCalendars.of(on, FIRST, LAST).counted_from(end)
    limits = np.concatenate((none, limit, none), axis=1)
    return ClockPlan(Reading.of(MEASURE), start, end, compiled_calendars, PRIORITIES, calendar, limits)


@dataclass(frozen=True, slots=True)
class Asked:
    """The open time of a case between two instants in UTC, on the calendar of that number."""

    case: int
    calendar: int
    start: datetime
    end: datetime


def _asked(folder: Path, cases: int) -> list[Asked]:
    """Return the stretches in which the clocks of the first cases ran in the period or before."""
    calendar = np.load(folder / "calendar.npy")[np.load(folder / "agreement.npy")].tolist()
    found: list[Asked] = []
    since: dict[int, datetime] = {}
    for part in TransitionFile.open(folder / "transitions.parquet").parts():
        if part.case[0] >= cases:
            break
        rows = part.rows((part.case < cases) & (part.at < second_of(MARCH.end)))
        for case, change, at in zip(rows.case.tolist(), rows.change.tolist(), rows.at.tolist(), strict=True):
            if case in since:
                found.append(Asked(case, calendar[case], since.pop(case), instant_of(at)))
            if rows.changes[change].after in RUNNING:
                since[case] = instant_of(at)
    return found + [Asked(case, calendar[case], start, MARCH.end) for case, start in since.items()]


def _answered(asked: Sequence[Asked], seconds: Sequence[float], cases: int) -> Answer:
    passed = np.zeros(cases, np.int64)
    for each, found in zip(asked, seconds, strict=True):
        passed[each.case] += int(found)
    return Answer({_part(cases): passed}, {"intervals": len(asked)})


def _part(cases: int) -> str:
    return f"how long the clocks of the first {cases:,} cases ran"


def _timelines(folder: Path) -> tuple[list[Asked], list[Any]]:
    """Return what is asked of timegrid, and its calendars: it knows no zones, so their hours are given in UTC."""
    from timegrid import TimeGridCalendar  # noqa: PLC0415  # only its own process needs it

    span = Interval(datetime.combine(FIRST, time(), UTC), datetime.combine(LAST, time(), UTC))
    timelines = []
    for calendar in calendars():
        theirs = TimeGridCalendar.create()
        for stretch in calendar.open_in(span):
            theirs.add_open_window(stretch.start.replace(tzinfo=None), stretch.end.replace(tzinfo=None))
        timelines.append(theirs.compile(span.start.replace(tzinfo=None), span.end.replace(tzinfo=None)))
    asked = [
        Asked(each.case, each.calendar, each.start.replace(tzinfo=None), each.end.replace(tzinfo=None))
        for each in _asked(folder, OF_TIMEGRID)
    ]
    return asked, timelines


def _in_timegrid(given: tuple[list[Asked], list[Any]]) -> Answer:
    asked, timelines = given
    found = [timelines[each.calendar].get_working_duration(each.start, each.end).total_seconds() for each in asked]
    return _answered(asked, found, OF_TIMEGRID)


def _rules(folder: Path) -> tuple[list[Asked], list[Any]]:
    """Return what is asked of businesstimedelta, and its calendars."""
    import pytz  # noqa: PLC0415  # as above
    from businesstimedelta import HolidayRule, LunchTimeRule, Rules, WorkDayRule  # noqa: PLC0415  # as above

    rules = []
    for zone, country in PLACES.items():
        there = pytz.timezone(zone)
        holidays = {day for year in range(2026, 2029) for day in holiday_dates(country, None, year)}
        for hours in SHIFTS:
            days = list(range(hours.days))
            parts = [
                WorkDayRule(_wall(hours.opens), _wall(hours.closes), days, tz=there),
                HolidayRule(holidays, tz=there),
            ]
            if hours.pause:
                parts.append(LunchTimeRule(*map(_wall, hours.pause), days, tz=there))
            rules.append(Rules(parts))
    return _asked(folder, OF_BUSINESSTIMEDELTA), rules


def _wall(minute: int) -> time:
    return time(minute // 60, minute % 60)


def _in_businesstimedelta(given: tuple[list[Asked], list[Any]]) -> Answer:
    asked, rules = given
    found = [rules[each.calendar].difference(each.start, each.end).timedelta.total_seconds() for each in asked]
    return _answered(asked, found, OF_BUSINESSTIMEDELTA)
