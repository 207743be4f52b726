"""Improvement: what a provider earns for an outcome that gets better, once for each step up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from makegood.engine.agreement.incentives import Improvement
from makegood.engine.agreement.shapes import Level
from makegood.engine.judging.verdict import Judgement, Verdict
from makegood.engine.money.earned import Earned, improvement_of, units_of, unmet
from makegood.engine.vocabulary.ratio import Ratio


@dataclass(frozen=True, slots=True)
class Value:
    """The value of one period, whether its conditions are met, and that of the same period of the year before."""

    value: Ratio | None
    allowed: bool
    year_before: Ratio | None = None


def improvement_earned(term: Improvement, values: Sequence[Value], *, higher_is_better: bool) -> Earned:
    """Return what the last of several periods earns for getting better.

    Unit: exact value in major units of the agreement's currency.
    Rule: all periods are gone through in their order. What a value is better than the baseline, with what was kept
        from earlier ones, counts up to ``most``; of the rest up to ``carry_over`` is kept, and the remainder is lost.
        If the baseline ``rises``, it becomes the better value, so that no improvement is paid twice. A period without
        value, without baseline, or whose conditions are not met earns nothing and changes nothing.
    Source: docs/explanation/money/improvement.md

    >>> from makegood.engine.agreement.shapes import LEVEL
    >>> from makegood.engine.vocabulary.amount import Amount
    >>> point = Improvement(of="x", baseline=LEVEL.read("90%"), unit=LEVEL.read("1%"), pays=Amount(10000, "EUR"))
    >>> values = [Value(Ratio(number, 100), allowed=True) for number in (92, 93)]
    >>> improvement_earned(point, values, higher_is_better=True).exact
    Ratio(100)
    """
    baseline = term.baseline.value if term.baseline is not None else None
    first: list[Ratio] = []
    kept = paid = Ratio(0)
    for each in values:
        paid = Ratio(0)
        if each.value is None:
            continue
        if term.mean_of_first is not None and len(first) < term.mean_of_first:
            first.append(each.value)
            baseline = sum(first, Ratio(0)) / len(first)
            continue
        before = each.year_before if term.year_before else baseline
        if before is None or not each.allowed:
            continue
        better = max(Ratio(0), improvement_of(each.value, before, higher_is_better=higher_is_better)) + kept
        paid = min(better, term.most.value) if term.most is not None else better
        kept = min(better - paid, term.carry_over.value if term.carry_over is not None else Ratio(0))
        if term.rises and not term.year_before:
            baseline = max(before, each.value) if higher_is_better else min(before, each.value)
    units = units_of(paid, term.unit.value, term.counted)
    size = Level(paid, term.unit.unit)
    because = f"{term.of} improved by {size} that count: {units} times {term.unit}, {term.pays} each"
    return Earned(term.pays.value * units, because, "improvement")


def values_of(term: Improvement, judgements: Sequence[Judgement]) -> list[Value]:
    """Return the values of an outcome from the first period on, as an improvement looks at them.

    Unit: one value a period, in their order.
    Rule: the same period of the year before is the one of the same label a year earlier, as far as there is one.
    Source: docs/explanation/money/improvement.md

    >>> from makegood.engine.agreement.shapes import LEVEL
    >>> from makegood.engine.vocabulary.amount import Amount
    >>> values_of(Improvement(of="x", unit=LEVEL.read("1%"), pays=Amount(10000, "EUR")), ())
    []
    """
    found = {each.period.label: _value(each.find(term.of)) for each in judgements}
    return [
        Value(
            found[each.period.label],
            allowed=not unmet(term.only_if, each),
            year_before=found.get(_a_year_before(each.period.label)),
        )
        for each in judgements
    ]


def _a_year_before(label: str) -> str:
    return f"{int(label[:4]) - 1}{label[4:]}"


def _value(verdict: Verdict | None) -> Ratio | None:
    return verdict.measurement.value if verdict is not None else None
