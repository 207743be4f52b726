from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import AnyRecord, Attribution, Correction, Exclusion, State, Status, Transition
from makegood.engine.money.closing import account, close_periods
from makegood.engine.review.form import credits_form, judgement_form
from makegood.engine.review.replay import (
    covered_periods,
    moved,
    redated,
    replay,
    span_of,
    typical_totals,
    year_of,
)
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.money.scene import agreement, judged, outcome

TIERS = "{of: 100% of service_fee, tiers: [{below: 99.9%, credit: 5%}, {below: 99.5%, credit: 10%}, {below: 99.0%, credit: 25%}]}"
TODAY = datetime(2026, 1, 10, tzinfo=UTC)


def terms(term: str = "{from: 2025-01-01, months: 12, timezone: Europe/Berlin}", more: str = "") -> Agreement:
    return agreement(outcome("availability", ">= 99.9%", TIERS), term=term, more=more)


def state(name: str, status: Status, start: datetime, end: datetime | None = None, subject: str = "erp") -> State:
    return State(source="probe", source_id=name, subject=subject, status=status, start=start, end=end)


def at(month: int, day: int, hour: int = 0) -> datetime:
    return datetime(2025, month, day, hour, tzinfo=UTC)


UP = state("up", Status.UP, datetime(2024, 12, 31, 23, tzinfo=UTC))


class TestTheSpanOfEvidence:
    def test_lasts_until_today_where_a_state_has_no_end(self) -> None:
        assert span_of(Evidence.of([UP]), until=TODAY) == Interval(UP.start, TODAY)

    def test_goes_from_the_first_record_to_the_last(self) -> None:
        opened = Transition(source="d", source_id="1", case="C", of="incident", state="opened", at=at(3, 4))
        down = state("1", Status.DOWN, at(2, 1), at(2, 2))
        assert span_of(Evidence.of([opened, down]), until=TODAY) == Interval(at(2, 1), at(3, 4))

    def test_knows_nothing_of_what_came_later(self) -> None:
        records = [state("1", Status.DOWN, at(2, 1), at(6, 1)), state("2", Status.DOWN, at(7, 1), at(7, 2))]
        assert span_of(Evidence.of(records), until=at(5, 1)) == Interval(at(2, 1), at(5, 1))
        assert span_of(Evidence.of(records), until=at(2, 1)) is None

    def test_is_not_stretched_by_what_is_only_said_about_events(self) -> None:
        said: list[AnyRecord] = [
            Exclusion(source="d", source_id="1", cause="maintenance", start=at(1, 1), end=at(12, 1)),
            Attribution(source="d", source_id="2", incident="I", party="p", share=Ratio(1, 2)),
            state("3", Status.DOWN, at(4, 1), at(4, 2)),
            Correction(source="d", source_id="4", of="probe", corrects="3", reason="?", at=at(9, 9)),
        ]
        assert span_of(Evidence.of(said), until=TODAY) is None

    @given(days=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 60)), min_size=1, max_size=6))
    def test_holds_every_record(self, days: list[tuple[int, int]]) -> None:
        stretches = [(at(1, 1) + timedelta(days=day), at(1, 1) + timedelta(days=day + long)) for day, long in days]
        records = [state(str(number), Status.DOWN, *each) for number, each in enumerate(stretches)]
        found = span_of(Evidence.of(records), until=TODAY)
        assert found == Interval(min(start for start, _ in stretches), max(end for _, end in stretches))


class TestCoveredPeriods:
    @pytest.mark.parametrize(
        ("_case", "first", "last", "labels"),
        [
            ("from the first day to the last", at(2, 1, 5), at(3, 31, 5), ["2025-02", "2025-03"]),
            ("a day too late and a day too early", at(2, 2, 5), at(3, 30, 5), []),
            ("the day is that of the zone", at(1, 31, 23), at(2, 27, 23), ["2025-02"]),
            ("a whole month between two halves", at(1, 15), at(3, 15), ["2025-02"]),
        ],
    )
    def test_are_whole(self, _case: str, first: datetime, last: datetime, labels: list[str]) -> None:
        assert [each.label for each in covered_periods(terms(), Interval(first, last))] == labels

    def test_do_not_end_with_the_term(self) -> None:
        short = terms("{from: 2025-06-01, months: 1, timezone: Europe/Berlin}")
        assert len(covered_periods(short, Interval(at(1, 1), at(12, 31)))) == 12

    def test_are_the_term_if_that_is_one_period(self) -> None:
        project = terms("{from: 2025-02-10, until: 2025-05-20, timezone: Europe/Berlin, period: {every: term}}")
        assert covered_periods(project, Interval(at(2, 10), at(5, 19))) == periods_of(project)
        assert covered_periods(project, Interval(at(2, 11), at(5, 19))) == ()


class TestAMovedTerm:
    def test_has_other_days_and_nothing_else(self) -> None:
        there = moved(terms(), start=date(2024, 2, 1), end=date(2024, 4, 1))
        assert [each.label for each in periods_of(there)] == ["2024-02", "2024-03"]
        assert moved(there, start=date(2025, 1, 1), end=date(2026, 1, 1)).outcomes == terms().outcomes

    def test_leaves_behind_what_belongs_to_its_first_and_last_day(self) -> None:
        cap = "caps: [{per: 12 months, at: 10% of fees, brought_forward: {credits: 90.00 EUR}}]"
        late = '{from: 2025-01-01, until: 2025-05-01, timezone: Europe/Berlin, starts_at: "12:00", ends_at: "18:00"}'
        here = terms(late, cap)
        same = moved(here, start=date(2025, 1, 1), end=date(2025, 5, 1))
        assert (periods_of(same), same.caps) == (periods_of(here), here.caps)
        there = moved(here, start=date(2025, 2, 1), end=date(2025, 4, 1))
        assert (there.term.starts_at, there.term.ends_at, there.caps[0].brought_forward) == (None, None, None)
        assert [each.partial for each in periods_of(there)] == [False, False]


class TestAYear:
    @pytest.mark.parametrize(
        ("term", "number", "first", "last"),
        [
            ("{from: 2025-01-15, months: 1, timezone: Europe/Berlin}", 12, date(2025, 2, 1), date(2026, 1, 31)),
            ("{from: 2025-01-01, months: 36, timezone: Europe/Berlin}", 12, date(2025, 1, 1), date(2025, 12, 31)),
            (
                "{from: 2025-01-01, months: 9, timezone: UTC, period: {every: quarter}}",
                4,
                date(2025, 1, 1),
                date(2025, 12, 31),
            ),
            (
                "{from: 2025-01-01, months: 9, timezone: UTC, period: {every: week}}",
                52,
                date(2025, 1, 6),
                date(2026, 1, 4),
            ),
            (
                "{from: 2025-03-01, months: 9, timezone: UTC, period: {every: year}}",
                1,
                date(2026, 1, 1),
                date(2026, 12, 31),
            ),
            (
                "{from: 2025-03-01, months: 9, timezone: UTC, period: {every: term}}",
                1,
                date(2025, 3, 1),
                date(2025, 11, 30),
            ),
            (
                '{from: 2025-03-01, months: 9, timezone: UTC, starts_at: "12:00"}',
                12,
                date(2025, 4, 1),
                date(2026, 3, 31),
            ),
        ],
    )
    def test_has_so_many_whole_periods(self, term: str, number: int, first: date, last: date) -> None:
        year, periods = year_of(terms(term))
        assert (len(periods), periods[0].first_day, periods[-1].last_day) == (number, first, last)
        assert periods_of(year) == periods

    def test_has_no_past(self) -> None:
        year, _ = year_of(terms(more="caps: [{per: contract, at: 10% of fees, brought_forward: {credits: 90.00 EUR}}]"))
        assert year.caps[0].brought_forward is None


class TestReplay:
    def test_costs_what_it_would_have_cost(self) -> None:
        """Eight hours of 744 leave 98.92 %: a quarter of 20,000.00 EUR. Two hours of 720 leave 99.72 %: a twentieth."""
        down = [state("1", Status.DOWN, at(1, 7, 9), at(1, 7, 17)), state("2", Status.DOWN, at(4, 7, 9), at(4, 7, 11))]
        before = moved(
            terms("{from: 2030-01-01, months: 12, timezone: UTC}"), start=date(2025, 1, 1), end=date(2025, 6, 1)
        )
        found = replay(before, Evidence.of([UP, *down]))
        assert [str(each.total) for each in found.credits] == [
            "5,000.00 EUR",
            "0.00 EUR",
            "0.00 EUR",
            "1,000.00 EUR",
            "0.00 EUR",
        ]

    @settings(max_examples=20, deadline=None)
    @given(outages=st.lists(st.tuples(st.integers(0, 360), st.integers(1, 5000)), max_size=8))
    def test_of_the_term_comes_to_what_was_settled(self, outages: list[tuple[int, int]]) -> None:
        remembers = terms(more="caps: [{per: 12 months, at: 3% of fees}, {per: period, at: 12% of monthly_fee}]")
        starts = [at(1, 1) + timedelta(days=day) for day, _ in outages]
        records: list[AnyRecord] = [UP]
        records += [
            state(str(number), Status.DOWN, start, start + timedelta(minutes=long))
            for number, (start, (_, long)) in enumerate(zip(starts, outages, strict=True))
        ]
        evidence = Evidence.of(records)
        seen = account(agreement=remembers, periods=periods_of(remembers), evidence=evidence)
        closings = close_periods(agreement=remembers, seen=seen, booked=(), closed=(), snapshot=0)
        found = replay(moved(remembers, start=date(2025, 1, 1), end=date(2026, 1, 1)), evidence)
        assert [judgement_form(each) for each in found.judgements] == [judgement_form(each) for each in seen.judgements]
        assert [credits_form(each) for each in found.credits] == [credits_form(each) for each in seen.credits]
        booked = (posting.amount for closing in closings for posting in closing.postings)
        assert Amount.total(booked, "EUR") == Amount.total((each.total for each in found.credits), "EUR")


class TestTheWholePeriods:
    def test_leave_out_what_is_cut_and_what_was_not_measured_at_either_end(self) -> None:
        here = moved(terms(), start=date(2024, 12, 15), end=date(2025, 6, 1))
        known = [state("1", Status.UP, at(2, 1), at(3, 1)), state("2", Status.UP, at(4, 1), at(4, 30))]
        found = replay(here, Evidence.of(known))
        assert [each.period.label for each in found.judgements] == [
            "2024-12",
            "2025-01",
            "2025-02",
            "2025-03",
            "2025-04",
            "2025-05",
        ]
        assert [each.period.label for each in found.whole] == ["2025-02", "2025-03", "2025-04"]

    def test_are_none_without_evidence(self) -> None:
        assert replay(terms(), Evidence()).whole == ()

    def test_are_none_where_the_term_is_one_period(self) -> None:
        project = terms("{from: 2025-02-10, until: 2025-05-20, timezone: Europe/Berlin, period: {every: term}}")
        assert replay(project, Evidence.of([UP])).whole == ()


class TestTypicalTotals:
    def test_are_means_of_what_was_measured(self) -> None:
        here = agreement(
            outcome("resolution", ">= 90%"), outcome("backup", ">= 90%"), outcome("complaints", "<= 3"),
            term="{from: 2025-01-01, months: 12, timezone: UTC}",
        )  # fmt: skip
        rows = [("3/4", None, "0"), ("7/7", None, "0")]
        judgements = [
            judged(here, number, resolution=resolution, backup=backup, complaints=complaints)
            for number, (resolution, backup, complaints) in enumerate(rows)
        ]
        assert typical_totals(judgements) == {"resolution": 6}


class TestARedatedJudgement:
    def test_is_the_same_on_another_date(self) -> None:
        here = terms()
        march = periods_of(here)[2]
        found = redated(judged(here, 0, availability="99.4%"), march)
        assert (found.period, found.verdicts[0].period) == (march, march)
        assert found.verdicts[0].measurement == judged(here, 0, availability="99.4%").verdicts[0].measurement
