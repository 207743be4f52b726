"""The integers that the report sets beside a value."""

from __future__ import annotations

import pytest

from makegood.cli.report.shown import detail, target, value
from makegood.engine.agreement.shapes import TARGET, Unit
from makegood.engine.evidence.body import Evidence
from makegood.engine.judging.judge import judge
from makegood.engine.money.credits import period_credits
from makegood.engine.review.review import review
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.judging.scene import agreement, period, statement, tally


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

    def test_of_a_value_that_is_stated_is_nothing(self) -> None:
        terms = agreement("{kind: stated, of: satisfaction, unit: share}", target=">= 95%")
        judged = judge(terms, period(terms, "2025-04"), Evidence.of([statement("04-10 10:00", "96%")]))
        computed = period_credits(terms, judged)
        (line,) = review(agreement=terms, judgements=[judged], computed=[computed], postings=[], evidence=()).outcomes
        assert detail(line, judged.of("it")) == ""


class TestValue:
    @pytest.mark.parametrize(
        ("number", "unit", "expected"),
        [
            (Ratio(7201), Unit.TIME, "2 hours 1 second"),
            (Ratio(1, 4), Unit.TIME, "250 ms"),
            (Ratio(-1, 3), Unit.NUMBER, "-0.33"),
            (Ratio(12345), Unit.NUMBER, "12,345"),
        ],
    )
    def test_is_shown_in_its_unit(self, number: Ratio, unit: Unit, expected: str) -> None:
        assert value(number, unit) == expected

    def test_of_a_target_of_exactly_so_much(self) -> None:
        assert target(TARGET.read("= 100%")) == "= 100 %"
