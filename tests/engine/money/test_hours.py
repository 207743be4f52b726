from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.catalogue import completed
from makegood.engine.agreement.chain import chain_of
from makegood.engine.agreement.document import read
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.money.hours import HoursKind, IncludedHours, TimeEntry, hours_by_period, included_hours
from makegood.engine.vocabulary.duration import Duration

BOTH = "hours: {support: {each_period: 1h}, flex: {each_period: 1h}}\n"
BERLIN = "term: {from: 2026-01-01, months: 36, timezone: Europe/Berlin}\n"


def terms(hours: str = BOTH, term: str = BERLIN) -> Agreement:
    found = read(completed(hours + term))
    assert found.agreement is not None, found.findings
    return found.agreement


def support(at: str, minutes: int) -> TimeEntry:
    return TimeEntry(moment(at), Duration(minutes * 60))


def flex(at: str, minutes: int) -> TimeEntry:
    return TimeEntry(moment(at), Duration(minutes * 60), HoursKind.FLEX)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def by_period(agreement: Agreement, *entries: TimeEntry) -> dict[str, IncludedHours]:
    found = hours_by_period(agreement, entries)
    return dict(zip((each.label for each in periods_of(agreement)), found, strict=True))


def minutes(*spans: Duration) -> list[int]:
    return [each.seconds // 60 for each in spans]


def support_of(found: IncludedHours) -> list[int]:
    """Return what was included, used, left and over, in minutes."""
    use = found.support
    return minutes(use.included, use.used, use.left, use.over)


def flex_of(found: IncludedHours) -> list[int]:
    """Return what was brought, added, used, expired, left, lost and over, in hours."""
    use = found.flex
    spans = (use.brought, use.added, use.used, use.expired, use.left, use.lost, use.over)
    return [each.seconds // 3600 for each in spans]


class TestATimeEntry:
    def test_needs_to_know_its_zone(self) -> None:
        with pytest.raises(ValueError, match="a time entry needs an aware datetime"):
            TimeEntry(datetime(2026, 1, 1), Duration(60))  # noqa: DTZ001  # what is refused


class TestSupport:
    @pytest.mark.parametrize(
        ("_case", "worked", "expected"),
        [
            ("none", [], [60, 0, 60, 0]),
            ("a step", [15], [60, 15, 45, 0]),
            ("a begun step", [1], [60, 15, 45, 0]),
            ("each entry for itself", [1, 16], [60, 45, 15, 0]),
            ("all of it", [60], [60, 60, 0, 0]),
            ("more than that", [50, 20], [60, 60, 0, 30]),
            ("much more", [61], [60, 60, 0, 15]),
            ("nothing worked", [0], [60, 0, 60, 0]),
        ],
    )
    def test_is_counted_in_begun_steps(self, _case: str, worked: list[int], expected: list[int]) -> None:
        entries = [support(f"2026-03-{day + 1:02} 12:00", each) for day, each in enumerate(worked)]
        found = by_period(terms(), *entries)["2026-03"]
        assert support_of(found) == expected
        assert found.billable == found.support.over

    def test_is_lost_with_its_period(self) -> None:
        found = by_period(terms(), support("2026-03-05 12:00", 15))
        assert [support_of(found[each]) for each in ("2026-02", "2026-03", "2026-04")] == [
            [60, 0, 60, 0],
            [60, 15, 45, 0],
            [60, 0, 60, 0],
        ]

    def test_belongs_to_the_period_in_which_it_began_on_the_clocks_of_the_agreement(self) -> None:
        found = by_period(terms(), support("2026-02-28 22:59", 120), support("2026-02-28 23:00", 30))
        assert support_of(found["2026-02"]) == [60, 60, 0, 60]
        assert support_of(found["2026-03"]) == [60, 30, 30, 0]

    def test_never_takes_flex_time(self) -> None:
        found = by_period(terms(), support("2026-06-05 12:00", 300))["2026-06"]
        assert support_of(found) == [60, 60, 0, 240]
        assert flex_of(found) == [5, 1, 0, 0, 6, 0, 0]

    def test_that_is_not_agreed_is_charged_as_it_was_worked(self) -> None:
        found = by_period(terms("hours: {flex: {each_period: 1h}}\n"), support("2026-03-05 12:00", 7))["2026-03"]
        assert support_of(found) == [0, 0, 0, 7]
        assert minutes(found.billable) == [7]

    def test_has_whole_hours_in_a_period_that_is_partial(self) -> None:
        agreement = terms(term="term: {from: 2026-01-20, until: 2026-02-03, timezone: UTC}\n")
        assert [support_of(each) for each in by_period(agreement).values()] == [[60, 0, 60, 0]] * 2


class TestFlexTime:
    def test_is_saved_up_until_the_year_ends(self) -> None:
        found = by_period(terms())
        assert flex_of(found["2026-01"]) == [0, 1, 0, 0, 1, 0, 0]
        assert flex_of(found["2026-11"]) == [10, 1, 0, 0, 11, 0, 0]
        assert flex_of(found["2026-12"]) == [11, 1, 0, 12, 0, 0, 0]
        assert flex_of(found["2027-01"]) == [0, 1, 0, 0, 1, 0, 0]

    @pytest.mark.parametrize(
        ("_case", "worked", "expected"),
        [
            ("one block", [240], [9, 1, 4, 0, 6, 0, 0]),
            ("a begun block", [10], [9, 1, 4, 0, 6, 0, 0]),
            ("two begun blocks", [250], [9, 1, 8, 0, 2, 0, 0]),
            ("each entry for itself", [10, 10], [9, 1, 8, 0, 2, 0, 0]),
            ("more than there is", [10, 10, 120], [9, 1, 8, 0, 2, 0, 2]),
            ("a part of a block that was not left", [600], [9, 1, 8, 0, 2, 0, 2]),
            ("a begun block that was not left", [490], [9, 1, 8, 0, 2, 0, 0]),
        ],
    )
    def test_is_used_in_whole_blocks(self, _case: str, worked: list[int], expected: list[int]) -> None:
        entries = [flex(f"2026-10-{day + 1:02} 12:00", each) for day, each in enumerate(worked)]
        assert flex_of(by_period(terms(), *entries)["2026-10"]) == expected

    def test_that_no_block_covers_is_charged_as_it_was_worked(self) -> None:
        found = by_period(terms(), flex("2026-10-01 12:00", 490))["2026-10"]
        assert minutes(found.billable) == [10]
        assert found.support.over == Duration(0)

    def test_goes_first_to_who_came_first(self) -> None:
        first, second = flex("2026-04-01 12:00", 200), flex("2026-04-02 12:00", 100)
        found = by_period(terms(), second, first)["2026-04"]
        assert [(each.entry, *minutes(each.included, each.billable)) for each in found.entries] == [
            (first, 240, 0),
            (second, 0, 100),
        ]

    def test_is_there_from_the_start_of_its_period(self) -> None:
        agreement = terms("hours: {flex: {each_period: 4h}}\n")
        found = by_period(agreement, flex("2025-12-31 23:00", 240))
        assert flex_of(found["2026-01"]) == [0, 4, 4, 0, 0, 0, 0]

    @pytest.mark.parametrize(
        ("each_period", "december"),
        [
            ("1h", [11, 1, 0, 12, 0, 0, 0]),
            ("13h", [143, 13, 0, 156, 0, 0, 0]),
            ("14h", [154, 6, 0, 160, 0, 8, 0]),
            ("20h", [160, 0, 0, 160, 0, 20, 0]),
        ],
    )
    def test_meets_its_cap_before_the_year_ends_only_beyond_thirteen_hours_a_month(
        self, each_period: str, december: list[int]
    ) -> None:
        found = by_period(terms(f"hours: {{flex: {{each_period: {each_period}}}}}\n"))
        assert flex_of(found["2026-12"]) == december

    def test_ends_at_midnight_of_the_agreement_even_within_a_period(self) -> None:
        agreement = terms(
            "hours: {flex: {each_period: 4h}}\n",
            "term: {from: 2026-11-15, months: 3, timezone: Europe/Berlin, period: {every: month, starts_on: 15}}\n",
        )
        last, first = flex("2026-12-31 22:59", 60), flex("2026-12-31 23:00", 60)
        found = by_period(agreement, last, first)
        assert flex_of(found["2026-11-15"]) == [0, 4, 0, 0, 4, 0, 0]
        assert flex_of(found["2026-12-15"]) == [4, 4, 4, 4, 0, 0, 1]
        assert flex_of(found["2027-01-15"]) == [0, 4, 0, 0, 4, 0, 0]

    def test_ends_each_year_of_a_long_period(self) -> None:
        agreement = terms(
            "hours: {flex: {each_period: 12h}}\n",
            "term: {from: 2026-01-01, months: 36, timezone: UTC, period: {every: term}}\n",
        )
        (found,) = by_period(agreement, flex("2026-05-01 12:00", 240), flex("2028-05-01 12:00", 240)).values()
        assert flex_of(found) == [0, 12, 4, 8, 0, 0, 4]

    def test_that_is_not_agreed_is_charged_as_it_was_worked(self) -> None:
        found = by_period(terms("hours: {support: {each_period: 1h}}\n"), flex("2026-03-05 12:00", 7))["2026-03"]
        assert flex_of(found) == [0] * 7
        assert minutes(found.flex.over, found.billable) == [7, 7]


class TestAnAgreementWithoutHours:
    def test_includes_none(self) -> None:
        agreement = terms("")
        entries = (support("2026-03-05 12:00", 10), flex("2026-03-04 12:00", 20))
        found = by_period(agreement, *entries)["2026-03"]
        assert minutes(found.support.over, found.flex.over, found.billable) == [10, 20, 30]
        assert [each.entry.kind for each in found.entries] == ["flex", "support"]


class TestVersions:
    def chain(self, hours: str) -> Agreement:
        first = read(completed(BOTH + BERLIN))
        second = read(
            completed(
                f"{hours}{BERLIN}amendment: {{version: 2, amends: {first.digest}, effective: 2026-03-16, reason: R}}\n"
            )
        )
        found = chain_of(second, [first])
        assert found.agreement is not None, found.findings
        return found.agreement

    def test_share_the_hours_of_the_period_in_which_they_change(self) -> None:
        found = by_period(
            self.chain("hours: {support: {each_period: 2h}, flex: {each_period: 2h}}\n"),
            support("2026-03-10 12:00", 45),
            support("2026-03-20 12:00", 30),
        )
        assert [support_of(found[each]) for each in ("2026-02", "2026-03.v1", "2026-03.v2", "2026-04")] == [
            [60, 0, 60, 0],
            [60, 45, 15, 0],
            [15, 15, 0, 15],
            [120, 0, 120, 0],
        ]
        assert [flex_of(found[each]) for each in ("2026-03.v1", "2026-03.v2", "2026-04")] == [
            [2, 1, 0, 0, 3, 0, 0],
            [3, 0, 0, 0, 3, 0, 0],
            [3, 2, 0, 0, 5, 0, 0],
        ]

    def test_that_lower_the_cap_take_nothing_away(self) -> None:
        found = by_period(self.chain("hours: {flex: {each_period: 1h, block: 1h, cap: 1h}}\n"))
        assert flex_of(found["2026-04"]) == [3, 0, 0, 0, 3, 1, 0]

    def test_that_end_flex_time_keep_what_was_saved_until_the_year_ends(self) -> None:
        found = by_period(self.chain(""), flex("2026-05-02 12:00", 60))
        assert flex_of(found["2026-05"]) == [3, 0, 0, 0, 3, 0, 1]
        assert flex_of(found["2026-12"]) == [3, 0, 0, 3, 0, 0, 0]


ENTRIES = st.lists(
    st.builds(
        TimeEntry,
        st.integers(-31 * 24, 18 * 30 * 24).map(lambda each: moment("2026-01-01 00:00") + timedelta(hours=each)),
        st.integers(0, 12 * 3600).map(Duration),
        st.sampled_from(HoursKind),
        st.sampled_from(["", "a", "b"]),
    ),
    max_size=30,
)
WIDE = terms("hours: {support: {each_period: 5h}, flex: {each_period: 9h, cap: 40h}}\n", BERLIN.replace("36", "14"))


class TestAllHours:
    @given(ENTRIES)
    def test_add_up(self, entries: list[TimeEntry]) -> None:
        for each in by_period(WIDE, *entries).values():
            use, saved = each.support, each.flex
            assert use.used.seconds + use.left.seconds == use.included.seconds == 5 * 3600
            assert saved.brought.seconds + saved.added.seconds == sum(
                part.seconds for part in (saved.used, saved.expired, saved.left)
            )
            assert saved.added.seconds + saved.lost.seconds == 9 * 3600
            assert use.over.seconds + saved.over.seconds == each.billable.seconds
            assert use.used.seconds + saved.used.seconds == sum(drawn.included.seconds for drawn in each.entries)
            assert saved.left <= Duration(40 * 3600)
            assert saved.used.seconds % (4 * 3600) == 0

    @given(ENTRIES)
    def test_go_on_where_the_period_before_ended(self, entries: list[TimeEntry]) -> None:
        for before, after in pairwise(by_period(WIDE, *entries).values()):
            assert before.flex.left == after.flex.brought

    @given(ENTRIES, st.randoms(use_true_random=False))
    def test_do_not_depend_on_the_order_of_entries(self, entries: list[TimeEntry], chance: Random) -> None:
        shuffled = [*entries]
        chance.shuffle(shuffled)
        assert by_period(WIDE, *entries) == by_period(WIDE, *shuffled)

    @given(ENTRIES, st.integers(0, 13))
    def test_of_a_period_follow_from_the_work_until_its_end(self, entries: list[TimeEntry], number: int) -> None:
        period = periods_of(WIDE)[number]
        until = [each for each in entries if each.at < period.interval.end]
        assert included_hours(WIDE, period, until) == hours_by_period(WIDE, entries)[number]

    @given(ENTRIES)
    def test_leave_out_no_work_of_the_term_and_pay_for_all_of_it(self, entries: list[TimeEntry]) -> None:
        found = by_period(WIDE, *entries).values()
        first, *_, last = periods_of(WIDE)
        inside = [each for each in entries if first.interval.start <= each.at < last.interval.end]
        assert sum(len(each.entries) for each in found) == len(inside)
        for drawn in (each for period in found for each in period.entries):
            assert drawn.included.seconds + drawn.billable.seconds >= drawn.entry.worked.seconds
