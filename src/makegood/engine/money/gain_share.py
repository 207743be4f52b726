"""Gain-share: the provider's part of what was saved or gained."""

from __future__ import annotations

from makegood.engine.agreement.incentives import GainShare
from makegood.engine.judging.verdict import Judgement
from makegood.engine.money.earned import Earned, improvement_of, unmet
from makegood.engine.vocabulary.ratio import Ratio


def gain_shared(term: GainShare, judgement: Judgement) -> Earned:
    """Return the provider's share of the gain of a period.

    Unit: exact value in major units of the agreement's currency; negative is a share of a loss.
    Rule: the gain is by how much the value of the outcome is better than the baseline, in units, times what a unit is
        worth. The provider earns its share, up to ``at_most`` and only if all outcomes are met that ``only_if`` names;
        of a loss it bears ``loss_share``, up to ``loss_at_most`` and whatever else was met. Without a value there is
        neither.
    Source: docs/explanation/money/gain-share.md

    >>> from makegood.engine.agreement.shapes import LEVEL
    >>> GainShare(of="costs", baseline=LEVEL.read("120000"), share=Ratio(1, 5)).loss_share
    Ratio(0)
    """
    verdict = judgement.of(term.of)
    value = verdict.measurement.value
    if value is None:
        return Earned(Ratio(0), f"{term.of} has no value, so nothing is shared", "gain-share")
    unit = term.unit.value if term.unit is not None else Ratio(1)
    better = improvement_of(value, term.baseline.value, higher_is_better=verdict.target.higher_is_better)
    gain = better / unit * term.worth
    shown = (
        f"{verdict.shown_value} against {term.baseline} is a {'gain' if gain >= 0 else 'loss'} of {abs(gain).grouped}"
    )
    if gain < 0:
        return _loss(term, gain * term.loss_share, f"{shown}, {term.loss_share.percent()} of it shared")
    gates = unmet(term.only_if, judgement)
    if gates:
        return Earned(Ratio(0), f"{shown}, not shared because of {', '.join(gates)}: not met", "gain-share")
    share = gain * term.share
    because = f"{shown}, {term.share.percent()} of it shared"
    if term.at_most is not None and share > term.at_most.value:
        return Earned(term.at_most.value, f"{because}; {term.at_most} at most", "gain-share")
    return Earned(share, because, "gain-share")


def _loss(term: GainShare, share: Ratio, because: str) -> Earned:
    """Return the provider's share of a loss, limited."""
    if term.loss_at_most is not None and -share > term.loss_at_most.value:
        return Earned(-term.loss_at_most.value, f"{because}; {term.loss_at_most} at most", "gain-share")
    return Earned(share, because, "gain-share")
