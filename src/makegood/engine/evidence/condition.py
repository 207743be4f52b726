"""Conditions: what a cell has to say for an entry of a mapping to apply."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from makegood.engine.agreement import form_codes
from makegood.engine.agreement.shapes import LONGEST_TEXT, Scalar, Unreadable

LONGEST_NUMBER = 60
LARGEST_EXPONENT = 400

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?([eE]([+-]?[0-9]{1,3}))?(\s*%)?")
_COMPARISON = re.compile(r"(<=|>=|<|>)\s*(.+)")


class Relation(StrEnum):
    """How a cell is compared."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    IS = "="
    AT_MOST = "<="
    AT_LEAST = ">="
    BELOW = "<"
    ABOVE = ">"


_COMPARISONS = {
    Relation.AT_MOST: operator.le,
    Relation.AT_LEAST: operator.ge,
    Relation.BELOW: operator.lt,
    Relation.ABOVE: operator.gt,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that a cell may say: a word, a number beyond a bound, anything, or nothing.

    >>> Condition.parse("<= 15").holds("-3"), Condition.parse("major").holds("minor")
    (True, False)
    """

    relation: Relation
    text: str = ""
    bound: int | Fraction = 0

    @classmethod
    def parse(cls, text: str) -> Condition:
        """Return the condition that a person wrote; ``= known`` means the word itself.

        :raises ValueError: if a comparison has no number
        """
        if text in (Relation.KNOWN, Relation.UNKNOWN):
            return cls(Relation(text))
        comparison = _COMPARISON.fullmatch(text)
        if comparison is not None:
            return cls(Relation(comparison[1]), bound=exact_number(comparison[2]))
        return cls(Relation.IS, text[1:].strip() if text.startswith("=") else text)

    def holds(self, cell: str | None) -> bool:
        """Tell whether a cell fulfils the condition; an unknown one fulfils only ``unknown``.

        :raises ValueError: if it is compared with a number and is none
        """
        if cell is None or self.relation is Relation.UNKNOWN:
            return cell is None and self.relation is Relation.UNKNOWN
        if self.relation is Relation.KNOWN:
            return True
        if self.relation is Relation.IS:
            return cell == self.text
        return bool(_COMPARISONS[self.relation](exact_number(cell), self.bound))


def exact_number(text: str) -> int | Fraction:
    """Return the number that a cell says, exactly: ``-3``, ``10.357``, ``1e-05`` or ``5 %``.

    >>> exact_number("10.50"), exact_number("1e3"), exact_number("-7")
    (Fraction(21, 2), Fraction(1000, 1), -7)
    """
    text = text.strip()
    if text.isascii() and text.removeprefix("-").isdigit() and len(text) <= LONGEST_NUMBER:
        return int(text)
    match = _NUMBER.fullmatch(text) if len(text) <= LONGEST_NUMBER else None
    if match is None or abs(int(match[3] or 0)) > LARGEST_EXPONENT:
        raise ValueError(f"{text[:LONGEST_NUMBER]!r} is not a number")
    number = Fraction(text.removesuffix("%").strip())
    return number / 100 if match[4] else number


def _read_condition(text: str) -> Condition:
    try:
        return Condition.parse(text)
    except ValueError as error:
        raise Unreadable(form_codes.WRONG_VALUE, str(error), 'write comparisons like "<= 15"') from None


CONDITION = Scalar(
    "condition: a word, known, unknown, or a comparison such as <= 15",
    _read_condition,
    {"type": ["string", "number"]},
    longest=LONGEST_TEXT,
)
