"""What is asked of every check in a stretch of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from makegood.engine.evidence.probes import Series
from makegood.engine.evidence.records import Exclusion, Status
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault.measuring.status.counting import Counting
from makegood.vault.measuring.status.plan import Quantile, Windows
from makegood.vault.probes.columns import Column, second_of

USABLE: Final = (Status.UP, Status.DEGRADED)
"""What counts as up unless an agreement says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksAsked:
    """What is asked of every check: in which time, and whether more than time.

    ``agreed`` are the stretches of ``span`` that count, without those of exclusions for one of the ``causes``. A probe
    holds until the next one, but at most ``after`` seconds; if that is None until the next one. ``sources`` and
    ``subjects`` are those that are wanted; none means all. With ``probes`` they are counted; ``share`` asks for the
    value that so many of all do not exceed.
    """

    span: Interval
    agreed: tuple[Interval, ...]
    causes: frozenset[str] = frozenset()
    after: int | None = None
    sources: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    probes: bool = False
    windows: Windows | None = None
    share: Ratio | None = None

    def __post_init__(self) -> None:
        if not self.span:
            raise ValueError(f"nothing can be found in no time: {self.span}")
        self.quantile(np.zeros(0, np.int64))

    @property
    def needs_probes(self) -> bool:
        """Whether time alone is not enough."""
        return self.probes or self.windows is not None or self.share is not None

    def wants(self, series: Series) -> bool:
        """Tell whether a series is asked for."""
        return (not self.sources or series.source in self.sources) and (
            not self.subjects or series.subject in self.subjects
        )

    def quantile(self, most: Column) -> Quantile | None:
        """Return the quantile that is asked for, of series with at most so many values."""
        return None if self.share is None else Quantile(share=self.share, most=most)


@dataclass(frozen=True, slots=True)
class Excluding:
    """The exclusions that are taken out of agreed time."""

    agreed: tuple[Interval, ...]
    exclusions: tuple[Exclusion, ...]

    def counting(self, names: tuple[Series, ...], *, by_label: bool = False) -> Counting:
        """Return when each series counts; ``by_label`` leaves out exclusions with labels that a series has not.

        The law looks at labels of exclusions where values count, and does not where time does.
        """
        found = [
            (number, second_of(each.start), second_of(each.end))
            for number, series in enumerate(names)
            for each in self.exclusions
            if _concerns(each, series) and not (by_label and _is_narrower(each, series))
        ]
        agreed = [(second_of(each.start), second_of(each.end)) for each in self.agreed]
        starts, ends = _columns(agreed, 2)
        series_, since, until = _columns(found, 3)
        return Counting.of(len(names), (starts, ends), (series_, since, until))

    def differs_by_label(self, series: Series) -> bool:
        """Tell whether time and values of a series do not count in the same time."""
        return any(_concerns(each, series) and _is_narrower(each, series) for each in self.exclusions)


def _concerns(exclusion: Exclusion, series: Series) -> bool:
    return exclusion.subject in ("", series.subject)


def _is_narrower(exclusion: Exclusion, series: Series) -> bool:
    return not set(exclusion.labels) <= set(series.labels)


def _columns(rows: Sequence[tuple[int, ...]], width: int) -> Column:
    """Return rows as columns, which may be empty."""
    return np.array(rows, np.int64).reshape(len(rows), width).T
