"""Where a rule just holds or just does not: the second, the instant, the number and the part at which it turns."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from makegood.engine.agreement.deadlines import Months
from makegood.engine.agreement.measures.availability import UnknownAs
from makegood.engine.agreement.measures.ratio import EmptySlice, SliceMethod, Slices
from makegood.engine.agreement.terms import Agreement, Component
from makegood.engine.evidence.records import AnyRecord, Status
from makegood.engine.judging.exclusions import used_up_at
from makegood.engine.judging.items import due_after
from makegood.engine.judging.moments import Moment, moment_of
from makegood.engine.judging.slices import sliced_ratio
from makegood.engine.judging.tree import Needs, Tree, degree
from makegood.engine.judging.verdict import Measurement
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.judging.scene import (
    agreement,
    at,
    case,
    down,
    excluded,
    gauge,
    measured,
    span,
    state,
    statement,
    up,
)

HOUR = 3600
OFFICE = "{office: {days: {mon-fri: ['08:00-18:00']}}}"
BERLIN = "{from: 2025-01-01, months: 12, timezone: Europe/Berlin}"


def april(terms: Agreement, *records: AnyRecord) -> Measurement:
    return measured(terms, "2025-04", *records)


class TestFailures:
    """Times to restore, at the ends of a period and of what is long enough."""

    def of(self, figure: str, more: str = "", *, calendars: str = "{}") -> Agreement:
        target = ">= 1h" if "between" in figure else "<= 4h"
        return agreement(f"{{kind: recovery, as: {figure}{more}}}", target=target, calendars=calendars)

    @pytest.mark.parametrize(
        ("_case", "outage", "total"),
        [
            ("restored when the period ends counts as still failed", "04-30 20:00 .. 05-01 00:00", 1),
            ("failed when the period ends is of the next", "05-01 00:00 .. 05-01 01:00", 0),
            ("restored when the period begins was restored in it", "03-31 20:00 .. 04-01 00:00", 1),
        ],
    )
    def test_of_a_service_belong_to_one_period(self, _case: str, outage: str, total: int) -> None:
        terms = self.of("mean_time_to_restore", ", of: s")
        assert april(terms, up("01-01 00:00 .. 12-31 00:00"), down(outage)).total == total

    def test_of_a_case_that_is_restored_when_the_period_ends_are_still_failed(self) -> None:
        steps = case("C-1", "opened 04-30 20:00", "resolved 05-01 00:00")
        assert april(self.of("mean_time_to_restore", ", cases: incident, still_failed: left_out"), *steps).total == 0
        found = april(self.of("mean_time_to_restore", ", cases: incident"), *steps)
        assert [miss.evidence for miss in found.misses] == [("desk#C-1/0",)]

    def test_of_a_service_of_which_nothing_more_is_known_leave_no_value(self) -> None:
        found = april(self.of("mean_time_to_restore", ", of: s"), down("03-31 20:00 .. 04-01 00:00"))
        assert (found.total, found.value) == (1, None)

    @pytest.mark.parametrize(("failures", "value"), [("failed_in_period", 28 * HOUR), ("restored_in_period", 4 * HOUR)])
    def test_of_a_case_are_followed_if_they_began_in_the_period(self, failures: str, value: int) -> None:
        steps = case("C-1", "opened 04-30 20:00", "resolved 05-02 00:00")
        terms = self.of("mean_time_to_restore", f", cases: incident, failures: {failures}")
        assert april(terms, *steps).value == value

    @pytest.mark.parametrize(
        ("shortest", "outage", "total"),
        [
            ("", "04-10 10:00:00 .. 04-10 10:00:01", 1),
            (", ignore_shorter_than: 5m", "04-10 10:00:00 .. 04-10 10:05:00", 1),
            (", ignore_shorter_than: 5m", "04-10 10:00:00 .. 04-10 10:04:59", 0),
        ],
    )
    def test_count_from_the_shortest_on(self, shortest: str, outage: str, total: int) -> None:
        terms = self.of("mean_time_to_restore", f", of: s{shortest}")
        assert april(terms, up("01-01 00:00 .. 12-31 00:00"), down(outage)).total == total

    def test_of_other_priorities_do_not_hide_those_that_follow(self) -> None:
        terms = self.of("mean_time_to_restore", ", cases: incident, priority: P1")
        steps = [
            *case("a", "opened 04-02 08:00", "resolved 04-02 09:00", priority="P2"),
            *case("b", "opened 04-02 08:00", "resolved 04-02 10:00", priority="P1"),
        ]
        assert april(terms, *steps).value == 2 * HOUR

    @pytest.mark.parametrize(("degraded", "total"), [("up", 0), ("down", 1)])
    def test_are_what_the_agreement_calls_down(self, degraded: str, total: int) -> None:
        slow = state(Status.DEGRADED, "04-10 10:00 .. 04-10 11:00")
        terms = self.of("mean_time_to_restore", f", of: s, degraded: {degraded}")
        assert april(terms, up("01-01 00:00 .. 04-10 10:00"), slow, up("04-10 11:00 .. 12-31 00:00")).total == total

    @pytest.mark.parametrize(("between", "hours"), [("failures", 209), ("incidents", 210)])
    def test_between_them_only_known_and_agreed_time_counts(self, between: str, hours: int) -> None:
        """22 days of ten hours, of which the last is silent; one failure is too short."""
        more = ", of: s, on: office, ignore_shorter_than: 10m"
        terms = self.of(f"mean_time_between_{between}", more, calendars=OFFICE)
        records = [
            up("04-01 00:00 .. 04-30 00:00"),
            down("04-10 10:00 .. 04-10 11:00"),
            down("04-11 10:00 .. 04-11 10:05"),
        ]
        assert april(terms, *records).value == hours * HOUR

    def test_between_them_degraded_time_is_failed_if_that_is_agreed(self) -> None:
        terms = self.of("mean_time_between_failures", ", of: s, degraded: down")
        slow = state(Status.DEGRADED, "04-10 10:00 .. 04-10 11:00")
        records = [up("04-01 00:00 .. 04-10 10:00"), slow, up("04-10 11:00 .. 05-01 00:00")]
        assert april(terms, *records).value == 719 * HOUR

    def test_between_them_a_case_counts_as_it_was_seen(self) -> None:
        """What happens after a period does not change it: the case was open at its end."""
        terms = self.of("mean_time_between_failures", ", cases: incident, ignore_shorter_than: 1h")
        steps = case("a", "opened 04-30 20:00", "resolved 04-30 20:10", "opened 05-02 00:00", "resolved 05-03 00:00")
        whole = case("b", "opened 04-10 10:00", "resolved 04-10 12:00")
        assert april(terms, *steps, *whole).value == 718 * HOUR


class TestItems:
    """What has to be as it should be, at the moments at which it no longer is."""

    PATCHES = "cases: patch, from: opened, to: resolved, limits: {P1: 3 days, P2: 5 days}"

    def patches(self, more: str = "", *, item: str = ", item: pc", limits: str = "") -> Agreement:
        rule = limits or self.PATCHES.replace("cases: patch", "cases: incident")
        return agreement(f"{{kind: coverage, by_deadline: {{{rule}{item}}}{more}}}")

    def pc(self, name: str, *steps: str, item: str = "pc-1", priority: str = "P1") -> list[AnyRecord]:
        return [*case(name, *steps, priority=priority, labels=(("pc", item),))]

    def test_are_bad_for_any_deadline_that_was_not_kept(self) -> None:
        records = [
            *self.pc("a", "opened 04-20 00:00"),
            *self.pc("b", "opened 04-01 00:00", "resolved 04-10 00:00"),
        ]
        assert (april(self.patches(), *records).good, april(self.patches(), *records[::-1]).good) == (0, 0)

    def test_are_followed_beyond_a_case_without_a_deadline(self) -> None:
        records = [*self.pc("a", "opened 04-01 00:00", priority="P9"), *self.pc("b", "opened 04-01 00:00")]
        found = april(self.patches(), *records)
        assert (found.good, found.total) == (0, 1)

    def test_are_done_at_the_instant_at_which_they_began(self) -> None:
        found = april(self.patches(), *self.pc("a", "opened 04-01 00:00", "resolved 04-01 00:00"))
        assert (found.good, found.total) == (1, 1)

    def test_without_a_name_are_one(self) -> None:
        found = april(self.patches(), *self.pc("a", "opened 04-01 00:00", item=""))
        assert [(miss.what, miss.size) for miss in found.misses] == [("items without a name", 1)]
        assert list(found.reason.lines())[-1] == "    items without a name (evidence: desk#a/0)"

    def test_that_are_listed_and_never_began_have_no_record(self) -> None:
        terms = self.patches(", listed: [pc-1]")
        found = april(terms, *self.pc("a", "resolved 04-01 00:00"))
        assert list(found.reason.lines())[-1] == "    pc-1: nothing is recorded"

    def test_without_a_backup_are_ruled_as_nothing(self) -> None:
        assert april(agreement("{kind: coverage, fresh: {cases: backup, done: done, within: 24h}}")).empty

    def test_are_excluded_as_far_as_an_allowance_goes(self) -> None:
        terms = self.patches(", seen: throughout, excluded: {storm: {allowance: 1h per period}}")
        storm = excluded("04-10 00:00 .. 04-10 02:00", cause="storm")
        assert april(terms, *self.pc("a", "opened 04-01 00:00"), storm).total == (30 * 24 - 1) * HOUR

    def test_are_excluded_together_by_what_names_none(self) -> None:
        terms = self.patches(", excluded: {storm: {}}")
        records = [*self.pc("a", "opened 04-01 00:00"), *self.pc("b", "opened 04-01 00:00", item="pc-2")]
        storm = excluded("04-30 00:00 .. 05-01 00:00", cause="storm", name="storm")
        found = april(terms, *records, storm)
        assert (found.total, list(found.reason.lines())[-1]) == (
            0,
            "  exclusions of items: 1 exclusion (evidence: plan#storm)",
        )

    def test_cite_nothing_that_happened_when_the_period_had_ended(self) -> None:
        records = self.pc("a", "opened 04-01 00:00", "resolved 05-01 00:00")
        assert [line.strip() for line in april(self.patches(), *records).reason.lines()][-1] == (
            "pc-1 (evidence: desk#a/0)"
        )

    def test_of_which_one_was_agreed_and_nothing_is_known_are_undecided(self) -> None:
        found = april(self.patches(", items: 1"))
        assert found.undecided.startswith("Nothing is recorded of any of the items (incident) that count in 2025-04.")

    def test_are_counted_at_their_most_after_one_was_retired(self) -> None:
        terms = self.patches(", items: 2, seen: throughout, retired: gone")
        records = [
            *self.pc("a", "opened 04-01 00:00", "gone 04-05 00:00", item="a"),
            *self.pc("b", "opened 04-01 00:00", item="b"),
            *self.pc("c", "opened 04-06 00:00", item="c"),
            *self.pc("d", "opened 04-06 00:00", item="d"),
        ]
        assert april(terms, *records).undecided.startswith("Evidence names 3 items (incident) at once, and 2 are")
        assert april(terms, *records[:-1]).undecided == ""

    def test_are_current_at_a_value_of_nothing(self) -> None:
        terms = agreement("{kind: coverage, current: {of: faults, good_when: '<= 0.5', after: 48h}}")
        assert april(terms, gauge("04-30 10:00", "0", of="faults", unit="")).good == 1

    def test_without_samples_are_ruled_as_nothing(self) -> None:
        terms = agreement("{kind: coverage, current: {of: faults, good_when: '<= 0.5', after: 48h}}")
        assert april(terms).empty

    def test_mind_no_unit_of_what_was_sampled_when_the_period_had_ended(self) -> None:
        terms = agreement("{kind: coverage, current: {of: age, good_when: '<= 24h', after: 48h}}")
        samples = [gauge("04-30 10:00", "1", of="age", unit="h"), gauge("05-01 00:00", "1", of="age", unit="kg")]
        assert april(terms, *samples).undecided == ""

    def test_are_due_months_later_on_the_wall_of_the_agreement(self) -> None:
        """Half past midnight of 31 January in Berlin is still the 30th in UTC."""
        terms = agreement("{kind: coverage, fresh: {cases: backup, done: done, within: 24h}}", term=BERLIN)
        due = due_after(terms, datetime(2025, 1, 30, 23, 30, tzinfo=UTC), Months(1))
        assert due == datetime(2025, 2, 27, 23, 30, tzinfo=UTC)

    def test_are_fresh_for_months(self) -> None:
        terms = agreement("{kind: coverage, fresh: {cases: incident, done: done, within: 1 months}}")
        steps = case("a", "done 03-31 12:00")
        assert [measured(terms, label, *steps).good for label in ("2025-03", "2025-04")] == [1, 0]


class TestMilestones:
    DUE = "kind: milestone, of: go-live, cases: incident, due: 2025-05-01T00:00:00Z"

    def test_that_are_due_when_the_period_ends_are_not_undecided(self) -> None:
        terms = agreement(f"{{{self.DUE}, unrecorded: undecided}}", target="<= 0s")
        assert (april(terms).value, april(terms).undecided) == (Ratio(0), "")

    def test_cite_nothing_that_happened_when_the_period_had_ended(self) -> None:
        terms = agreement(f"{{{self.DUE}}}", target="<= 0s")
        found = april(terms, *case("go-live", "planned 04-30 23:59", "reached 05-01 00:00"))
        assert found.reason.evidence == ("desk#go-live/0",)

    @pytest.mark.parametrize(("parts", "size"), [("started", 31), ("completed", 30)])
    def test_are_late_by_parts_that_were_started_or_completed(self, parts: str, size: int) -> None:
        due = self.DUE.replace("05-01T00", "05-01T12")
        terms = agreement(f"{{{due}, count_in: 24h, parts: {parts}}}", target="<= 0")
        assert measured(terms, "2025-05").value == size

    @pytest.mark.parametrize(
        ("_case", "stop", "target", "given"),
        [
            ("720 hours are exactly a June", "long_stop: 720h", "<= 0s", False),
            ("and more than an hour less", "long_stop: 719h", "<= 0s", True),
            ("30 days are exactly a June", "long_stop: 30 days", "<= 0s", False),
            ("and more than one less", "long_stop: 29 days", "<= 0s", True),
            ("30 units are exactly a June", "long_stop_units: 30, count_in: 24h", "<= 0", False),
            ("and more than one less", "long_stop_units: 29, count_in: 24h", "<= 0", True),
            ("21 business days are exactly a June", "long_stop: 21 business days", "<= 0s", False),
            ("and more than one less", "long_stop: 20 business days", "<= 0s", True),
        ],
    )
    def test_give_a_right_when_they_are_later_than_their_long_stop(
        self, _case: str, stop: str, target: str, given: bool
    ) -> None:
        terms = agreement(f"{{{self.DUE.replace('05-01', '06-01')}, {stop}}}", target=target)
        assert bool(measured(terms, "2025-06").right) is given

    def test_in_days_are_late_on_the_wall_of_the_agreement(self) -> None:
        """Due at midnight in Berlin: the second day begins there, two hours before it does in UTC."""
        terms = agreement(f"{{{self.DUE.replace('T00:00:00Z', '')}, count_in: 1 day}}", target="<= 0", term=BERLIN)
        assert measured(terms, "2025-05", *case("go-live", "reached 05-02 23:00")).value == 2

    def test_without_a_record_of_what_may_move_them_stand(self) -> None:
        terms = agreement(f"{{{self.DUE}, excluded: {{customer: {{}}}}}}", target="<= 0s")
        assert measured(terms, "2025-05").value == 31 * 24 * HOUR


class TestPromisedSteps:
    TOLD = "kind: steps, cases: incident, steps: {told: {state: told, within: 15m}}"

    def test_concern_the_events_with_a_label_and_a_priority_and_no_others(self) -> None:
        terms = agreement(f"{{{self.TOLD}, where: {{class: link}}, priority: P1}}", target=">= 100%")
        records = [
            *case("a", "occurred 04-03 02:00", priority="P1", labels=(("class", "link"),)),
            *case("b", "occurred 04-03 02:00", priority="P2", labels=(("class", "link"),)),
            *case("c", "occurred 04-03 02:00", priority="P1", labels=(("class", "printer"),)),
        ]
        assert [miss.incident for miss in april(terms, *records).misses] == ["a"]

    @pytest.mark.parametrize(("from_", "label"), [("occurred", "2025-04"), ("detected", "2025-05")])
    def test_belong_to_the_period_in_which_they_were_due(self, from_: str, label: str) -> None:
        terms = agreement(f"{{{self.TOLD}, from: {from_}}}", target=">= 100%")
        records = case("a", "occurred 04-30 23:40", "detected 04-30 23:50")
        assert [each for each in ("2025-04", "2025-05") if measured(terms, each, *records).total] == [label]

    def test_without_a_record_of_what_is_excluded_count(self) -> None:
        terms = agreement(f"{{{self.TOLD}, excluded: {{customer: {{}}}}}}", target=">= 100%")
        assert april(terms, *case("a", "occurred 04-03 02:00")).total == 1


class TestSamples:
    LATENCY = "kind: average, of: latency, unit: time"

    def test_of_nothing_are_a_value(self) -> None:
        terms = agreement(f"{{{self.LATENCY}}}", target="<= 300ms")
        found = april(terms, gauge("04-10 10:00", "0"), gauge("04-10 11:00", "100"))
        assert (found.value, found.undecided) == (Ratio(1, 20), "")

    def test_in_a_wrong_unit_leave_no_figures(self) -> None:
        terms = agreement("{kind: quantile, of: latency, unit: time, quantile: 95%, subjects: worst}", target="<= 1s")
        found = april(terms, gauge("04-10 10:00", "5", unit="kg", name="1"), gauge("04-10 11:00", "5", name="2"))
        assert (found.value, list(found.reason.lines())[1:]) == (None, ["  samples that count: 0"])

    def test_that_hold_over_the_end_of_a_slice_are_cut_there(self) -> None:
        """From a quarter past ten a sample holds for ninety minutes: three quarters of one hour and of the next."""
        terms = agreement(
            "{kind: quantile, of: latency, unit: time, quantile: 50%, weight: time, after: 90m,"
            " slices: {every: 1h, good_when: '<= 300ms', empty: bad}}",
            target=">= 90%",
        )
        samples = [gauge("04-10 10:15", "100"), gauge("04-10 11:45", "900"), gauge("04-10 11:50", "900")]
        assert april(terms, *samples).good == 2

    def test_of_each_subject_are_told_in_their_unit(self) -> None:
        terms = agreement("{kind: average, of: speed, unit: number, subjects: worst}", target="<= 10")
        found = april(terms, gauge("04-10 10:00", "5", "a", of="speed", unit=""))
        assert list(found.reason.lines())[1] == "  a: 5"

    def test_without_a_unit_are_said_to_have_none(self) -> None:
        terms = agreement("{kind: average, of: latency, unit: time}", target="<= 1s")
        assert april(terms, gauge("04-10 10:00", "5", unit="", name="1")).undecided == (
            "probe#1 gives latency in no unit, which is no time. Correct the record."
        )

    def test_of_the_worst_subject_are_the_lowest_where_more_is_better(self) -> None:
        terms = agreement(
            "{kind: quantile, of: speed, unit: number, quantile: 50%, subjects: worst,"
            " slices: {every: 1h, good_when: '>= 10', empty: skipped}}",
            target=">= 90%",
        )
        samples = [gauge("04-10 10:00", value, name, of="speed", unit="") for value, name in (("5", "a"), ("20", "b"))]
        found = april(terms, *samples)
        assert (found.good, found.total) == (0, 1)


class TestStatements:
    def test_that_were_replaced_need_not_be_valid(self) -> None:
        terms = agreement("{kind: stated, of: x, unit: number, take: last, minimum: 0.5}", target=">= 1")
        first, last = (statement(f"04-{day} 10:00", value, of="x") for day, value in (("10", "0"), ("11", "2")))
        assert april(terms, first, last).value == 2
        assert april(terms, first).undecided.startswith("Erika states 0, which is below the least that is valid, 0.5")

    def test_are_all_valid_or_none_counts(self) -> None:
        terms = agreement("{kind: stated, of: x, unit: number, take: sum, minimum: 1}", target=">= 1")
        first, last = (statement(f"04-{day} 10:00", value, of="x") for day, value in (("10", "0"), ("11", "2")))
        assert april(terms, first, last).invalid

    def test_of_the_same_moment_contradict_each_other_though_about_two_subjects(self) -> None:
        terms = agreement("{kind: stated, of: x, unit: number, take: last}", target=">= 1")
        both = [statement("04-10 10:00", value, of="x", subject=name) for value, name in (("1", "a"), ("2", "b"))]
        assert april(terms, *both).undecided.startswith("Of 2025-04-10T10:00:00Z Erika states 1 and Erika states 2.")


class TestTimeBeyond:
    HOT = "kind: time_beyond, of: heat, as: time, beyond: '> 27'"

    def test_counts_in_the_hours_of_its_calendar(self) -> None:
        terms = agreement(f"{{{self.HOT}, on: office}}", target="<= 1h", calendars=OFFICE)
        samples = [
            gauge(when, value, of="heat", unit="") for when, value in (("04-10 17:00", "30"), ("04-10 20:00", "20"))
        ]
        found = april(terms, *samples, gauge("04-01 00:00", "20", of="heat", unit=""))
        assert (found.value, list(found.reason.lines())[2]) == (
            Ratio(HOUR),
            "    service time on calendar office: 792,000 s [service-time]",
        )

    def test_can_be_told_as_a_share(self) -> None:
        terms = agreement("{kind: time_beyond, of: heat, as: share, beyond: '> 27'}", target="<= 1%")
        found = april(terms, gauge("04-01 00:00", "20", of="heat", unit=""))
        assert next(iter(found.reason.lines())) == "heat: 2,592,000 s agreed, 0 s beyond: 0 % [time-beyond]"

    def test_counts_the_silence_of_a_subject_that_is_named_before_its_first_sample(self) -> None:
        samples = [gauge(f"04-{day} 00:00", "20", name, of="heat", unit="") for day, name in (("01", "a"), ("10", "b"))]
        for subject, value in ((", subject: [a, b]", 9 * 24 * HOUR), ("", 0)):
            terms = agreement(f"{{{self.HOT}{subject}, unknown: {{as: beyond}}}}", target="<= 1h")
            assert april(terms, *samples).value == value

    def test_needs_the_coverage_that_is_agreed(self) -> None:
        terms = agreement(f"{{{self.HOT}, unknown: {{as: inside, after: 1h, minimum_coverage: 50%}}}}", target="<= 1h")
        assert april(terms, gauge("04-10 17:00", "20", of="heat", unit="")).value is None

    @pytest.mark.parametrize("when", ["03-31 22:00", "05-01 00:00"])
    def test_minds_no_unit_of_what_does_not_reach_into_the_period(self, when: str) -> None:
        terms = agreement(f"{{{self.HOT}, unknown: {{after: 2h}}}}", target="<= 1h")
        samples = [gauge(when, "20", of="heat", unit="kg"), gauge("04-10 10:00", "20", of="heat", unit="")]
        assert april(terms, *samples).undecided == ""

    @pytest.mark.parametrize(
        ("subject", "case_", "value"), [("", "", 0), ("s", "", 0), ("s", "C-1", HOUR), ("t", "", HOUR)]
    )
    def test_leaves_out_what_is_excluded_for_it(self, subject: str, case_: str, value: int) -> None:
        terms = agreement(f"{{{self.HOT}, excluded: {{storm: {{}}}}}}", target="<= 1h")
        samples = [
            gauge(when, number, of="heat", unit="")
            for when, number in (("04-01 00:00", "20"), ("04-10 10:00", "30"), ("04-10 11:00", "20"))
        ]
        storm = excluded("04-10 10:00 .. 04-10 11:00", subject, cause="storm", case=case_)
        assert april(terms, *samples, storm).value == value


class TestWeights:
    def test_of_parts_that_are_not_there_yet_are_left_out(self) -> None:
        tree = Tree(
            Component(id="s"), Needs.SHARES, tuple(map(leaf, "abc")), weights=(Ratio(1, 2), Ratio(1, 4), Ratio(1, 4))
        )
        assert degree(tree, {"a": Ratio(1), "b": Ratio(0)}) == Ratio(2, 3)


class TestLimitsInDays:
    def test_that_are_exclusive_are_over_only_when_the_last_day_is(self) -> None:
        terms = agreement("{kind: within, cases: incident, limit: 2 days, bound: exclusive}", target=">= 95%")
        assert april(terms, *case("a", "opened 04-10 10:00", "resolved 04-11 22:00")).good == 1


def leaf(name: str) -> Tree:
    return Tree(Component(id=name), Needs.ITSELF)


class TestMoments:
    """How a service stands when some of its parts are excluded, silent and down at once."""

    def test_weigh_the_silent_part_among_those_that_are_there_or_excluded(self) -> None:
        tree = Tree(Component(id="s"), Needs.SHARES, tuple(map(leaf, "abc")), weights=(Ratio(1),) * 3)
        found = moment_of(tree, {"a": "shrunk", "b": "unknown", "c": "up"}, UnknownAs.DOWN)
        assert found == Moment(Ratio(1, 3), Ratio(1, 3), Ratio(2, 3), Ratio(1, 3), ("b",))

    def test_know_of_nothing_that_is_taken_out(self) -> None:
        tree = Tree(Component(id="s"), Needs.ALL, tuple(map(leaf, "ab")))
        found = moment_of(tree, {"a": "shrunk", "b": "unknown"}, UnknownAs.UP)
        assert found == Moment(Ratio(1), Ratio(0), Ratio(0), Ratio(0), ())

    def test_name_only_the_parts_whose_being_up_would_help(self) -> None:
        pair = Tree(Component(id="pair"), Needs.SOME, tuple(map(leaf, "ab")), some=1)
        tree = Tree(Component(id="s"), Needs.SHARES, (pair, leaf("c")), weights=(Ratio(1), Ratio(1)))
        found = moment_of(tree, {"a": "down", "b": "up", "c": "down"}, UnknownAs.DOWN)
        assert (found.lost, found.parts) == (Ratio(1, 2), ("c",))


class TestTrees:
    SERVICES = "{s: {title: S, made_of: {all_of: [a, b]}}}"

    def tree(self, more: str) -> Agreement:
        return agreement(f"{{kind: composite, of: s{more}}}", services=self.SERVICES)

    @pytest.mark.parametrize(("degraded", "lost"), [("up", 0), ("down", HOUR)])
    def test_call_down_what_the_agreement_does(self, degraded: str, lost: int) -> None:
        records = [
            up("04-01 00:00 .. 05-01 00:00", "a"),
            up("04-01 00:00 .. 04-10 10:00", "b"),
            state(Status.DEGRADED, "04-10 10:00 .. 04-10 11:00", "b"),
            up("04-10 11:00 .. 05-01 00:00", "b"),
        ]
        found = april(self.tree(f", degraded: {degraded}"), *records)
        assert found.total - found.good == lost

    def test_take_a_report_for_as_long_as_it_is_agreed_to_hold(self) -> None:
        terms = self.tree(", unknown: {as: down, after: 1h}")
        found = april(terms, up("04-30 22:00 ..", "a"), up("04-30 23:00 ..", "b"))
        assert found.coverage == Ratio(0)
        found = april(terms, up("04-30 23:00 ..", "a"), up("04-30 23:00 ..", "b"))
        assert found.coverage == Ratio(1, 720)

    @pytest.mark.parametrize(
        ("_case", "when", "value"),
        [
            ("what was heard last when the period began", "03-01 00:00 .. 04-01 00:00", None),
            ("what was heard later", "03-01 00:00 .. 04-01 00:01", Ratio(1)),
            ("what holds since before", "03-01 00:00 ..", Ratio(1)),
            ("what began to be watched after it", "06-01 00:00 .. 07-01 00:00", Ratio(1)),
        ],
    )
    def test_of_which_silence_is_up_need_to_be_watched(self, _case: str, when: str, value: Ratio | None) -> None:
        assert april(self.tree(", unknown: {as: up}"), up(when, "a"), up(when, "b")).value == value


class TestStates:
    @pytest.mark.parametrize("order", [("1", "2"), ("2", "1")])
    def test_of_one_source_at_the_same_instant_are_the_worst_of_them(self, order: tuple[str, str]) -> None:
        records = [
            state(status, "04-10 10:00 ..", name=name)
            for status, name in zip((Status.UP, Status.DOWN), order, strict=True)
        ]
        found = april(agreement("{kind: availability, of: s, unknown: {as: up}}"), *records)
        assert found.total - found.good == 20 * 24 * HOUR + 14 * HOUR

    def test_that_follow_one_another_are_one_outage(self) -> None:
        terms = agreement("{kind: availability, of: s, count: {ignore_shorter_than: 45m}, unknown: {as: up}}")
        halves = [down("04-10 10:00 .. 04-10 10:30", name="1"), down("04-10 10:30 .. 04-10 11:00", name="2")]
        assert [(miss.size, miss.evidence) for miss in april(terms, *halves).misses] == [
            (HOUR, ("monitor#1", "monitor#2"))
        ]

    def test_without_a_second_are_no_outage(self) -> None:
        terms = agreement("{kind: availability, of: s, unknown: {as: up}}")
        assert april(terms, down("04-10 10:00 .. 04-10 10:00")).misses == ()

    def test_are_cited_where_they_are_what_is_lost(self) -> None:
        terms = agreement("{kind: composite, of: s, excluded: {storm: {}}, unknown: {as: up}}")
        halves = [down("04-10 10:00 .. 04-10 10:30", name="1"), down("04-10 10:30 .. 04-10 11:00", name="2")]
        found = april(terms, *halves, excluded("04-10 10:00 .. 04-10 10:30", "s", cause="storm"))
        assert [miss.evidence for miss in found.misses] == [("monitor#2",)]


class TestAnAllowance:
    def test_does_not_refuse_what_ends_when_it_is_used_up(self) -> None:
        terms = agreement("{kind: availability, of: s, excluded: {storm: {allowance: 1h per period}}}")
        storms = [excluded(f"04-10 10:00 .. 04-10 {end}:00", cause="storm", name=end) for end in ("11", "12")]
        refused = [line.strip() for line in april(terms, up("04-01 00:00 .. 05-01 00:00"), *storms).reason.lines()]
        assert [line for line in refused if "does not count" in line] == [
            "storm 2025-04-10 10:00Z .. 2025-04-10 12:00Z does not count from 2025-04-10T11:00:00Z on: the agreed 1 hour"
            " per period are used up (evidence: plan#12)"
        ]

    def test_that_is_exactly_used_is_not_used_up(self) -> None:
        night = span("04-10 00:00 .. 04-10 06:00")
        assert used_up_at([night], [night], Duration(6 * HOUR)) is None
        assert used_up_at([night], [night], Duration(6 * HOUR - 1)) == at("04-10 05:59:59")


class TestMinutes:
    def test_of_an_outage_that_closing_time_cuts_in_two_are_added(self) -> None:
        terms = agreement(
            "{kind: availability, of: s, on: office, count: {granularity: touched_minutes}}", calendars=OFFICE
        )
        found = april(terms, up("04-01 00:00 .. 05-01 00:00"), down("04-09 17:50 .. 04-10 08:05"))
        assert [(miss.size) for miss in found.misses] == [15 * 60]

    def test_of_a_whole_hour_are_sixty(self) -> None:
        terms = agreement("{kind: availability, of: s, count: {granularity: elapsed_minutes}, unknown: {as: up}}")
        assert [miss.size for miss in april(terms, down("04-10 10:00:30 .. 04-10 11:00:30")).misses] == [HOUR]


class TestPriorities:
    """Limits that each priority uses up by its time, at exactly the whole."""

    @pytest.mark.parametrize(("bound", "good"), [("inclusive", 1), ("exclusive", 0)])
    def test_may_use_up_exactly_all(self, bound: str, good: int) -> None:
        more = f"limits: {{P1: 4h, P3: 24h}}, priority_at: each_by_its_time, bound: {bound}"
        terms = agreement(f"{{kind: within, cases: incident, {more}}}", target=">= 95%")
        half = case("a", "opened P3 04-02 00:00", "raised P1 04-02 12:00", "resolved 04-02 14:00")
        assert april(terms, *half).good == good

    @pytest.mark.parametrize(("resolved", "breached"), [("02:00", False), ("03:00", True)])
    def test_have_a_limit_that_nobody_may_exceed(self, resolved: str, breached: bool) -> None:
        more = "limits: {P1: 20h, P3: 24h}, priority_at: each_by_its_time, rest_within: 26h"
        terms = agreement(f"{{kind: within, cases: incident, {more}}}", target=">= 1%")
        steps = case("a", "opened P3 04-02 00:00", "raised P1 04-02 12:00", f"resolved 04-03 {resolved}")
        assert bool(april(terms, *steps).breached) is breached

    def test_name_the_first_five_cases_that_exceed_it(self) -> None:
        terms = agreement("{kind: within, cases: incident, limit: 4h, rest_within: 8h}", target=">= 1%")
        steps = [each for name in "abcdef" for each in case(name, "opened 04-02 00:00", "resolved 04-02 09:00")]
        assert april(terms, *steps).breached == (
            "6 cases (a, b, c, d, e) took longer than the rest may: missed whatever the share"
        )

    def test_were_overdue_before_in_their_own_hours(self) -> None:
        """Opened on a Monday night: overdue for P1, which runs day and night, and counted in March."""
        terms = agreement(
            "{kind: within, cases: incident, limits: {P1: 4h}, carried_over: once,"
            " clock: {on: office, on_priority: {P1: always}}}",
            target=">= 95%",
            calendars=OFFICE,
        )
        assert april(terms, *case("a", "opened P1 03-31 19:00", "resolved 04-02 12:00")).total == 0

    def test_each_have_their_own_hours(self) -> None:
        """P1 runs day and night: half of its four hours; P3 in office hours: none of its ten."""
        terms = agreement(
            "{kind: within, cases: incident, limits: {P1: 4h, P3: 10h}, priority_at: each_by_its_time,"
            " clock: {on: office, on_priority: {P1: always}}}",
            target=">= 95%",
            calendars=OFFICE,
        )
        night = case("a", "opened P3 04-02 19:00", "raised P1 04-02 22:00", "resolved 04-03 04:00")
        assert [line.strip() for line in april(terms, *night).reason.lines() if "used up" in line] == [
            "a (P1) used up 150.00 % of the limits of its priorities (evidence: desk#a/0, desk#a/1, desk#a/2)"
        ]

    def test_of_a_case_that_is_open_use_up_what_they_have_until_then(self) -> None:
        terms = agreement(
            "{kind: within, cases: incident, limits: {P1: 4h}, priority_at: each_by_its_time}", target=">= 95%"
        )
        assert april(terms, *case("a", "opened P1 04-30 23:00")).total == 0
        assert april(terms, *case("a", "opened P1 04-30 20:00")).total == 0
        assert april(terms, *case("a", "opened P1 04-30 19:59")).total == 1

    @pytest.mark.parametrize(
        ("limits", "resolved"), [("P1: 49h, P3: 2 days", "04-04 00:30"), ("P1: 2 days, P3: 47h", "04-03 23:30")]
    )
    def test_are_as_strict_as_their_limits(self, limits: str, resolved: str) -> None:
        """Two days are 48 hours: less than 49, and more than 47."""
        measure = f"kind: within, cases: incident, limits: {{{limits}}}, priority_at: highest"
        steps = case("a", "opened P1 04-02 00:00", "changed P3 04-02 12:00", f"resolved {resolved}")
        assert april(agreement(f"{{{measure}}}", target=">= 95%"), *steps).good == 0

    def test_that_came_later_are_those_of_the_beginning(self) -> None:
        terms = agreement(
            "{kind: within, cases: incident, limits: {P1: 4h, P3: 24h}, priority_at: each_by_its_time}", target=">= 95%"
        )
        steps = case(
            "a", "opened 04-02 00:00", "raised P1 04-02 02:00", "lowered P3 04-02 06:00", "resolved 04-02 07:00"
        )
        assert [miss.what for miss in april(terms, *steps).misses] == [
            "a (P3) used up 154.17 % of the limits of its priorities"
        ]

    def test_without_limits_are_as_strict_as_their_place(self) -> None:
        measure = "kind: within, cases: incident, limit: 4h, priority: [P9, P1], priority_at: highest"
        terms = agreement(f"{{{measure}}}", target=">= 95%")
        late = case("a", "opened P1 04-02 00:00", "raised P9 04-02 01:00", "resolved 04-02 12:00")
        assert [miss.what for miss in april(terms, *late).misses] == ["a (P9) took 12h, and 4h are agreed"]


class TestPopulations:
    def test_see_a_case_that_was_resolved_when_the_period_ended_as_open(self) -> None:
        terms = agreement("{kind: within, cases: incident, limit: 4h}", target=">= 95%")
        late = case("a", "opened 04-30 12:00", "resolved 05-01 00:00")
        assert [miss.what for miss in april(terms, *late).misses] == ["a is open after 12h, and 4h are agreed"]


class TestSlices:
    def test_of_which_nothing_is_on_record_have_no_value(self) -> None:
        terms = Slices(every=Duration(HOUR), method=SliceMethod.MEAN_ERROR_RATE, empty=EmptySlice.GOOD)
        assert (sliced_ratio([], 24, terms), sliced_ratio([], 24, terms, recorded=True)) == (None, Ratio(1))
