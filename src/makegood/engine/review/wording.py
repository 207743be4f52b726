"""How figures are put into sentences: numbers with their nouns, lists, and the names of periods."""

from collections.abc import Sequence

from makegood.engine.vocabulary.period import Every, Period
from makegood.engine.vocabulary.ratio import Ratio

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_LEAST_SHOWN = Ratio(1, 20_000)  # a hundredth of a percent, rounded half up, begins here


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "verdict"), counted(1200, "verdict")
    ('1 verdict', '1,200 verdicts')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def listed(words: Sequence[str]) -> str:
    """Return words as a list in a sentence.

    >>> listed(["May"]), listed(["May", "June"]), listed(["May", "June", "July"])
    ('May', 'May and June', 'May, June and July')
    """
    *head, last = words
    return f"{', '.join(head)} and {last}" if head else last


def share(part: Ratio) -> str:
    """Return a share of money for showing, with two decimals; what is not nothing is never shown as nothing.

    >>> share(Ratio(21, 1000)), share(Ratio(1, 10**6)), share(Ratio(0))
    ('2.10 %', 'less than 0.01 %', '0.00 %')
    """
    return "less than 0.01 %" if 0 < part < _LEAST_SHOWN else part.percent(2)


def every_word(every: Every, number: int = 1) -> str:
    """Return what a period of this length is called: ``month``, ``quarters``."""
    return every.value if number == 1 else f"{every.value}s"


def period_name(period: Period) -> str:
    """Return a period's name for people: ``February 2013``, ``Q1 2013``, ``week 5 of 2013`` or its days.

    A label is a year, a month, a quarter, a week, or the first day of a period that starts elsewhere. What a change of
    version cut has its days as its name.
    """
    year, _, rest = period.label.partition("-")
    if "-" in rest or period.cut_from is not None:
        return f"{period.first_day.isoformat()} to {period.last_day.isoformat()}"
    if rest.startswith("Q"):
        return f"{rest} {year}"
    if rest.startswith("W"):
        return f"week {int(rest[1:])} of {year}"
    return f"{_MONTHS[int(rest) - 1]} {year}" if rest else year


def short_name(period: Period) -> str:
    """Return a period's name for the axis of a chart, the year below: ``Feb`` over ``2013``."""
    year, _, rest = period.label.partition("-")
    if "-" in rest or period.cut_from is not None:
        return f"{period.first_day.day} {_MONTHS[period.first_day.month - 1][:3]}\n{period.first_day.year}"
    if not rest:
        return year
    return f"{rest if rest[0] in 'QW' else _MONTHS[int(rest) - 1][:3]}\n{year}"
