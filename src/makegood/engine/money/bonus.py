"""The bonus: what a provider earns in a period that is better than promised."""

from __future__ import annotations

from makegood.engine.agreement.incentives import Bonus, BonusUnit
from makegood.engine.agreement.rates import in_words
from makegood.engine.agreement.shapes import Share, Target
from makegood.engine.judging.verdict import Judgement, Ruling, Verdict
from makegood.engine.money.earned import Earned, improvement_of, units_of, unmet
from makegood.engine.money.rate import rate_value
from makegood.engine.vocabulary.ratio import Ratio


def bonus_earned(term: Bonus, outcome: str, judgement: Judgement, *, base: Ratio, days: int) -> Earned:
    """Return the bonus of an outcome for a period.

    Unit: exact value in major units of the agreement's currency.
    Rule: only a met outcome earns one, and only if all outcomes are met that ``only_if`` names. Of the steps that the
        value reaches, exactly or beyond, the best alone decides; units count from the target on, or from their own
        level. ``at_most`` limits it.
    Source: docs/explanation/money/bonus.md

    >>> Bonus().only_if
    ()
    """
    verdict = judgement.of(outcome)
    if verdict.ruling is not Ruling.MET or verdict.measurement.value is None:
        return Earned(Ratio(0), f"{outcome} is {verdict.ruling}, and earns no bonus", "bonus")
    gates = unmet(term.only_if, judgement)
    if gates:
        return Earned(Ratio(0), f"No bonus, because of {', '.join(gates)}: not met", "bonus")
    if term.per_unit is not None:
        found = _by_unit(term.per_unit, verdict.target, verdict.measurement.value, base, days)
    else:
        found = _by_step(term, verdict, verdict.measurement.value, base, days)
    if term.at_most is None:
        return found
    limit = base * term.at_most.of_base if isinstance(term.at_most, Share) else term.at_most.value
    if found.exact <= limit:
        return found
    return Earned(limit, f"{found.because}; {in_words(term.at_most)} at most", "bonus")


def _by_step(term: Bonus, verdict: Verdict, value: Ratio, base: Ratio, days: int) -> Earned:
    reached = [tier for tier in term.tiers if tier.covers(value)]
    if not reached:
        return Earned(Ratio(0), f"{verdict.shown_value} reaches no step of the bonus", "bonus")
    pick = max if verdict.target.higher_is_better else min
    best = pick(reached, key=lambda tier: tier.bound.value)
    because = f"{verdict.shown_value} reaches {best.bound}: {in_words(best.pays)}"
    return Earned(rate_value(best.pays, base=base, days=days), because, "bonus")


def _by_unit(term: BonusUnit, target: Target, value: Ratio, base: Ratio, days: int) -> Earned:
    start = term.beyond if term.beyond is not None else target.level
    better = improvement_of(value, start.value, higher_is_better=target.higher_is_better)
    units = units_of(better, term.unit.value, term.counted)
    because = f"{units} times {term.unit} better than {start}, {in_words(term.pays)} each"
    return Earned(rate_value(term.pays, base=base, days=days) * units, because, "bonus")
