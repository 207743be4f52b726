from __future__ import annotations

import pytest

from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.judging.scene import agreement, statement, texts, verdict

SHARE = "{kind: stated, of: satisfaction, unit: share}"


class TestPrecision:
    @pytest.mark.parametrize(
        ("stated", "precision", "value", "ruling"),
        [
            ("99.94996%", "", "99.94996%", "MISSED"),
            ("99.94996%", "{decimals: 2}", "99.95%", "MET"),
            ("99.94996%", "{decimals: 2, rounding: down}", "99.94%", "MISSED"),
            ("99.945%", "{decimals: 2, rounding: half_even}", "99.94%", "MISSED"),
            ("99.9401%", "{decimals: 2, rounding: up}", "99.95%", "MET"),
        ],
    )
    def test_rounds_before_the_value_is_compared(self, stated: str, precision: str, value: str, ruling: str) -> None:
        more = f"precision: {precision}" if precision else ""
        terms = agreement(SHARE, target=">= 99.95%", more=more)
        found = verdict(terms, "2025-01", statement("01-10 10:00", stated))
        assert (found.measurement.value, found.ruling) == (Ratio.parse(value), ruling)

    def test_is_of_the_number_and_of_the_seconds(self) -> None:
        for unit, written, target, value in (("number", "", "<= 5", "5.4"), ("time", "s", "<= 5s", "5.4")):
            measure = f"{{kind: stated, of: satisfaction, unit: {unit}}}"
            terms = agreement(measure, target=target, more="precision: {decimals: 0}")
            found = verdict(terms, "2025-01", statement("01-10 10:00", value, unit=written))
            assert (found.measurement.value, found.ruling) == (Ratio(5), "MET")

    def test_is_told_in_the_explanation(self) -> None:
        terms = agreement(SHARE, target=">= 99.9%", more="precision: {decimals: 1}")
        found = verdict(terms, "2025-01", statement("01-10 10:00", "99.87%"))
        assert texts(found.measurement.reason)[-1] == "99.87 % is rounded to 1 decimal, half up: 99.9 %"

    def test_leaves_what_has_no_value(self) -> None:
        terms = agreement(SHARE, target=">= 99.9%", more="precision: {decimals: 1}")
        assert verdict(terms, "2025-01").measurement.value is None


class TestATargetOfExactlySoMuch:
    @pytest.mark.parametrize(("value", "ruling"), [("0", "MET"), ("1", "MISSED")])
    def test_is_met_by_that_value_alone(self, value: str, ruling: str) -> None:
        terms = agreement("{kind: stated, of: satisfaction, unit: number}", target="= 0")
        assert verdict(terms, "2025-01", statement("01-10 10:00", value)).ruling == ruling
