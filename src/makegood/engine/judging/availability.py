"""Availability: the share of agreed time in which a service was usable."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from makegood.engine.agreement.measures.availability import Availability, UnknownAs
from makegood.engine.agreement.schedule import calendar_of
from makegood.engine.agreement.shapes import Unit
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Exclusion
from makegood.engine.judging.account import Account, Outage, Subject
from makegood.engine.judging.composition import Combination, Composition
from makegood.engine.judging.exclusions import Exclusions
from makegood.engine.judging.timeline import Timeline
from makegood.engine.judging.verdict import Measurement, Miss, Part
from makegood.engine.vocabulary.calendar import Calendar
from makegood.engine.vocabulary.interval import seconds, touching
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason
from makegood.engine.vocabulary.times import show_instant


def availability(*, agreed: int, down: int) -> Ratio | None:
    """Return the share of agreed time in which a service was usable.

    Unit: exact ratio from 0 to 1, of whole seconds.
    Rule: no agreed time gives no answer (``None``), never 100 %; downtime that was rounded up to whole minutes is
        never more than all of the agreed time.
    Source: docs/explanation/judging/availability.md

    >>> availability(agreed=36_000, down=3_600)
    Ratio(9, 10)
    >>> availability(agreed=0, down=0) is None
    True
    """
    return Ratio(agreed - min(down, agreed), agreed) if agreed else None


@dataclass(frozen=True, slots=True)
class AvailabilityIndicator:
    """An availability with the evidence about it, ready to be measured in any period."""

    agreement: Agreement
    measure: Availability
    calendar: Calendar
    subjects: tuple[Subject, ...]
    exclusions: dict[str, list[Exclusion]]

    @classmethod
    def of(cls, agreement: Agreement, measure: Availability, evidence: Evidence) -> Self:
        """Return the indicator; all timelines are drawn once, over all evidence."""
        composition = Composition.of(agreement, measure.of)
        members = composition.members
        timelines = {each.id: Timeline.of(evidence.states.get(each.id, ()), measure) for each in members}
        groups = {composition.name: members}
        if composition.how is Combination.EACH:
            groups = {each.id: (each,) for each in members}
        names = frozenset[str]().union(*(each.also for each in members))
        return cls(
            agreement,
            measure,
            calendar_of(agreement, measure.on),
            tuple(Subject.of(name, composition.how, chosen, timelines) for name, chosen in groups.items()),
            {
                cause: [each for each in evidence.exclusions.get(cause, ()) if each.subject in names and not each.case]
                for cause in measure.excluded
            },
        )

    def measured(self, period: Period) -> Measurement:
        """Return what the evidence says about the period."""
        exclusions = self._exclusions_in(period)
        accounts = [
            Account.of(subject, period.interval, self.calendar, exclusions, self.measure) for subject in self.subjects
        ]
        spent = _Spent.of(accounts, self.measure.users.total if self.measure.users else 1)
        undecided = self._undecided(period, spent)
        value = None if undecided else availability(agreed=spent.agreed, down=spent.down)
        return Measurement(
            value=value,
            unit=Unit.SHARE,
            good=spent.agreed - spent.down,
            total=spent.agreed,
            reason=self._reason(value, accounts, spent, exclusions),
            misses=tuple(_misses(accounts)),
            coverage=Ratio(spent.known, spent.open) if spent.open else None,
            undecided=undecided,
            parts=self._parts(accounts, spent) if self.measure.by else (),
        )

    def _exclusions_in(self, period: Period) -> Exclusions:
        touching = {
            cause: [each for each in records if each.start < period.interval.end and each.end > period.interval.start]
            for cause, records in self.exclusions.items()
        }
        offered = self.calendar.open_in(period.interval)
        return Exclusions.of(self.agreement, self.measure.excluded, touching, offered=offered)

    def _is_any_down(self, period: Period) -> bool:
        """Tell whether a part is known to be down; with the silence of the others, so may the whole be."""
        timelines = (line for each in self.subjects for line in each.timelines)
        return any(touching(each.down, period.interval) for each in timelines)

    def _undecided(self, period: Period, spent: _Spent) -> str:
        """Return why there is no value, and what would give one; empty if there is one."""
        name, unknown = self.measure.of, self.measure.unknown
        start, end = (show_instant(moment) for moment in (period.interval.start, period.interval.end))
        if not spent.open:
            return f"No agreed time of {name} is left in {period.label}; there is nothing to judge."
        if unknown.as_ is UnknownAs.UP:
            latest = max((each.latest for sub in self.subjects for each in sub.timelines if each.latest), default=None)
            if spent.known < spent.open and (latest is None or latest <= period.interval.start):
                return (
                    f"Nothing was heard of {name} since {start}, so its silence cannot count as up."
                    f" Import what its monitoring recorded in {period.label} or later."
                )
        elif not spent.known and not (unknown.as_ is UnknownAs.DOWN and self._is_any_down(period)):
            return (
                f"No evidence tells the state of {name} in {period.label}."
                f" Import what its monitoring recorded from {start} to {end}."
            )
        lacking = (unknown.minimum_coverage * spent.open).ceil() - spent.known
        if lacking > 0:
            return (
                f"Evidence covers {Ratio(spent.known, spent.open).percent(4)} of the agreed time of {name} in"
                f" {period.label}, and {unknown.minimum_coverage.percent()} are agreed."
                f" A verdict needs evidence about {lacking:,} s more."
            )
        return ""

    def _parts(self, accounts: list[Account], spent: _Spent) -> tuple[Part, ...]:
        """Return the downtime by the label of the outages, each against the whole agreed time."""
        down: dict[str, int] = defaultdict(int)
        for account in accounts:
            for outage in account.outages:
                down[_label(outage, self.measure.by)] += outage.downtime
        return tuple(Part(label, spent.agreed - lost, spent.agreed) for label, lost in sorted(down.items()) if lost)

    def _reason(self, value: Ratio | None, accounts: list[Account], spent: _Spent, exclusions: Exclusions) -> Reason:
        children = [account.reason(self.measure) for account in accounts]
        if len(accounts) == 1:
            children = list(children[0].children)
        if exclusions.counting or exclusions.refused:
            children.append(exclusions.reason(spent.shrunk, spent.excused))
        if spent.known < spent.open:
            covered = Ratio(spent.known, spent.open)
            children.append(Reason(f"coverage: {spent.known:,} of {spent.open:,} s known", covered.percent(4)))
        return Reason(
            f"{self.measure.of}: {spent.agreed:,} s agreed, {spent.down:,} s down",
            value.percent(4) if value is not None else "no value",
            tuple(children),
            rule="availability",
        )


def _label(outage: Outage, by: str) -> str:
    """Return the label of an outage: that of its records as it began, or the first after it; of several the least."""
    named = ((max(each.start, outage.interval.start), dict(each.labels).get(by, "")) for each in outage.states)
    return min(((start, label) for start, label in named if label), default=(outage.interval.start, ""))[1]


@dataclass(frozen=True, slots=True)
class _Spent:
    """Seconds over all accounts; ``open`` are those that exclusions leave, ``known`` and ``agreed`` are among them.

    Where outages weigh by the users they touch, ``agreed`` and ``down`` are seconds times users.
    """

    shrunk: int
    excused: int
    open: int
    known: int
    agreed: int
    down: int

    @classmethod
    def of(cls, accounts: list[Account], users: int) -> Self:
        offered = sum(seconds(each.offered) for each in accounts)
        shrunk = sum(seconds(each.shrunk) for each in accounts)
        agreed = sum(seconds(each.agreed) for each in accounts) * users
        return cls(
            shrunk=shrunk,
            excused=sum(seconds(each.excused) for each in accounts),
            open=offered - shrunk,
            known=offered - shrunk - sum(seconds(each.unknown) for each in accounts),
            agreed=agreed,
            down=min(agreed, sum(each.downtime for each in accounts)),
        )


def _misses(accounts: list[Account]) -> Iterator[Miss]:
    """Yield every outage with downtime, in order of time; it belongs to the first incident that its records name."""
    found = [outage for account in accounts for outage in account.outages if outage.downtime]
    for outage in sorted(found, key=lambda each: (each.interval, each.subject)):
        incident = next((state.incident for state in outage.states if state.incident), "")
        evidence = tuple(state.id for state in outage.states)
        yield Miss(str(outage), outage.downtime, incident, evidence, outage.pieces)
