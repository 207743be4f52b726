"""What a late report costs: the mildest tier of what was met, its own tier of what was not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from makegood.engine.judging.verdict import Judgement, Ruling
from makegood.engine.money.credits import period_credits
from tests.engine.money.scene import agreement, judged, outcome, shown

TIERS = "{of: 100.00 EUR, tiers: [{below: 99%, credit: 10%}, {below: 98%, credit: 50%}]}"


class TestALateReport:
    @pytest.mark.parametrize(
        ("_case", "stake", "value", "expected"),
        [
            ("met otherwise", TIERS, "99.5%", "10.00"),
            ("missed by its value too", TIERS, "97%", "50.00"),
            ("without tiers the base", "{of: 100.00 EUR}", "99.5%", "100.00"),
            ("never measured", TIERS, None, "10.00"),
        ],
    )
    def test_pays(self, _case: str, stake: str, value: str | None, expected: str) -> None:
        terms = agreement(outcome("backup", ">= 99%", stake, "report: {due: 24h}"))
        verdict = judged(terms, backup=value).of("backup")
        late = replace(verdict, ruling=Ruling.MISSED, late_report=True)
        assert shown(period_credits(terms, Judgement(terms.agreement, late.period, 1, (late,)))) == {"backup": expected}
