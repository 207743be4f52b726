"""Significant digits: numbers rounded by their size, and how far off that is at most."""

from __future__ import annotations

from fractions import Fraction

from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.rounding import rounded


def to_digits(value: Ratio, digits: int) -> Ratio:
    """Return the number that stands for ``value`` where so many of its digits are significant.

    Unit: that of the value.
    Rule: digits are counted from the first that is not 0; the nearest, half away from zero; nothing stays nothing. A
        number that has no more digits stays what it is, so that rounding twice is rounding once.
    Source: docs/explanation/vocabulary/rounding.md

    >>> [str(to_digits(Ratio.parse(text), 3)) for text in ("0.30004", "299.5", "-1235", "9.996", "0")]
    ['0.3', '300', '-1240', '10', '0']
    """
    size = abs(value)
    place = len(str(size.numerator)) - len(str(size.denominator))  # that of the first digit, or the one before it
    first = place - (size < Ratio(_ten_to(place)))
    unit = _ten_to(first - digits + 1)
    return Ratio(rounded(value.fraction / unit) * unit)


def largest_error(digits: int) -> Ratio:
    """Return how far a number may lie from the one that stands for it, as a share of its size.

    Unit: exact ratio.
    Rule: half a unit of the last digit, where the first is a 1.
    Source: docs/explanation/vocabulary/rounding.md

    >>> [largest_error(digits).percent() for digits in (1, 2, 3)]
    ['50 %', '5 %', '0.5 %']
    """
    return Ratio(1, 2 * 10 ** (digits - 1))


def digits_in_words(digits: int) -> str:
    """Return a number of significant digits in words.

    >>> digits_in_words(1), digits_in_words(3)
    ('1 significant digit', '3 significant digits')
    """
    return f"{digits} significant digit{'' if digits == 1 else 's'}"


def error_in_words(digits: int) -> str:
    """Return in words how far off is what was rounded to so many digits.

    >>> error_in_words(3), error_in_words(9)
    ('at most 0.5 % off', 'at most 0.0000005 % off')
    """
    return f"at most {largest_error(digits) * 100} % off"


def _ten_to(power: int) -> Fraction:
    return Fraction(10) ** power
