"""Verdicts: what a measurement is, what was ruled on it, and which reading was used."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from makegood.engine.agreement.shapes import Target, Unit
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason


class Ruling(StrEnum):
    """What was ruled; missing evidence is never 0 and never 100 %."""

    MET = "MET"
    MISSED = "MISSED"
    UNDECIDED = "UNDECIDED"


@dataclass(frozen=True, slots=True)
class Miss:
    """One thing that went wrong: an outage, a late case, a bad batch of events.

    ``size`` is in the measure's own unit: seconds of downtime, or a number of cases or events. ``incident`` is the
    incident that it belongs to, if its evidence names one; a late case is its own incident otherwise.
    """

    what: str
    size: int
    incident: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One row of a breakdown: the value of a label, and how its events went."""

    label: str
    good: int
    total: int


@dataclass(frozen=True, slots=True)
class Measurement:
    """What the evidence says about one outcome in one period.

    ``value`` is exact: a share for availability, ratio and within, a number for count; ``None`` if there is none, and
    then ``undecided`` says why. ``good`` of ``total`` are the integers behind a share: seconds, events or cases that
    went well (for slices the share is not their quotient; under a ceiling it is that of the others). ``misses`` are
    what went wrong, in order of time. ``coverage`` is the share of agreed time with known state. ``reason`` is the
    tree of steps. ``empty`` tells that there was nothing to measure, so that the agreement's rule for it applies.
    """

    value: Ratio | None
    unit: Unit
    good: int
    total: int
    reason: Reason
    misses: tuple[Miss, ...] = ()
    coverage: Ratio | None = None
    undecided: str = ""
    empty: bool = False
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A term that could have been read otherwise, and how it was read: ``("unknown.as", "down", "house default")``."""

    term: str
    value: str
    written: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """The ruling on one outcome in one period, with everything that led to it."""

    outcome: str
    period: Period
    ruling: Ruling
    target: Target
    measurement: Measurement
    readings: tuple[Reading, ...]
    reason: Reason

    @property
    def shown_value(self) -> str:
        """The value for showing: six decimals at most; it decides nothing."""
        if self.measurement.value is None:
            return "no value"
        if self.measurement.unit is Unit.SHARE:
            return self.measurement.value.percent(4)
        return self.measurement.value.grouped


@dataclass(frozen=True, slots=True)
class Judgement:
    """All verdicts of one agreement in one period, and what they were computed from."""

    agreement: str
    period: Period
    snapshot: int
    verdicts: tuple[Verdict, ...]

    def of(self, outcome: str) -> Verdict:
        """Return the verdict on ``outcome``."""
        return next(verdict for verdict in self.verdicts if verdict.outcome == outcome)

    def find(self, name: str) -> Verdict | None:
        """Return the verdict on an outcome, or None for the name of anything else that money is booked for."""
        return next((verdict for verdict in self.verdicts if verdict.outcome == name), None)
