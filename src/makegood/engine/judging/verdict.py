"""Verdicts: what a measurement is, what was ruled on it, and which reading was used."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from makegood.engine.agreement.shapes import Target, Unit
from makegood.engine.judging.wording import shown
from makegood.engine.vocabulary.interval import Interval
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
    incident that it belongs to, if its evidence names one; a late case is its own incident otherwise. ``spans`` are
    the stretches of time that count, where it has any. ``step`` is the one of several that was not kept, and ``item``
    what it was about.
    """

    what: str
    size: int
    incident: str = ""
    evidence: tuple[str, ...] = ()
    spans: tuple[Interval, ...] = field(default=(), compare=False)
    step: str = ""
    item: str = ""


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
    tree of steps. ``empty`` tells that there was nothing to measure, so that the agreement's rule for it applies;
    ``invalid`` that what was recorded cannot be true. ``bad_windows`` is the number of fixed windows that its stake
    refunds. ``breached`` says why it is a miss whatever its value, ``earlier`` is the value that earlier periods
    have seen and paid for, and ``right`` says which right of the customer arose in the period.
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
    invalid: bool = False
    parts: tuple[Part, ...] = ()
    bad_windows: int = 0
    breached: str = ""
    earlier: Ratio | None = None
    right: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A term that could have been read otherwise, and how it was read: ``("unknown.as", "down", "house default")``."""

    term: str
    value: str
    written: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """The ruling on one outcome in one period, with everything that led to it.

    ``target`` is the one in force in the period. ``late_report`` tells that it is missed because its report came late,
    whatever was measured.
    """

    outcome: str
    period: Period
    ruling: Ruling
    target: Target
    measurement: Measurement
    readings: tuple[Reading, ...]
    reason: Reason
    late_report: bool = False

    @property
    def shown_value(self) -> str:
        """The value for showing: six decimals at most; it decides nothing."""
        if self.measurement.value is None:
            return "no value"
        if self.measurement.unit is Unit.SHARE:
            return self.measurement.value.percent(4)
        return shown(self.measurement.value, self.measurement.unit)


@dataclass(frozen=True, slots=True)
class Choice:
    """For an incident the outcome that the customer wants to be credited for, who said so, and in which record."""

    incident: str
    outcome: str
    by: str
    record: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Whether the credit of a missed outcome was claimed in time, and until when it can be; None is not known yet."""

    outcome: str
    accepted: bool
    deadline: datetime | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class Judgement:
    """All verdicts of one agreement in one period, what they came from, and what the customer chose and claimed."""

    agreement: str
    period: Period
    snapshot: int
    verdicts: tuple[Verdict, ...]
    choices: tuple[Choice, ...] = ()
    claims: tuple[Claim, ...] = ()

    def of(self, outcome: str) -> Verdict:
        """Return the verdict on ``outcome``."""
        return next(verdict for verdict in self.verdicts if verdict.outcome == outcome)

    def find(self, name: str) -> Verdict | None:
        """Return the verdict on an outcome, or None for the name of anything else that money is booked for."""
        return next((verdict for verdict in self.verdicts if verdict.outcome == name), None)
