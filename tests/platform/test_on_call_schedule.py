"""Who is on call when, by the plan alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.engine.vocabulary.calendar import Calendar, Window
from makegood.engine.vocabulary.interval import Interval, difference, seconds
from makegood.platform.evidence.on_call.schedule import (
    Duty,
    Hours,
    Kind,
    Pay,
    Plan,
    Swap,
    Turns,
    calendar,
    holes_in,
    hours_of,
    on_call_at,
    on_call_in,
)

ANNA, BEN, CLEO = 1, 2, 3
BERLIN = "Europe/Berlin"
ALWAYS = calendar(BERLIN)
OFFICE = Calendar("office", BERLIN, ((Window(9 * 60, 17 * 60),),) * 5 + ((), ()))
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def span(start: str, end: str) -> Interval:
    return Interval(at(start), at(end))


def weekly(*people: int, covers: Calendar = ALWAYS, starts: str = "2026-03-02T09:00", days: int = 7) -> Turns:
    return Turns(people, datetime.fromisoformat(starts), days, covers, LONG_AGO)


class TestTurns:
    def test_change_on_the_wall_of_the_rota(self) -> None:
        found = on_call_in(Plan(ALWAYS, (weekly(ANNA, BEN),)), span("2026-03-02T08:00", "2026-03-16T08:00"))
        assert found == (
            Duty(span("2026-03-02T08:00", "2026-03-09T08:00"), ANNA),
            Duty(span("2026-03-09T08:00", "2026-03-16T08:00"), BEN),
        )

    @pytest.mark.parametrize(
        ("_case", "start", "hours"),
        [
            ("the clock goes forward", "2026-03-23T08:00", 167),
            ("an ordinary week", "2026-04-06T07:00", 168),
            ("the clock goes back", "2026-10-19T07:00", 169),
        ],
    )
    def test_last_a_week_on_the_wall(self, _case: str, start: str, hours: int) -> None:
        plan = Plan(ALWAYS, (weekly(ANNA, BEN),))
        first = on_call_in(plan, Interval(at(start), at(start) + timedelta(days=14)))[0]
        assert (first.span.start, first.span.seconds) == (at(start), hours * 3600)

    def test_of_a_day_each_go_round(self) -> None:
        plan = Plan(ALWAYS, (weekly(ANNA, BEN, CLEO, days=1),))
        found = [on_call_at(plan, at(f"2026-03-0{day}T12:00")) for day in range(2, 9)]
        assert found == [ANNA, BEN, CLEO, ANNA, BEN, CLEO, ANNA]

    def test_begin_no_earlier_than_they_were_planned(self) -> None:
        found = on_call_in(Plan(ALWAYS, (weekly(ANNA),)), span("2026-03-02T00:00", "2026-03-02T12:00"))
        assert found == (
            Duty(span("2026-03-02T00:00", "2026-03-02T08:00"), None),
            Duty(span("2026-03-02T08:00", "2026-03-02T12:00"), ANNA),
        )

    def test_end_when_their_layer_ends(self) -> None:
        layer = Turns((ANNA,), datetime.fromisoformat("2026-03-02"), 7, ALWAYS, LONG_AGO, at("2026-03-03T00:00"))
        assert holes_in(Plan(ALWAYS, (layer,)), span("2026-03-02T12:00", "2026-03-03T12:00")) == (
            span("2026-03-03T00:00", "2026-03-03T12:00"),
        )
        assert list(layer.within(span("2026-03-04T00:00", "2026-03-05T00:00"))) == []

    def test_cover_only_their_hours(self) -> None:
        plan = Plan(ALWAYS, (weekly(ANNA, covers=OFFICE), weekly(BEN)))
        found = on_call_in(plan, span("2026-03-03T00:00", "2026-03-04T00:00"))
        assert [(each.span, each.person) for each in found] == [
            (span("2026-03-03T00:00", "2026-03-03T08:00"), BEN),
            (span("2026-03-03T08:00", "2026-03-03T16:00"), ANNA),
            (span("2026-03-03T16:00", "2026-03-04T00:00"), BEN),
        ]

    @pytest.mark.parametrize(
        ("_case", "people", "starts", "days"),
        [
            ("nobody", (), datetime.fromisoformat("2026-03-02"), 7),
            ("no time", (ANNA,), datetime.fromisoformat("2026-03-02"), 0),
            ("an instant", (ANNA,), datetime(2026, 3, 2, tzinfo=UTC), 7),
        ],
    )
    def test_refuse_nonsense(self, _case: str, people: tuple[int, ...], starts: datetime, days: int) -> None:
        with pytest.raises(ValueError, match=r"turns"):
            Turns(people, starts, days, ALWAYS, LONG_AGO)


class TestOverrides:
    def test_count_before_the_layers_and_the_last_before_the_others(self) -> None:
        day = span("2026-03-03T00:00", "2026-03-04T00:00")
        noon = span("2026-03-03T12:00", "2026-03-03T13:00")
        plan = Plan(ALWAYS, (weekly(ANNA),), (Swap(BEN, day), Swap(CLEO, noon)))
        assert [each.person for each in on_call_in(plan, day)] == [BEN, CLEO, BEN]

    def test_instead_of_somebody_count_where_it_is_their_turn(self) -> None:
        plan = Plan(
            ALWAYS,
            (weekly(ANNA, BEN, days=1),),
            (Swap(CLEO, span("2026-03-02T08:00", "2026-03-06T08:00"), instead_of=BEN),),
        )
        found = [on_call_at(plan, at(f"2026-03-0{day}T12:00")) for day in range(2, 6)]
        assert found == [ANNA, CLEO, ANNA, CLEO]

    def test_instead_of_somebody_on_leave_count_as_well(self) -> None:
        week = span("2026-03-02T08:00", "2026-03-09T08:00")
        plan = Plan(ALWAYS, (weekly(ANNA),), (Swap(BEN, week, instead_of=ANNA),), {ANNA: (week,)})
        assert on_call_in(plan, week) == (Duty(week, BEN),)

    def test_instead_of_somebody_below_another_layer_change_nothing(self) -> None:
        week = span("2026-03-02T08:00", "2026-03-09T08:00")
        plan = Plan(ALWAYS, (weekly(ANNA), weekly(BEN)), (Swap(CLEO, week, instead_of=BEN),))
        assert on_call_in(plan, week) == (Duty(week, ANNA),)


class TestLeave:
    def test_lets_the_next_layer_count(self) -> None:
        week, tuesday = span("2026-03-02T08:00", "2026-03-05T08:00"), span("2026-03-03T00:00", "2026-03-04T00:00")
        plan = Plan(ALWAYS, (weekly(ANNA), weekly(BEN)), leave={ANNA: (tuesday,)})
        assert [each.person for each in on_call_in(plan, week)] == [ANNA, BEN, ANNA]

    def test_leaves_a_hole_where_nobody_is_next(self) -> None:
        tuesday = span("2026-03-03T00:00", "2026-03-04T00:00")
        plan = Plan(ALWAYS, (weekly(ANNA),), leave={ANNA: (tuesday,)})
        assert holes_in(plan, span("2026-03-02T08:00", "2026-03-05T08:00")) == (tuesday,)
        assert on_call_at(plan, at("2026-03-03T12:00")) is None
        assert on_call_in(plan, tuesday)[0].is_hole

    def test_outside_the_hours_of_a_rota_leaves_nobody_either(self) -> None:
        plan = Plan(OFFICE, (weekly(ANNA),))
        assert on_call_at(plan, at("2026-03-03T20:00")) is None
        assert holes_in(plan, span("2026-03-03T12:00", "2026-03-03T20:00")) == (
            span("2026-03-03T16:00", "2026-03-03T20:00"),
        )


MOMENTS = st.integers(0, 60 * 24).map(lambda hour: at("2026-03-01T00:00") + timedelta(hours=hour))
SPANS = st.tuples(MOMENTS, MOMENTS).map(lambda both: Interval(min(both), max(both)))
PEOPLE = st.integers(1, 4)
ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"])
ALL_DAY, MORNING, ROUND_MIDNIGHT = (Window(0, 1440),), (Window(120, 240),), (Window(0, 90), Window(1380, 1440))
WEEKS = (
    (ALL_DAY,) * 5 + ((), ()),
    (MORNING,) * 7,
    (ROUND_MIDNIGHT, ALL_DAY, (), MORNING, ALL_DAY, ROUND_MIDNIGHT, MORNING),
    ((),) * 7,
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    zone = draw(ZONES)
    calendars = st.one_of(st.just(calendar(zone)), st.sampled_from(WEEKS).map(lambda week: calendar(zone, week)))
    starts = st.integers(0, 90 * 24).map(lambda hour: datetime.fromisoformat("2026-02-01") + timedelta(hours=hour))
    layer = st.builds(
        Turns,
        st.lists(PEOPLE, min_size=1, max_size=4).map(tuple),
        starts,
        st.sampled_from([1, 2, 7, 14]),
        calendars,
        MOMENTS,
        st.one_of(st.none(), MOMENTS),
    )
    return Plan(
        draw(calendars),
        tuple(draw(st.lists(layer, max_size=3))),
        tuple(draw(st.lists(st.builds(Swap, PEOPLE, SPANS, st.one_of(st.none(), PEOPLE)), max_size=3))),
        draw(st.dictionaries(PEOPLE, st.lists(SPANS, max_size=2).map(tuple), max_size=3)),
    )


class TestAnyPlan:
    @given(plans(), SPANS)
    @settings(max_examples=80)
    def test_has_one_person_or_a_hole_at_every_second_of_its_hours(self, plan: Plan, over: Interval) -> None:
        found = on_call_in(plan, over)
        for earlier, later in pairwise(found):
            assert earlier.span.end <= later.span.start
        assert sum(each.span.seconds for each in found) == seconds(plan.covers.open_in(over))
        holes = holes_in(plan, over)
        assert difference((over,), [each.span for each in found if not each.is_hole]) == holes

    @given(plans(), SPANS, MOMENTS)
    @settings(max_examples=80)
    def test_says_the_same_of_a_part_as_of_the_whole(self, plan: Plan, over: Interval, cut: datetime) -> None:
        if not over.contains(cut):
            return
        parts = [
            (second, each.person)
            for part in (Interval(over.start, cut), Interval(cut, over.end))
            for each in on_call_in(plan, part)
            for second in (each.span.start,)
        ]
        whole = on_call_in(plan, over)
        for start, person in parts:
            assert next(each.person for each in whole if each.span.contains(start)) == person

    @given(plans(), SPANS)
    @settings(max_examples=60)
    def test_has_nobody_on_call_who_is_on_leave(self, plan: Plan, over: Interval) -> None:
        for each in on_call_in(plan, over):
            for away in plan.leave.get(each.person or 0, ()):
                assert not away.overlaps(each.span)

    @given(plans(), SPANS)
    @settings(max_examples=60)
    def test_has_hours_that_add_up(self, plan: Plan, over: Interval) -> None:
        found = on_call_in(plan, over)
        spans = [each.span for each in found if not each.is_hole]
        hours = hours_of(spans, (), plan.covers.zone, "DE", "BE")
        assert sum(each.standby for each in hours) == seconds(spans)


class TestHours:
    def test_are_of_one_kind_each(self) -> None:
        week = span("2025-12-22T00:00", "2025-12-29T00:00")
        found = hours_of([week], [], "UTC", "DE")
        assert found == (
            Hours(Kind.HOLIDAY, 2 * 86_400, 0),
            Hours(Kind.WEEKEND, 2 * 86_400, 0),
            Hours(Kind.NIGHT, 3 * 8 * 3600, 0),
            Hours(Kind.ORDINARY, 3 * 16 * 3600, 0),
        )

    def test_of_calls_are_none_of_standing_by(self) -> None:
        noon = span("2026-03-03T10:00", "2026-03-03T14:00")
        called = span("2026-03-03T11:00", "2026-03-03T11:30")
        assert hours_of([noon], [called, called], "UTC") == (Hours(Kind.ORDINARY, 12_600, 1800),)

    def test_of_nobody_are_none(self) -> None:
        assert hours_of([], [], "UTC") == ()


class TestPay:
    @pytest.mark.parametrize(
        ("_case", "hours", "expected"),
        [
            ("standing by", Hours(Kind.ORDINARY, 7200, 0), 1000),
            ("called for half an hour", Hours(Kind.ORDINARY, 0, 1800), 2000),
            ("at night", Hours(Kind.NIGHT, 7200, 0), 1250),
            ("at a weekend", Hours(Kind.WEEKEND, 7200, 0), 1500),
            ("on a holiday", Hours(Kind.HOLIDAY, 7200, 1800), 6000),
            ("a second", Hours(Kind.ORDINARY, 1, 0), 0),
        ],
    )
    def test_is_rounded_once(self, _case: str, hours: Hours, expected: int) -> None:
        assert Pay(500, 4000, night=25, weekend=50, holiday=100).of(hours) == expected

    def test_of_half_a_cent_is_a_cent(self) -> None:
        assert Pay(1, 0).of(Hours(Kind.ORDINARY, 1800, 0)) == 1
