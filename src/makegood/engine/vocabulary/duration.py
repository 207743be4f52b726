"""Lengths of time that people write into agreements."""

import re
from dataclasses import dataclass
from typing import Self

_CLOCK = re.compile(r"(?:([0-9]{1,9}) ?h)? ?(?:([0-9]{1,9}) ?m)? ?(?:([0-9]{1,9}) ?s)?")
_DAYS = re.compile(r"([0-9]{1,9}) (business )?days?")


@dataclass(frozen=True, slots=True, order=True)
class Duration:
    """A fixed number of seconds, written ``15m``, ``4h``, ``60s`` or ``1h 30m``.

    >>> Duration.parse("90m")
    Duration(seconds=5400)
    >>> str(Duration(5400)), Duration(5400).words
    ('1h 30m', '1 hour 30 minutes')
    """

    seconds: int

    def __post_init__(self) -> None:
        if isinstance(self.seconds, bool) or not isinstance(self.seconds, int):
            raise TypeError(f"a duration is a whole number of seconds, not {type(self.seconds).__name__}")
        if self.seconds < 0:
            raise ValueError(f"a duration is not negative: {self.seconds} seconds")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the duration a person wrote, units from large to small, each at most once."""
        match = _CLOCK.fullmatch(text.strip())
        if match is None or not any(match.groups()):
            raise ValueError(
                f"{text!r} is not a duration; write it like 15m, 4h, 60s or 1h 30m (a day is not a fixed time)"
            )
        hours, minutes, seconds = (int(number) for number in match.groups(default="0"))
        return cls(hours * 3600 + minutes * 60 + seconds)

    @property
    def words(self) -> str:
        """The duration in words: ``1 hour 30 minutes``."""
        names = ("hour", "minute", "second")
        return " ".join(_counted(number, names[unit]) for unit, number in self._parts())

    def __str__(self) -> str:
        return " ".join(f"{number}{'hms'[unit]}" for unit, number in self._parts())

    def _parts(self) -> list[tuple[int, int]]:
        """Return the hours, minutes and seconds that are not zero; no time at all is zero seconds."""
        numbers = (self.seconds // 3600, self.seconds // 60 % 60, self.seconds % 60)
        return [(unit, number) for unit, number in enumerate(numbers) if number] or [(2, 0)]


@dataclass(frozen=True, slots=True)
class Days:
    """A number of days of the calendar, or of business days; what they last is for a calendar to say.

    >>> str(Days(1, business=False)), str(Days(2, business=True))
    ('1 day', '2 business days')
    """

    number: int
    business: bool

    def __post_init__(self) -> None:
        if isinstance(self.number, bool) or not isinstance(self.number, int):
            raise TypeError(f"days are a whole number, not {type(self.number).__name__}")
        if self.number < 0:
            raise ValueError(f"a number of days is not negative: {self.number}")

    @property
    def words(self) -> str:
        """The days in words, which is also how they are written: ``2 business days``."""
        return _counted(self.number, "business day" if self.business else "day")

    def __str__(self) -> str:
        return self.words


def parse_span(text: str) -> Duration | Days:
    """Return the duration or the days a person wrote.

    Rule: hours, minutes and seconds are fixed; days are not, because a day may have 23 or 25 hours and business
        days skip weekends and holidays; so days are written out, and ``2d`` is refused.

    >>> parse_span("4h"), parse_span("2 business days")
    (Duration(seconds=14400), Days(number=2, business=True))
    """
    days = _DAYS.fullmatch(text.strip())
    if days is not None:
        return Days(int(days[1]), business=days[2] is not None)
    try:
        return Duration.parse(text)
    except ValueError:
        raise ValueError(
            f"{text!r} is not a length of time; write it like 15m, 4h, 1h 30m, 5 days or 2 business days"
        ) from None


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
