"""The trial: one period whose values are chosen, and what it comes to by the ordinary law."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from makegood.engine.agreement.measures.count import CountOf
from makegood.engine.agreement.shapes import Unit
from makegood.engine.agreement.terms import Agreement, Outcome
from makegood.engine.evidence.body import Evidence
from makegood.engine.judging.judge import judge
from makegood.engine.judging.ruling import ruling
from makegood.engine.judging.verdict import Judgement, Measurement, Miss, Ruling, Verdict
from makegood.engine.money.account import account_credits
from makegood.engine.money.credit import PeriodCredits
from makegood.engine.review.replay import year_of
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason

VOLUME = 1_000  # so many cases or events a period has if nothing is known
_FINE = 100  # a number that is no count is tried in hundredths


@dataclass(frozen=True, slots=True)
class Scale:
    """How bad a value can be, in whole steps: ``best`` at step 0, each of ``worst`` steps worse by ``step``.

    ``total`` is what a share is of: seconds of agreed time, cases or events.
    """

    outcome: Outcome
    total: int
    best: Ratio
    step: Ratio
    worst: int

    @classmethod
    def of(cls, outcome: Outcome, total: int) -> Scale:
        """Return the scale of an outcome whose period has a ``total`` of seconds, cases or events."""
        unit, target = outcome.measure.unit, outcome.target
        higher = target.higher_is_better
        if unit is Unit.SHARE:
            return cls(outcome, total, Ratio(1 if higher else 0), Ratio(-1 if higher else 1, total), total)
        bounds = outcome.stake.bounds if outcome.stake is not None else ()
        most = max(bound.value for bound in (target.level, *bounds))
        fine = Ratio(1, 1 if isinstance(outcome.measure, CountOf) or unit is Unit.TIME else _FINE)
        if higher:
            best = target.level.value if target.is_exact else Ratio((most * 2).ceil())
            return cls(outcome, total, best, -fine, (best / fine).ceil())
        return cls(outcome, total, Ratio(0), fine, ((most * 2).ceil() / fine).ceil() + 10)

    @property
    def unit(self) -> Unit:
        return self.outcome.measure.unit

    def value(self, wrong: int) -> Ratio:
        """Return the value that is so many steps worse than the best."""
        return self.best + self.step * wrong

    def last_met(self) -> int:
        """Return the last step that is not yet a miss, -1 if all are."""
        return self._last(lambda wrong: self.ruled(wrong) is not Ruling.MISSED)

    def beyond(self, bound: Ratio) -> int:
        """Return the last step that is not yet worse than a bound, -1 if all are."""
        return self._last(lambda wrong: (self.value(wrong) - bound) * self.step <= 0)

    def _last(self, good: Callable[[int], bool]) -> int:
        """Return the last good step, where no step is good that comes after one that is not."""
        low, high = -1, self.worst + 1
        while high - low > 1:
            middle = (low + high) // 2
            if good(middle):
                low = middle
            else:
                high = middle
        return low

    def ruled(self, wrong: int) -> Ruling:
        """Return the ruling on a value, thin periods considered."""
        return ruling(self.outcome, self.measured(wrong))[0]

    def measured(self, wrong: int) -> Measurement:
        """Return the measurement of a value; what went wrong is one thing, as in one outage."""
        value = self.value(wrong)
        number = self.unit is not Unit.SHARE
        total = max(0, value.floor()) if number else self.total
        misses = (Miss("what went wrong", wrong),) if wrong else ()
        return Measurement(value, self.unit, 0 if number else self.total - wrong, total, Reason("a trial"), misses)


@dataclass(frozen=True, slots=True)
class Trial:
    """An agreement with one of its whole periods, and the scale of each outcome in it."""

    agreement: Agreement
    period: Period
    scales: Mapping[str, Scale]

    @classmethod
    def of(cls, agreement: Agreement, totals: Mapping[str, int] | None = None) -> Trial:
        """Return a trial in the first whole period of the term.

        Unit: ``totals`` are cases or events a period, for each outcome of which something is known.
        Rule: agreed time has as many seconds as the calendar says; of cases or events there are so many as ``totals``
            says, or 1,000.
        """
        terms, (period, *_) = year_of(agreement)
        silent = judge(terms, period, Evidence())
        agreed = {verdict.outcome: verdict.measurement.total for verdict in silent.verdicts}
        scales = {
            name: Scale.of(outcome, agreed[name] or (totals or {}).get(name) or VOLUME)
            for name, outcome in terms.outcomes.items()
        }
        return cls(terms, period, scales)

    def credits(self, wrong: Mapping[str, int]) -> PeriodCredits:
        """Return the credits of the period if these outcomes are so many steps worse than the best."""
        verdicts = []
        for name, scale in self.scales.items():
            measurement = scale.measured(wrong.get(name, 0))
            ruled, target = scale.ruled(wrong.get(name, 0)), scale.outcome.target
            verdicts.append(Verdict(name, self.period, ruled, target, measurement, (), Reason("a trial")))
        judgement = Judgement(self.agreement.agreement, self.period, 0, tuple(verdicts))
        (credits,) = account_credits(self.agreement, (judgement,))
        return credits
