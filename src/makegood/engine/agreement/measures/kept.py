"""Kept as a measure: the share of other promises of the agreement that were kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from makegood.engine.agreement.grammar import ListOf, MapOf, clause, exactly_one
from makegood.engine.agreement.measures.parts import Measure, Sentence
from makegood.engine.agreement.shapes import SHARE, SLUG, choice
from makegood.engine.vocabulary.ratio import Ratio


class WhenUndecided(StrEnum):
    """What a promise without a verdict counts as."""

    UNDECIDED = "undecided"
    LEFT_OUT = "left_out"
    MISSED = "missed"


WHEN_UNDECIDED = {
    WhenUndecided.UNDECIDED: "If one of them is undecided, so is this.",
    WhenUndecided.LEFT_OUT: "What is undecided is left out.",
    WhenUndecided.MISSED: "What is undecided counts as missed.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept(Measure):
    """The share of other promises that were kept; `>= 100%` asks for all of them, `> 0%` for any."""

    kind: ClassVar[str] = "kept"
    title: ClassVar[str] = "the share of other promises that were kept"

    rules: ClassVar = (exactly_one("of", "weights"),)

    of: tuple[str, ...] = clause(ListOf(SLUG, least=1), "The outcomes, which count alike.", default=())
    weights: dict[str, Ratio] = clause(
        MapOf(SLUG, SHARE, least=1), "Or the outcomes with their weights, which add up to 100 %.", factory=dict
    )
    undecided: WhenUndecided = clause(
        choice(WhenUndecided),
        "What an outcome without a verdict does: it leaves this one `undecided`, is `left_out`, or counts as `missed`.",
        default=WhenUndecided.UNDECIDED,
    )

    @property
    def shares(self) -> dict[str, Ratio]:
        """The outcomes with what each counts."""
        return self.weights or {name: Ratio(1) for name in self.of}

    @property
    def upside_down(self) -> str:
        return "a share of kept promises {} would be met by missing them"

    @property
    def what(self) -> str:
        return "promises"

    @property
    def meaning(self) -> str:
        return f"Its value is the share of these outcomes that were met: {', '.join(self.shares)}."

    def sentences(self) -> Iterator[Sentence]:
        weights = ", ".join(f"{name} {share.percent()}" for name, share in self.weights.items())
        yield ("of", "weights"), f"They count by weight: {weights}." if weights else "They count alike."
        yield ("undecided",), WHEN_UNDECIDED[self.undecided]
