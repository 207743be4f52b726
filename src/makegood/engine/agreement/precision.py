"""Precision: a value that the parties round before they compare it."""

from __future__ import annotations

from dataclasses import dataclass

from makegood.engine.agreement.grammar import clause
from makegood.engine.agreement.shapes import Unit, choice, whole
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.rounding import Rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """How a value is rounded before it is compared."""

    decimals: int = clause(
        whole(0, 9), "So many decimals are kept: of the percentage, of the number, or of the seconds of a time."
    )
    rounding: Rounding = clause(choice(Rounding), "How a value that has more is rounded.", default=Rounding.HALF_UP)

    def step(self, unit: Unit) -> Ratio:
        """Return the smallest difference between two values that are kept."""
        return Ratio(1, (100 if unit is Unit.SHARE else 1) * 10**self.decimals)
