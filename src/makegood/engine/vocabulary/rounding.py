"""The four ways to make a whole number of an exact one."""

from enum import StrEnum
from fractions import Fraction


class Rounding(StrEnum):
    """How a number between two whole numbers is rounded; the words are those of the agreement language."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    UP = "up"
    DOWN = "down"


def rounded(value: Fraction, mode: Rounding = Rounding.HALF_UP) -> int:
    """Return the whole number that stands for ``value``.

    Unit: whatever one unit of ``value`` is; for money, minor units.
    Rule: the sign never matters: ``half_up`` and ``up`` go away from zero, ``down`` goes toward zero,
        ``half_even`` takes the even neighbour of an exact half; a whole number stays what it is.
    Source: docs/explanation/vocabulary/rounding.md

    >>> rounded(Fraction(5, 2)), rounded(Fraction(-5, 2))
    (3, -3)
    >>> rounded(Fraction(5, 2), Rounding.HALF_EVEN), rounded(Fraction(21, 10), Rounding.UP)
    (2, 3)
    """
    whole, rest = divmod(abs(value.numerator), value.denominator)
    if rest and _grows(whole, 2 * rest, value.denominator, Rounding(mode)):
        whole += 1
    return -whole if value < 0 else whole


def _grows(whole: int, twice_the_rest: int, denominator: int, mode: Rounding) -> bool:
    """Return whether a size with a rest goes up to the next whole number."""
    if mode is Rounding.UP:
        return True
    if mode is Rounding.DOWN:
        return False
    if twice_the_rest == denominator:
        return mode is Rounding.HALF_UP or whole % 2 == 1
    return twice_the_rest > denominator
