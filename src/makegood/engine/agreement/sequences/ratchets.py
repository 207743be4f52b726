"""Ratchets: targets that rise with what was achieved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from makegood.engine.agreement.grammar import clause
from makegood.engine.agreement.measures.parts import Sentence
from makegood.engine.agreement.places import Path
from makegood.engine.agreement.sequences.parts import OUTCOMES, Sequence
from makegood.engine.agreement.shapes import LEVEL, SHARE, Level, whole
from makegood.engine.vocabulary.ratio import Ratio

_OF = "The outcome, or outcomes, whose target rises, each by itself."
_EVERY = "After so many periods the target is set anew, again and again."


class RisingTarget(Sequence):
    """A sequence that changes targets, and pays nothing."""

    __slots__ = ()

    needs_stake: ClassVar[bool] = False

    every: int
    last: int | None

    @property
    def looks_at(self) -> int:
        """How many of the last values it looks at."""
        return self.last or self.every


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratchet(RisingTarget):
    """If every value was better than the target, the target moves half way to their average."""

    kind: ClassVar[str] = "ratchet"
    title: ClassVar[str] = "how a target rises to what is achieved"

    of: tuple[str, ...] = clause(OUTCOMES, _OF)
    every: int = clause(whole(1, 600), _EVERY, default=12)
    last: int | None = clause(
        whole(1, 600), "It looks at so many last values; without it those of `every`.", default=None
    )
    never_above: Level | None = clause(LEVEL, "The target never rises above this.", default=None)

    @property
    def levels(self) -> tuple[tuple[Level, Path], ...]:
        return ((self.never_above, ("never_above",)),) if self.never_above is not None else ()

    def sentences(self) -> Iterator[Sentence]:
        yield ("every", "of"), f"After every {self.every} periods the target of {', '.join(self.of)} is set anew."
        half = "it rises to half way between itself and their average; otherwise it stays"
        yield ("last",), f"If each of the last {self.looks_at} values was above the target, {half}."
        most = f"It never rises above {self.never_above}." if self.never_above is not None else "It has no upper limit."
        yield ("never_above",), most


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinuousImprovement(RisingTarget):
    """The target rises to the mean of the best values, by at most a share of what is left to 100 %."""

    kind: ClassVar[str] = "continuous_improvement"
    title: ClassVar[str] = "how a target rises with the best values"

    of: tuple[str, ...] = clause(OUTCOMES, _OF)
    every: int = clause(whole(1, 600), _EVERY, default=12)
    last: int | None = clause(
        whole(1, 600), "It looks at so many last values; without it those of `every`.", default=None
    )
    best: int = clause(whole(1, 600), "The mean of so many of the best of them is the new target.")
    at_most: Ratio = clause(SHARE, "It rises by at most this share of what was left to 100 %.", default=Ratio(1))

    def sentences(self) -> Iterator[Sentence]:
        yield ("every", "of"), f"After every {self.every} periods the target of {', '.join(self.of)} is set anew."
        best = f"the mean of the {self.best} best of the last {self.looks_at} values"
        yield ("best", "last"), f"It rises to {best}, and never falls."
        yield ("at_most",), f"At once it rises by at most {self.at_most.percent()} of what is left to 100 %."
