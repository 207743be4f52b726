from __future__ import annotations

import pytest

from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.records import Exclusion, Transition
from makegood.engine.judging.verdict import Measurement, Part, Ruling
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.judging.scene import agreement, at, measured, span, texts, verdict

STEPS = (
    "steps: {told: {state: told, within: 15m},"
    " plan: {state: plan-sent, within: 1h, needs: [ticket, dispatch]},"
    " repaired: {state: repaired, within: 8h, needs: documentation}}"
)


def modem(more: str = "", *, steps: str = STEPS, calendars: str = "{}") -> Agreement:
    measure = f"{{kind: steps, cases: outage, {steps}{more}}}"
    return agreement(measure, target=">= 100%", calendars=calendars)


def event(name: str, *steps: str, incident: str = "", priority: str = "", **labels: str) -> list[Transition]:
    """Return an event from ``occurred 03-03 02:00``; labels stand on its first record, or on ``told:ticket=4711``."""
    found = []
    for place, written in enumerate(steps):
        word, day, hour = written.split()
        state, _, own = word.partition(":")
        carried = dict(labels) if place == 0 else {}
        carried |= dict(each.split("=") for each in own.split(",")) if own else {}
        found.append(
            Transition(
                source="desk",
                source_id=f"{name}/{place}",
                case=name,
                of="outage",
                state=state,
                at=at(f"{day} {hour}"),
                incident=incident,
                priority=priority,
                labels=tuple(carried.items()),
            )
        )
    return found


NIGHT = event(
    "7",
    "occurred 03-03 02:00",
    "detected 03-03 02:10",
    "told 03-03 02:20",
    "plan-sent:ticket=4711,dispatch=today 03-03 02:50",
    "repaired 03-03 09:00",
    "closed:documentation=KB-1 03-03 11:00",
    item="modem-7",
)


def march(terms: Agreement, *records: Transition | Exclusion) -> Measurement:
    return measured(terms, "2025-03", *records)


class TestSteps:
    def test_have_each_a_limit_of_their_own(self) -> None:
        found = march(modem(), *NIGHT)
        assert (found.value, found.good, found.total) == (Ratio(1, 3), 1, 3)
        assert found.parts == (Part("told", 0, 1), Part("plan", 1, 1), Part("repaired", 0, 1))

    def test_can_run_from_the_detection(self) -> None:
        assert march(modem(", from: detected"), *NIGHT).parts[0] == Part("told", 1, 1)

    def test_show_both_clocks(self) -> None:
        shown = texts(march(modem(), *NIGHT).reason)
        assert "7: told was done 20m after the start and 10m after the detection, and 15m are agreed: not kept" in shown
        assert "7: plan was done 50m after the start and 40m after the detection, and 1h are agreed: kept" in shown

    def test_are_misses_with_their_step_and_item(self) -> None:
        told, repaired = march(modem(), *NIGHT).misses
        assert (told.step, told.item, told.incident, told.size) == ("told", "modem-7", "7", 1)
        assert (repaired.step, repaired.evidence[0]) == ("repaired", "desk#7/0")

    def test_belong_to_the_incident_that_their_event_names(self) -> None:
        assert march(modem(), *event("8", "occurred 03-03 02:00", incident="INC-1")).misses[0].incident == "INC-1"

    def test_that_nobody_recorded_were_not_done(self) -> None:
        found = march(modem(), *event("8", "occurred 03-03 02:00"))
        assert (found.good, found.total) == (0, 3)
        assert "8: told was not done, as nobody recorded it: not kept" in texts(found.reason)

    def test_that_lack_what_they_need_were_not_done(self) -> None:
        records = event("8", "occurred 03-03 02:00", "plan-sent:ticket=4711 03-03 02:30")
        shown = texts(march(modem(), *records).reason)
        assert "8: plan was not done, as nothing is on record of dispatch: not kept" in shown

    def test_are_done_when_the_last_of_what_they_need_is_there(self) -> None:
        records = event("8", "occurred:ticket=1 03-03 02:00", "plan-sent 03-03 02:30", "called:dispatch=2 03-03 03:00")
        assert march(modem(), *records).parts[1] == Part("plan", 1, 1)

    @pytest.mark.parametrize(("when", "good"), [("03-03 02:15", 1), ("03-03 02:15:01", 0)])
    def test_are_in_time_up_to_the_second(self, when: str, good: int) -> None:
        assert march(modem(), *event("8", "occurred 03-03 02:00", f"told {when}")).good == good

    @pytest.mark.parametrize(("from_", "good"), [("occurred", 0), ("detected", 1)])
    def test_run_from_the_other_moment_if_one_was_not_recorded(self, from_: str, good: int) -> None:
        terms = modem(f", from: {from_}")
        assert march(terms, *event("8", "occurred 03-03 02:00", "told 03-03 02:10")).good == 1
        both = event("9", "detected 03-03 02:10", "occurred 03-03 02:00", "told 03-03 02:20")
        assert march(terms, *both).good == good
        assert march(terms, *event("10", "detected 03-03 02:10", "told 03-03 02:20")).good == 1

    def test_of_an_event_without_a_beginning_are_left_out_and_named(self) -> None:
        found = march(modem(), *NIGHT, *event("8", "told 03-03 02:10"), *event("9", "told 04-03 02:10"))
        assert found.total == 3
        assert "1 event without a recorded start or detection: left out" in texts(found.reason)

    def test_concern_events_with_a_label_and_a_priority(self) -> None:
        terms = modem(", where: {class: internet-link}, priority: P1")
        records = [
            *event("a", "occurred 03-03 02:00", priority="P1", **{"class": "internet-link"}),
            *event("b", "occurred 03-03 02:00", priority="P2", **{"class": "internet-link"}),
            *event("c", "occurred 03-03 02:00", priority="P1", **{"class": "printer"}),
        ]
        assert march(terms, *records).total == 3

    def test_of_no_event_are_ruled_as_agreed(self) -> None:
        assert verdict(modem(), "2025-03").ruling is Ruling.UNDECIDED
        assert verdict(modem(", empty: met"), "2025-03").ruling is Ruling.MET


class TestThePeriod:
    @pytest.mark.parametrize(
        ("_case", "start", "label"),
        [
            ("the last limit ends before midnight", "03-31 15:59", "2025-03"),
            ("or at midnight", "03-31 16:00", "2025-03"),
            ("or after it", "03-31 16:01", "2025-04"),
        ],
    )
    def test_of_an_event_is_that_in_which_its_last_limit_ends(self, _case: str, start: str, label: str) -> None:
        records = event("8", f"occurred {start}")
        found = {each: measured(modem(), each, *records).total for each in ("2025-03", "2025-04")}
        assert found == {"2025-03": 3 * (label == "2025-03"), "2025-04": 3 * (label == "2025-04")}

    def test_follows_the_calendar_of_the_limits(self) -> None:
        terms = modem(", on: office", calendars="{office: {days: {mon-fri: '09:00-17:00'}}}")
        records = event("8", "occurred 03-31 16:00", "told 04-01 09:05")
        assert (march(terms, *records).total, measured(terms, "2025-04", *records).total) == (0, 3)

    @pytest.mark.parametrize(("when", "good"), [("03-10 12:00", 1), ("03-10 12:00:01", 0)])
    def test_and_limits_may_be_in_business_days(self, when: str, good: int) -> None:
        terms = modem(steps="steps: {done: {state: done, within: 5 business days}}")
        assert march(terms, *event("8", "occurred 03-03 12:00", f"done {when}")).good == good


class TestExclusions:
    def out(self, cause: str, name: str = "8") -> Exclusion:
        stretch = span("03-03 00:00 .. 03-04 00:00")
        return Exclusion(
            source="plan", source_id=f"{cause}-{name}", cause=cause, case=name, start=stretch.start, end=stretch.end
        )

    def test_leave_an_event_out_or_count_it_as_kept(self) -> None:
        terms = modem(", excluded: {customer: {}, storm: {effect: up}}")
        records = [*event("8", "occurred 03-03 02:00"), *event("9", "occurred 03-03 02:00")]
        found = march(terms, *records, self.out("customer"), self.out("storm", "9"), self.out("storm"))
        assert (found.good, found.total) == (3, 3)
        assert "1 event excluded: left out" in texts(found.reason)

    def test_are_cited_for_the_steps_that_they_count_as_kept(self) -> None:
        terms = modem(", excluded: {storm: {effect: up}}")
        found = march(terms, *event("9", "occurred 03-03 02:00"), self.out("storm", "9"))
        kept = [each for each in found.reason.walk() if each.text.startswith("9: ")]
        assert {(each.text.split(" ", 2)[2], each.value, each.evidence) for each in kept} == {
            ("is excluded (storm)", "kept", ("plan#storm-9",))
        }
