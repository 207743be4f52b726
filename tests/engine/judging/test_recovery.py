from __future__ import annotations

import pytest

from makegood.engine.agreement.shapes import Unit
from makegood.engine.evidence.records import AnyRecord, Transition
from makegood.engine.judging.verdict import Ruling
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.judging.scene import agreement, at, case, down, excluded, measured, shuffled, texts, up, verdict

HOUR = 3600
OFFICE = "{office: {days: {mon-fri: ['08:00-18:00']}}}"
APRIL = 30 * 24 * HOUR
OUTAGES = (
    up("01-01 00:00 .. 12-31 00:00"),
    down("03-31 20:00 .. 04-01 01:00", name="o1"),
    down("04-10 10:00 .. 04-10 11:00", incident="I-1", name="o2"),
    down("04-30 22:00 .. 05-01 04:00", name="o3"),
)


def recovery(figure: str, more: str = "", of: str = "of: s") -> str:
    return f"{{kind: recovery, as: {figure}, {of}{more}}}"


def cases(figure: str, more: str = "") -> str:
    return recovery(figure, more, "cases: incident")


class TestTimeToRestore:
    @pytest.mark.parametrize(
        ("_case", "more", "mean", "longest"),
        [
            ("restored, and open at the end", "", Ratio(8 * HOUR, 3), 5 * HOUR),
            ("restored only", ", still_failed: left_out", Ratio(3 * HOUR), 5 * HOUR),
            ("begun in the period, followed to the end", ", failures: failed_in_period", Ratio(7 * HOUR, 2), 6 * HOUR),
            ("not the short ones", ", ignore_shorter_than: 90m", Ratio(7 * HOUR, 2), 5 * HOUR),
        ],
    )
    def test_is_that_of_the_failures_of_the_period(self, _case: str, more: str, mean: Ratio, longest: int) -> None:
        for figure, value in (("mean_time_to_restore", mean), ("longest_time_to_restore", longest)):
            found = measured(agreement(recovery(figure, more), target="<= 4h"), "2025-04", *shuffled(OUTAGES))
            assert (found.value, found.unit) == (value, Unit.TIME)

    def test_is_not_that_of_later_failures(self) -> None:
        found = measured(agreement(recovery("mean_time_to_restore"), target="<= 4h"), "2025-03", *OUTAGES)
        assert found.value == 4 * HOUR

    def test_tells_each_failure(self) -> None:
        found = measured(agreement(recovery("longest_time_to_restore"), target="<= 4h"), "2025-04", *OUTAGES)
        assert [(miss.what, miss.size, miss.incident, miss.evidence) for miss in found.misses] == [
            ("s failed 2025-03-31T20:00:00Z, 5h", 5 * HOUR, "", ("monitor#o1",)),
            ("s failed 2025-04-10T10:00:00Z, 1h", HOUR, "I-1", ("monitor#o2",)),
            ("s failed 2025-04-30T22:00:00Z, 2h", 2 * HOUR, "", ("monitor#o3",)),
        ]
        assert texts(found.reason)[0] == "failures of s: longest time to restore of 3 failures: 5 hours"

    @pytest.mark.parametrize(("still_failed", "value"), [("counted", 2 * HOUR), ("left_out", None)])
    def test_of_what_nobody_restored(self, still_failed: str, value: int | None) -> None:
        for failures in ("failed_in_period", "restored_in_period"):
            more = f", still_failed: {still_failed}, failures: {failures}"
            terms = agreement(recovery("mean_time_to_restore", more), target="<= 4h")
            assert measured(terms, "2025-04", down("04-30 22:00 ..")).value == value

    def test_runs_in_the_hours_of_its_calendar(self) -> None:
        terms = agreement(recovery("mean_time_to_restore", ", on: office"), target="<= 4h", calendars=OFFICE)
        assert measured(terms, "2025-04", *OUTAGES[:1], down("04-09 16:00 .. 04-10 09:00")).value == 3 * HOUR

    @pytest.mark.parametrize(("subject", "value"), [("s", HOUR), ("", HOUR), ("t", 2 * HOUR)])
    def test_leaves_out_excluded_time(self, subject: str, value: int) -> None:
        terms = agreement(recovery("mean_time_to_restore", ", excluded: {storm: {}}"), target="<= 4h")
        storm = excluded("04-10 10:00 .. 04-10 11:00", subject, cause="storm")
        found = measured(terms, "2025-04", *OUTAGES[:1], down("04-10 10:00 .. 04-10 12:00"), storm)
        assert found.value == value

    @pytest.mark.parametrize(("empty", "ruling"), [("undecided", "UNDECIDED"), ("met", "MET")])
    def test_of_no_failure_is_ruled_as_agreed(self, empty: str, ruling: str) -> None:
        terms = agreement(recovery("mean_time_to_restore", f", empty: {empty}"), target="<= 4h")
        assert verdict(terms, "2025-06", *OUTAGES).ruling == ruling

    def test_of_what_nobody_watched_is_undecided(self) -> None:
        found = verdict(agreement(recovery("mean_time_to_restore", ", empty: met"), target="<= 4h"), "2025-04")
        assert found.ruling is Ruling.UNDECIDED
        assert found.measurement.undecided.startswith("No evidence tells the state of s in 2025-04.")

    def test_of_several_parts_is_that_of_the_whole(self) -> None:
        terms = agreement(
            recovery("mean_time_to_restore"), target="<= 4h", services="{s: {title: S, made_of: {any_of: [a, b]}}}"
        )
        records = [up("01-01 00:00 .. 12-31 00:00", name) for name in "ab"]
        records += [down("04-10 10:00 .. 04-10 12:00", "a"), down("04-10 11:00 .. 04-10 13:00", "b")]
        assert measured(terms, "2025-04", *records).value == HOUR


class TestTimeToRestoreOfCases:
    def test_runs_from_the_first_failure_to_the_last_restoration_seen(self) -> None:
        again = case("1", "opened 04-02 08:00", "resolved 04-02 09:00", "opened 04-02 10:00", "resolved 04-02 11:00")
        later = case("2", "opened 04-29 08:00", "resolved 04-29 09:00", "opened 05-01 08:00", "resolved 05-01 09:00")
        terms = agreement(cases("mean_time_to_restore"), target="<= 4h")
        assert measured(terms, "2025-04", *again, *later).value == Ratio(2 * HOUR)
        assert measured(terms, "2025-05", *again, *later).value == Ratio(49 * HOUR)

    def test_counts_those_of_its_priorities(self) -> None:
        records = [
            *case("1", "opened 04-02 08:00", "resolved 04-02 09:00", priority="P1"),
            *case("2", "opened 04-02 08:00", "resolved 04-02 19:00", priority="P2"),
            *case("3", "resolved 04-02 19:00"),
            *case("4", "opened 06-02 08:00", "resolved 06-02 19:00", priority="P1"),
        ]
        found = measured(
            agreement(cases("mean_time_to_restore", ", priority: P1"), target="<= 4h"), "2025-04", *records
        )
        assert found.value == HOUR
        assert found.misses[0].incident == "1"

    def test_leaves_out_an_excluded_case_and_excluded_time(self) -> None:
        records: list[AnyRecord] = [
            *case("1", "opened 04-02 08:00", "resolved 04-02 09:00", incident="I-7"),
            *case("2", "opened 04-03 08:00", "resolved 04-03 19:00"),
            excluded("04-03 08:00 .. 04-03 08:00", cause="storm", case="2"),
            excluded("04-02 08:30 .. 04-02 09:00", cause="storm"),
        ]
        terms = agreement(cases("mean_time_to_restore", ", excluded: {storm: {}}"), target="<= 4h")
        found = measured(terms, "2025-04", *records)
        assert (found.value, found.misses[0].incident) == (Ratio(HOUR // 2), "I-7")

    def test_tells_of_an_exclusion_that_does_not_count(self) -> None:
        records = [*case("1", "opened 04-02 08:00", "resolved 04-02 09:00")]
        late = excluded("04-02 08:30 .. 04-02 09:00", cause="storm")
        terms = agreement(cases("mean_time_to_restore", ", excluded: {storm: {notice: 1h}}"), target="<= 4h")
        found = measured(terms, "2025-04", *records, late)
        assert found.value == HOUR
        assert "does not count" in texts(found.reason)[-1]


class TestFailures:
    def test_of_cases_that_are_logged_to_the_minute_end(self) -> None:
        records = [*case("1", "resolved 04-02 08:00", "opened 04-02 08:00")]  # in the order of their identifiers
        assert measured(agreement(cases("longest_time_to_restore"), target="<= 4h"), "2025-04", *records).empty

    @pytest.mark.parametrize(("parts", "value"), [("all_of: [a, b]", 3 * HOUR), ("any_of: [a, b]", HOUR)])
    def test_of_a_service_leave_out_the_part_that_is_excluded(self, parts: str, value: int) -> None:
        terms = agreement(
            recovery("longest_time_to_restore", ", excluded: {storm: {}}"),
            target="<= 4h",
            services=f"{{s: {{title: S, made_of: {{{parts}}}}}}}",
        )
        records: list[AnyRecord] = [
            *(up("01-01 00:00 .. 12-31 00:00", part) for part in "ab"),
            down("04-10 10:00 .. 04-10 14:00", "a"),
            down("04-10 11:00 .. 04-10 13:00", "b"),
            excluded("04-10 10:00 .. 04-10 12:00", "a", cause="storm", name="storm"),
            excluded("04-12 10:00 .. 04-12 12:00", "a", cause="storm"),
        ]
        found = measured(terms, "2025-04", *records)
        assert found.value == value
        cited = [each.evidence for each in found.reason.walk() if "exclusions" in each.text]
        assert cited == [("plan#storm",)]


class TestTimeBetweenFailures:
    @pytest.mark.parametrize(
        ("figure", "value"),
        [
            ("mean_time_between_failures", Ratio(APRIL - 4 * HOUR, 2)),
            ("mean_time_between_incidents", Ratio(APRIL, 2)),
        ],
    )
    def test_divides_the_period_by_the_failures_that_began_in_it(self, figure: str, value: Ratio) -> None:
        found = measured(agreement(recovery(figure), target=">= 100h"), "2025-04", *OUTAGES)
        assert found.value == value
        assert "of that failed: 14,400 s" in texts(found.reason)

    def test_of_cases_takes_agreed_time_from_the_calendar(self) -> None:
        records: list[AnyRecord] = [
            *case("1", "opened 04-02 08:00", "resolved 04-02 09:00"),
            *case("2", "opened 04-02 08:30", "resolved 04-02 10:00"),
            excluded("04-20 00:00 .. 04-20 10:00", cause="storm"),
            excluded("04-25 00:00 .. 04-26 10:00", cause="storm", case="9"),
        ]
        terms = agreement(cases("mean_time_between_failures", ", excluded: {storm: {}}"), target=">= 100h")
        assert measured(terms, "2025-04", *records).value == Ratio(APRIL - 12 * HOUR, 2)

    def test_of_cases_takes_no_time_for_what_is_no_failure(self) -> None:
        records: list[AnyRecord] = [
            *case("1", "opened 03-31 23:00", "resolved 04-01 01:00"),
            *case("2", "opened 04-02 08:00", "resolved 04-02 09:00"),
            *case("3", "opened 04-04 08:00", "resolved 04-06 08:00"),
            *case("4", "opened 04-10 08:00", "resolved 04-10 08:10"),
            *case("5", "opened 03-10 08:00", "resolved 03-11 08:00"),
            excluded("04-04 08:00 .. 04-04 08:00", cause="storm", case="3"),
        ]
        more = ", excluded: {storm: {}}, ignore_shorter_than: 30m"
        terms = agreement(cases("mean_time_between_failures", more), target=">= 100h")
        found = measured(terms, "2025-04", *records)
        assert (found.value, found.total) == (Ratio(APRIL - 2 * HOUR), 1)

    def test_of_no_failure_has_no_value(self) -> None:
        found = measured(agreement(cases("mean_time_between_failures"), target=">= 100h"), "2025-04")
        assert (found.value, found.empty) == (None, True)


class TestRecoveryPoint:
    def backup(self, name: str, state: str, when: str) -> Transition:
        return Transition(source="backup", source_id=name, case=name, of="backup", state=state, at=at(when))

    def test_is_the_age_of_the_last_good_backup(self) -> None:
        backups = [
            self.backup("b1", "done", "04-09 22:00"),
            self.backup("b2", "failed", "04-10 09:00"),
            self.backup("b3", "done", "04-30 22:00"),
        ]
        terms = agreement(recovery("recovery_point", ", backups: {cases: backup}"), target="<= 4h")
        found = verdict(terms, "2025-04", *OUTAGES, *backups)
        assert (found.measurement.value, found.ruling) == (Ratio(12 * HOUR), Ruling.MISSED)
        assert "last good backup before s: 12h old" in texts(found.measurement.reason)

    def test_without_an_earlier_backup_is_undecided(self) -> None:
        terms = agreement(recovery("recovery_point", ", backups: {cases: backup}"), target="<= 4h")
        found = verdict(terms, "2025-04", *OUTAGES, self.backup("b1", "done", "04-20 22:00"))
        assert found.ruling is Ruling.UNDECIDED
        assert found.measurement.undecided == (
            "No good backup is recorded before s failed at 2025-04-10T10:00:00Z. Import the backups before it."
        )

    def test_of_no_failure_has_no_value(self) -> None:
        terms = agreement(recovery("recovery_point", ", backups: {cases: backup}"), target="<= 4h")
        assert measured(terms, "2025-06", *OUTAGES).empty
