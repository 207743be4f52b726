from __future__ import annotations

import pytest

from makegood.engine.agreement.catalogue import completed
from makegood.engine.agreement.code import bad_outcome
from makegood.engine.agreement.desk import ESCALATION, FOUR_PRIORITIES, KINDS, Desk, Level
from makegood.engine.agreement.desk_prose import escalation_rows, matrix_rows, update_rows
from makegood.engine.agreement.difference import changes, rewordings
from makegood.engine.agreement.document import read
from makegood.engine.agreement.prose import Section, service_level_text
from makegood.engine.agreement.terms import Agreement
from makegood.engine.vocabulary.duration import Days, Duration
from makegood.engine.vocabulary.ratio import Ratio

THREE_LEVELS = (
    "{high: {high: L1, medium: L1, low: L2}, medium: {high: L1, medium: L2, low: L3},"
    " low: {high: L2, medium: L3, low: L3}}"
)
FOUR_LIMITS = "limits: {critical: 1h, high: 2h, normal: 1 business day, low: 2 business days}"
OFFICE = "calendars: {office: {days: {mon-fri: '08:00-18:00'}}}\n"


def agreement(piece: str = "") -> Agreement:
    found = read(completed(piece)).agreement
    assert found is not None
    return found


def findings(piece: str) -> list[tuple[str, str]]:
    return [(each.code, each.place.path) for each in read(completed(piece)).findings if each.place]


def promise(measure: str) -> str:
    return bad_outcome(measure=f"{{kind: within, {measure}}}")


def text(piece: str) -> dict[str, Section]:
    return {section.title: section for section in service_level_text(agreement(piece))}


class TestADesk:
    def test_has_the_four_priorities_of_the_house_unless_agreed(self) -> None:
        assert Desk().matrix == FOUR_PRIORITIES
        assert Desk().given == ("critical", "high", "normal", "low")
        desk = agreement(f"desk: {{priorities: {THREE_LEVELS}}}\n").desk
        assert desk is not None
        assert desk.matrix[Level.MEDIUM] == {Level.HIGH: "L1", Level.MEDIUM: "L2", Level.LOW: "L3"}
        assert desk.given == ("L1", "L2", "L3")

    def test_tells_the_four_people_of_the_house_unless_agreed(self) -> None:
        assert Desk().levels == ESCALATION
        assert [str(each.at) for each in ESCALATION] == ["0.5", "0.75", "0.9", "1"]
        desk = agreement("desk: {escalation: [{at: 100, to: the owner}]}\n").desk
        assert desk is not None
        assert [(each.at, each.to) for each in desk.levels] == [(Ratio(1), "the owner")]

    def test_has_terms_of_its_own(self) -> None:
        piece = OFFICE + (
            "desk: {updates: {critical: 30m, low: 2 business days}, updates_on: office, confirmed_after: 3 days,"
            " billable: project, out_of_cover: [device, toy]}\n"
        )
        assert agreement(piece).desk == Desk(
            updates={"critical": Duration(1800), "low": Days(2, business=True)},
            updates_on="office",
            confirmed_after=Days(3, business=False),
            billable=("project",),
            out_of_cover=("device", "toy"),
        )

    def test_is_none_where_nothing_is_said(self) -> None:
        assert agreement().desk is None
        titles = {section.title for section in service_level_text(agreement())}
        assert not titles & {"Priorities of cases", "Escalation of cases", "Hours that the fee includes"}


class TestTheMatrix:
    @pytest.mark.parametrize(
        ("_case", "matrix", "found"),
        [
            ("all nine", THREE_LEVELS, []),
            (
                "a row and a cell are missing",
                "{high: {high: P1, low: P2}, low: {high: P1, medium: P2, low: P2}}",
                [("MG750", "desk.priorities"), ("MG750", "desk.priorities.high")],
            ),
            ("an empty row", "{high: {}}", [("MG750", "desk.priorities")] * 3),
            ("a word that is no level", "{urgent: {high: P1}}", [("MG111", "desk.priorities.urgent")]),
            ("a word that is no level in a row", "{high: {urgent: P1}}", [("MG111", "desk.priorities.high.urgent")]),
            ("a list", "[P1, P2]", [("MG110", "desk.priorities")]),
        ],
    )
    def test_answers_every_impact_and_urgency(self, _case: str, matrix: str, found: list[tuple[str, str]]) -> None:
        assert findings(f"desk: {{priorities: {matrix}}}\n") == found

    def test_says_what_is_missing(self) -> None:
        piece = f"desk: {{priorities: {THREE_LEVELS.replace('medium: L1, low: L2', 'medium: L1')}}}\n"
        (found,) = read(completed(piece)).findings
        assert found.text == "nothing is said of impact high with urgency low"


class TestPriorities:
    @pytest.mark.parametrize("kind", [*KINDS, "project"])
    def test_of_cases_are_those_of_the_matrix(self, kind: str) -> None:
        piece = "desk: {billable: project}\n" + promise(f"cases: {kind}, limits: {{critical: 1h, P2: 2h}}")
        assert findings(piece) == [
            ("MG752", "outcomes.open.measure.limits"),
            ("MG751", "outcomes.open.measure.limits.P2"),
        ]

    @pytest.mark.parametrize(
        ("_case", "measure", "found"),
        [
            ("one limit for each", f"cases: incident, {FOUR_LIMITS}", []),
            ("one limit for all", "cases: incident, limit: 4h", []),
            ("one limit for some", "cases: incident, limit: 4h, priority: critical", []),
            ("limits for those that count", "cases: incident, limits: {high: 4h}, priority: high", []),
            ("other cases", "cases: patch, limits: {moderate: 24h}", []),
            ("one that is not given", "cases: incident, limit: 4h, priority: P1", [("MG751", ".priority")]),
            (
                "second limits",
                f"cases: incident, {FOUR_LIMITS}, rest_limits: {{critical: 4h, P1: 8h}}",
                [("MG751", ".rest_limits.P1")],
            ),
            (
                "one that counts and is not given",
                "cases: incident, limits: {P1: 4h}, priority: P1",
                [("MG751", ".limits.P1")],
            ),
        ],
    )
    def test_of_promises_have_limits(self, _case: str, measure: str, found: list[tuple[str, str]]) -> None:
        expected = [(code, f"outcomes.open.measure{path}") for code, path in found]
        assert findings("desk: {}\n" + promise(measure)) == expected

    def test_of_events_are_those_of_the_matrix(self) -> None:
        steps = "{kind: steps, cases: outage, steps: {told: {state: told, within: 15m}}, priority: [critical, P1]}"
        piece = "desk: {}\n" + bad_outcome(measure=steps, stake="{weight: 100%}")
        assert findings(piece) == [("MG751", "outcomes.open.measure.priority")]

    def test_are_free_without_a_desk(self) -> None:
        assert findings(promise("cases: incident, limits: {P1: 1h}")) == []

    def test_of_other_measures_are_not_looked_at(self) -> None:
        assert findings("desk: {}\n") == []


class TestUpdates:
    @pytest.mark.parametrize(
        ("desk", "found"),
        [
            ("{updates: {critical: 30m, low: 2 business days}}", []),
            ("{updates: {P1: 30m}}", [("MG753", "desk.updates.P1")]),
            (f"{{updates: {{critical: 30m}}, priorities: {THREE_LEVELS}}}", [("MG753", "desk.updates.critical")]),
            ("{updates: {low: 0m, high: 0 days}}", [("MG760", "desk.updates.low"), ("MG760", "desk.updates.high")]),
            ("{updates: {low: 2}}", [("MG112", "desk.updates.low")]),
            ("{updates_on: office}", []),
            ("{updates_on: always}", []),
            ("{updates_on: ofice}", [("MG201", "desk.updates_on")]),
        ],
    )
    def test_are_for_priorities_that_cases_get(self, desk: str, found: list[tuple[str, str]]) -> None:
        assert sorted(findings(f"{OFFICE}desk: {desk}\n")) == sorted(found)


class TestEscalationOfCases:
    @pytest.mark.parametrize(
        ("levels", "found"),
        [
            ("{at: 50%, to: a}, {at: 100%, to: b}", []),
            ("{at: 0%, to: a}, {at: 99.5%, to: b}, {at: 100%, to: c}", []),
            ("{at: 100%, to: a}, {at: 100%, to: b}", [("MG754", "desk.escalation[1].at")]),
            ("{at: 75%, to: a}, {at: 50%, to: b}, {at: 100%, to: c}", [("MG754", "desk.escalation[1].at")]),
            ("{at: 100%, to: a}, {at: 101%, to: b}", [("MG755", "desk.escalation[1].at")]),
            ("{at: 99.9%, to: a}", [("MG756", "desk.escalation")]),
        ],
    )
    def test_rises_to_the_whole_limit(self, levels: str, found: list[tuple[str, str]]) -> None:
        assert findings(f"desk: {{escalation: [{levels}]}}\n") == found

    def test_names_somebody(self) -> None:
        assert findings("desk: {escalation: []}\n") == [("MG111", "desk.escalation")]


class TestCover:
    @pytest.mark.parametrize(
        ("desk", "found"),
        [
            ("{billable: [a, b], out_of_cover: [c]}", []),
            ("{billable: [a, b], out_of_cover: [c, b]}", [("MG757", "desk.out_of_cover[1]")]),
            ("{billable: a, out_of_cover: a}", [("MG757", "desk.out_of_cover[0]")]),
            ("{billable: request}", []),
            ("{out_of_cover: request}", [("MG758", "outcomes.open.measure.cases")]),
        ],
    )
    def test_is_of_one_sort(self, desk: str, found: list[tuple[str, str]]) -> None:
        assert findings(f"desk: {desk}\n" + promise("cases: request, limit: 4h")) == found

    def test_is_not_asked_of_what_is_no_case(self) -> None:
        assert findings("desk: {out_of_cover: shop}\n") == []


class TestAClockThatStopsBeforeTheResolution:
    @pytest.mark.parametrize(
        ("measure", "found"),
        [
            ("clock: {to: fix-identified}", [("MG759", "outcomes.open.measure.clock.to")]),
            ("clock: {to: hold-for-research}, reopened: restart", [("MG759", "outcomes.open.measure.clock.to")]),
            ("clock: {to: fix-identified}, reopened: ignore", []),
            ("clock: {to: responded}", [("MG389", "outcomes.open.measure.clock.to")]),
            ("clock: {to: responded}, reopened: ignore", []),
            ("clock: {to: resolved}", []),
        ],
    )
    def test_would_start_again(self, measure: str, found: list[tuple[str, str]]) -> None:
        assert findings("desk: {}\n" + promise(f"cases: incident, limit: 4h, {measure}")) == found

    def test_is_not_looked_at_without_a_desk(self) -> None:
        assert findings(promise("cases: incident, limit: 4h, clock: {to: fix-identified}")) == []


class TestTheTextOfADesk:
    def test_says_what_the_house_says_where_nothing_was_agreed(self) -> None:
        shown = text("desk: {}\n")
        assert shown["Priorities of cases"] == Section(
            "Priorities of cases",
            ("The priority of a case follows from its impact and its urgency (house default).",),
            (
                ("Impact", "Urgency high", "Urgency medium", "Urgency low"),
                ("high", "critical", "high", "normal"),
                ("medium", "high", "normal", "low"),
                ("low", "normal", "low", "low"),
            ),
        )
        assert shown["Escalation of cases"] == Section(
            "Escalation of cases",
            ("These hear of a case when a part of one of its limits is used up (house default).",),
            (
                ("Of the limit", "Who hears of it"),
                ("50 %", "owner of the case"),
                ("75 %", "service manager of the provider"),
                ("90 %", "owner of the provider"),
                ("100 %", "executives of both sides"),
            ),
        )
        assert shown["Closing and cover of cases"].paragraphs == (
            "A resolved case is closed when the customer confirms it, or has not rejected it for 5 business days"
            " (house default).",
        )
        assert "Updates on open cases" not in shown

    def test_says_what_was_agreed(self) -> None:
        piece = OFFICE + (
            f"desk: {{priorities: {THREE_LEVELS}, updates: {{L1: 30m, L3: 1 business day}}, updates_on: office,"
            " confirmed_after: 3 days, escalation: [{at: 100%, to: the owner}], billable: [project, move],"
            " out_of_cover: toy}\n"
        )
        shown = text(piece)
        assert shown["Priorities of cases"].table[3] == ("low", "L2", "L3", "L3")
        assert shown["Updates on open cases"] == Section(
            "Updates on open cases",
            ("The customer hears how an open case stands, counted in the hours of the calendar office (as agreed).",),
            (("Priority", "An update every"), ("L1", "30 minutes"), ("L3", "1 business day")),
        )
        assert shown["Escalation of cases"].table == (("Of the limit", "Who hears of it"), ("100 %", "the owner"))
        assert shown["Closing and cover of cases"].paragraphs == (
            "A resolved case is closed when the customer confirms it, or has not rejected it for 3 days (as agreed).",
            "The fee does not cover these kinds of case: project, move. They are charged, and begin when the customer"
            " permits it.",
            "The provider hands these kinds of case back to the customer: toy.",
        )

    def test_says_when_updates_are_due_by_default(self) -> None:
        assert text("desk: {updates: {low: 1 day}}\n")["Updates on open cases"].paragraphs == (
            "The customer hears how an open case stands, counted every hour of every day (house default).",
        )

    def test_has_its_tables_for_others(self) -> None:
        desk = Desk(updates={"low": Duration(60)})
        assert [len(rows) for rows in (matrix_rows(desk), update_rows(desk), escalation_rows(desk))] == [4, 2, 5]


class TestTheDifferenceOfDesks:
    def test_is_told_term_by_term(self) -> None:
        before, after = (
            agreement(f"desk: {desk}\n")
            for desk in (
                f"{{priorities: {THREE_LEVELS}, updates: {{L1: 30m}}, escalation: [{{at: 100%, to: the owner}}]}}",
                f"{{priorities: {THREE_LEVELS.replace('low: L3}}', 'low: L4}}')}, updates: {{L1: 1h, L2: 2h}},"
                " escalation: [{at: 90%, to: the owner}, {at: 100%, to: all}]}",
            )
        )
        assert [str(each) for each in changes(before, after)] == [
            "desk.priorities.low.low: L3 becomes L4",
            "desk.updates.L1: 30m becomes 1h",
            "desk.updates.L2 is new: 2h",
            "desk.escalation[0].at: 100 % becomes 90 %",
            "desk.escalation[1] is new: at 100 %, to all",
        ]

    def test_is_told_in_words(self) -> None:
        (found,) = rewordings(agreement("desk: {}\n"), agreement("desk: {confirmed_after: 1 day}\n"))
        assert found.title == "Closing and cover of cases"
        assert found.new == (
            "A resolved case is closed when the customer confirms it, or has not rejected it for 1 day (as agreed).",
        )

    def test_of_none_and_one_is_the_whole(self) -> None:
        (found,) = changes(agreement(), agreement("desk: {billable: project}\n"))
        assert str(found) == "desk is new: billable project"
