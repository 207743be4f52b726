"""Netting: money that is given back for what was not done, less what the same cause was credited for already."""

from __future__ import annotations

from makegood.engine.agreement.terms import Agreement
from makegood.engine.money.context import Context
from makegood.engine.money.line import Line, Remedied
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.reason import Reason


def net_of_credits(context: Context, lines: tuple[Line, ...]) -> Remedied | None:
    """Return the lines, those of money back less the credits of other outcomes for the same incidents.

    Unit: lines; none becomes negative.
    Rule: it concerns outcomes that give money back and net it; what others credit for an incident that they share is
        taken off. It acts after one credit per incident, so that only what is paid is taken off.
    Source: docs/explanation/money/money-back.md

    >>> net_of_credits.__name__
    'net_of_credits'
    """
    netting = _netting(context.agreement)
    if not netting:
        return None
    found = []
    for line in lines:
        others = [
            other.amount
            for other in lines
            if other.outcome not in netting and not other.incidents.isdisjoint(line.incidents)
        ]
        given = min(line.amount, Amount.total(others, context.currency))
        if line.outcome in netting and given:
            text = f"{given} are credited for the same incidents already"
            line = line.becomes(line.amount - given, Reason(text, str(line.amount - given), rule="money-back"))  # noqa: PLW2901  # the same line
        found.append(line)
    return Remedied(
        tuple(found), Reason("Money back is net of other credits for the same incidents", rule="money-back")
    )


def _netting(agreement: Agreement) -> set[str]:
    stakes = {name: outcome.stake for name, outcome in agreement.outcomes.items()}
    return {name for name, stake in stakes.items() if stake and stake.money_back and stake.money_back.nets}
