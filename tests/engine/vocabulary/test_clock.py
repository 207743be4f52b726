"""Clocks of a service desk: due, elapsed and started, on business calendars, with pauses and clock changes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from makegood.engine.vocabulary.calendar import Calendar, Window
from makegood.engine.vocabulary.interval import Interval, clip, difference, seconds
from makegood.engine.vocabulary.times import parse_instant, zone
from tests.engine.vocabulary.strategies import calendars, lengths, moments, pauses

EIGHT_TO_SIX = Calendar("8 to 18", "UTC", ((Window(480, 1080),),) * 5 + ((), ()))
NINE_TO_FIVE = Calendar("9 to 17", "UTC", ((Window(540, 1020),),) * 5 + ((), ()))
NEW_YORK = Calendar("New York", "America/New_York", ((Window(540, 1020),),) * 5 + ((), ()))
BERLIN_ALWAYS = Calendar("Berlin, always", "Europe/Berlin", ((Window(0, 1440),),) * 7)
CLOSED_TUESDAY = Calendar("x", "UTC", NINE_TO_FIVE.weekly, closed=frozenset({date(2024, 1, 16)}))
NEVER = Calendar("never", "UTC", ((),) * 7)

HOUR = 3600


def pause(start: str, end: str) -> Interval:
    return Interval(parse_instant(start), parse_instant(end))


class TestDue:
    @pytest.mark.parametrize(
        ("_case", "calendar", "start", "target", "held", "expected"),
        [
            ("C01 over night", EIGHT_TO_SIX, "2026-01-12T17:00:00Z", 4 * HOUR, [], "2026-01-13T11:00:00Z"),
            ("C04 exactly at closing", NINE_TO_FIVE, "2024-01-15T09:00:00Z", 8 * HOUR, [], "2024-01-15T17:00:00Z"),
            (
                "C09b a pause that ends on Saturday",
                NINE_TO_FIVE,
                "2024-01-19T15:00:00Z",
                4 * HOUR,
                [pause("2024-01-19T16:00:00Z", "2024-01-20T10:00:00Z")],
                "2024-01-22T12:00:00Z",
            ),
            ("C15 spring forward", BERLIN_ALWAYS, "2025-03-30T01:30:00+01:00", 2 * HOUR, [], "2025-03-30T02:30:00Z"),
            (
                "C18 the calendar's zone decides",
                NEW_YORK,
                "2025-03-10T16:30:00+01:00",
                HOUR,
                [],
                "2025-03-10T16:30:00Z",
            ),
            ("autumn back", BERLIN_ALWAYS, "2025-10-26T01:30:00+02:00", 2 * HOUR, [], "2025-10-26T01:30:00Z"),
            ("no time at all", NINE_TO_FIVE, "2024-01-20T03:00:00Z", 0, [], "2024-01-20T03:00:00Z"),
            ("opened on a Saturday", NINE_TO_FIVE, "2024-01-20T03:00:00Z", 1, [], "2024-01-22T09:00:01Z"),
            ("a whole week", NINE_TO_FIVE, "2024-01-15T09:00:00Z", 40 * HOUR, [], "2024-01-19T17:00:00Z"),
            ("over the new year", NINE_TO_FIVE, "2024-12-31T16:00:00Z", 2 * HOUR, [], "2025-01-01T10:00:00Z"),
            (
                "a pause while closed changes nothing",
                NINE_TO_FIVE,
                "2024-01-15T16:00:00Z",
                2 * HOUR,
                [pause("2024-01-15T17:00:00Z", "2024-01-16T09:00:00Z")],
                "2024-01-16T10:00:00Z",
            ),
            (
                "a pause that was over before",
                NINE_TO_FIVE,
                "2024-01-15T12:00:00Z",
                HOUR,
                [pause("2024-01-15T09:00:00Z", "2024-01-15T11:00:00Z")],
                "2024-01-15T13:00:00Z",
            ),
            (
                "a pause that had begun before",
                NINE_TO_FIVE,
                "2024-01-15T12:00:00Z",
                HOUR,
                [pause("2024-01-15T09:00:00Z", "2024-01-15T12:30:00Z")],
                "2024-01-15T13:30:00Z",
            ),
            (
                "a pause that begins when it is due",
                NINE_TO_FIVE,
                "2024-01-15T12:00:00Z",
                HOUR,
                [pause("2024-01-15T13:00:00Z", "2024-01-15T15:00:00Z")],
                "2024-01-15T13:00:00Z",
            ),
            (
                "two pauses, the second reached only through the first, reported in disorder and twice",
                NINE_TO_FIVE,
                "2024-01-15T12:00:00Z",
                HOUR,
                [
                    pause("2024-01-15T13:30:00Z", "2024-01-15T14:00:00Z"),
                    pause("2024-01-15T12:30:00Z", "2024-01-15T13:15:00Z"),
                    pause("2024-01-15T12:30:00Z", "2024-01-15T13:15:00Z"),
                ],
                "2024-01-15T14:15:00Z",
            ),
        ],
    )
    def test_is_the_earliest_instant_after_so_much_open_time(
        self, _case: str, calendar: Calendar, start: str, target: int, held: list[Interval], expected: str
    ) -> None:
        assert calendar.due(parse_instant(start), target, held) == parse_instant(expected)

    def test_is_refused_on_a_calendar_that_never_opens(self) -> None:
        with pytest.raises(ValueError, match="calendar never does not offer 1 open seconds in 10 years"):
            NEVER.due(datetime(2026, 3, 2, tzinfo=UTC), 1)

    def test_is_refused_for_negative_time(self) -> None:
        with pytest.raises(ValueError, match="open time is not negative: -1 seconds"):
            NINE_TO_FIVE.due(datetime(2026, 3, 2, tzinfo=UTC), -1)

    @given(calendars, moments, lengths)
    def test_is_undone_by_elapsed(self, calendar: Calendar, start: datetime, target: int) -> None:
        due = calendar.due(start, target)
        assert calendar.elapsed(start, due) == target
        assert target == 0 or calendar.is_open(due - timedelta(seconds=1))

    @given(calendars, moments, lengths, pauses)
    def test_is_undone_by_elapsed_with_pauses(
        self, calendar: Calendar, start: datetime, target: int, held: list[Interval]
    ) -> None:
        due = calendar.due(start, target, held)
        last = due - timedelta(seconds=1)
        assert calendar.elapsed(start, due, held) == target
        assert target == 0 or calendar.elapsed(last, due, held) == 1

    @given(calendars, moments, lengths, lengths)
    def test_can_be_reached_in_steps(self, calendar: Calendar, start: datetime, one: int, other: int) -> None:
        assume(other)
        assert calendar.due(calendar.due(start, one), other) == calendar.due(start, one + other)


class TestElapsed:
    @pytest.mark.parametrize(
        ("_case", "calendar", "start", "end", "held", "expected"),
        [
            ("C04 a day", NINE_TO_FIVE, "2024-01-15T09:00:00Z", "2024-01-15T17:00:00Z", [], 28800),
            ("C07 over a holiday", CLOSED_TUESDAY, "2024-01-15T16:00:00Z", "2024-01-17T10:00:00Z", [], 7200),
            (
                "C12 pauses that overlap",
                Calendar.always(),
                "2019-02-19T10:00:00Z",
                "2019-02-19T14:00:00Z",
                [
                    pause("2019-02-19T11:00:00Z", "2019-02-19T12:00:00Z"),
                    pause("2019-02-19T11:30:00Z", "2019-02-19T12:30:00Z"),
                ],
                9000,
            ),
            ("nothing", NINE_TO_FIVE, "2024-01-15T09:00:00Z", "2024-01-15T09:00:00Z", [], 0),
            ("the end comes first", NINE_TO_FIVE, "2024-01-15T17:00:00Z", "2024-01-15T09:00:00Z", [], 0),
            ("a weekend", NINE_TO_FIVE, "2024-01-19T17:00:00Z", "2024-01-22T09:00:00Z", [], 0),
            ("over the new year", NINE_TO_FIVE, "2024-12-31T16:00:00Z", "2025-01-01T10:00:00Z", [], 7200),
            ("over two new years", Calendar.always(), "2023-12-31T00:00:00Z", "2025-01-01T00:00:00Z", [], 367 * 86400),
            (
                "paused beyond both ends",
                NINE_TO_FIVE,
                "2024-01-15T09:00:00Z",
                "2024-01-15T17:00:00Z",
                [pause("2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z")],
                0,
            ),
        ],
    )
    def test_counts_open_seconds_less_pauses(
        self, _case: str, calendar: Calendar, start: str, end: str, held: list[Interval], expected: int
    ) -> None:
        assert calendar.elapsed(parse_instant(start), parse_instant(end), held) == expected

    @given(calendars, moments, moments, moments)
    def test_adds_up(self, calendar: Calendar, a: datetime, b: datetime, c: datetime) -> None:
        first, middle, last = sorted([a, b, c])
        parts = calendar.elapsed(first, middle) + calendar.elapsed(middle, last)
        assert parts == calendar.elapsed(first, last)

    @given(calendars, moments, moments, pauses)
    def test_is_the_length_of_what_was_open_and_not_paused(
        self, calendar: Calendar, a: datetime, b: datetime, held: list[Interval]
    ) -> None:
        span = Interval(*sorted([a, b]))
        left = seconds(difference(calendar.open_in(span), held))
        assert calendar.elapsed(span.start, span.end, held) == left <= span.seconds
        assert seconds(clip(calendar.open_in(span), span)) == calendar.elapsed(span.start, span.end)

    @given(calendars, moments)
    def test_follows_the_clock_on_the_wall(self, calendar: Calendar, instant: datetime) -> None:
        local = instant.astimezone(zone(calendar.zone))
        assume(
            local.fold == 0
        )  # a window that opens or closes in an hour that comes twice does so at its first passing
        minute = local.hour * 60 + local.minute
        windows = calendar.windows_on(local.date())
        assert calendar.is_open(instant) == any(each.opens <= minute < each.closes for each in windows)


class TestStarted:
    @pytest.mark.parametrize(
        ("_case", "due", "target", "expected"),
        [
            ("the same day", "2024-01-15T12:00:00Z", HOUR, "2024-01-15T11:00:00Z"),
            ("at opening", "2024-01-15T17:00:00Z", 8 * HOUR, "2024-01-15T09:00:00Z"),
            ("over night", "2024-01-16T10:00:00Z", 2 * HOUR, "2024-01-15T16:00:00Z"),
            ("from a Saturday", "2024-01-20T12:00:00Z", HOUR, "2024-01-19T16:00:00Z"),
            ("over the new year", "2025-01-01T10:00:00Z", 2 * HOUR, "2024-12-31T16:00:00Z"),
            ("the first second of the year", "2025-01-02T09:00:00Z", 8 * HOUR, "2025-01-01T09:00:00Z"),
            ("no time at all", "2024-01-20T03:00:00Z", 0, "2024-01-20T03:00:00Z"),
        ],
    )
    def test_is_the_latest_instant_before_so_much_open_time(
        self, _case: str, due: str, target: int, expected: str
    ) -> None:
        assert NINE_TO_FIVE.started(parse_instant(due), target) == parse_instant(expected)

    def test_is_refused_on_a_calendar_that_never_opens(self) -> None:
        with pytest.raises(ValueError, match="calendar never does not offer 1 open seconds in 10 years"):
            NEVER.started(datetime(2026, 3, 2, tzinfo=UTC), 1)

    def test_is_refused_for_negative_time(self) -> None:
        with pytest.raises(ValueError, match="open time is not negative: -1 seconds"):
            NINE_TO_FIVE.started(datetime(2026, 3, 2, tzinfo=UTC), -1)

    @given(calendars, moments, lengths)
    def test_is_undone_by_elapsed(self, calendar: Calendar, due: datetime, target: int) -> None:
        start = calendar.started(due, target)
        assert calendar.elapsed(start, due) == target
        assert target == 0 or calendar.is_open(start)

    @given(calendars, moments, st.integers(1, 40 * 86400))
    def test_undoes_due_while_open(self, calendar: Calendar, start: datetime, target: int) -> None:
        assume(calendar.is_open(start))
        assert calendar.started(calendar.due(start, target), target) == start
