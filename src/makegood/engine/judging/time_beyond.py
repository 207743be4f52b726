"""Time beyond: how long a gauge stood on the wrong side of a level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from makegood.engine.agreement.measures.availability import Availability, Count, Unknown, UnknownAs
from makegood.engine.agreement.measures.time_beyond import BeyondAs, BeyondWhen, Silence, TimeBeyond
from makegood.engine.agreement.schedule import calendar_of
from makegood.engine.agreement.shapes import Target
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Gauge, State, Status
from makegood.engine.judging.account import Subject
from makegood.engine.judging.availability import AvailabilityIndicator
from makegood.engine.judging.composition import BEGINNING, Combination, Member
from makegood.engine.judging.samples import until
from makegood.engine.judging.timeline import Timeline
from makegood.engine.judging.units import converted, unit_problem
from makegood.engine.judging.verdict import Measurement
from makegood.engine.judging.wording import shown
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason

_COMBINED = {
    BeyondWhen.ANY: Combination.ALL_OF,  # inside is what all of them have to be
    BeyondWhen.ALL: Combination.ANY_OF,
    BeyondWhen.EACH: Combination.EACH,
}
_SILENT = {
    Silence.BEYOND: UnknownAs.DOWN,
    Silence.INSIDE: UnknownAs.UP,
    Silence.EXCLUDED: UnknownAs.EXCLUDED,
}


def as_states(samples: Sequence[Gauge], beyond: Target) -> tuple[State, ...]:
    """Return samples as states: down where the gauge is beyond its level, up where it is not.

    Unit: instants in UTC; the samples in the unit of the level.
    Rule: a sample holds as a reported state holds. A sample whose unit cannot be compared with the level says nothing.
    Source: docs/explanation/judging/time-beyond.md

    >>> from datetime import UTC, datetime
    >>> from makegood.engine.agreement.shapes import TARGET
    >>> noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    >>> warm = Gauge(source="probe", source_id="1", subject="room", of="heat", value=Ratio(28), unit="C", at=noon)
    >>> [state.status.value for state in as_states([warm], TARGET.read("> 27"))]
    ['down']
    """
    found = []
    for each in samples:
        value = converted(each.value, each.unit, beyond.level.unit)
        if value is not None:
            found.append(
                State(
                    source=each.source,
                    source_id=each.source_id,
                    subject=each.subject,
                    status=Status.DOWN if beyond.is_met_by(value) else Status.UP,
                    start=each.at,
                    labels=each.labels,
                )
            )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class TimeBeyondIndicator:
    """A time beyond a level with the samples about it; what it is not, the availability of being inside tells.

    Samples hold up to their ``ends``.
    """

    measure: TimeBeyond
    samples: tuple[Gauge, ...]
    ends: tuple[datetime, ...]
    inside: AvailabilityIndicator

    @classmethod
    def of(cls, agreement: Agreement, measure: TimeBeyond, evidence: Evidence) -> Self:
        """Return the indicator; all timelines are drawn once, over all evidence."""
        samples = [
            each for each in evidence.gauges.get(measure.of, ()) if not measure.about or each.subject in measure.about
        ]
        names = measure.about or tuple(sorted({each.subject for each in samples})) or (measure.of,)
        usable = _as_availability(measure)
        states = as_states(samples, measure.beyond)
        since = _since(samples) if not measure.about else {}
        members = [Member(name, since.get(name, BEGINNING), frozenset({"", name})) for name in names]
        timelines = {name: Timeline.of([each for each in states if each.subject == name], usable) for name in names}
        how = _COMBINED[measure.when]
        groups = [(measure.of, members)] if how is not Combination.EACH else [(each.id, [each]) for each in members]
        concerned = {"", *names}
        inside = AvailabilityIndicator(
            agreement,
            usable,
            calendar_of(agreement, measure.on),
            tuple(Subject.of(name, how, chosen, timelines) for name, chosen in groups),
            {
                cause: [
                    each for each in evidence.exclusions.get(cause, ()) if each.subject in concerned and not each.case
                ]
                for cause in measure.excluded
            },
        )
        return cls(measure, tuple(samples), tuple(until(samples, measure.unknown.after)), inside)

    def measured(self, period: Period) -> Measurement:
        """Return what the samples say about the period."""
        measure, inside = self.measure, self.inside.measured(period)
        holding = [
            each
            for each, end in zip(self.samples, self.ends, strict=True)
            if each.at < period.interval.end and end > period.interval.start
        ]
        problem = unit_problem(holding, measure.beyond.level.unit)
        value = None
        if inside.value is not None and not problem:
            lost = inside.total - inside.good
            value = Ratio(lost) if measure.as_ is BeyondAs.TIME else Ratio(lost, inside.total)
        told = shown(value, measure.unit) if value is not None else "no value"
        return replace(
            inside,
            value=value,
            unit=measure.unit,
            undecided=problem or _beyond(inside.undecided),
            reason=replace(_reworded(inside.reason), value=told, rule="time-beyond"),
            misses=tuple(replace(miss, what=_beyond(miss.what)) for miss in inside.misses),
        )


def _since(samples: Sequence[Gauge]) -> dict[str, datetime]:
    """Return since when subjects count that nobody listed: from their first sample, and the first of all always."""
    first: dict[str, datetime] = {}
    for each in samples:
        first.setdefault(each.subject, each.at)
    return {name: at for name, at in first.items() if at > samples[0].at}


def _as_availability(measure: TimeBeyond) -> Availability:
    """Return the availability of which the time beyond is what is missing."""
    unknown = measure.unknown
    return Availability(
        of=measure.of,
        on=measure.on,
        count=Count(granularity=measure.granularity, ignore_shorter_than=measure.ignore_shorter_than),
        excluded=measure.excluded,
        unknown=Unknown(as_=_SILENT[unknown.as_], after=unknown.after, minimum_coverage=unknown.minimum_coverage),
        by=measure.by,
    )


def _reworded(reason: Reason) -> Reason:
    return replace(
        reason, text=_beyond(reason.text), value=_beyond(reason.value), children=tuple(map(_reworded, reason.children))
    )


def _beyond(text: str) -> str:
    """Return a sentence on being down as one on being beyond the level."""
    for word, other in (
        ("downtime", "time beyond"),
        (" s down", " s beyond"),
        (" down ", " beyond "),
        ("outage", "stretch"),
    ):
        text = text.replace(word, other)
    return text.replace("counted as down", "counted as beyond").replace("as up", "as inside")
