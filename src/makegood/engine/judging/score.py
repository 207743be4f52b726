"""Score: what the answers to a survey come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from makegood.engine.agreement.measures.score import Figure, Score
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Record, Statement, Tally
from makegood.engine.judging.verdict import Measurement
from makegood.engine.judging.wording import SAMPLE, counted, leaf, shown
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason


def score(answers: Mapping[Ratio, int], figure: Figure, *, top: Ratio, bottom: Ratio) -> Ratio | None:
    """Return what answers come to, given how often each was given.

    Unit: the scale's own for the mean, a share for the top box, points from -100 to 100 for the net promoter score.
    Rule: `mean` is exact; `top_box` is the share of answers from ``top`` on; `net_promoter` is the percentage of
        answers from ``top`` on less that of answers up to ``bottom``. No answer gives no value (``None``).
    Source: docs/explanation/judging/score.md

    >>> answers = {Ratio(10): 5, Ratio(8): 3, Ratio(3): 2}
    >>> [score(answers, figure, top=Ratio(9), bottom=Ratio(6)) for figure in Figure]
    [Ratio(8), Ratio(1, 2), Ratio(30)]
    """
    total = sum(answers.values())
    if not total:
        return None
    good = sum(number for answer, number in answers.items() if answer >= top)
    match figure:
        case Figure.MEAN:
            return sum((answer * number for answer, number in answers.items()), Ratio(0)) / total
        case Figure.TOP_BOX:
            return Ratio(good, total)
        case _:
            bad = sum(number for answer, number in answers.items() if answer <= bottom)
            return Ratio(100 * (good - bad), total)


@dataclass(frozen=True, slots=True)
class ScoreIndicator:
    """A score with the answers, ready to be measured in any period."""

    agreement: Agreement
    measure: Score
    evidence: Evidence

    def measured(self, period: Period) -> Measurement:
        """Return what the answers of the period come to; answers are tallies by result, or statements."""
        measure = self.measure
        given = list(self._given(period))
        counting = [(result, number, record) for result, number, record in given if result not in measure.no_answer]
        invalid = self._invalid(counting)
        answers: Counter[Ratio] = Counter()
        if not invalid:
            for result, number, _ in counting:
                answers[Ratio.parse(result)] += number
        total = sum(number for _, number, _ in counting)
        top, bottom = (level.value if level else Ratio(0) for level in (measure.top, measure.bottom))
        few = ""
        if 0 < total < measure.minimum_answers:
            lacking = counted(measure.minimum_answers - total, "answer")
            verb = "was" if total == 1 else "were"
            few = f"{counted(total, 'answer')} to {measure.of} {verb} given; a verdict needs {lacking} more."
        value = None if invalid or few else score(answers, measure.as_, top=top, bottom=bottom)
        good = sum(number for answer, number in answers.items() if measure.top is not None and answer >= top)
        return Measurement(
            value=value,
            unit=measure.unit,
            good=good,
            total=total,
            reason=self._reason(value, given, answers),
            undecided=invalid or few,
            invalid=bool(invalid),
            empty=not total,
        )

    def _given(self, period: Period) -> Iterator[tuple[str, int, Tally | Statement]]:
        """Yield each answer as it is recorded, how often it was given, and the record."""
        for tally in self.evidence.tallies.get(self.measure.of, ()):
            if period.interval.contains(tally.start) and tally.count:
                yield tally.result, tally.count, tally
        for statement in self.evidence.statements.get(self.measure.of, ()):
            if period.interval.contains(statement.at):
                sign = "%" if statement.unit.strip() in ("%", "percent") else ""
                yield f"{statement.value}{sign}", 1, statement

    def _invalid(self, counting: list[tuple[str, int, Tally | Statement]]) -> str:
        """Return which answer cannot have been given; empty if all can."""
        low, high = self.measure.scale.from_.value, self.measure.scale.to.value
        for result, _, record in counting:
            try:
                possible = "%" not in result and low <= Ratio.parse(result) <= high
            except ValueError:
                possible = False
            if not possible:
                return (
                    f"{record.id} gives the answer {result} to {self.measure.of}, and answers go from {low.grouped} to"
                    f" {high.grouped}. Correct the record, or list the result as no answer."
                )
        return ""

    def _reason(
        self, value: Ratio | None, given: list[tuple[str, int, Tally | Statement]], answers: Mapping[Ratio, int]
    ) -> Reason:
        found: dict[str, list[Record]] = {}
        numbers: Counter[str] = Counter()
        for result, number, record in given:
            found.setdefault(result, []).append(record)
            numbers[result] += number
        steps = tuple(
            leaf(
                f"answer {result}{' (no answer, left out)' if result in self.measure.no_answer else ''}",
                f"{numbers[result]:,}",
                found[result],
                most=SAMPLE,
            )
            for result in sorted(found)
        )
        told = shown(value, self.measure.unit) if value is not None else "no value"
        all_of_them = counted(sum(answers.values()), "answer")
        return Reason(
            f"{self.measure.of}: {self.measure.as_.replace('_', ' ')} of {all_of_them}", told, steps, rule="score"
        )
