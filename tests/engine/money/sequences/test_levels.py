"""Expected and minimum level, critical levels and measurements."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.sequences.misses import ExpectedLevel, Occasions
from makegood.engine.agreement.shapes import LEVEL
from makegood.engine.judging.verdict import Ruling
from makegood.engine.money.sequences.expected_level import occasions
from makegood.engine.money.sequences.history import Entry
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.money.scene import outcome
from tests.engine.money.sequences.scene import BACKUP, RESOLUTION, booked, course, year

FORGIVING = "now-and-then: {kind: expected_level, of: backup, minimum: 95%, pays_from: 2, within: 3}"


def months(*values: int | None) -> list[Entry]:
    return [
        Entry("m", 0, Ruling.MISSED, None if value is None else Ratio(value, 100), Amount.zero("EUR"))
        for value in values
    ]


class TestOccasions:
    @pytest.mark.parametrize(
        ("_case", "values", "counts", "expected"),
        [
            ("the first", [97], Occasions.ABOVE_MINIMUM, 1),
            ("exactly the minimum", [97, 95], Occasions.ABOVE_MINIMUM, 2),
            ("below the minimum", [97, 94], Occasions.ABOVE_MINIMUM, None),
            ("no value is below the minimum", [97, None], Occasions.ABOVE_MINIMUM, None),
            ("those below do not count", [94, None, 97], Occasions.ABOVE_MINIMUM, 1),
            ("unless every miss does", [94, None, 97], Occasions.EVERY_MISS, 3),
            ("outside of the window", [97, 97, 97, 97], Occasions.ABOVE_MINIMUM, 3),
        ],
    )
    def test_are_counted_within_the_window(
        self, _case: str, values: list[int | None], counts: Occasions, expected: int | None
    ) -> None:
        term = ExpectedLevel(minimum=LEVEL.read("95%"), pays_from=2, within=3, counts=counts)
        assert occasions(months(*values), term, higher_is_better=True) == expected

    def test_look_the_other_way_where_less_is_better(self) -> None:
        term = ExpectedLevel(minimum=LEVEL.read("10%"), pays_from=2)
        assert occasions(months(9, 10), term, higher_is_better=False) == 2
        assert occasions(months(9, 11), term, higher_is_better=False) is None


class TestAnExpectedLevel:
    def test_forgives_a_miss_now_and_then(self) -> None:
        found = course(year(sequences=FORGIVING), backup=["96%", "99.5%", "94.9%", "95%", "95%", "99%", "98%"])
        assert booked(found, "backup") == ["0.00", "0.00", "100.00", "0.00", "100.00", "0.00", "100.00"]

    def test_says_which_miss_it_is(self) -> None:
        found = course(year(sequences=FORGIVING), backup=["96%", "94%", "96%"])
        lines = ["\n".join(each.reason.lines()) for each in found]
        words = "backup: Miss of the expected level number {} within 3 periods; they pay from 2 on: {} EUR"
        assert words.format(1, "0.00") in lines[0]
        assert "backup: Below the minimum level 95 %: 100.00 EUR" in lines[1]
        assert words.format(2, "100.00") in lines[2]

    def test_leaves_other_outcomes_and_misses_that_owe_nothing(self) -> None:
        tiers = "{of: 100.00 EUR, tiers: [{below: 97%, credit: 100%}]}"
        lenient = outcome("backup", ">= 99%", tiers, "critical: true")
        terms = year(RESOLUTION, lenient, sequences=FORGIVING)
        found = course(terms, backup=["98%", "96%"], resolution=["98%", "98%"])
        assert booked(found, "backup") == ["0.00", "100.00"]
        assert booked(found, "resolution") == ["100.00", "100.00"]

    @given(st.lists(st.sampled_from(["94%", "96%", "99%", None]), min_size=1, max_size=12))
    def test_never_costs_more_than_without_it(self, values: list[str | None]) -> None:
        with_, without = (
            sum(each.total.minor for each in course(year(sequences=rule), backup=values)) for rule in (FORGIVING, "")
        )
        assert with_ <= without


class TestACriticalLevel:
    def test_pays_and_a_measurement_is_only_reported(self) -> None:
        rule = "which: {kind: critical_level, of: backup, starts_as: measurement}"
        found = course(year(BACKUP, RESOLUTION, sequences=rule), backup=["98%"], resolution=["98%"])
        assert (booked(found, "backup"), booked(found, "resolution")) == (["0.00"], ["100.00"])
        assert "A measurement since the start of the agreement: it is reported" in "\n".join(
            found[0].credits[0].reason.lines()
        )

    def test_changes_with_the_first_period_after_the_notice_has_run(self) -> None:
        changes = (
            "changes: [{to: measurement, notified: 2025-01-01, after: 59 days}, {to: critical, notified: 2025-03-02}]"
        )
        found = course(year(sequences=f"which: {{kind: critical_level, {changes}}}"), backup=["98%"] * 7)
        assert booked(found, "backup") == ["100.00", "100.00", "0.00", "0.00", "0.00", "100.00", "100.00"]
        assert "which: backup is a critical level by the notice of 2025-03-02" in "\n".join(found[5].reason.lines())

    def test_does_not_touch_what_is_met(self) -> None:
        found = course(year(sequences="which: {kind: critical_level, starts_as: measurement}"), backup=["99%"])
        assert "it is reported, and pays nothing" not in "\n".join(found[0].credits[0].reason.lines())

    def test_is_only_one_where_there_is_a_stake(self) -> None:
        counted = outcome("complaints", "<= 5", "", "critical: true")
        terms = year(BACKUP, counted, sequences="which: {kind: critical_level}")
        found = course(terms, backup=["99%"], complaints=["6"])
        told = "which: backup is a critical level since the start of the agreement [critical-levels]"
        assert told in [line.strip() for line in found[0].reason.lines()]
