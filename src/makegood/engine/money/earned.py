"""Earned: what a condition, a bonus or an incentive comes to, before it is a line of the statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from makegood.engine.judging.verdict import Judgement, Ruling
from makegood.engine.vocabulary.ratio import Ratio


@dataclass(frozen=True, slots=True)
class Earned:
    """What the provider earns in a period, exactly and in major units, and why; negative is what it gives back."""

    exact: Ratio
    because: str
    rule: str


def unmet(only_if: Iterable[str], judgement: Judgement) -> tuple[str, ...]:
    """Return the outcomes that are not met, of those on which something depends.

    Unit: names of outcomes.
    Rule: a missed outcome is not met, and neither is an undecided one: what depends on it is earned when it is
        decided, as an adjustment. What the agreement did not have yet was not met.
    Source: docs/explanation/money/bonus.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> from makegood.engine.agreement.schedule import periods_of
    >>> from makegood.engine.evidence.body import Evidence
    >>> from makegood.engine.judging.judge import judge
    >>> shop = read(GOOD).agreement
    >>> unmet(["open"], judge(shop, periods_of(shop)[0], Evidence.of([])))
    ('open',)
    """
    verdicts = {name: judgement.find(name) for name in only_if}
    return tuple(name for name, verdict in verdicts.items() if verdict is None or verdict.ruling is not Ruling.MET)


def improvement_of(value: Ratio, over: Ratio, *, higher_is_better: bool) -> Ratio:
    """Return by how much a value is better than another.

    Unit: as the values; negative if it is worse.
    Rule: where more is better the difference, where less is better its opposite.
    Source: docs/explanation/money/bonus.md

    >>> improvement_of(Ratio(3), Ratio(5), higher_is_better=False)
    Ratio(2)
    """
    return value - over if higher_is_better else over - value


def units_of(size: Ratio, unit: Ratio, counted: str) -> Ratio:
    """Return how many units a size makes.

    Unit: number of units; whole unless they are counted ``exact``.
    Rule: ``started`` rounds up, ``completed`` down; less than nothing makes none.
    Source: docs/explanation/money/bonus.md

    >>> [str(units_of(Ratio(5), Ratio(2), counted)) for counted in ("started", "completed", "exact")]
    ['3', '2', '2.5']
    """
    units = max(Ratio(0), size) / unit
    if counted == "exact":
        return units
    return Ratio(units.ceil() if counted == "started" else units.floor())
