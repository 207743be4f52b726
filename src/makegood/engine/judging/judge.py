"""Judging: evidence and terms become verdicts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from makegood.engine.agreement.measures.availability import Availability
from makegood.engine.agreement.measures.count import CountOf
from makegood.engine.agreement.measures.parts import Measure
from makegood.engine.agreement.measures.ratio import RatioOf
from makegood.engine.agreement.measures.within import Within
from makegood.engine.agreement.readings import readings_of
from makegood.engine.agreement.terms import Agreement, Outcome
from makegood.engine.evidence.body import Evidence
from makegood.engine.judging.availability import AvailabilityIndicator
from makegood.engine.judging.count import CountIndicator
from makegood.engine.judging.ratio import RatioIndicator
from makegood.engine.judging.ruling import ruling
from makegood.engine.judging.verdict import Judgement, Measurement, Reading, Verdict
from makegood.engine.judging.within import WithinIndicator
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.reason import Reason


class Indicator(Protocol):
    """A measure with the evidence about it."""

    def measured(self, period: Period, /) -> Measurement:
        """Return what the evidence says about the period."""
        ...


def judge(agreement: Agreement, period: Period, evidence: Evidence) -> Judgement:
    """Return the verdicts on all outcomes of an agreement in one period.

    Unit: as each measure says; values are exact.
    Rule: a function of its arguments: the same terms and the same records give the same verdicts, whenever and
        wherever they are computed, and in whatever order the records came.
    Source: docs/explanation/judging/rulings.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> from makegood.engine.agreement.schedule import periods_of
    >>> agreement = read(GOOD).agreement
    >>> judgement = judge(agreement, periods_of(agreement)[0], Evidence.of([]))
    >>> {verdict.ruling.value for verdict in judgement.verdicts}
    {'UNDECIDED'}
    """
    (judgement,) = judge_periods(agreement, (period,), evidence)
    return judgement


def judge_periods(agreement: Agreement, periods: Sequence[Period], evidence: Evidence) -> tuple[Judgement, ...]:
    """Return the verdicts of several periods; evidence is prepared once for all of them.

    Unit: as each measure says; values are exact.
    Rule: every period is judged as ``judge`` judges it alone.
    Source: docs/explanation/judging/rulings.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> from makegood.engine.agreement.schedule import periods_of
    >>> agreement = read(GOOD).agreement
    >>> periods = periods_of(agreement)
    >>> len(judge_periods(agreement, periods, Evidence.of([]))) == len(periods)
    True
    """
    indicators = {name: indicator(agreement, outcome, evidence) for name, outcome in agreement.outcomes.items()}
    return tuple(
        Judgement(
            agreement.agreement,
            period,
            evidence.snapshot,
            tuple(_verdict(agreement, name, period, each.measured(period)) for name, each in indicators.items()),
        )
        for period in periods
    )


_INDICATORS: dict[type[Measure], Callable[..., Indicator]] = {
    Availability: AvailabilityIndicator.of,
    Within: WithinIndicator.of,
    CountOf: CountIndicator,
}


def indicator(agreement: Agreement, outcome: Outcome, evidence: Evidence) -> Indicator:
    """Return the indicator of an outcome's measure.

    Unit: none.
    Rule: each kind of measure has one indicator; what a ratio lists went wrong if the target is a ceiling.
    Source: docs/explanation/judging/rulings.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> agreement = read(GOOD).agreement
    >>> type(indicator(agreement, agreement.outcomes["open"], Evidence.of([]))).__name__
    'AvailabilityIndicator'
    """
    measure = outcome.measure
    if isinstance(measure, RatioOf):
        return RatioIndicator(agreement, measure, evidence, ceiling=not outcome.target.comparison.higher_is_better)
    return _INDICATORS[type(measure)](agreement, measure, evidence)


def _verdict(agreement: Agreement, name: str, period: Period, measurement: Measurement) -> Verdict:
    outcome = agreement.outcomes[name]
    ruled, because = ruling(outcome, measurement)
    return Verdict(
        outcome=name,
        period=period,
        ruling=ruled,
        target=outcome.target,
        measurement=measurement,
        readings=tuple(Reading(*reading) for reading in readings_of(agreement, name)),
        reason=Reason(f"{name} in {period.label}: {outcome.promise}", ruled, (measurement.reason, because)),
    )
