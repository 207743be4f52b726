"""Marginal money: what it costs when a value gets worse, where it jumps, and from where on it costs nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from makegood.engine.agreement.shapes import Unit
from makegood.engine.agreement.stakes import PerUnit
from makegood.engine.review.trial import Scale, Trial
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio

ROWS = 12
_GRID = 24
_UNITS = 40


@dataclass(frozen=True, slots=True)
class Step:
    """From ``value`` on, ``wrong`` steps from the best, the outcome costs ``cost``.

    ``jump`` is what this very step adds; None if the cost has been growing gradually since the step before.
    """

    value: Ratio
    wrong: int
    cost: Amount
    jump: Amount | None


@dataclass(frozen=True, slots=True)
class Marginal:
    """What an outcome costs alone, as its value worsens while all others are kept.

    ``dead`` is the step from which worse values cost nothing more; ``dead_by_limit`` tells that the outcome's own stake
    would go on, but a cap or the amount at risk stops it. ``free`` tells that the first miss costs nothing.
    """

    outcome: str
    scale: Scale
    steps: tuple[Step, ...]
    cliff: Step | None
    dead: Step | None
    dead_by_limit: bool
    free: bool

    @property
    def most(self) -> Amount:
        """The most that the outcome costs."""
        return max(step.cost for step in self.steps)

    @property
    def mildest(self) -> Amount:
        """The least that a miss costs which costs anything, with the bonus that it forgoes; nothing if none does."""
        met = self.scale.last_met()
        return next((step.cost for step in self.steps if step.wrong > met and step.cost.minor > 0), self.steps[0].cost)


def marginal(trial: Trial, outcome: str) -> Marginal:
    """Return what an outcome costs as its value worsens from the best to the worst.

    Unit: amounts of one period; the difference to a period in which everything is as good as can be.
    Rule: every bound of the target and of the tiers is tried exactly, with the value before it and the one behind; so
        is every unit of a credit per unit; between them the scale is tried in equal steps.
    """
    scale = trial.scales[outcome]
    best = trial.credits({}).total
    costs = {wrong: trial.credits({outcome: wrong}).total - best for wrong in sorted(_tried(trial, outcome))}
    dead = _first_at(trial, outcome, costs, best)
    costs = dict(sorted({**costs, dead: max(costs.values())}.items()))
    steps = tuple(_steps(scale, costs))
    jumps = [step for step in steps if step.jump is not None and step.jump.minor > 0]
    first_miss = scale.last_met() + 1
    return Marginal(
        outcome=outcome,
        scale=scale,
        steps=steps,
        cliff=max(jumps, key=lambda step: step.jump or best, default=None),
        dead=next((step for step in steps if step.wrong == dead and dead < scale.worst), None),
        dead_by_limit=_is_limited(trial, outcome),
        free=first_miss <= scale.worst and costs[first_miss].minor <= costs[max(0, first_miss - 1)].minor,
    )


def shortened(steps: tuple[Step, ...], rows: int = ROWS) -> tuple[Step, ...]:
    """Return at most so many steps for showing: the first and the last, and evenly chosen ones between them.

    >>> from makegood.engine.vocabulary.amount import Amount
    >>> steps = tuple(Step(Ratio(n), n, Amount(n, "EUR"), None) for n in range(20))
    >>> [step.wrong for step in shortened(steps, 5)]
    [0, 4, 9, 14, 19]
    """
    if len(steps) <= rows:
        return steps
    return tuple(steps[number * (len(steps) - 1) // (rows - 1)] for number in range(rows))


def _tried(trial: Trial, outcome: str) -> set[int]:
    """Return the steps at which the cost of an outcome is asked for."""
    scale, stake = trial.scales[outcome], trial.agreement.outcomes[outcome].stake
    met = scale.last_met()
    bonus = trial.agreement.outcomes[outcome].bonus
    bounds = [*(stake.bounds if stake else ()), *(tier.bound for tier in (bonus.tiers if bonus else ()))]
    edges = [met, *(scale.beyond(bound.value) for bound in bounds)]
    if stake is not None and stake.per_unit is not None:
        edges += _edges_of_units(scale, stake.per_unit, met)
    grid = [met + (scale.worst - met) * number // _GRID for number in range(_GRID + 1)]
    found = {0, *grid, *(edge + side for edge in edges for side in (0, 1))}
    return {wrong for wrong in found if 0 <= wrong <= scale.worst}


def _edges_of_units(scale: Scale, term: PerUnit, met: int) -> Iterator[int]:
    """Yield the last step of each unit of a credit per unit."""
    size = term.unit.value / abs(scale.step)
    free = Ratio(met)
    if term.unit.unit is Unit.TIME:
        size = term.unit.value
    if term.allowance is not None:
        share = term.allowance.unit is Unit.SHARE and scale.unit is Unit.SHARE
        free = term.allowance.value * (scale.total if share else 1)
    for number in range(_UNITS):
        edge = free + size * number
        yield edge.floor()
        yield edge.ceil() - 1


def _first_at(trial: Trial, outcome: str, costs: dict[int, Amount], best: Amount) -> int:
    """Return the first step at which the outcome costs the most."""
    most = max(costs.values())
    high = next(wrong for wrong, cost in costs.items() if cost == most)
    low = max((wrong for wrong in costs if wrong < high), default=high)
    while high - low > 1:
        middle = (low + high) // 2
        if trial.credits({outcome: middle}).total - best < most:
            low = middle
        else:
            high = middle
    return high


def _steps(scale: Scale, costs: dict[int, Amount]) -> Iterator[Step]:
    """Yield the steps at which the cost changes, the best value first."""
    before: int | None = None
    for wrong, cost in costs.items():
        if before is None:
            yield Step(scale.value(wrong), wrong, cost, None)
        elif cost != costs[before]:
            yield Step(scale.value(wrong), wrong, cost, cost - costs[before] if wrong == before + 1 else None)
        before = wrong


def _is_limited(trial: Trial, outcome: str) -> bool:
    """Tell whether a rule for all credits together reduces what the outcome owes at its worst."""
    worst = trial.credits({outcome: trial.scales[outcome].worst})
    return any(credit.outcome == outcome and credit.amount < credit.raw for credit in worst.credits)
