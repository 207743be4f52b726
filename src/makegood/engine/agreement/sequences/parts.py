"""What several sequences share: the outcomes that they concern, runs of periods, and undecided periods."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from makegood.engine.agreement import form_codes
from makegood.engine.agreement.grammar import ListOf
from makegood.engine.agreement.measures.parts import Sentence
from makegood.engine.agreement.places import Path
from makegood.engine.agreement.shapes import SLUG, Level, Scalar, Unreadable, pattern
from makegood.engine.vocabulary.period import Every

OUTCOMES = ListOf(SLUG, or_one=True, least=1)
OUTCOMES_DOC = "The outcome, or outcomes, that it concerns, each by itself; without it all that have a stake."

LONGEST_RUN = 600

_UNITS = {"week": Every.WEEK, "month": Every.MONTH, "quarter": Every.QUARTER, "year": Every.YEAR}
_RUN = r"[0-9]{1,3} (consecutive|of [0-9]{1,3})( (period|week|month|quarter|year)s?)?"


class Undecided(StrEnum):
    """What an undecided period does to a run."""

    PASSED_OVER = "passed_over"
    ENDS_RUN = "ends_run"


class Stretch(StrEnum):
    """How long something is remembered."""

    CONTRACT_YEAR = "contract_year"
    TERM = "term"


UNDECIDED = {
    Undecided.PASSED_OVER: "An undecided period neither counts nor ends a run.",
    Undecided.ENDS_RUN: "An undecided period ends a run.",
}
WITHIN = {
    Stretch.CONTRACT_YEAR: "within one contract year",
    Stretch.TERM: "within the whole term",
}


class Sequence:
    """What the rest of the law asks of any sequence; each kind is a form of the language that answers it.

    ``books`` tells whether it has a line of its own on the statement, so that its name must be free. ``levels`` are
    those that stand beside the target of each of its outcomes, with where in the sequence they are written.
    """

    __slots__ = ()

    kind: ClassVar[str]
    title: ClassVar[str]
    books: ClassVar[bool] = False
    needs_stake: ClassVar[bool] = True

    of: tuple[str, ...]

    @property
    def levels(self) -> tuple[tuple[Level, Path], ...]:
        return ()

    @property
    def units(self) -> tuple[tuple[Every, Path], ...]:
        """The lengths of period that it is counted in, if it names one."""
        return ()

    def sentences(self) -> Iterator[Sentence]:
        """Yield the rule and every reading as a sentence, with the terms that it speaks of."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Run:
    """So many misses: ``3 consecutive``, or ``3 of 6`` periods; ``unit`` is the length of period if one is named."""

    misses: int
    of: int | None = None
    unit: Every | None = None

    def __str__(self) -> str:
        unit = f"{self.unit}s" if self.unit else "periods"
        return f"{self.misses} {'consecutive' if self.of is None else f'of {self.of}'} {unit}"


def _run(text: str) -> Run:
    if not re.fullmatch(_RUN, text):
        hint = "write it like 3 consecutive, 3 of 6, or 3 of 6 months"
        raise Unreadable(form_codes.WRONG_VALUE, f"{text!r} is not a number of misses", hint)
    first, how, *rest = text.split()
    number = int(rest.pop(0)) if how == "of" else None
    if not 1 <= int(first) <= (number or LONGEST_RUN) <= LONGEST_RUN:
        hint = f"write 1 to {LONGEST_RUN}, and no more than the periods that are looked at"
        raise Unreadable(form_codes.WRONG_VALUE, f"{text} cannot happen", hint)
    return Run(int(first), number, _UNITS.get(rest[0].removesuffix("s")) if rest else None)


RUN = Scalar("number of misses", _run, pattern(_RUN))


def listed(of: tuple[str, ...]) -> str:
    """Return in words which outcomes a sequence concerns."""
    return ", ".join(of) if of else "an outcome with a stake"
