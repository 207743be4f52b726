"""Windows: how many fixed stretches of a period were worse than a level of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from makegood.engine.agreement.stakes import Stake, WindowRefund
from makegood.engine.judging.verdict import Measurement
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason
from makegood.engine.vocabulary.times import show_instant


class Measured(Protocol):
    """Anything that is measured in a period."""

    def measured(self, period: Period, /) -> Measurement:
        """Return what the evidence says about the period."""
        ...


@dataclass(frozen=True, slots=True)
class WindowsIndicator:
    """An indicator whose period is looked at window by window too."""

    whole: Measured
    term: WindowRefund

    def measured(self, period: Period) -> Measurement:
        """Return what the evidence says about the period, with the number of its bad windows."""
        measurement = self.whole.measured(period)
        if measurement.value in (None, 1):
            return measurement
        seen = [(each, self.whole.measured(each)) for each in windows_of(period, self.term.every)]
        level = self.term.below.value
        bad = [_bad(each, found.value) for each, found in seen if found.value is not None and found.value < level]
        text = f"{len(bad):,} of {len(seen):,} windows of {self.term.every.words} are below {self.term.below}"
        unknown = sum(found.value is None for _, found in seen)
        steps = (
            (*bad, Reason("windows without value, which are not refunded", f"{unknown:,}")) if unknown else tuple(bad)
        )
        step = Reason(text, children=steps, rule="windows")
        reason = replace(measurement.reason, children=(*measurement.reason.children, step))
        return replace(measurement, bad_windows=len(bad), reason=reason)


def with_windows(indicator: Measured, stake: Stake | None) -> Measured:
    """Return the indicator, which looks window by window too if the stake refunds windows.

    Unit: an indicator.
    Rule: without a refund by windows nothing changes.
    Source: docs/explanation/money/windows.md

    >>> with_windows(None, None) is None
    True
    """
    if stake is None or stake.windows is None:
        return indicator
    return WindowsIndicator(indicator, stake.windows)


def windows_of(period: Period, every: Duration) -> Iterator[Period]:
    """Yield the windows of a period.

    Unit: stretches of real time, each of the same length but for the last.
    Rule: the first begins with the period, and the last ends with it.
    Source: docs/explanation/money/windows.md

    >>> from datetime import date
    >>> from makegood.engine.vocabulary.period import Every, periods
    >>> march, = periods(start=date(2025, 3, 1), end=date(2025, 4, 1), every=Every.MONTH, zone="Europe/Berlin")
    >>> sum(1 for _ in windows_of(march, Duration(3600)))
    743
    """
    start, end = period.interval.start, period.interval.end
    while start < end:
        following = min(start + timedelta(seconds=every.seconds), end)
        window = Interval(start, following)
        yield replace(period, label=f"{period.label} {show_instant(start)}", interval=window, whole=window)
        start = following


def _bad(window: Period, value: Ratio) -> Reason:
    start, end = (show_instant(moment) for moment in (window.interval.start, window.interval.end))
    return Reason(f"{start} .. {end}", value.percent(4))
