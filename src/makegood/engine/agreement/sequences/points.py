"""Points: misses are counted in points, and points become credits or rights by a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from makegood.engine.agreement.grammar import Form, ListOf, at_most_one, clause
from makegood.engine.agreement.measures.parts import Sentence
from makegood.engine.agreement.places import Path
from makegood.engine.agreement.sequences.parts import OUTCOMES, UNDECIDED, Sequence, Undecided
from makegood.engine.agreement.shapes import (
    CREDIT,
    DECIMAL,
    LEVEL,
    SHARE_OF,
    TITLE,
    Base,
    Level,
    Share,
    ShareOf,
    choice,
)
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio


class Balance(StrEnum):
    """Which points the table looks at."""

    PERIOD = "period"
    CONTRACT_YEAR = "contract_year"
    TERM = "term"


class Rows(StrEnum):
    """How the rows of a table of points pay."""

    HIGHEST = "highest"
    EACH_POINT = "each_point"


BALANCE = {
    Balance.PERIOD: "The table looks at the points of the period alone.",
    Balance.CONTRACT_YEAR: "The table looks at all points of the contract year so far; they lapse at its end.",
    Balance.TERM: "The table looks at all points of the term so far.",
}
ROWS = {
    Rows.HIGHEST: "Of the rows that are reached only the highest pays.",
    Rows.EACH_POINT: "Each point pays by the row that it lies in.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """How many points a miss is worth by its value; the worst band that applies decides."""

    rules: ClassVar = (at_most_one("below", "above"),)

    below: Level | None = clause(LEVEL, "Applies to values below this (where more is better).", default=None)
    above: Level | None = clause(LEVEL, "Applies to values above this (where less is better).", default=None)
    points: Ratio = clause(DECIMAL, "The points of a miss in this band; a band without bound has those of any miss.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsRow:
    """What so many points pay or give."""

    at_least: Ratio = clause(DECIMAL, "It applies from so many points on.")
    credit: Share | Amount | None = clause(
        CREDIT, "What it pays: a share of the base, or an amount; with `each_point` for each point.", default=None
    )
    gives: str = clause(TITLE, "The right that arises when it is first reached.", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Points(Sequence):
    """Misses are worth points; points become credits or rights by a table."""

    rules: ClassVar = (at_most_one("bands", "consecutive"),)
    kind: ClassVar[str] = "points"
    title: ClassVar[str] = "what misses are worth in points"
    books: ClassVar[bool] = True
    needs_stake: ClassVar[bool] = False

    of: tuple[str, ...] = clause(
        OUTCOMES, "The outcomes whose misses are worth points, each by itself; without it all.", default=()
    )
    bands: tuple[Band, ...] = clause(
        ListOf(Form(Band)), "The points of a miss by its value; without bands a miss is one point.", default=()
    )
    consecutive: tuple[Ratio, ...] = clause(
        ListOf(DECIMAL, least=1),
        "Or a ladder, as in `[1, 2, 4]`: the points of the first miss of a run, of the second and so on; the last"
        " repeats.",
        default=(),
    )
    repeat_factor: Ratio = clause(
        DECIMAL,
        "The points are multiplied by this if the outcome was missed in the period before too.",
        default=Ratio(1),
    )
    table: tuple[PointsRow, ...] = clause(
        ListOf(Form(PointsRow)), "What points pay or give, from few to many; without it they are only told.", default=()
    )
    rows: Rows = clause(
        choice(Rows), "Whether the `highest` row reached pays, or `each_point` by its row.", default=Rows.HIGHEST
    )
    base: ShareOf | Amount = clause(
        SHARE_OF, "What shares in the table are of.", default=ShareOf(Ratio(1), Base.MONTHLY_FEE)
    )
    balance: Balance = clause(choice(Balance), "Which points the table looks at.", default=Balance.PERIOD)
    decay: Ratio = clause(
        DECIMAL, "So many points lapse with each period without a miss, where points are carried.", default=Ratio(0)
    )
    undecided: Undecided = clause(
        choice(Undecided), "What an undecided period is to a repeat.", default=Undecided.PASSED_OVER
    )

    @property
    def levels(self) -> tuple[tuple[Level, Path], ...]:
        bounds = ((band.below or band.above, band.below is not None) for band in self.bands)
        return tuple(
            (bound, ("bands", number, "below" if below else "above"))
            for number, (bound, below) in enumerate(bounds)
            if bound is not None
        )

    def sentences(self) -> Iterator[Sentence]:
        which = ", ".join(self.of) if self.of else "any outcome"
        bands = "; ".join(map(_band, self.bands)) or "1 point"
        if self.consecutive:
            steps = ", then ".join(map(_points, self.consecutive))
            bands = f"{steps} in a run of misses, the last again and again"
        yield ("bands", "consecutive", "of"), f"A miss of {which} is worth {bands}."
        again = f"are multiplied by {self.repeat_factor}" if self.repeat_factor != 1 else "stay as they are"
        yield ("repeat_factor",), f"If the same outcome was missed in the period before, its points {again}."
        rows = "; ".join(map(self._row, self.table)) or "Points are told, and pay nothing"
        yield ("table",), f"{rows}."
        yield ("rows",), ROWS[self.rows]
        yield ("base",), f"Shares in the table are of {str(self.base).replace(' of ', ' of the ')}."
        yield ("balance",), BALANCE[self.balance]
        decay = f"With each period without a miss {_points(self.decay)} of what is carried lapse"
        yield (
            ("decay",),
            f"{decay}{'s' if self.decay == 1 else ''}." if self.decay else "No points lapse by time alone.",
        )
        yield ("undecided",), UNDECIDED[self.undecided]

    def _row(self, row: PointsRow) -> str:
        each = " for each point" if self.rows is Rows.EACH_POINT else ""
        does = [f"pay {row.credit}{each}"] if row.credit is not None else []
        does += [f"give this right: {row.gives}"] if row.gives else []
        return f"{row.at_least} points or more {' and '.join(does) or 'pay nothing more'}"


def _band(band: Band) -> str:
    points = _points(band.points)
    if band.below is not None:
        return f"{points} below {band.below}"
    return f"{points} above {band.above}" if band.above is not None else points


def _points(number: Ratio) -> str:
    return f"{number} point{'' if number == 1 else 's'}"
