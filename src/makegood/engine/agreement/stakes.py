"""Stakes: the money on an outcome, and how a miss becomes a credit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from makegood.engine.agreement.grammar import Form, ListOf, MapOf, at_most_one, clause, exactly_one
from makegood.engine.agreement.rates import RATE, UNIT_RATE, Rate
from makegood.engine.agreement.shapes import (
    CREDIT,
    DECIMAL,
    FLAG,
    LEVEL,
    SHARE,
    SHARE_OF,
    SLUG,
    TIME,
    Level,
    Scalar,
    Share,
    ShareOf,
    choice,
)
from makegood.engine.agreement.tables import Table
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.ratio import Ratio

PERCENTAGE = Scalar("percentage", lambda text: Share(SHARE.read(text)), SHARE.schema)


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
    credit: Rate = clause(RATE, "What it pays: a percentage or multiple of the stake's base, days of it, or an amount.")

    @property
    def bound(self) -> Level:
        """The one bound that is written (the parser sees to it)."""
        if self.below is not None:
            return self.below
        if self.above is not None:
            return self.above
        raise ValueError("a tier without a bound")

    def covers(self, value: Ratio) -> bool:
        """Tell whether a value lies beyond the bound; exactly the bound does not."""
        return value < self.bound.value if self.below is not None else value > self.bound.value


@dataclass(frozen=True, slots=True, kw_only=True)
class PerUnit:
    """A credit for each unit of shortfall."""

    unit: Level = clause(LEVEL, "The unit: points of a percentage (`1%`), a number, or a time of outage (`30m`).")
    credit: Rate = clause(
        UNIT_RATE, "What each unit pays; `10x prorated` is ten times the base's part for the time of the unit."
    )
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


class Beyond(StrEnum):
    """From where on a share is counted that was lost."""

    NOTHING = "nothing"
    TARGET = "target"


class Scope(StrEnum):
    """For which items a price is given back."""

    AFFECTED = "affected"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """A credit in proportion: the base, times the share of the agreed time or events that was lost."""

    times: Ratio = clause(DECIMAL, "How many times the share that was lost is credited.", default=Ratio(1))
    beyond: Beyond = clause(
        choice(Beyond), "Whether all of it counts, or only what goes beyond the `target`.", default=Beyond.NOTHING
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRefund:
    """The price of each fixed window of a missed period that was worse than its own level is given back."""

    every: Duration = clause(TIME, "The length of a window; the first begins with the period.")
    below: Level = clause(LEVEL, "A window is refunded whose own value is below this; exactly this is charged.")
    price: Ratio = clause(DECIMAL, "What a window costs, with as many decimals as it has; only the sum is rounded.")


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyBack:
    """The price of each item that missed the target on its own is given back."""

    price: Ratio = clause(DECIMAL, "What an item costs in a period, with as many decimals as it has.")
    worse_than: Level | None = clause(
        LEVEL,
        "An item is affected whose own share is worse than this; without it if it misses the target.",
        default=None,
    )
    scope: Scope = clause(
        choice(Scope),
        "Whether only the `affected` items are paid for, or `all` as soon as one is.",
        default=Scope.AFFECTED,
    )
    nets: bool = clause(
        FLAG, "Whether credits of other outcomes for the same incidents are taken off it.", default=True
    )


class StepBase(StrEnum):
    """What the refund of a step is a share of."""

    ITEM_FEE = "item_fee"
    BASE = "base"


class Together(StrEnum):
    """What several steps of one event come to."""

    SUM = "sum"
    HIGHEST = "highest"


@dataclass(frozen=True, slots=True, kw_only=True)
class PerStep:
    """A refund for each step that was not kept, event by event."""

    refunds: dict[str, Share | Amount] = clause(
        MapOf(SLUG, CREDIT, least=1), "What each step pays that was not kept; a step that is not named pays nothing."
    )
    of: StepBase = clause(
        choice(StepBase),
        "What percentages are of: the fee of the event's item for the period (`item_fee`), or the stake's `base`.",
        default=StepBase.ITEM_FEE,
    )
    together: Together = clause(
        choice(Together), "Whether the steps of one event add up, or only the `highest` pays.", default=Together.SUM
    )
    at_most: Share = clause(
        PERCENTAGE, "The most that one item gets in a period, of what percentages are of.", default=Share(Ratio(1))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Minimum:
    """The level below which a miss pays something else."""

    level: Level = clause(LEVEL, "A value worse than this misses the minimum; exactly this does not.")
    credit: Rate = clause(RATE, "What a miss of the minimum pays.")
    added: bool = clause(
        FLAG, "Whether that is added to what a miss of the target pays, or paid instead of it.", default=False
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """The money on an outcome: a base, and how a miss becomes a credit; without any such way all of it."""

    rules: ClassVar = (
        at_most_one("weight", "of"),
        at_most_one("tiers", "table", "per_unit", "linear", "per_event", "windows", "money_back", "per_step"),
    )

    weight: Ratio | None = clause(SHARE, "The outcome's share of the amount at risk; this is the base.", default=None)
    of: ShareOf | Amount | None = clause(
        SHARE_OF,
        "Or the base itself, as in `100% of service_fee`: the fee of the outcome's service, or of all services if it"
        " names none.",
        default=None,
    )
    tiers: tuple[Tier, ...] = clause(ListOf(Form(Tier), least=1), "Credits that grow in steps.", default=())
    table: Table | None = clause(
        Form(Table), "Or tiers as somebody published them, with both bounds in each row, read literally.", default=None
    )
    per_unit: PerUnit | None = clause(Form(PerUnit), "A credit for each unit of shortfall.", default=None)
    linear: Linear | None = clause(Form(Linear), "A credit in proportion to what was lost.", default=None)
    per_event: PerEvent | None = clause(Form(PerEvent), "A fixed credit for each event.", default=None)
    windows: WindowRefund | None = clause(Form(WindowRefund), "A refund for each bad window.", default=None)
    money_back: MoneyBack | None = clause(Form(MoneyBack), "A refund for each item that missed.", default=None)
    per_step: PerStep | None = clause(Form(PerStep), "A refund for each step that was not kept.", default=None)
    minimum: Minimum | None = clause(
        Form(Minimum), "What a miss of the minimum level pays, beside the expected level of the target.", default=None
    )
    at_most: Share | Amount | None = clause(CREDIT, "The most that this outcome pays in a period.", default=None)

    @property
    def rates(self) -> tuple[Rate, ...]:
        """What it pays at once, by a tier or row or as a minimum; all of the base if there is no other way."""
        found = [tier.credit for tier in self.tiers]
        found += [row.credit for row in self.table.rows] if self.table is not None else []
        return tuple(found) or ((Share(Ratio(1)),) if not self.by_size else ())

    @property
    def by_size(self) -> bool:
        """Whether the credit grows with how much went wrong, so that no step says what it is."""
        ways = (self.per_unit, self.linear, self.per_event, self.windows, self.money_back, self.per_step)
        return any(way is not None for way in ways)

    @property
    def bounds(self) -> tuple[Level, ...]:
        """The levels at which the credit changes in steps."""
        found = [tier.bound for tier in self.tiers]
        found += [level for row in self.table.rows for level in row.bounds.values()] if self.table is not None else []
        return (*found, self.minimum.level) if self.minimum is not None else tuple(found)
