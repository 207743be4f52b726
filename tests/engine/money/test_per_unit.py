"""Per unit: how far a promise was missed, in units."""

from __future__ import annotations

import pytest

from makegood.engine.agreement.shapes import LEVEL, TARGET, Share, Unit
from makegood.engine.agreement.stakes import Counted, PerUnit
from makegood.engine.judging.verdict import Measurement
from makegood.engine.money.per_unit import shortfall, units_short
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason


def term(unit: str, allowance: str = "", counted: Counted = Counted.STARTED) -> PerUnit:
    free = LEVEL.read(allowance) if allowance else None
    return PerUnit(unit=LEVEL.read(unit), credit=Share(Ratio(1, 100)), counted=counted, allowance=free)


def measurement(value: str, *, good: int = 0, total: int = 0) -> Measurement:
    unit = Unit.NUMBER if value.isdecimal() else Unit.SHARE
    return Measurement(Ratio.parse(value), unit, good, total, Reason(value))


class TestAShortfall:
    @pytest.mark.parametrize(
        ("_case", "unit", "target", "value", "allowance", "expected"),
        [
            ("points below the target", "1%", ">= 98%", "75%", "", Ratio(23, 100)),
            ("points below what is free", "1%", ">= 98%", "75%", "5%", Ratio(20, 100)),
            ("points above the target", "1%", "<= 2%", "3.5%", "", Ratio(15, 1000)),
            ("points from zero", "1%", "<= 2%", "3.5%", "0%", Ratio(35, 1000)),
            ("a number above the target", "10", "<= 500", "541", "", Ratio(41)),
            ("a number above what is free", "10", "<= 500", "541", "520", Ratio(21)),
            ("a number below the target", "1", ">= 12", "9", "", Ratio(3)),
            ("a number below, some free", "1", ">= 12", "9", "1", Ratio(2)),
            ("a miss by another rule", "1%", ">= 95%", "98%", "", Ratio(0)),
            ("less than what is free", "1%", ">= 95%", "94%", "10%", Ratio(0)),
        ],
    )
    def test_counts_what_goes_beyond_the_allowance(
        self, _case: str, unit: str, target: str, value: str, allowance: str, expected: Ratio
    ) -> None:
        assert shortfall(term(unit, allowance), TARGET.read(target), measurement(value)) == expected

    @pytest.mark.parametrize(
        ("_case", "allowance", "expected"),
        [
            ("what the target allows", "", 27000 - 12960),
            ("nothing free", "0s", 27000),
            ("two hours", "2h", 19800),
            ("a share of the agreed time", "0.25%", 27000 - 6480),
            ("more than there was", "8h", 0),
        ],
    )
    def test_of_time_counts_seconds_of_outage(self, _case: str, allowance: str, expected: int) -> None:
        down = measurement("2565/2592", good=2592000 - 27000, total=2592000)
        assert shortfall(term("1h", allowance), TARGET.read(">= 99.5%"), down) == expected

    @pytest.mark.parametrize(("value", "expected"), [("9", 3), ("14", 2), ("12", 0)])
    def test_from_exactly_so_much_counts_to_both_sides(self, value: str, expected: int) -> None:
        assert shortfall(term("1"), TARGET.read("= 12"), measurement(value)) == expected

    def test_of_a_time_that_is_the_value_counts_from_the_target(self) -> None:
        slow = Measurement(Ratio(7200), Unit.TIME, 0, 3, Reason("two hours"))
        assert shortfall(term("1h"), TARGET.read("<= 30m"), slow) == 5400
        assert shortfall(term("1h", "1h"), TARGET.read("<= 30m"), slow) == 3600
        assert shortfall(term("1h"), TARGET.read(">= 3h"), slow) == 3600

    def test_of_a_share_of_time_under_a_ceiling_allows_that_share(self) -> None:
        beyond = Measurement(Ratio(1, 10), Unit.SHARE, good=32_400, total=36_000, reason=Reason("an hour of ten"))
        assert shortfall(term("1h"), TARGET.read("<= 5%"), beyond) == 1800

    def test_is_nothing_without_a_value(self) -> None:
        nothing = Measurement(None, Unit.SHARE, 0, 0, Reason("nothing happened"), empty=True)
        assert shortfall(term("1%"), TARGET.read(">= 99.5%"), nothing) == 0


class TestTheUnits:
    @pytest.mark.parametrize(
        ("_case", "counted", "unit", "short", "expected"),
        [
            ("a started hour", Counted.STARTED, "1h", "7800", Ratio(3)),
            ("exactly two hours", Counted.STARTED, "1h", "7200", Ratio(2)),
            ("completed half hours", Counted.COMPLETED, "30m", "5700", Ratio(3)),
            ("completed hours beyond the allowance", Counted.COMPLETED, "1h", "14040", Ratio(3)),
            ("exact hours", Counted.EXACT, "1h", "5400", Ratio(3, 2)),
            ("nothing short", Counted.STARTED, "1h", "0", Ratio(0)),
            ("a started point", Counted.STARTED, "1%", "1.4141%", Ratio(2)),
            ("eleven started points", Counted.STARTED, "1%", "10.1885%", Ratio(11)),
            ("half points", Counted.COMPLETED, "0.5%", "1.4141%", Ratio(2)),
        ],
    )
    def test_are_counted_as_the_term_says(
        self, _case: str, counted: Counted, unit: str, short: str, expected: Ratio
    ) -> None:
        assert units_short(term(unit, counted=counted), Ratio.parse(short)) == expected
