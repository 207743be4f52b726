"""Probes: evidence in bulk. One check of a subject at an instant found a status, and perhaps measured a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from makegood.engine.evidence.records import Gauge, Labels, State, Status, far_away
from makegood.engine.vocabulary.calendar import FIRST_YEAR, LAST_YEAR
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.times import show_instant

MICRO: Final = 1_000_000
LARGEST_VALUE: Final = 2**63 - 1
STATUSES: Final = (Status.UP, Status.DEGRADED, Status.DOWN, Status.UNKNOWN)


@dataclass(frozen=True, slots=True, order=True)
class Series:
    """What one check watches: the ``subject``, by a ``check`` of a ``source``.

    ``of`` names the value that it measures and ``unit`` is its unit; both are empty if it measures none. What a check
    measures and its labels may change: series of the same origin and subject are one timeline, in which each probe
    holds until the next.
    """

    source: str
    subject: str
    check: str = ""
    of: str = ""
    unit: str = ""
    labels: Labels = ()

    def __post_init__(self) -> None:
        if not self.source or "#" in self.source:
            raise ValueError(f"a series needs a source, without # in its name: {self.source!r}")
        if "#" in self.check:
            raise ValueError(f"a check has no # in its name: {self.check!r}")
        if not self.subject:
            raise ValueError("a series needs a subject")
        if self.unit and not self.of:
            raise ValueError(f"a series that names the unit {self.unit} says what it measures")

    @property
    def origin(self) -> str:
        """The source that its records name: each check of a source speaks for itself."""
        return f"{self.source}/{self.check}" if self.check else self.source

    @property
    def timeline(self) -> tuple[str, str]:
        """Origin and subject: at one instant there is one probe of a timeline."""
        return self.origin, self.subject


@dataclass(frozen=True, slots=True)
class Probe:
    """What a series found at one instant; its identity is the timeline and the instant.

    Unit: the value is exact, and no finer than a millionth of its unit.

    >>> from datetime import UTC
    >>> series = Series("monitoring", "web-1", "http", "response-time", "ms")
    >>> probe = Probe(series, datetime(2026, 3, 2, 8, tzinfo=UTC), Status.UP, Ratio(25, 2))
    >>> [record.kind for record in probe.records], probe.records[0].id
    (['state', 'gauge'], 'monitoring/http#web-1@2026-03-02T08:00:00Z')
    """

    kind: ClassVar[str] = "probe"

    series: Series
    at: datetime
    status: Status
    value: Ratio | None = None

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.at.year <= LAST_YEAR:
            raise ValueError(far_away("at", self.at))
        if self.value is None:
            return
        if not self.series.of:
            raise ValueError(f"a probe of {self.series.subject} has a value and does not say what it is of")
        in_millionths(self.value)

    @property
    def micro(self) -> int | None:
        """The value in millionths of its unit."""
        return None if self.value is None else in_millionths(self.value)

    @property
    def records(self) -> tuple[State | Gauge, ...]:
        """What the probe means: the subject is in a state from now on, and a gauge shows the value."""
        series = self.series
        identity = f"{series.subject}@{show_instant(self.at)}"
        state = State(
            source=series.origin,
            source_id=identity,
            subject=series.subject,
            status=self.status,
            start=self.at,
            labels=series.labels,
        )
        if self.value is None:
            return (state,)
        gauge = Gauge(
            source=series.origin,
            source_id=f"{identity}/{series.of}",
            subject=series.subject,
            of=series.of,
            value=self.value,
            unit=series.unit,
            at=self.at,
            labels=series.labels,
        )
        return state, gauge


def in_millionths(value: Ratio) -> int:
    """Return a probe's value in millionths of its unit.

    :raises ValueError: if it is finer than that, or too large
    """
    millionths, rest = divmod(value.numerator * MICRO, value.denominator)
    if rest:
        raise ValueError(f"a probe's value has at most six decimals: {value}")
    if abs(millionths) > LARGEST_VALUE:
        largest = Ratio(LARGEST_VALUE, MICRO)
        raise ValueError(f"a probe's value lies between -{largest} and {largest}: {value}")
    return millionths
