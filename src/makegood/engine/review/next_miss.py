"""The next miss: what it would cost if one more case were late, as the period stands now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.versions import version_for
from makegood.engine.judging.ruling import ruling
from makegood.engine.judging.verdict import Judgement, Measurement, Miss, Verdict
from makegood.engine.money.context import Past
from makegood.engine.money.credit import PeriodCredits
from makegood.engine.money.credits import period_credits
from makegood.engine.money.finality import Standing, as_final
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio

MOST = 64
"""Misses that are further away than this cost nothing yet."""


class NextMiss:
    """What the next miss of each outcome would cost in the last of some periods.

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> from makegood.engine.agreement.schedule import periods_of
    >>> from makegood.engine.evidence.body import Evidence
    >>> from makegood.engine.judging.judge import judge_periods
    >>> shop = read(GOOD).agreement
    >>> found = NextMiss(shop, judge_periods(shop, periods_of(shop)[:1], Evidence.of([])))
    >>> str(found.cost(next(iter(shop.outcomes))))
    '50.00 EUR'
    """

    def __init__(self, agreement: Agreement, judgements: Sequence[Judgement], standing: Standing = Standing()) -> None:  # noqa: B008  # a value
        *before, self._last = judgements
        self._agreement, self._standing, self._past = agreement, standing, Past()
        for each in before:
            self._past = self._past.with_(each, self._credits(each))
        self._now = self._credits(self._last).total
        self._outcomes = version_for(agreement, self._last.period).outcomes

    def cost(self, outcome: str) -> Amount:
        """Return what one more late case would cost; nothing for an outcome that is not judged in the period.

        Unit: amount in the agreement's currency, rounded for showing.
        Rule: the case is added to those of the period, and everything else stays as it is. Where so many more misses
            are free, the first that costs is shared by all that lead to it: each of them uses up what is allowed.
        Source: docs/explanation/review/next-miss.md
        """
        nothing = Amount(0, self._now.currency)
        if self._last.find(outcome) is None or outcome not in self._outcomes:
            return nothing
        missed = self._first_that_costs(outcome)
        return self._more(outcome, missed).times(Ratio(1, missed)) if missed else nothing

    def _first_that_costs(self, outcome: str) -> int:
        """Return how many more misses it takes until one costs, 0 if that is too many."""
        high = 1
        while high <= MOST and self._more(outcome, high).minor <= 0:
            high *= 2
        if high > MOST:
            return 0
        low = high // 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._more(outcome, middle).minor > 0 else (middle, high)
        return high

    def _more(self, outcome: str, misses: int) -> Amount:
        """Return what so many more misses cost."""
        verdicts = [self._worse(each, misses) if each.outcome == outcome else each for each in self._last.verdicts]
        return self._credits(replace(self._last, verdicts=tuple(verdicts))).total - self._now

    def _worse(self, verdict: Verdict, misses: int) -> Verdict:
        measured = _with_misses(verdict.measurement, misses)
        return replace(verdict, measurement=measured, ruling=ruling(self._outcomes[verdict.outcome], measured)[0])

    def _credits(self, judgement: Judgement) -> PeriodCredits:
        credited = period_credits(self._agreement, judgement, self._past)
        return as_final(self._agreement, credited, self._standing)


def _with_misses(measured: Measurement, misses: int) -> Measurement:
    total = measured.total + misses
    return replace(
        measured,
        value=Ratio(measured.good, total),
        total=total,
        misses=(*measured.misses, *(Miss("one more", 1) for _ in range(misses))),
        undecided="",
        empty=False,
    )
