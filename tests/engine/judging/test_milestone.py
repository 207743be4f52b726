from __future__ import annotations

from datetime import datetime

import pytest

from makegood.engine.agreement.measures.milestone import Parts
from makegood.engine.agreement.shapes import Unit
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.records import Exclusion, Transition
from makegood.engine.judging.delay import units_of_delay
from makegood.engine.judging.verdict import Measurement, Ruling
from makegood.engine.vocabulary.calendar import Calendar
from makegood.engine.vocabulary.duration import Days, Duration
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.judging.scene import agreement, at, measured, span, texts, verdict

DUE = "due: 2025-06-30T12:00:00Z"


def go_live(more: str = DUE, *, target: str = "<= 0s", calendars: str = "{}") -> Agreement:
    return agreement(f"{{kind: milestone, of: go-live, {more}}}", target=target, calendars=calendars)


def step(state: str, when: str, case: str = "go-live") -> Transition:
    return Transition(source="plan", source_id=f"{state} {when}", case=case, of="milestone", state=state, at=at(when))


def moved(when: str, *, case: str = "go-live", announced: datetime | None = None) -> Exclusion:
    stretch = span(when)
    return Exclusion(
        source="plan",
        source_id=when,
        cause="customer",
        case=case,
        start=stretch.start,
        end=stretch.end,
        announced_at=announced,
    )


class TestMilestone:
    def test_is_named_as_its_case_is(self) -> None:
        assert go_live().outcomes["it"].measure.what == "go-live"

    def test_is_described_with_when_it_is_due(self) -> None:
        told = [go_live(due).outcomes["it"].measure.described({}) for due in (DUE, "due: 2025-06-30")]
        assert told == [
            "Its value is the delay of go-live, as a time; it is due at 2025-06-30T12:00:00Z.",
            "Its value is the delay of go-live, as a time; it is due at the end of 2025-06-30.",
        ]

    def test_is_late_by_the_time_since_it_was_due(self) -> None:
        found = measured(go_live(), "2025-07", step("reached", "07-02 12:00"))
        assert (found.value, found.unit, found.earlier) == (Ratio(2 * 86_400), Unit.TIME, Ratio(43_200))
        assert found.misses[0].what == "go-live was reached late"

    def test_is_not_late_before_it_is_due(self) -> None:
        found = verdict(go_live(), "2025-05")
        assert (found.ruling, found.measurement.value, found.measurement.misses) == (Ruling.MET, Ratio(0), ())
        assert "not due in the period" in texts(found.reason)

    @pytest.mark.parametrize("when", ["06-10 08:00", "06-30 12:00"])
    def test_is_in_time_up_to_the_second(self, when: str) -> None:
        found = verdict(go_live(), "2025-06", step("reached", when))
        assert (found.ruling, found.measurement.value) == (Ruling.MET, Ratio(0))
        assert "go-live was reached in time: 0 seconds" in texts(found.reason)

    def test_is_due_at_the_end_of_a_day_of_the_agreements_zone(self) -> None:
        terms = agreement(
            "{kind: milestone, of: go-live, due: 2025-06-30}",
            target="<= 0s",
            term="{from: 2025-01-01, months: 12, timezone: Europe/Berlin}",
        )
        assert measured(terms, "2025-07", step("reached", "06-30 22:00:05")).value == Ratio(5)

    def test_belongs_to_every_period_in_which_it_is_open(self) -> None:
        terms = go_live("due: 2025-06-30, count_in: 1 day", target="<= 0")
        found = [
            measured(terms, label, step("reached", "08-04 10:00"))
            for label in ("2025-06", "2025-07", "2025-08", "2025-09")
        ]
        assert [(each.value, each.earlier) for each in found] == [
            (Ratio(0), None),
            (Ratio(31), None),
            (Ratio(35), Ratio(31)),
            (Ratio(0), None),
        ]
        assert "delay that earlier periods have seen: 31 units late" in texts(found[2].reason)
        assert "not reached at the end of the period: 2025-08-01T00:00:00Z" in texts(found[1].reason)

    def test_sees_no_later_than_the_end_of_its_period(self) -> None:
        july = measured(go_live(), "2025-07", step("reached", "08-04 10:00"))
        assert july.value == Ratio(31 * 86_400 + 43_200)
        assert july.reason.evidence == ()

    def test_counts_only_its_own_case(self) -> None:
        assert measured(go_live(), "2025-07", step("reached", "06-10 08:00", case="other")).value != 0

    def test_that_was_undone_was_not_reached(self) -> None:
        terms = go_live(f"{DUE}, reached: [accepted, live], undone: refused")
        steps = [step("accepted", "06-20 12:00"), step("refused", "06-20 12:00"), step("live", "07-01 12:00")]
        assert measured(terms, "2025-07", *steps).value == Ratio(86_400)
        assert measured(terms, "2025-06", *steps).value == Ratio(43_200)

    def test_keeps_the_first_time_at_which_it_was_reached(self) -> None:
        steps = [step("reached", "06-20 12:00"), step("reached", "07-20 12:00"), step("planned", "06-01 12:00")]
        assert measured(go_live(), "2025-07", *steps).value == 0

    @pytest.mark.parametrize(("unrecorded", "ruling"), [("late", Ruling.MISSED), ("undecided", Ruling.UNDECIDED)])
    def test_without_any_record_is_late_unless_agreed_otherwise(self, unrecorded: str, ruling: Ruling) -> None:
        assert verdict(go_live(f"{DUE}, unrecorded: {unrecorded}"), "2025-07").ruling is ruling

    def test_that_was_reached_late_is_no_delay_of_later_periods(self) -> None:
        found = measured(go_live(), "2025-08", step("reached", "07-02 12:00"))
        assert (found.value, len(found.misses)) == (Ratio(0), 0)
        assert texts(found.reason)[0] == "go-live was reached before the period: 0 seconds"

    def test_that_nobody_recorded_is_not_undecided_before_it_is_due(self) -> None:
        assert verdict(go_live(f"{DUE}, unrecorded: undecided"), "2025-05").ruling is Ruling.MET

    def test_runs_on_a_calendar(self) -> None:
        terms = go_live(f"{DUE}, on: office", calendars="{office: {days: {mon-fri: '09:00-17:00'}}}")
        assert measured(terms, "2025-07", step("reached", "07-01 10:00")).value == Ratio(6 * 3600)


class TestWhatDoesNotCount:
    TERMS = f"{DUE}, excluded: {{customer: {{notice: 1 day}}}}"

    def test_moves_the_day_on_which_it_is_due(self) -> None:
        out = moved("06-01 00:00 .. 06-02 00:00", announced=at("05-01 00:00"))
        found = measured(go_live(self.TERMS), "2025-07", step("reached", "07-02 12:00"), out)
        assert found.value == Ratio(86_400)
        assert "moved by what does not count: 2025-07-01T12:00:00Z" in texts(found.reason)

    def test_moves_it_no_further_than_until_it_was_reached(self) -> None:
        out = moved("07-02 00:00 .. 07-20 00:00", announced=at("05-01 00:00"))
        found = measured(go_live(self.TERMS), "2025-07", step("reached", "07-02 12:00"), out)
        assert found.value == Ratio(36 * 3600)

    def test_names_its_case_and_came_in_time(self) -> None:
        other = moved("06-01 00:00 .. 06-02 00:00", case="other", announced=at("05-01 00:00"))
        late = moved("06-03 00:00 .. 06-04 00:00")
        found = measured(go_live(self.TERMS), "2025-07", step("reached", "07-02 12:00"), other, late)
        assert found.value == Ratio(2 * 86_400)
        assert [each for each in texts(found.reason) if "was not announced" in each]


class TestLongStop:
    def right(self, more: str, label: str, target: str = "<= 0s") -> Measurement:
        return measured(go_live(f"{DUE}, {more}", target=target), label)

    @pytest.mark.parametrize(
        ("_case", "more", "target", "when"),
        [
            ("a time", "long_stop: 1000h", "<= 0s", "2025-08"),
            ("days", "long_stop: 40 days", "<= 0s", "2025-08"),
            ("business days", "long_stop: 20 business days", "<= 0s", "2025-07"),
            ("units", "long_stop_units: 40, count_in: 24h", "<= 0", "2025-08"),
        ],
    )
    def test_gives_a_right_once(self, _case: str, more: str, target: str, when: str) -> None:
        labels = ["2025-06", "2025-07", "2025-08", "2025-09"]
        assert [label for label in labels if self.right(more, label, target).right] == [when]

    def test_says_why(self) -> None:
        assert self.right("long_stop: 40 days", "2025-08").right == (
            "go-live is more than 40 days late, so the customer may terminate"
        )
        assert self.right("long_stop_units: 40, count_in: 24h", "2025-08", "<= 0").right == (
            "go-live is more than 40 units late, so the customer may terminate"
        )

    def test_that_nobody_agreed_gives_none(self) -> None:
        assert self.right("on: always", "2025-12").right == ""


class TestUnitsOfDelay:
    @pytest.mark.parametrize(
        ("_case", "due", "until", "unit", "started", "completed"),
        [
            ("exactly five days", "06-30 00:00", "07-05 00:00", Duration(86_400), 5, 5),
            ("a second more", "06-30 00:00", "07-05 00:00:01", Duration(86_400), 6, 5),
            ("in time", "06-30 00:00", "06-29 00:00", Duration(86_400), 0, 0),
            ("calendar days", "06-30 12:00", "07-02 12:00", Days(1, business=False), 2, 2),
            ("a begun one", "06-30 12:00", "07-02 12:00:01", Days(1, business=False), 3, 2),
            ("weeks", "06-30 12:00", "07-15 12:00", Days(7, business=False), 3, 2),
            ("business days over a weekend", "06-27 12:00", "06-30 12:00", Days(1, business=True), 1, 1),
            ("from a Saturday they end at midnight", "06-28 12:00", "07-01 00:00", Days(1, business=True), 1, 1),
            ("and a Monday afternoon is the first", "06-28 12:00", "06-30 15:00", Days(1, business=True), 1, 0),
            ("from midnight too", "06-30 00:00", "07-01 00:00:01", Days(1, business=True), 2, 1),
        ],
    )
    def test_are_counted_as_started_or_completed(
        self, _case: str, due: str, until: str, unit: Duration | Days, started: int, completed: int
    ) -> None:
        found = [
            units_of_delay(go_live(), at(due), at(until), unit, parts, Calendar.always())
            for parts in (Parts.STARTED, Parts.COMPLETED)
        ]
        assert found == [started, completed]
