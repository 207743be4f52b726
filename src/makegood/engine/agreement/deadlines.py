"""Deadlines: lengths of time that may also be months, as patch policies write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from makegood.engine.agreement import form_codes as codes
from makegood.engine.agreement.shapes import SPAN, Scalar, Unreadable
from makegood.engine.vocabulary.duration import Days, Duration

LONGEST_MONTHS = 120

_MONTHS = re.compile(r"([0-9]{1,3}) (month|year)s?")


@dataclass(frozen=True, slots=True)
class Months:
    """A number of months of the calendar.

    >>> str(Months(1)), Months(3).words
    ('1 month', '3 months')
    """

    number: int

    @property
    def words(self) -> str:
        """The months in words, which is also how they are written."""
        return f"{self.number} month{'' if self.number == 1 else 's'}"

    def __str__(self) -> str:
        return self.words


Deadline = Duration | Days | Months


def is_nothing(deadline: Deadline) -> bool:
    """Tell whether a deadline leaves no time at all."""
    return (deadline.seconds if isinstance(deadline, Duration) else deadline.number) == 0


def _deadline(text: str) -> Deadline:
    parts = _MONTHS.fullmatch(text)
    if parts is None:
        span: Duration | Days = SPAN.read(text)
        return span
    number = int(parts[1]) * (12 if parts[2] == "year" else 1)
    if number > LONGEST_MONTHS:
        raise Unreadable(codes.WRONG_VALUE, f"{text} is longer than ten years", "check the number")
    return Months(number)


DEADLINE = Scalar(
    "duration, days or months",
    _deadline,
    {"anyOf": [SPAN.schema, {"type": "string", "pattern": "^[0-9]{1,3} (month|year)s?$"}]},
)
