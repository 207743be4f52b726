"""Termination: what a customer owes who leaves early, wholly or with one service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from makegood.engine.agreement.grammar import Form, clause
from makegood.engine.agreement.measures.parts import Sentence
from makegood.engine.agreement.shapes import AMOUNT, DECIMAL, choice, whole
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio


class FeeBase(StrEnum):
    """Which monthly fee damages are counted in."""

    CURRENT_FEE = "current_fee"
    TRAILING_AVERAGE = "trailing_average"


class DamagesCap(StrEnum):
    """What damages are never more than."""

    REMAINING_TERM = "remaining_term"
    NONE = "none"


FEE_BASE = {
    FeeBase.CURRENT_FEE: "the monthly fee in force on that day",
    FeeBase.TRAILING_AVERAGE: "the average monthly fee of the months before",
}
DAMAGES_CAP = {
    DamagesCap.REMAINING_TERM: "They are never more than the fees of the rest of the term.",
    DamagesCap.NONE: "They are owed in full even if less of the term is left.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Damages:
    """Liquidated damages: so many monthly fees."""

    months: Ratio = clause(DECIMAL, "How many monthly fees are owed.", default=Ratio(2))
    of: FeeBase = clause(
        choice(FeeBase),
        "Of the fee in force on that day, or of the average of the months before.",
        default=FeeBase.CURRENT_FEE,
    )
    averaged: int = clause(whole(1, 60), "Over how many months the fee is averaged.", default=12)
    cap: DamagesCap = clause(
        choice(DamagesCap),
        "Whether they are limited to the fees of the `remaining_term`.",
        default=DamagesCap.REMAINING_TERM,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Termination:
    """What is owed for leaving before the term ends."""

    damages: Damages = clause(
        Form(Damages), "For convenience: of all fees, or of the fee of the service that is removed.", default=Damages()
    )
    removal_fee: Amount | None = clause(
        AMOUNT, "A fixed fee for removing a single service, besides the damages of its fee.", default=None
    )

    def sentences(self) -> Iterator[Sentence]:
        """Yield the rule and every reading as a sentence, with the terms that it speaks of."""
        months = f"{self.damages.months} {'time' if self.damages.months == 1 else 'times'}"
        yield (
            ("damages.months", "damages.of"),
            (
                f"A customer who leaves before the term ends owes {months} {FEE_BASE[self.damages.of]}; who removes a"
                " service, that of the service."
            ),
        )
        if self.damages.of is FeeBase.TRAILING_AVERAGE:
            yield ("damages.averaged",), f"The average is that of the last {self.damages.averaged} months."
        yield ("damages.cap",), DAMAGES_CAP[self.damages.cap]
        if self.removal_fee is not None:
            yield ("removal_fee",), f"Removing a single service costs {self.removal_fee} besides."
