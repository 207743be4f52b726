"""Value shares: what each member of a service has of its value in a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.value_shares import Allocation, ValueShare
from makegood.engine.agreement.versions import version_for
from makegood.engine.money.apportionment import apportioned
from makegood.engine.money.sums import Sums
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.reason import Reason

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MemberShare:
    """What one member has of one value in a period, and by which decisions."""

    scheme: str
    member: str
    period: Period
    amount: Amount
    reason: Reason


def member_shares(agreement: Agreement, period: Period) -> tuple[MemberShare, ...]:
    r"""Return what each member has of each value that the agreement shares out in a period.

    Unit: amounts in the agreement's currency; the members of one value have all of it together.
    Rule: the value of the period is split by days between the allocations that held in it, and each part in proportion
        to the units of the members; both by largest remainder. Members come in the order of their names.
    Source: docs/explanation/money/value-shares.md

    >>> from makegood.engine.agreement.catalogue import completed
    >>> from makegood.engine.agreement.document import read
    >>> from makegood.engine.agreement.schedule import periods_of
    >>> shares = "allocations: [{from: 2026-01-01, shares: {north: 2, south: 1}}]"
    >>> text = f"value_shares: {{network: {{of: 100.00 EUR, decided_by: the board, {shares}}}}}\n"
    >>> network = read(completed(text)).agreement
    >>> [(each.member, str(each.amount)) for each in member_shares(network, periods_of(network)[0])]
    [('north', '66.67 EUR'), ('south', '33.33 EUR')]
    """
    terms = version_for(agreement, period)
    sums = Sums.of(terms, period)
    return tuple(
        found for name, share in terms.value_shares.items() for found in _members(terms, name, share, period, sums)
    )


def _members(terms: Agreement, name: str, share: ValueShare, period: Period, sums: Sums) -> tuple[MemberShare, ...]:
    value, why = sums.share(share.of)
    whole = Amount.of(value, terms.money.currency, terms.money.rounding)
    holding = _holding(share, period)
    parts = apportioned(whole, {f"{number:04}": days for number, (_, days) in enumerate(holding)})
    steps: dict[str, list[Reason]] = {}
    amounts: dict[str, Amount] = {}
    for part, (allocation, days) in zip(parts.values(), holding, strict=True):
        for member, amount in apportioned(part, allocation.shares).items():
            amounts[member] = amounts.get(member, Amount.zero(whole.currency)) + amount
            text = (
                f"{allocation.shares[member]} units of {part} for {days} days, as"
                f" {allocation.decided_by or share.decided_by} decided from {allocation.from_} on"
            )
            steps.setdefault(member, []).append(Reason(text, str(amount), rule="value-shares"))
    shared = Reason(f"{name} shares {whole} in {period.label}", str(whole), (why,), rule="value-shares")
    return tuple(
        MemberShare(name, member, period, amount, Reason(member, str(amount), (shared, *steps[member])))
        for member, amount in sorted(amounts.items())
    )


def _holding(share: ValueShare, period: Period) -> list[tuple[Allocation, int]]:
    """Return the allocations that hold in a period, each with its days of it."""
    ends = [*(each.from_ for each in share.allocations[1:]), period.last_day + _DAY]
    found = []
    for allocation, end in zip(share.allocations, ends, strict=True):
        days = (min(end, period.last_day + _DAY) - max(allocation.from_, period.first_day)).days
        if days > 0:
            found.append((allocation, days))
    return found
