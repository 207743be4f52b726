from __future__ import annotations

import pytest

from makegood.engine.evidence.records import AnyRecord, Transition
from makegood.engine.judging.verdict import Ruling
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.judging.scene import agreement, at, excluded, gauge, measured, shuffled, texts, verdict

DAY = 86_400
OFFICE = "{office: {days: {mon-fri: ['08:00-18:00']}}}"


def steps(name: str, of: str, *written: str, item: str = "", priority: str = "") -> list[Transition]:
    """Return a case written ``opened 04-02 08:00``."""
    found = []
    for place, step in enumerate(written):
        state, when = step.split(maxsplit=1)
        found.append(
            Transition(
                source="tool",
                source_id=f"{name}/{place}",
                case=name,
                of=of,
                state=state,
                at=at(when),
                priority=priority if place == 0 else "",
                labels=(("pc", item),) if item else (),
            )
        )
    return found


def patches(more: str = "", limits: str = "limits: {critical: 3 business days, low: 3 months}", item: str = "") -> str:
    rule = f"{{cases: patch, from: released, to: installed, {limits}{item}}}"
    return f"{{kind: coverage, by_deadline: {rule}{more}}}"


def backups(more: str = "") -> str:
    return f"{{kind: coverage, fresh: {{cases: backup, done: [done, verified], within: 24h, item: pc}}{more}}}"


def definitions(more: str = "") -> str:
    return f"{{kind: coverage, current: {{of: age, good_when: '<= 24h', after: 48h}}{more}}}"


class TestByDeadline:
    def test_counts_cases_that_are_not_overdue(self) -> None:
        records = [
            *steps("in-time", "patch", "released 04-07 09:00", "installed 04-10 09:00", priority="critical"),
            *steps("late", "patch", "released 04-07 09:00", "installed 05-10 09:00", priority="critical"),
            *steps("late-but-done", "patch", "released 04-07 09:00", "installed 04-20 09:00", priority="critical"),
            *steps("not-due", "patch", "released 04-29 09:00", priority="critical"),
            *steps("no-deadline", "patch", "released 04-01 09:00", priority="moderate"),
            *steps("no-release", "patch", "installed 04-01 09:00", priority="critical"),
            *steps("next-month", "patch", "released 05-01 00:00", priority="critical"),
        ]
        found = measured(agreement(patches()), "2025-04", *shuffled(records))
        assert (found.value, found.good, found.total) == (Ratio(3, 4), 3, 4)
        assert [(miss.what, miss.size) for miss in found.misses] == [("late", 1)]
        assert texts(found.reason) == [
            "items (patch), end of period: 4 items",
            "3 items as they should be",
            "1 item not as they should be",
            "late",
        ]

    @pytest.mark.parametrize(
        ("limits", "label", "installed", "good"),
        [
            ("limit: 3 months", "2025-04", "06-01 00:00", 0),
            ("limit: 3 months", "2025-03", "06-01 00:00", 1),
            ("limit: 1 year", "2025-12", "", 1),
            ("limit: 3 business days", "2025-04", "", 0),
            ("limit: 72h", "2025-04", "", 0),
        ],
    )
    def test_knows_hours_days_and_months(self, limits: str, label: str, installed: str, good: int) -> None:
        done = [f"installed {installed}"] if installed else []
        record = steps("1", "patch", "released 2025-01-31 09:00", *done)
        found = measured(agreement(patches(limits=limits)), label, *record)
        assert (found.good, found.total) == (good, 1)

    def test_counts_an_item_once_for_all_its_cases(self) -> None:
        records = [
            *steps("1", "patch", "released 04-01 09:00", "installed 04-02 09:00", item="pc-1", priority="critical"),
            *steps("2", "patch", "released 04-01 09:00", item="pc-1", priority="critical"),
            *steps("3", "patch", "released 04-01 09:00", "installed 04-02 09:00", item="pc-2", priority="critical"),
            *steps("4", "patch", "released 04-01 09:00", priority="critical"),
        ]
        found = measured(agreement(patches(item=", item: pc")), "2025-04", *records)
        assert (found.good, found.total) == (1, 3)
        assert [miss.what for miss in found.misses] == ["items without a name", "pc-1"]

    def test_no_longer_counts_what_is_retired(self) -> None:
        records = steps("1", "patch", "released 04-01 09:00", "scrapped 04-30 23:59:59", priority="critical")
        terms = agreement(patches(", retired: scrapped, empty: met"))
        assert verdict(terms, "2025-04", *records).ruling is Ruling.MET
        assert measured(agreement(patches()), "2025-04", *records).value == 0


class TestFresh:
    RECORDS = (
        *steps("n1", "backup", "done 04-30 01:00", item="pc-1"),
        *steps("n2", "backup", "failed 04-30 01:00", item="pc-2"),
        *steps("n3", "backup", "verified 04-30 00:00", item="pc-3"),
        *steps("n4", "backup", "done 04-29 23:59:59", "failed 04-30 23:00", item="pc-4"),
        *steps("n5", "backup", "done 05-01 00:00", item="pc-5"),
    )

    def test_counts_items_whose_last_success_is_recent(self) -> None:
        found = measured(agreement(backups()), "2025-04", *shuffled(self.RECORDS))
        assert (found.good, found.total) == (2, 4)
        assert [(miss.what, miss.evidence) for miss in found.misses] == [
            ("pc-2", ("tool#n2/0",)),
            ("pc-4", ("tool#n4/0", "tool#n4/1")),
        ]

    def test_counts_those_of_which_nothing_is_recorded(self) -> None:
        found = measured(agreement(backups(", items: 10")), "2025-04", *self.RECORDS)
        assert (found.good, found.total) == (2, 10)
        assert (found.misses[-1].what, found.misses[-1].size) == ("6 items of which nothing is recorded", 6)
        assert "6 items of which nothing is recorded: not as they should be" in texts(found.reason)

    def test_names_those_that_are_listed(self) -> None:
        found = measured(agreement(backups(", listed: [pc-1, pc-5, pc-9]")), "2025-04", *self.RECORDS)
        assert (found.good, found.total) == (1, 3)
        assert "pc-9: nothing is recorded" in texts(found.reason)

    @pytest.mark.parametrize("population", ["items: 3", "listed: [pc-8, pc-9]"])
    def test_of_items_of_which_nobody_heard_has_no_value(self, population: str) -> None:
        found = verdict(agreement(backups(f", {population}")), "2025-03", *self.RECORDS)
        assert (found.ruling, found.measurement.value) == (Ruling.UNDECIDED, None)

    def test_of_more_items_than_are_agreed_is_undecided(self) -> None:
        found = verdict(agreement(backups(", items: 3")), "2025-04", *self.RECORDS)
        assert found.ruling is Ruling.UNDECIDED
        assert found.measurement.undecided == (
            "Evidence names 4 items (backup) at once, and 3 are agreed. Retire those that are no longer items, or agree"
            " on the number."
        )

    @pytest.mark.parametrize(("empty", "ruling"), [("undecided", "UNDECIDED"), ("met", "MET")])
    def test_of_no_item_at_all_is_ruled_as_agreed(self, empty: str, ruling: str) -> None:
        assert verdict(agreement(backups(f", empty: {empty}")), "2025-03", *self.RECORDS).ruling == ruling

    @pytest.mark.parametrize("population", ["items: 3", "listed: [pc-8, pc-9]"])
    def test_silence_about_all_items_that_are_agreed_is_not_met(self, population: str) -> None:
        found = verdict(agreement(backups(f", {population}, empty: met")), "2025-03", *self.RECORDS)
        assert found.ruling is Ruling.UNDECIDED
        assert found.measurement.undecided == (
            "Nothing is recorded of any of the items (backup) that count in 2025-03. Import the evidence of them."
        )

    def test_takes_an_excluded_item_out_of_the_number_that_is_agreed(self) -> None:
        terms = agreement(backups(", items: 4, excluded: {storm: {}}"))
        storm = excluded("04-30 12:00 .. 05-02 00:00", "pc-2", cause="storm")
        found = measured(terms, "2025-04", *self.RECORDS, storm)
        assert (found.good, found.total) == (2, 3)
        assert "exclusions of items: 1 exclusion" in texts(found.reason)

    @pytest.mark.parametrize(("effect", "good", "total"), [("shrink", 2, 3), ("up", 3, 4)])
    def test_leaves_out_what_is_excluded(self, effect: str, good: int, total: int) -> None:
        terms = agreement(backups(f", excluded: {{storm: {{effect: {effect}}}}}"))
        storm = excluded("04-30 12:00 .. 05-02 00:00", "pc-2", cause="storm")
        over = excluded("04-30 12:00 .. 04-30 23:59:59", "pc-4", cause="storm")
        found = measured(terms, "2025-04", *self.RECORDS, storm, over)
        assert (found.good, found.total) == (good, total)

    def test_tells_of_exclusions_that_do_not_count(self) -> None:
        terms = agreement(backups(", excluded: {storm: {notice: 1h}}"))
        storm = excluded("04-30 12:00 .. 05-02 00:00", "pc-2", cause="storm")
        assert "does not count" in texts(measured(terms, "2025-04", *self.RECORDS, storm).reason)[-1]


class TestThroughout:
    def test_counts_items_by_their_time(self) -> None:
        records = [
            *steps("n1", "backup", "done 04-11 00:00", "verified 04-21 00:00", item="pc-1"),
            *steps("n2", "backup", "done 03-01 00:00", item="pc-2"),
        ]
        found = measured(agreement(backups(", seen: throughout")), "2025-04", *records)
        assert (found.good, found.total) == (2 * DAY, 50 * DAY)
        assert texts(found.reason)[-2:] == ["pc-1: 1,555,200 of 1,728,000 s", "pc-2: 2,592,000 of 2,592,000 s"]

    def test_counts_the_silent_with_the_whole_period(self) -> None:
        records = steps("n1", "backup", "done 04-11 00:00", item="pc-1")
        for more in ("items: 2", "listed: [pc-1, pc-2]"):
            found = measured(agreement(backups(f", seen: throughout, {more}")), "2025-04", *records)
            assert (found.good, found.total) == (1 * DAY, 60 * DAY)
            assert sum(miss.size for miss in found.misses) == 2 + (more == "items: 2")

    def test_lets_one_item_take_the_place_of_another(self) -> None:
        records = [
            *steps("n1", "backup", "done 04-01 00:00", "verified 04-02 00:00", "retired 04-03 00:00", item="pc-1"),
            *steps("n2", "backup", "done 04-03 00:00", item="pc-2"),
        ]
        found = measured(agreement(backups(", seen: throughout, items: 1, retired: retired")), "2025-04", *records)
        assert (found.good, found.total, found.undecided) == (3 * DAY, 30 * DAY, "")

    def test_counts_in_the_hours_of_its_calendar(self) -> None:
        records = steps("n1", "backup", "done 04-11 00:00", item="pc-1")  # a Friday
        terms = agreement(backups(", seen: throughout, on: office"), calendars=OFFICE)
        found = measured(terms, "2025-04", *records)
        assert (found.good, found.total) == (10 * 3600, 14 * 10 * 3600)


class TestCurrent:
    RECORDS: tuple[AnyRecord, ...] = (
        gauge("04-30 10:00", "20", "pc-1", of="age", unit="h"),
        gauge("04-30 10:00", "25", "pc-2", of="age", unit="h"),
        gauge("04-29 00:00", "1", "pc-3", of="age", unit="h"),
        gauge("04-28 23:59:59", "1", "pc-4", of="age", unit="h"),
        gauge("05-01 10:00", "20", "pc-5", of="age", unit="h"),
    )

    def test_counts_items_whose_last_sample_is_good_and_not_too_old(self) -> None:
        found = measured(agreement(definitions()), "2025-04", *self.RECORDS)
        assert (found.good, found.total) == (2, 4)
        assert [miss.what for miss in found.misses] == ["pc-2", "pc-4"]
        assert texts(found.reason)[0] == "items with age, end of period: 4 items"

    def test_of_two_sources_believes_the_worse(self) -> None:
        other = gauge("04-30 11:00", "30", "pc-1", of="age", unit="h", source="other")
        assert measured(agreement(definitions()), "2025-04", *self.RECORDS, other).good == 1

    def test_in_another_unit_is_undecided(self) -> None:
        found = verdict(agreement(definitions()), "2025-04", gauge("04-30 11:00", "30", of="age", unit="C"))
        assert found.ruling is Ruling.UNDECIDED
        assert "which is no time" in found.measurement.undecided
