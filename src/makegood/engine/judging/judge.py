"""Judging: evidence and terms become verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Protocol

from makegood.engine.agreement.measures.availability import Availability
from makegood.engine.agreement.measures.composite import Composite
from makegood.engine.agreement.measures.count import CountOf
from makegood.engine.agreement.measures.coverage import Coverage
from makegood.engine.agreement.measures.gauges import GaugeMeasure
from makegood.engine.agreement.measures.kept import Kept
from makegood.engine.agreement.measures.milestone import Milestone
from makegood.engine.agreement.measures.parts import Measure
from makegood.engine.agreement.measures.ratio import RatioOf
from makegood.engine.agreement.measures.recovery import Recovery
from makegood.engine.agreement.measures.score import Score
from makegood.engine.agreement.measures.stated import Stated
from makegood.engine.agreement.measures.steps import Steps
from makegood.engine.agreement.measures.time_beyond import TimeBeyond
from makegood.engine.agreement.measures.within import Within
from makegood.engine.agreement.readings import readings_of
from makegood.engine.agreement.terms import Agreement, Outcome
from makegood.engine.agreement.versions import by_version
from makegood.engine.evidence.body import Evidence
from makegood.engine.judging.availability import AvailabilityIndicator
from makegood.engine.judging.choices import choices
from makegood.engine.judging.claims import claims_on
from makegood.engine.judging.composite import CompositeIndicator
from makegood.engine.judging.count import CountIndicator
from makegood.engine.judging.coverage import CoverageIndicator
from makegood.engine.judging.kept import KeptIndicator
from makegood.engine.judging.late_report import late_report
from makegood.engine.judging.milestone import MilestoneIndicator
from makegood.engine.judging.precision import precise
from makegood.engine.judging.quantile import GaugeIndicator
from makegood.engine.judging.ratchet import InForce, targets_in_force
from makegood.engine.judging.ratio import RatioIndicator
from makegood.engine.judging.recovery import RecoveryIndicator
from makegood.engine.judging.ruling import ruling
from makegood.engine.judging.score import ScoreIndicator
from makegood.engine.judging.stated import StatedIndicator
from makegood.engine.judging.steps import StepsIndicator
from makegood.engine.judging.time_beyond import TimeBeyondIndicator
from makegood.engine.judging.verdict import Judgement, Measurement, Reading, Ruling, Verdict
from makegood.engine.judging.windows import with_windows
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
    Rule: every period is judged as ``judge`` judges it alone, by the version that is in force in it; where a target
        rises with what was achieved, all earlier periods of the term are measured for it.
    Source: docs/explanation/judging/rulings.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> from makegood.engine.agreement.schedule import periods_of
    >>> agreement = read(GOOD).agreement
    >>> periods = periods_of(agreement)
    >>> len(judge_periods(agreement, periods, Evidence.of([]))) == len(periods)
    True
    """
    found: dict[str, Judgement] = {}
    for terms, governed in by_version(agreement, periods):
        judges = [_Judge.of(terms, name, governed, evidence) for name in terms.outcomes]
        found |= {period.label: _judgement(terms, period, evidence, judges) for period in governed}
    return tuple(found[period.label] for period in periods)


def _judgement(agreement: Agreement, period: Period, evidence: Evidence, judges: Sequence[_Judge]) -> Judgement:
    verdicts = tuple(each.verdict(period) for each in judges)
    claims = claims_on(agreement, verdicts, evidence)
    return Judgement(agreement.agreement, period, evidence.snapshot, verdicts, choices(verdicts, evidence), claims)


_INDICATORS: dict[type[Measure], Callable[..., Indicator]] = {
    Availability: AvailabilityIndicator.of,
    Within: WithinIndicator.of,
    Milestone: MilestoneIndicator.of,
    Steps: StepsIndicator.of,
    Composite: CompositeIndicator.of,
    CountOf: CountIndicator,
    Stated: StatedIndicator,
    TimeBeyond: TimeBeyondIndicator.of,
    Score: ScoreIndicator,
    Recovery: RecoveryIndicator.of,
    Coverage: CoverageIndicator.of,
}


def indicator(agreement: Agreement, outcome: Outcome, evidence: Evidence) -> Indicator:
    """Return the indicator of an outcome's measure.

    Unit: none.
    Rule: each kind of measure has one indicator; what a ratio lists went wrong if the target is a ceiling, and of
        several subjects of a gauge the worst is the one farthest to its bad side.
    Source: docs/explanation/judging/rulings.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> agreement = read(GOOD).agreement
    >>> type(indicator(agreement, agreement.outcomes["open"], Evidence.of([]))).__name__
    'AvailabilityIndicator'
    """
    measure = outcome.measure
    if isinstance(measure, GaugeMeasure):
        return GaugeIndicator.of(agreement, measure, evidence, higher=outcome.target.higher_is_better)
    if isinstance(measure, Kept):
        return KeptIndicator(measure, lambda period: _rulings(agreement, measure, period, evidence))
    if isinstance(measure, RatioOf):
        return RatioIndicator(agreement, measure, evidence, ceiling=not outcome.target.higher_is_better)
    return _INDICATORS[type(measure)](agreement, measure, evidence)


def _rulings(agreement: Agreement, measure: Kept, period: Period, evidence: Evidence) -> dict[str, Ruling]:
    """Return how the outcomes were ruled that a measure is about."""
    judges = {name: _Judge.of(agreement, name, (period,), evidence) for name in measure.shares}
    return {name: each.verdict(period).ruling for name, each in judges.items()}


@dataclass(frozen=True, slots=True)
class _Judge:
    """What judges one outcome in several periods: its targets in force, and measurements that are made once."""

    agreement: Agreement
    name: str
    evidence: Evidence
    targets: Mapping[str, InForce]
    measured: Callable[[Period], Measurement]

    @classmethod
    def of(cls, agreement: Agreement, name: str, periods: Sequence[Period], evidence: Evidence) -> _Judge:
        outcome = agreement.outcomes[name]
        measuring = with_windows(indicator(agreement, outcome, evidence), outcome.stake)
        measured = cache(lambda period: precise(outcome, measuring.measured(period)))
        return cls(agreement, name, evidence, targets_in_force(agreement, name, periods, measured), measured)

    def verdict(self, period: Period) -> Verdict:
        """Return the verdict on the outcome in a period."""
        measurement, in_force = self.measured(period), self.targets[period.label]
        outcome = replace(self.agreement.outcomes[self.name], target=in_force.target)
        ruled, because = ruling(outcome, measurement)
        late = outcome.report and late_report(self.agreement, outcome.report, period, self.evidence)
        steps = (*in_force.because, measurement.reason, because, *((late,) if late else ()))
        ruled = Ruling.MISSED if late else ruled
        return Verdict(
            outcome=self.name,
            period=period,
            ruling=ruled,
            target=in_force.target,
            measurement=measurement,
            readings=tuple(Reading(*reading) for reading in readings_of(self.agreement, self.name)),
            reason=Reason(f"{self.name} in {period.label}: {outcome.promise}", ruled, steps),
            late_report=late is not None,
        )
