"""Tables: tiers as somebody published them, row by row, with whatever is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import ClassVar

from makegood.engine.agreement.grammar import Form, ListOf, at_most_one, clause
from makegood.engine.agreement.rates import RATE, Rate
from makegood.engine.agreement.shapes import LEVEL, Level, Target, Unit, choice
from makegood.engine.vocabulary.ratio import Ratio


class Direction(StrEnum):
    """Which values of a table are the better ones."""

    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a published table: the values that it covers, and what it pays; without a bound it covers all."""

    rules: ClassVar = (at_most_one("at_least", "above"), at_most_one("below", "up_to"))

    at_least: Level | None = clause(LEVEL, "From this value on.", default=None)
    above: Level | None = clause(LEVEL, "Or: from beyond this value on.", default=None)
    below: Level | None = clause(LEVEL, "Up to but not including this value.", default=None)
    up_to: Level | None = clause(LEVEL, "Or: up to and including this value.", default=None)
    credit: Rate = clause(RATE, "What it pays: a percentage or multiple of the stake's base, days of it, or an amount.")

    @property
    def bounds(self) -> dict[str, Level]:
        """The bounds that are written, by their keys."""
        found = {"at_least": self.at_least, "above": self.above, "below": self.below, "up_to": self.up_to}
        return {key: level for key, level in found.items() if level is not None}

    def covers(self, value: Ratio) -> bool:
        """Tell whether a value lies in the row; each bound exactly as it is written.

        >>> Row(above=LEVEL.read("99%"), up_to=LEVEL.read("99.9%"), credit=RATE.read("10%")).covers(Ratio(99, 100))
        False
        """
        return (
            (self.at_least is None or value >= self.at_least.value)
            and (self.above is None or value > self.above.value)
            and (self.below is None or value < self.below.value)
            and (self.up_to is None or value <= self.up_to.value)
        )

    def __str__(self) -> str:
        words = ", ".join(f"{key.replace('_', ' ')} {level}" for key, level in self.bounds.items())
        return words or "any value"


@dataclass(frozen=True, slots=True)
class Span:
    """A connected piece of the values that are possible: one value, or those between two; without ``end`` no last."""

    start: Ratio
    end: Ratio | None
    with_start: bool
    with_end: bool

    @property
    def inside(self) -> Ratio:
        """A value of the piece; in a table all values of a piece share their fate."""
        if self.end is None:
            return self.start + 1
        return (self.start + self.end) / 2

    def joined(self, later: Span) -> Span:
        """Return this piece with the one that follows it."""
        return Span(self.start, later.end, self.with_start, later.with_end)

    def words(self, unit: Unit) -> str:
        """Return which values these are."""
        if self.start == self.end:
            return f"exactly {Level(self.start, unit)}"
        begin = f"{'from' if self.with_start else 'above'} {Level(self.start, unit)}"
        if self.end is None:
            return begin
        return f"{begin} {'up to' if self.with_end else 'to below'} {Level(self.end, unit)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A published table of tiers, read literally: the first row that covers the value pays."""

    rows: tuple[Row, ...] = clause(ListOf(Form(Row), least=1), "Its rows in the order of the publication.")
    better: Direction | None = clause(
        choice(Direction), "Which values are better; without it what the target says.", default=None
    )
    least: Level | None = clause(LEVEL, "The smallest value that there can be; without it zero.", default=None)
    most: Level | None = clause(
        LEVEL, "The greatest value that there can be; without it 100 % for a share, else none.", default=None
    )

    def higher_is_better(self, target: Target) -> bool:
        """Tell which way is better: as the table says, or else the target."""
        if self.better is None:
            return target.higher_is_better
        return self.better is Direction.HIGHER

    def first(self, value: Ratio) -> Row | None:
        """Return the first row that covers a value."""
        return next((row for row in self.rows if row.covers(value)), None)

    def pieces(self, target: Target) -> tuple[Span, ...]:
        """Return all possible values in pieces, from the smallest on: no bound, nor the target, lies within one."""
        least = self.least.value if self.least is not None else Ratio(0)
        most = self.most.value if self.most is not None else Ratio(1) if target.level.unit is Unit.SHARE else None
        bounds = {target.level.value, *(level.value for row in self.rows for level in row.bounds.values())}
        inner = {each for each in bounds if each >= least and (most is None or each <= most)}
        return tuple(_pieces(sorted({least, *inner} | ({most} if most is not None else set())), endless=most is None))

    def mildest(self, target: Target) -> Row | None:
        """Return the row of the missed values that lie nearest to the good ones."""
        pieces = self.pieces(target)
        ordered = reversed(pieces) if self.higher_is_better(target) else iter(pieces)
        missed = (self.first(piece.inside) for piece in ordered if not target.is_met_by(piece.inside))
        return next((row for row in missed if row is not None), None)


def _pieces(points: list[Ratio], *, endless: bool) -> Iterator[Span]:
    yield Span(points[0], points[0], with_start=True, with_end=True)
    for low, high in pairwise(points):
        yield Span(low, high, with_start=False, with_end=False)
        yield Span(high, high, with_start=True, with_end=True)
    if endless:
        yield Span(points[-1], None, with_start=False, with_end=False)


def merged(pieces: Iterator[tuple[Span, bool]]) -> Iterator[Span]:
    """Yield what is chosen of pieces in order, neighbours as one.

    >>> one, two = Span(Ratio(0), Ratio(0), True, True), Span(Ratio(0), Ratio(1), False, False)
    >>> [each.words(Unit.NUMBER) for each in merged(iter([(one, True), (two, True)]))]
    ['from 0 to below 1']
    """
    found: Span | None = None
    for piece, chosen in pieces:
        if chosen:
            found = found.joined(piece) if found is not None else piece
        elif found is not None:
            yield found
            found = None
    if found is not None:
        yield found
