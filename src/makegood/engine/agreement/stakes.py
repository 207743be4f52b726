"""Stakes: the money on an outcome, and how a miss becomes a credit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from makegood.engine.agreement.grammar import Form, ListOf, at_most_one, clause, exactly_one
from makegood.engine.agreement.shapes import CREDIT, LEVEL, SHARE, SHARE_OF, Level, Share, ShareOf, choice
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio


class Counted(StrEnum):
    """How a shortfall becomes a number of units."""

    STARTED = "started"
    COMPLETED = "completed"
    EXACT = "exact"


class Events(StrEnum):
    """Which events a fixed credit is paid for."""

    ALL = "all"
    BEYOND_TARGET = "beyond_target"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """One step of a tiered credit; the worst step that applies decides."""

    rules: ClassVar = (exactly_one("below", "above"),)

    below: Level | None = clause(LEVEL, "Applies to values below this (where more is better).", default=None)
    above: Level | None = clause(LEVEL, "Applies to values above this (where less is better).", default=None)
    credit: Share | Amount = clause(CREDIT, "What it pays: a percentage of the stake's base, or an amount.")

    @property
    def bound(self) -> Level:
        """The one bound that is written (the parser sees to it)."""
        if self.below is not None:
            return self.below
        if self.above is not None:
            return self.above
        raise ValueError("a tier without a bound")


@dataclass(frozen=True, slots=True, kw_only=True)
class PerUnit:
    """A credit for each unit of shortfall."""

    unit: Level = clause(LEVEL, "The unit: points of a percentage (`1%`), a number, or a time of outage (`30m`).")
    credit: Share | Amount = clause(CREDIT, "What each unit pays.")
    counted: Counted = clause(
        choice(Counted), "Whether a unit pays once `started`, only when `completed`, or in `exact` parts."
    )
    allowance: Level | None = clause(
        LEVEL, "What is free before units count; without it whatever the target allows.", default=None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PerEvent:
    """A fixed credit for each event that went wrong."""

    credit: Share | Amount = clause(CREDIT, "What each event pays.")
    events: Events = clause(choice(Events), "Every one of them, or only those `beyond_target`.", default=Events.ALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """The money on an outcome: a base, and how a miss becomes a credit; without tiers, units or events all of it."""

    rules: ClassVar = (at_most_one("weight", "of"), at_most_one("tiers", "per_unit", "per_event"))

    weight: Ratio | None = clause(SHARE, "The outcome's share of the amount at risk; this is the base.", default=None)
    of: ShareOf | Amount | None = clause(
        SHARE_OF,
        "Or the base itself, as in `100% of service_fee`: the fee of the outcome's service, or of all services if it"
        " names none.",
        default=None,
    )
    tiers: tuple[Tier, ...] = clause(ListOf(Form(Tier), least=1), "Credits that grow in steps.", default=())
    per_unit: PerUnit | None = clause(Form(PerUnit), "A credit for each unit of shortfall.", default=None)
    per_event: PerEvent | None = clause(Form(PerEvent), "A fixed credit for each event.", default=None)
    at_most: Share | Amount | None = clause(CREDIT, "The most that this outcome pays in a period.", default=None)
