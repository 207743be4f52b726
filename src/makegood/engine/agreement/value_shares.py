"""Value shares as terms: how the value of a service is divided among its members over its life."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from makegood.engine.agreement.grammar import Form, ListOf, MapOf, clause
from makegood.engine.agreement.shapes import DATE, DECIMAL, SHARE_OF, SLUG, TITLE, ShareOf
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """Who has how much from a day on, until the next allocation."""

    from_: date = clause(DATE, "The first day on which it holds.", key="from")
    shares: dict[str, Ratio] = clause(
        MapOf(SLUG, DECIMAL, least=1), "The units of each member, as in `{north: 1, south: 0.5}`."
    )
    decided_by: str = clause(TITLE, "Who decided it, if not who usually does.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueShare:
    """A value that several members of a service share, and re-allocate over its life."""

    of: ShareOf | Amount = clause(SHARE_OF, "What is shared in each period, as in `20% of monthly_fee`.")
    units: Ratio | None = clause(
        DECIMAL, "How many units there are to give; without it as many as are given.", default=None
    )
    decided_by: str = clause(TITLE, "Who decides on the allocation.")
    allocations: tuple[Allocation, ...] = clause(ListOf(Form(Allocation), least=1), "Who has how much, from when on.")
