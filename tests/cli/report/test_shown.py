"""The integers that the report sets beside a value."""

from __future__ import annotations

import pytest

from makegood.cli.report.shown import detail
from makegood.engine.evidence.body import Evidence
from makegood.engine.judging.judge import judge
from makegood.engine.money.credits import period_credits
from makegood.engine.review.review import review
from tests.engine.judging.scene import agreement, period, tally


class TestDetail:
    @pytest.mark.parametrize(
        ("_case", "target", "expected"),
        [
            ("of a floor, what went well", ">= 95%", "196 of 200"),
            ("of a ceiling, what it limits", "<= 95%", "196 of 200"),
        ],
    )
    def test_is_what_the_value_is_made_of(self, _case: str, target: str, expected: str) -> None:
        terms = agreement("{kind: ratio, of: tickets, good: reopened}", target=target)
        records = [tally("04-10 10:00", "reopened", 196, of="tickets"), tally("04-10 10:00", "solved", 4, of="tickets")]
        judged = judge(terms, period(terms, "2025-04"), Evidence.of(records))
        computed = period_credits(terms, judged)
        (line,) = review(agreement=terms, judgements=[judged], computed=[computed], postings=[], evidence=()).outcomes
        assert detail(line, judged.of("it")) == expected
