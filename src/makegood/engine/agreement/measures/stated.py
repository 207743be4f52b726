"""Stated as a measure: a value that a named person attests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from makegood.engine.agreement.grammar import ListOf, clause
from makegood.engine.agreement.measures.parts import EMPTY, Better, Measure, Sentence, WhenEmpty, any_of
from makegood.engine.agreement.shapes import LEVEL, SLUG, TITLE, Level, Unit, choice
from makegood.engine.vocabulary.ratio import Ratio


class Take(StrEnum):
    """What several statements in one period make."""

    LAST = "last"
    MEAN = "mean"
    SUM = "sum"


TAKE = {
    Take.LAST: "The last statement of a period counts.",
    Take.MEAN: "The mean of the statements of a period counts.",
    Take.SUM: "The statements of a period are added up.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated(Measure):
    """A value that a named person of either party attests."""

    kind: ClassVar[str] = "stated"
    title: ClassVar[str] = "a value that a named person attests"
    better: ClassVar[Better] = Better.EITHER
    has_events: ClassVar[bool] = False

    of: str = clause(SLUG, "What is stated, by the name that the statements carry.")
    in_: Unit = clause(choice(Unit), "What the value is: a `share` (a percentage), a `number` or a `time`.", key="unit")
    about: str = clause(SLUG, "Only statements about this subject count; without it all.", key="subject", default="")
    signed_by: tuple[str, ...] = clause(
        ListOf(TITLE, or_one=True), "Who may state it; without it any named person.", default=()
    )
    take: Take = clause(
        choice(Take), "Whether the `last` statement of a period counts, or their `mean` or `sum`.", default=Take.LAST
    )
    minimum: Level | None = clause(
        LEVEL, "A stated value below this is invalid; without it a share or a time below 0 is.", default=None
    )
    maximum: Level | None = clause(
        LEVEL, "A stated value above this is invalid; without it a share above 100 % is.", default=None
    )
    empty: WhenEmpty = clause(choice(WhenEmpty), "The ruling when nothing was stated.", default=WhenEmpty.UNDECIDED)

    @property
    def unit(self) -> Unit:
        return self.in_

    @property
    def lowest(self) -> Ratio | None:
        if self.minimum is not None and self.minimum.unit is self.in_:
            return self.minimum.value
        return None if self.in_ is Unit.NUMBER else Ratio(0)

    @property
    def highest(self) -> Ratio | None:
        if self.maximum is not None and self.maximum.unit is self.in_:
            return self.maximum.value
        return Ratio(1) if self.in_ is Unit.SHARE else None

    @property
    def what(self) -> str:
        return self.of

    @property
    def when_empty(self) -> WhenEmpty:
        return self.empty

    @property
    def meaning(self) -> str:
        return f"Its value is what is stated as {self.of}."

    def sentences(self) -> Iterator[Sentence]:
        about = (
            f"Only statements about {self.about} count." if self.about else "Statements count whatever their subject."
        )
        yield ("subject",), about
        who = f"Only {any_of(self.signed_by)} may state it." if self.signed_by else "Any named person may state it."
        yield ("signed_by",), who
        yield ("take",), TAKE[self.take]
        yield ("minimum",), _bound(self.in_, self.lowest, "below")
        yield ("maximum",), _bound(self.in_, self.highest, "above")
        yield ("empty",), f"If nothing was stated, {EMPTY[self.empty]}"


def _bound(unit: Unit, value: Ratio | None, side: str) -> str:
    if value is None:
        return f"No value is too {'low' if side == 'below' else 'high'} to be valid."
    return f"A stated value {side} {Level(value, unit)} is invalid."
