from __future__ import annotations

import pytest

from makegood.engine.agreement.shapes import Unit
from makegood.engine.evidence.records import AnyRecord, Transition
from makegood.engine.judging.verdict import Miss, Part, Ruling
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.judging.scene import agreement, case, excluded, measured, texts, verdict

DESK = "{s: {title: Desk}}"


def within(more: str = "limit: 24h") -> str:
    return f"{{kind: within, cases: incident, {more}}}"


def score(more: str, label: str, *records: AnyRecord) -> tuple[int, int]:
    found = measured(agreement(within(more)), label, *records)
    return found.good, found.total


class TestWithin:
    def test_is_the_share_of_cases_inside_their_limit(self) -> None:
        found = measured(
            agreement(within()),
            "2025-04",
            *case("T-1", "opened 04-02 08:00", "resolved 04-02 20:00"),
            *case("T-2", "opened 04-03 08:00", "resolved 04-04 09:00"),
        )
        assert (found.value, found.unit, found.good, found.total) == (Ratio(1, 2), Unit.SHARE, 1, 2)

    def test_counts_those_resolved_and_those_open_and_overdue(self) -> None:
        records = [
            *case("t1", "opened 04-02 08:00", "resolved 04-02 20:00", priority="P2"),
            *case("t2", "opened 04-03 08:00", "resolved 04-04 09:00", priority="P2"),
            *case("t3", "opened 04-20 08:00", priority="P2"),
            *case("t4", "opened 04-30 12:00", priority="P2"),
            *case("t5", "opened 04-30 12:00", "resolved 04-30 18:00", priority="P2"),
        ]
        found = verdict(agreement(within("limits: {P2: 24h}"), target=">= 90.98%"), "2025-04", *records)
        assert (found.ruling, found.measurement.good, found.measurement.total) == (Ruling.MISSED, 2, 4)

    def test_counts_mixed_priorities_and_an_excluded_case(self) -> None:
        records: list[AnyRecord] = [
            *case("a01", "opened 04-01 08:00", "resolved 04-01 12:00", priority="P1"),
            *case("a02", "opened 04-01 08:00", "resolved 04-02 08:00", priority="P3"),
            *case("a20", "opened 04-05 08:00", "resolved 04-05 12:00:01", priority="P1"),
            *case("a21", "opened 04-06 08:00", "resolved 04-09 08:00", priority="P1"),
            *case("a22", "opened 04-30 22:00", "resolved 05-01 00:00", priority="P1"),
            excluded("04-06 08:00 .. 04-09 08:00", cause="customer", case="a21"),
        ]
        for number in range(3, 20):
            records += case(f"a{number:02}", "opened 04-02 08:00", "resolved 04-02 09:00", priority="P3")
        measure = within("limits: {P1: 4h, P3: 24h}, population: resolved_in_period, excluded: {customer: {}}")
        found = verdict(agreement(measure, target=">= 95%"), "2025-04", *records)
        assert (found.ruling, found.measurement.value) == (Ruling.MET, Ratio(19, 20))

    @pytest.mark.parametrize(("bound", "good"), [("inclusive", 1), ("exclusive", 0)])
    def test_has_a_bound(self, bound: str, good: int) -> None:
        records = case("T-1", "opened 04-02 08:00", "resolved 04-03 08:00")
        assert score(f"limit: 24h, bound: {bound}", "2025-04", *records) == (good, 1)

    @pytest.mark.parametrize(("bound", "total"), [("inclusive", 0), ("exclusive", 1)])
    def test_is_overdue_by_the_same_bound(self, bound: str, total: int) -> None:
        assert score(f"limit: 24h, bound: {bound}", "2025-04", *case("T-1", "opened 04-30 00:00")) == (0, total)

    def test_has_no_value_without_cases(self) -> None:
        found = verdict(agreement(within()), "2025-04", *case("T-1", "opened 04-30 12:00"))
        assert (found.ruling, found.measurement.empty) == (Ruling.UNDECIDED, True)

    def test_without_cases_is_ruled_as_agreed(self) -> None:
        assert verdict(agreement(within("limit: 24h, empty: met")), "2025-04").ruling is Ruling.MET


class TestAPopulation:
    LATE = case("T-1", "opened 04-30 12:00", "resolved 05-03 12:00")
    SOON = case("T-2", "opened 04-30 12:00", "resolved 05-01 00:00")
    OPEN = case("T-3", "opened 04-20 12:00")
    PAUSED = case("T-4", "opened 04-20 12:00", "waiting 04-20 13:00", "active 05-20 13:00")

    @pytest.mark.parametrize(
        ("population", "april", "may"),
        [
            ("opened_in_period", (1, 3), (0, 0)),
            ("resolved_in_period", (0, 0), (1, 2)),
            ("resolved_plus_open_overdue", (0, 1), (1, 4)),
        ],
    )
    def test_says_which_cases_belong_to_a_period(
        self, population: str, april: tuple[int, int], may: tuple[int, int]
    ) -> None:
        more = f"limit: 24h, population: {population}, clock: {{pause: waiting}}"
        records = [*self.LATE, *self.SOON, *self.OPEN, *self.PAUSED]
        assert score(more, "2025-04", *records) == april
        assert score(more, "2025-05", *records) == may

    REOPENED = case("T-1", "opened 04-10 08:00", "resolved 04-10 10:00", "active 05-02 10:00", "resolved 05-05 10:00")

    @pytest.mark.parametrize(
        ("population", "april", "may"),
        [
            ("opened_in_period", (0, 1), (0, 0)),
            ("resolved_in_period", (1, 1), (0, 1)),
            ("resolved_plus_open_overdue", (1, 1), (0, 1)),
        ],
    )
    def test_looks_at_a_re_opened_case_as_far_as_it_says(
        self, population: str, april: tuple[int, int], may: tuple[int, int]
    ) -> None:
        more = f"limit: 24h, population: {population}"
        assert score(more, "2025-04", *self.REOPENED) == april
        assert score(more, "2025-05", *self.REOPENED) == may

    CLOSED = case("T-1", "opened 04-10 08:00", "closed 05-10 10:00")

    @pytest.mark.parametrize(
        ("population", "april", "may"),
        [
            ("opened_in_period", (0, 1), (0, 0)),
            ("resolved_in_period", (0, 0), (0, 1)),
            ("resolved_plus_open_overdue", (0, 1), (0, 1)),
        ],
    )
    def test_says_where_a_case_without_a_stop_belongs(
        self, population: str, april: tuple[int, int], may: tuple[int, int]
    ) -> None:
        more = f"limit: 24h, population: {population}"
        assert score(more, "2025-04", *self.CLOSED) == april
        assert score(more, "2025-05", *self.CLOSED) == may
        assert score(f"{more}, missing_stop: left_out", "2025-05", *self.CLOSED) == (0, 0)


class TestThePage:
    """The table of populations in docs/explanation/judging/within.md."""

    RECORDS = (
        *case("t1", "opened 04-02 08:00", "resolved 04-02 20:00"),
        *case("t2", "opened 04-03 08:00", "resolved 04-04 09:00"),
        *case("t3", "opened 04-20 08:00"),
        *case("t4", "opened 04-30 12:00"),
        *case("t5", "opened 04-30 12:00", "resolved 05-01 18:00"),
    )

    @pytest.mark.parametrize(
        ("population", "expected"),
        [("opened_in_period", (1, 4)), ("resolved_in_period", (1, 2)), ("resolved_plus_open_overdue", (1, 3))],
    )
    def test_comes_out_as_it_is_written(self, population: str, expected: tuple[int, int]) -> None:
        assert score(f"limit: 24h, population: {population}", "2025-04", *self.RECORDS) == expected


class TestAPriority:
    GREW = case("T-1", "opened P3 04-02 08:00", "active P1 04-02 09:00", "resolved 04-02 20:00")

    @pytest.mark.parametrize(("at", "good"), [("opening", 1), ("end", 0)])
    def test_decides_the_limit(self, at: str, good: int) -> None:
        assert score(f"limits: {{P1: 4h, P3: 24h}}, priority_at: {at}", "2025-04", *self.GREW) == (good, 1)

    @pytest.mark.parametrize(("wanted", "total"), [("P1", 1), ("P3", 0), ("[P1, P3]", 1)])
    def test_can_be_the_only_one_that_counts(self, wanted: str, total: int) -> None:
        assert score(f"limit: 24h, priority: {wanted}", "2025-04", *self.GREW)[1] == total

    def test_without_a_limit_is_no_part_of_the_promise(self) -> None:
        records = [*self.GREW, *case("T-2", "opened P5 04-02 08:00", "resolved 04-02 20:00")]
        found = measured(agreement(within("limits: {P1: 24h}")), "2025-04", *records)
        assert (found.good, found.total) == (1, 1)
        left_out = next(each for each in found.reason.walk() if "no limit" in each.text)
        assert (left_out.text, left_out.value) == ("1 case of a priority for which no limit is agreed", "left out")
        assert left_out.evidence == ("desk#T-2/1",)


class TestAnExcludedCase:
    LATE = case("T-1", "opened 04-02 08:00", "resolved 04-12 08:00")

    @pytest.mark.parametrize(
        ("_case", "clauses", "expected"),
        [
            ("is left out", "customer: {}", (0, 0)),
            ("is inside", "customer: {effect: up}", (1, 1)),
            ("is left out where both hold", "customer: {}, storm: {effect: up}", (0, 0)),
            ("is left out where both hold, however they are written", "storm: {effect: up}, customer: {}", (0, 0)),
            ("counts without notice", "customer: {notice: 4h}", (0, 1)),
            ("counts for another cause", "maintenance: {}", (0, 1)),
        ],
    )
    def test_has_the_agreed_effect(self, _case: str, clauses: str, expected: tuple[int, int]) -> None:
        records: list[AnyRecord] = [
            *self.LATE,
            excluded("04-02 08:00 .. 04-12 08:00", cause="customer", case="T-1"),
            excluded("04-02 08:00 .. 04-12 08:00", cause="storm", case="T-1"),
            excluded("04-02 08:00 .. 04-12 08:00", cause="maintenance"),
        ]
        assert score(f"limit: 24h, excluded: {{{clauses}}}", "2025-04", *records) == expected

    def test_is_excluded_whole_however_short_the_stretch_that_names_it(self) -> None:
        moment = excluded("04-02 08:00 .. 04-02 08:00", cause="customer", case="T-1")
        assert score("limit: 24h, excluded: {customer: {}}", "2025-04", *self.LATE, moment) == (0, 0)

    def test_cites_its_exclusion(self) -> None:
        terms = agreement(within("limit: 24h, excluded: {customer: {effect: up}}"))
        found = measured(
            terms, "2025-04", *self.LATE, excluded("04-02 08:00 .. 04-12 08:00", cause="customer", case="T-1", name="9")
        )
        step = next(each for each in found.reason.walk() if "excluded" in each.text)
        assert (step.text, step.value, step.evidence) == (
            "1 case excluded and counted as within their limit",
            "counted",
            ("plan#9",),
        )

    def test_that_was_announced_too_late_is_named_where_it_counts(self) -> None:
        terms = agreement(within("limit: 24h, excluded: {customer: {notice: 4h}}"))
        late = excluded("04-02 08:00 .. 04-12 08:00", cause="customer", case="T-1")
        assert any("was not announced" in text for text in texts(measured(terms, "2025-04", *self.LATE, late).reason))
        assert not any("was not announced" in text for text in texts(measured(terms, "2025-05", late).reason))


class TestTheReason:
    def test_names_every_case_that_does_not_count(self) -> None:
        records = [
            *case("T-1", "opened 04-02 08:00", "resolved 04-02 09:30", priority="P1"),
            *case("T-2", "opened 04-03 08:00", "resolved 04-04 09:00", priority="P1", incident="INC-1"),
            *case("T-3", "opened 04-03 08:00", "closed 04-04 09:00", priority="P3"),
            *case("T-4", "opened 04-05 08:00", priority="P3"),
            *case("T-5", "opened 04-30 20:00", priority="P3"),
            *case("T-6", "active 04-30 20:00", "resolved 04-30 21:00"),
            *case("T-7", "active 05-30 20:00", "resolved 05-30 21:00"),
        ]
        found = verdict(agreement(within("limits: {P1: 4h, P3: 24h}, by: team")), "2025-04", *records)
        assert texts(found.reason) == [
            "it in 2025-04: It is kept.: MISSED",
            "1 of 4 cases within their limit: 25.0000 %",
            "P1: within 4h: 1 of 2",
            "P3: within 24h: 0 of 2",
            "1 case within their limit",
            "2 cases late: missed",
            "T-2 (P1) took 25h, and 4h are agreed",
            "T-4 (P3) is open after 616h, and 24h are agreed",
            "1 case closed without a recorded stop: missed",
            "1 case open and not yet due at the end of the period: left out",
            "1 case without a recorded start of their clock: left out",
            "25 % does not meet the target of >= 99.9 %: MISSED",
        ]
        assert found.measurement.misses == (
            Miss("T-2 (P1) took 25h, and 4h are agreed", 1, "INC-1", ("desk#T-2/0", "desk#T-2/1")),
            Miss("T-3 (P3) was closed without a recorded stop", 1, "T-3", ("desk#T-3/0", "desk#T-3/1")),
            Miss("T-4 (P3) is open after 616h, and 24h are agreed", 1, "T-4", ("desk#T-4/0",)),
        )
        assert found.measurement.parts == (Part("", 1, 4),)

    def test_is_broken_down_by_the_last_label(self) -> None:
        first, last = case("T-1", "opened 04-02 08:00", "resolved 04-02 09:00")
        records = [
            _labelled(first, "north"),
            _labelled(last, "south"),
            *case("T-2", "opened 04-02 08:00", "resolved 04-12 09:00", labels=(("team", "north"),)),
            *case("T-3", "opened 04-30 20:00", labels=(("team", "west"),)),
        ]
        found = measured(agreement(within("limit: 24h, by: team")), "2025-04", *records)
        assert found.parts == (Part("north", 0, 1), Part("south", 1, 1))

    def test_cites_the_evidence_of_the_first_thousand_misses(self) -> None:
        records = [
            step
            for number in range(1_002)
            for step in case(f"T-{number:04}", "opened 04-02 08:00", "resolved 04-12 09:00")
        ]
        found = measured(agreement(within()), "2025-04", *records)
        assert [miss.evidence != () for miss in found.misses] == [True] * 1_000 + [False] * 2
        assert [miss.incident for miss in found.misses[1_000:]] == ["T-1000", "T-1001"]
        assert texts(found.reason)[-1] == "2 late cases more, which are not listed"


def _labelled(step: Transition, team: str) -> Transition:
    return Transition(
        source=step.source,
        source_id=step.source_id,
        case=step.case,
        of=step.of,
        state=step.state,
        at=step.at,
        labels=(("team", team),),
    )


class TestTheRest:
    CASES = (
        *case("a", "opened 04-02 08:00", "resolved 04-02 11:00"),
        *case("b", "opened 04-02 08:00", "resolved 04-02 15:00"),
    )

    @pytest.mark.parametrize(
        ("_case", "more", "ruling"),
        [
            ("no second limit", "limit: 4h", Ruling.MET),
            ("all inside it", "limit: 4h, rest_within: 7h", Ruling.MET),
            ("one beyond it", "limit: 4h, rest_within: 6h", Ruling.MISSED),
            ("exactly it, and the bound is open", "limit: 4h, rest_within: 7h, bound: exclusive", Ruling.MISSED),
            (
                "of their own",
                "limits: {P1: 4h}, rest_limits: {P1: 6h}",
                Ruling.MISSED,
            ),
        ],
    )
    def test_has_a_limit_that_nobody_may_exceed(self, _case: str, more: str, ruling: Ruling) -> None:
        cases = [
            *case("a", "opened 04-02 08:00", "resolved 04-02 11:00", priority="P1"),
            *case("b", "opened 04-02 08:00", "resolved 04-02 15:00", priority="P1"),
        ]
        found = verdict(agreement(within(more), target=">= 50%"), "2025-04", *cases)
        assert (found.ruling, found.measurement.value) == (ruling, Ratio(1, 2))

    def test_says_which_cases_exceeded_it(self) -> None:
        found = verdict(agreement(within("limit: 4h, rest_within: 6h"), target=">= 50%"), "2025-04", *self.CASES)
        assert "1 case (b) took longer than the rest may: missed whatever the share: MISSED" in texts(found.reason)

    def test_counts_a_case_without_a_stop_as_beyond_it(self) -> None:
        records = [*self.CASES, *case("c", "opened 04-02 08:00", "closed 04-02 09:00")]
        assert verdict(
            agreement(within("limit: 4h, rest_within: 8h"), target=">= 30%"), "2025-04", *records
        ).ruling is (Ruling.MISSED)


class TestLimitsInDays:
    @pytest.mark.parametrize(
        ("_case", "steps", "good"),
        [
            ("the same time on the second business day", ("opened 04-10 10:00", "resolved 04-14 10:00"), 1),
            ("a second later", ("opened 04-10 10:00", "resolved 04-14 10:00:01"), 0),
            ("from a Saturday up to the midnight after", ("opened 04-12 10:00", "resolved 04-15 23:59"), 1),
            (
                "what it stood still is added",
                ("opened 04-10 10:00", "waiting 04-10 11:00", "active 04-10 13:00", "resolved 04-14 12:00"),
                1,
            ),
            (
                "and no more",
                ("opened 04-10 10:00", "waiting 04-10 11:00", "active 04-10 13:00", "resolved 04-14 12:00:01"),
                0,
            ),
            ("open and overdue", ("opened 04-10 10:00",), 0),
        ],
    )
    def test_end_as_business_days_do(self, _case: str, steps: tuple[str, ...], good: int) -> None:
        assert score("limit: 2 business days, clock: {pause: waiting}", "2025-04", *case("a", *steps)) == (good, 1)

    def test_may_be_exclusive(self) -> None:
        steps = case("a", "opened 04-10 10:00", "resolved 04-12 10:00")
        assert score("limit: 2 days", "2025-04", *steps) == (1, 1)
        assert score("limit: 2 days, bound: exclusive", "2025-04", *steps) == (0, 1)

    def test_are_not_over_while_a_case_that_began_anew_stands_still(self) -> None:
        steps = ("opened 04-01 10:00", "resolved 04-02 10:00", "waiting 04-10 10:00")
        more = "limit: 2 days, reopened: restart, clock: {pause: waiting}"
        assert score(more, "2025-04", *case("a", *steps)) == (0, 0)


class TestCarriedOver:
    CASE = case("a", "opened 03-10 08:00", "resolved 05-10 08:00")

    @pytest.mark.parametrize(("carried", "totals"), [("again", [0, 1, 1, 1]), ("once", [0, 1, 0, 0])])
    def test_cases_count_again_or_once(self, carried: str, totals: list[int]) -> None:
        labels = ["2025-02", "2025-03", "2025-04", "2025-05"]
        more = f"limit: 24h, carried_over: {carried}"
        assert [score(more, label, *self.CASE)[1] for label in labels] == totals

    def test_cases_are_named_where_they_count_no_more(self) -> None:
        found = measured(agreement(within("limit: 24h, carried_over: once")), "2025-04", *self.CASE)
        assert "1 case overdue before and counted then: left out" in texts(found.reason)

    @pytest.mark.parametrize(
        ("_case", "steps", "label", "total"),
        [
            ("overdue before the term began", ("opened 2024-12-01 08:00",), "2025-01", 1),
            ("not yet overdue then", ("opened 03-31 20:00", "resolved 04-02 08:00"), "2025-04", 1),
            ("opened in the period", ("opened 04-02 08:00",), "2025-04", 1),
            (
                "resolved then, and opened again",
                ("opened 03-02 08:00", "resolved 03-09 08:00", "x 04-02 08:00"),
                "2025-04",
                1,
            ),
            ("closed then", ("opened 03-02 08:00", "closed 03-09 08:00", "resolved 04-02 08:00"), "2025-04", 1),
            ("not started then", ("created 03-02 08:00", "opened 04-02 08:00"), "2025-04", 1),
        ],
    )
    def test_cases_count_that_no_period_counted(
        self, _case: str, steps: tuple[str, ...], label: str, total: int
    ) -> None:
        assert score("limit: 24h, carried_over: once", label, *case("a", *steps))[1] == total


class TestChangedPriorities:
    CASE = case("a", "opened P3 04-02 00:00", "raised P1 04-02 12:00", "resolved 04-02 15:00")

    @pytest.mark.parametrize(("at", "good"), [("opening", 1), ("end", 0), ("highest", 0), ("each_by_its_time", 0)])
    def test_can_be_read_in_four_ways(self, at: str, good: int) -> None:
        assert score(f"limits: {{P1: 4h, P3: 24h}}, priority_at: {at}", "2025-04", *self.CASE) == (good, 1)

    def test_use_up_their_own_limits(self) -> None:
        found = measured(
            agreement(within("limits: {P1: 4h, P3: 24h}, priority_at: each_by_its_time")), "2025-04", *self.CASE
        )
        assert "a (P1) used up 125.00 % of the limits of its priorities" in texts(found.reason)
        fine = "limits: {P1: 12h, P3: 24h}, priority_at: each_by_its_time"
        assert score(fine, "2025-04", *self.CASE) == (1, 1)

    def test_use_up_nothing_of_what_has_no_limit(self) -> None:
        assert score("limits: {P1: 4h}, priority_at: each_by_its_time", "2025-04", *self.CASE) == (1, 1)

    def test_are_ranked_by_their_limits_also_in_days(self) -> None:
        raised = case("a", "opened P1 04-02 00:00", "lowered P3 04-02 12:00", "resolved 04-04 00:00")
        more = "limits: {P1: 1 day, P3: 100h}, priority_at: highest"
        assert score(more, "2025-04", *raised) == (0, 1)

    def test_without_limits_of_their_own_are_ranked_as_listed(self) -> None:
        more = "limit: 24h, priority: [P1, P2], priority_at: highest"
        assert score(more, "2025-04", *self.CASE)[1] == 1
        assert score(more, "2025-04", *case("b", "opened P9 04-02 00:00", "resolved P8 04-02 15:00"))[1] == 0
        assert score(more, "2025-04", *case("c", "opened 04-02 00:00", "resolved 04-02 15:00"))[1] == 0


class TestOtherTerms:
    @pytest.mark.parametrize(("priority", "good"), [("P1", 0), ("P3", 1)])
    def test_priorities_can_have_calendars_of_their_own(self, priority: str, good: int) -> None:
        terms = agreement(
            within("limits: {P1: 4h, P3: 4h}, clock: {on: office, on_priority: {P1: always}}"),
            calendars="{office: {days: {mon-fri: '09:00-17:00'}}}",
        )
        found = measured(terms, "2025-04", *case("a", "opened 04-02 16:00", "resolved 04-03 10:00", priority=priority))
        assert (found.good, found.total) == (good, 1)

    def test_duplicates_and_children_can_be_left_out(self) -> None:
        terms = agreement(within("limit: 4h, leave_out: [parent, duplicate_of]"))
        records = [
            *case("a", "opened 04-02 08:00", "resolved 04-02 11:00"),
            *case("b", "opened 04-02 08:00", "resolved 04-02 18:00", labels=(("parent", "a"),)),
        ]
        found = measured(terms, "2025-04", *records)
        assert (found.good, found.total) == (1, 1)
        assert "1 case belonging to another case: left out" in texts(found.reason)
