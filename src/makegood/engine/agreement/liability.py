"""Liability and insurance: what the provider is liable for at most, and which insurances stand behind the parties."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from makegood.engine.agreement.grammar import ListOf, clause
from makegood.engine.agreement.roles import PROVIDER
from makegood.engine.agreement.shapes import AMOUNT, DATE, SHARE_OF, SLUG, TITLE, ShareOf, choice
from makegood.engine.vocabulary.amount import Amount


class LiablePer(StrEnum):
    """What a limit of liability is counted over."""

    EVENT = "event"
    CONTRACT_YEAR = "contract_year"
    CONTRACT = "contract"


LIABLE_PER = {
    LiablePer.EVENT: "for one event",
    LiablePer.CONTRACT_YEAR: "in one contract year",
    LiablePer.CONTRACT: "in the whole term",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Liability:
    """What the provider is liable for at most, besides the credits."""

    cap: ShareOf | Amount = clause(SHARE_OF, "The limit, as in `100% of fees` or an amount.")
    per: LiablePer = clause(
        choice(LiablePer),
        "What it is counted over: an `event`, a `contract_year`, the `contract`.",
        default=LiablePer.CONTRACT_YEAR,
    )
    unlimited: tuple[str, ...] = clause(
        ListOf(TITLE, or_one=True, least=1), "What it does not limit, as in `intent and gross negligence`.", default=()
    )

    def sentences(self) -> Iterator[str]:
        """Yield the limit, and what it does not limit."""
        yield f"Besides credits the provider is liable for at most {self.cap} {LIABLE_PER[self.per]}."
        if self.unlimited:
            yield f"Without limit it is liable for: {', '.join(self.unlimited)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Insurance:
    """An insurance that is kept during the term."""

    covers: Amount = clause(AMOUNT, "The sum that is insured.")
    held_by: str = clause(
        SLUG, "Who keeps it: `provider`, `customer`, `affiliate`, or the identifier of one.", default=PROVIDER
    )
    until: date | None = clause(DATE, "The last day of the policy as it is known.", default=None)
    insurer: str = clause(TITLE, "With whom.", default="")
