"""Per step: a refund for each promised step that was not kept, event by event, and at most so much an item."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from makegood.engine.agreement.shapes import Share
from makegood.engine.agreement.stakes import PerStep, StepBase, Together
from makegood.engine.judging.verdict import Miss
from makegood.engine.money.item_fees import ItemFees
from makegood.engine.vocabulary.ratio import Ratio


@dataclass(frozen=True, slots=True)
class ItemRefund:
    """What one item gets back, exactly: for which steps, what they come to, and what of that is paid.

    ``fee`` is None if nothing says what the item costs.
    """

    item: str
    steps: tuple[str, ...]
    fee: Ratio | None
    owed: Ratio
    paid: Ratio


def items_refunds(term: PerStep, misses: Sequence[Miss], *, base: Ratio, fees: ItemFees) -> tuple[ItemRefund, ...]:
    """Return what each item gets back for the steps that were not kept.

    Unit: exact values in major units of the agreement's currency; items in the order of their names.
    Rule: each step pays its percentage of the item's fee, or its amount; the steps of one event add up, or the highest
        pays; all events of an item together pay at most what is agreed of its fee. An item of which nobody knows what
        it costs gets back amounts, but no percentages, and has no limit of its own.
    Source: docs/explanation/money/per-step.md

    >>> late = [Miss("told late", 1, "7", step="told", item="fw-1"), Miss("late", 1, "7", step="repaired", item="fw-1")]
    >>> term = PerStep(refunds={"told": Share(Ratio(1, 20)), "repaired": Share(Ratio(1, 10))})
    >>> items_refunds(term, late, base=Ratio(0), fees=ItemFees({"fw-1": Ratio(25)}))[0].paid
    Ratio(15, 4)
    """
    events: dict[str, dict[str, list[Miss]]] = defaultdict(lambda: defaultdict(list))
    for miss in misses:
        if miss.step in term.refunds:
            events[miss.item][miss.incident].append(miss)
    return tuple(_refund(term, item, list(events[item].values()), base, fees) for item in sorted(events))


def _refund(term: PerStep, item: str, events: list[list[Miss]], base: Ratio, fees: ItemFees) -> ItemRefund:
    fee = base if term.of is StepBase.BASE else fees.of(item)
    owed = sum((_event(term, steps, fee or Ratio(0)) for steps in events), Ratio(0))
    paid = owed if fee is None else min(owed, fee * term.at_most.of_base)
    return ItemRefund(item, tuple(step.step for steps in events for step in steps), fee, owed, paid)


def _event(term: PerStep, steps: Sequence[Miss], fee: Ratio) -> Ratio:
    """Return what the steps of one event come to."""
    rates = [term.refunds[step.step] for step in steps]
    sums = [fee * rate.of_base if isinstance(rate, Share) else rate.value for rate in rates]
    return max(sums) if term.together is Together.HIGHEST else sum(sums, Ratio(0))
