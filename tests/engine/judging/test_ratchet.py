"""Targets that rise with what was achieved."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.chain import chain_of
from makegood.engine.agreement.document import read
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.sequences.ratchets import RisingTarget
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.judging.judge import judge, judge_periods
from makegood.engine.judging.ratchet import _level, halfway, improved
from makegood.engine.judging.verdict import Ruling
from makegood.engine.vocabulary.period import Every, periods
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.judging.scene import YEAR, agreement, tally

ORDERS = "{kind: ratio, of: orders, good: good}"
SHARES = st.integers(0, 1000).map(lambda number: Ratio(number, 1000))


def shares(*texts: str) -> list[Ratio | None]:
    return [None if text == "none" else Ratio.parse(text) for text in texts]


def orders(*values: str) -> Evidence:
    """Return months with these shares of good orders."""
    found = []
    for month, text in enumerate(values, 1):
        value = Ratio.parse(text)
        for result, count in (("good", value.numerator), ("bad", value.denominator - value.numerator)):
            found += [tally(f"{month:02}-10 10:00", result, count)] if count else []
    return Evidence.of(found)


def rising(rule: str, target: str = ">= 99%", term: str = "") -> Agreement:
    more = f"critical: true\nsequences: {{better: {rule}}}"
    return agreement(ORDERS, target=target, more=more, term=term or YEAR)


class TestHalfway:
    @pytest.mark.parametrize(
        ("_case", "values", "last", "most", "expected"),
        [
            ("all above", ["99.5%", "99.6%", "99.7%"], 3, None, "99.3%"),
            ("one exactly at the target", ["99.5%", "99%", "99.7%"], 3, None, "99%"),
            ("only the last count", ["98%", "99.5%", "99.6%", "99.7%"], 3, None, "99.3%"),
            ("one is not known", ["99.5%", "none", "99.7%"], 3, None, "99%"),
            ("too few", ["99.5%"], 3, None, "99%"),
            ("up to a limit", ["99.9%"], 1, "99.2%", "99.2%"),
            ("a limit below never lowers", ["99.9%"], 1, "98%", "99%"),
        ],
    )
    def test_rises_if_all_values_were_above(
        self, _case: str, values: list[str], last: int, most: str | None, expected: str
    ) -> None:
        never_above = None if most is None else Ratio.parse(most)
        found = halfway(Ratio.parse("99%"), shares(*values), last=last, never_above=never_above)
        assert found == Ratio.parse(expected)


class TestImprovement:
    @pytest.mark.parametrize(
        ("_case", "values", "last", "best", "expected"),
        [
            ("limited to a tenth of what is left", ["97%", "99%", "99.5%", "98.5%", "99%"], 5, 4, "96.4%"),
            ("not limited", ["96.1%", "96.3%"], 2, 2, "96.2%"),
            ("never falls", ["90%", "91%"], 2, 2, "96%"),
            ("unknown values are left out", ["96.1%", "none", "96.3%"], 3, 2, "96.2%"),
            ("fewer known than taken", ["99%", "none"], 2, 2, "96%"),
        ],
    )
    def test_is_the_mean_of_the_best(self, _case: str, values: list[str], last: int, best: int, expected: str) -> None:
        found = improved(Ratio.parse("96%"), shares(*values), last=last, best=best, at_most=Ratio(1, 10))
        assert found == Ratio.parse(expected)


class TestAnyTarget:
    @given(SHARES, st.lists(st.none() | SHARES, max_size=12), st.integers(1, 6))
    def test_never_falls_nor_passes_what_was_achieved(
        self, current: Ratio, values: list[Ratio | None], last: int
    ) -> None:
        most = max([current, *(value for value in values[-last:] if value is not None)])
        assert current <= halfway(current, values, last=last) <= most
        assert current <= improved(current, values, last=last, best=1, at_most=Ratio(1)) <= most


class TestATargetInForce:
    def test_is_raised_again_and_again(self) -> None:
        terms = rising("{kind: ratchet, of: it, every: 3, never_above: 99.5%}")
        values = ["99.5%", "99.6%", "99.7%", "99.5%", "99.3%", "99.7%", "99.8%", "99.9%", "100%", "99.4%"]
        found = [each.of("it") for each in judge_periods(terms, periods_of(terms)[:10], orders(*values))]
        assert [each.target.level.value.percent() for each in found] == [
            *["99 %"] * 3,
            *["99.3 %"] * 6,
            "99.5 %",
        ]
        assert found[4].ruling is Ruling.MET
        assert found[9].ruling is Ruling.MISSED

    def test_is_told_with_its_reasons(self) -> None:
        terms = rising("{kind: ratchet, of: it, every: 1}")
        found = judge_periods(terms, periods_of(terms)[:3], orders("99.5%", "99%"))
        assert "better" not in "\n".join(found[0].of("it").reason.lines())
        assert list(found[2].of("it").reason.lines())[1:4] == [
            "  better raised the target from 99 % to 99.25 % from 2025-02 on: 99.25 % [ratchet]",
            "    The last 1 values: 99.5 %",
            "  better left the target at 99.25 % from 2025-03 on: 99.25 % [ratchet]",
        ]

    def test_does_not_depend_on_which_periods_are_asked_for(self) -> None:
        terms = rising("{kind: continuous_improvement, of: it, every: 2, best: 1, at_most: 50%}")
        evidence = orders("99.5%", "100%", "99.6%", "99.9%", "99.8%")
        periods = periods_of(terms)
        assert judge(terms, periods[4], evidence) == judge_periods(terms, periods, evidence)[4]
        assert judge(terms, periods[4], evidence).of("it").target.level.value == Ratio.parse("99.75%")

    def test_takes_no_value_from_a_period_that_is_undecided(self) -> None:
        terms = rising("{kind: ratchet, of: it, every: 2}")
        found = judge_periods(terms, periods_of(terms)[:3], orders("100%"))
        assert str(found[2].of("it").target) == ">= 99 %"
        assert "The last" not in "\n".join(found[2].of("it").reason.lines())

    def test_is_the_last_one_in_a_period_that_is_none_of_the_term(self) -> None:
        terms = rising("{kind: ratchet, of: it, every: 1}", term="{from: 2025-01-01, months: 2, timezone: UTC}")
        year = periods(start=date(2026, 1, 1), end=date(2027, 1, 1), every=Every.YEAR, zone="UTC")
        assert str(judge(terms, year[0], orders("99.5%")).of("it").target) == ">= 99.25 %"

    def test_needs_a_rule(self) -> None:
        with pytest.raises(TypeError, match="no rule for RisingTarget"):
            _level(Ratio(1), RisingTarget(), [])

    def test_shows_what_is_not_known_among_the_values(self) -> None:
        terms = rising("{kind: continuous_improvement, of: it, every: 2, best: 1}")
        found = judge_periods(terms, periods_of(terms)[:3], orders("99.5%"))
        assert "The last 2 values: 99.5 %, none" in "\n".join(found[2].of("it").reason.lines())

    def test_is_that_of_the_outcomes_concerned_only(self) -> None:
        text = """\
makegood: agreement/1
agreement: one
title: One
parties: {provider: p, customer: c}
term: {from: 2025-01-01, months: 3, timezone: UTC}
money: {currency: EUR}
services: {s: {title: S}}
outcomes:
  it: {promise: They come., measure: {kind: ratio, of: orders, good: good}, target: ">= 99%"}
  other: {promise: They come., measure: {kind: ratio, of: orders, good: good}, target: ">= 99%"}
sequences: {better: {kind: ratchet, of: it, every: 1}}
"""
        terms = read(text).agreement
        assert terms is not None
        judgement = judge(terms, periods_of(terms)[1], orders("100%"))
        assert str(judgement.of("it").target) == ">= 99.5 %"
        assert str(judgement.of("other").target) == ">= 99 %"

    def test_starts_from_the_target_that_a_new_version_writes(self) -> None:
        first = """\
makegood: agreement/1
agreement: one
title: One
parties: {provider: p, customer: c}
term: {from: 2025-01-01, months: 6, timezone: UTC}
money: {currency: EUR}
services: {s: {title: S}}
outcomes:
  it: {promise: They come., measure: {kind: ratio, of: orders, good: good}, target: ">= 90%"}
sequences: {better: {kind: ratchet, of: it, every: 1}}
"""
        digest = read(first).digest
        amended = f"amendment: {{amends: {digest}, version: 2, effective: 2025-03-01}}\n"
        second = amended + first.replace("90%", "80%")
        terms = chain_of(read(second), [read(first)]).agreement
        assert terms is not None
        found = judge_periods(terms, periods_of(terms)[:4], orders("100%", "100%", "100%", "100%"))
        assert [str(each.of("it").target) for each in found] == [">= 90 %", ">= 95 %", ">= 80 %", ">= 90 %"]
