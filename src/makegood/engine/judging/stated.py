"""Stated: a value that a named person attests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from makegood.engine.agreement.measures.stated import Stated, Take
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Statement
from makegood.engine.judging.units import converted, unit_problem
from makegood.engine.judging.verdict import Measurement
from makegood.engine.judging.wording import counted, leaf, listed, shown
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason
from makegood.engine.vocabulary.times import show_instant


def stated(values: Sequence[Ratio], take: Take) -> Ratio | None:
    """Return the one value that several statements make.

    Unit: that of the statements.
    Rule: given in the order of time, the ``last`` counts, or their exact ``mean`` or ``sum``; without any there is no
        value.
    Source: docs/explanation/judging/stated.md

    >>> [stated([Ratio(4), Ratio(5)], take) for take in Take]
    [Ratio(5), Ratio(9, 2), Ratio(9)]
    """
    if not values:
        return None
    match take:
        case Take.LAST:
            return values[-1]
        case Take.MEAN:
            return sum(values, Ratio(0)) / len(values)
        case _:
            return sum(values, Ratio(0))


@dataclass(frozen=True, slots=True)
class StatedIndicator:
    """A stated value with the statements, ready to be measured in any period."""

    agreement: Agreement
    measure: Stated
    evidence: Evidence

    def measured(self, period: Period) -> Measurement:
        """Return what was stated about the period."""
        measure = self.measure
        mine = [
            each
            for each in self.evidence.statements.get(measure.of, ())
            if period.interval.contains(each.at) and measure.about in ("", each.subject)
        ]
        signed = [each for each in mine if not measure.signed_by or each.by in measure.signed_by]
        values = self._values(signed)
        problem, invalid = unit_problem(signed, measure.unit), ""
        if not problem:
            problem = self._conflict(signed)
            invalid = self._invalid(signed)
        value = None if problem or invalid else stated(values, measure.take)
        return Measurement(
            value=value,
            unit=measure.unit,
            good=0,
            total=len(values),
            reason=self._reason(value, signed, mine),
            undecided=invalid or problem,
            invalid=bool(invalid),
            empty=not signed,
        )

    def _values(self, signed: Sequence[Statement]) -> list[Ratio]:
        """Return the values in order of time; the same said twice of one moment and subject counts once."""
        found: dict[tuple[object, ...], Ratio] = {}
        for each in signed:
            value = converted(each.value, each.unit, self.measure.unit)
            if value is not None:
                found[each.at, each.subject, value] = value
        return list(found.values())

    def _conflict(self, signed: Sequence[Statement]) -> str:
        """Return which statements contradict each other where that matters; empty if none do."""
        moments: dict[tuple[object, ...], list[Statement]] = defaultdict(list)
        last = self.measure.take is Take.LAST
        for each in signed:
            if not last or each.at == signed[-1].at:
                moments[(each.at,) if last else (each.at, each.subject)].append(each)
        for together in moments.values():
            values = {converted(each.value, each.unit, self.measure.unit) for each in together}
            if len(values) > 1:
                who = " and ".join(f"{each.by} states {each.value.grouped} {each.unit}".strip() for each in together)
                return (
                    f"Of {show_instant(together[0].at)} {who}. One of the two has to be withdrawn before"
                    f" {self.measure.of} has a value."
                )
        return ""

    def _invalid(self, signed: Sequence[Statement]) -> str:
        """Return which statement lies outside of what the parties hold possible; empty if none does."""
        measure, unit = self.measure, self.measure.unit
        for each in signed[-1:] if measure.take is Take.LAST else signed:
            value = converted(each.value, each.unit, unit) or Ratio(0)
            low = measure.lowest is not None and value < measure.lowest
            high = measure.highest is not None and value > measure.highest
            if low or high:
                bound = measure.lowest if low else measure.highest
                side, limit = ("below", "least") if low else ("above", "most")
                return (
                    f"{each.by} states {shown(value, unit)}, which is {side} the {limit} that is valid,"
                    f" {shown(bound or Ratio(0), unit)}. The statement has to be corrected."
                )
        return ""

    def _reason(self, value: Ratio | None, signed: Sequence[Statement], mine: Sequence[Statement]) -> Reason:
        steps = [
            leaf(f"{each.by}, of {show_instant(each.at)}", f"{each.value.grouped} {each.unit}".strip(), [each])
            for each in signed
        ]
        others = [each for each in mine if each not in signed]
        if others:
            text = f"{counted(len(others), 'statement')} of persons who may not state it"
            steps.append(leaf(text, "left out", others))
        told = shown(value, self.measure.unit) if value is not None else "no value"
        text = f"{self.measure.of}: {self.measure.take} of {counted(len(signed), 'statement')}"
        return Reason(text, told, listed(steps, "statement"), rule="stated")
