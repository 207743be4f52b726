"""Composite: how much of a service was usable, read from the tree of what it is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from makegood.engine.agreement.measures.availability import Availability, UnknownAs
from makegood.engine.agreement.measures.composite import Composite
from makegood.engine.agreement.measures.parts import Effect
from makegood.engine.agreement.schedule import calendar_of
from makegood.engine.agreement.shapes import Unit
from makegood.engine.agreement.terms import Agreement, Component
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Exclusion, State
from makegood.engine.judging.composition import Member, member_of
from makegood.engine.judging.exclusions import Exclusions
from makegood.engine.judging.moments import Spell, Spent, Watched, spells_of, spent_on
from makegood.engine.judging.service_time import service_time
from makegood.engine.judging.timeline import Timeline
from makegood.engine.judging.tree import Tree
from makegood.engine.judging.verdict import Measurement, Miss
from makegood.engine.judging.wording import leaf, listed
from makegood.engine.vocabulary.calendar import Calendar
from makegood.engine.vocabulary.interval import Interval, clip, difference, touching
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason


def composite(*, agreed: Ratio, lost: Ratio) -> Ratio | None:
    """Return the share of agreed time in which a service was usable, given what was lost of it.

    Unit: exact ratio from 0 to 1, of seconds; a second in which half of a service was there is half lost.
    Rule: no agreed time gives no answer (``None``), never 100 %.
    Source: docs/explanation/judging/composite.md

    >>> composite(agreed=Ratio(36_000), lost=Ratio(3_600)), composite(agreed=Ratio(0), lost=Ratio(0))
    (Ratio(9, 10), None)
    """
    return (agreed - lost) / agreed if agreed else None


@dataclass(frozen=True, slots=True)
class CompositeIndicator:
    """A service tree with the evidence about its components, ready to be measured in any period."""

    agreement: Agreement
    measure: Composite
    calendar: Calendar
    tree: Tree
    members: tuple[Member, ...]
    timelines: Mapping[str, Timeline]
    exclusions: Mapping[str, list[Exclusion]]

    @classmethod
    def of(cls, agreement: Agreement, measure: Composite, evidence: Evidence) -> Self:
        """Return the indicator; all timelines are drawn once, over all evidence."""
        tree = Tree.of(agreement, Component(id=measure.of))
        names: dict[str, tuple[Component, set[str]]] = {}
        for component, also in tree.leaves:
            names.setdefault(component.id, (component, set()))[1].update(also)
        members = tuple(member_of(agreement, component, also) for component, also in names.values())
        watch = Availability(of=measure.of, degraded=measure.degraded, unknown=measure.unknown)
        every = frozenset[str]().union(*(each.also for each in members))
        return cls(
            agreement,
            measure,
            calendar_of(agreement, measure.on),
            tree,
            members,
            {each.id: Timeline.of(evidence.states.get(each.id, ()), watch) for each in members},
            {
                cause: [each for each in evidence.exclusions.get(cause, ()) if each.subject in every and not each.case]
                for cause in measure.excluded
            },
        )

    def measured(self, period: Period) -> Measurement:
        """Return what the evidence says about the period."""
        span = period.interval
        touched = {
            cause: [each for each in records if each.start < span.end and each.end > span.start]
            for cause, records in self.exclusions.items()
        }
        exclusions = Exclusions.of(self.agreement, self.measure.excluded, touched, offered=self.calendar.open_in(span))
        offered = service_time(self.calendar, span, not_yet=())
        watched = [self._watched(member, span, exclusions) for member in self.members]
        spells = spells_of(self.tree, watched, offered, self.measure.unknown.as_)
        spent = spent_on(spells)
        undecided = self._undecided(period, spent)
        value = None if undecided else composite(agreed=spent.agreed, lost=spent.lost)
        total = spent.agreed.floor()
        return Measurement(
            value=value,
            unit=Unit.SHARE,
            good=max(0, total - spent.lost.ceil()),
            total=total,
            reason=self._reason(value, spent, spells, exclusions),
            misses=tuple(self._miss(each) for each in spells if each.lost),
            coverage=spent.known / spent.open if spent.open else None,
            undecided=undecided,
        )

    def _watched(self, member: Member, span: Interval, exclusions: Exclusions) -> Watched:
        timeline = self.timelines[member.id]
        return Watched(
            member.id,
            there=difference((span,), (member.not_yet,)),
            down=clip(touching(timeline.down, span), span),
            known=clip(touching(timeline.known, span), span),
            shrunk=clip(exclusions.spans(member.also, Effect.SHRINK), span),
            excused=clip(exclusions.spans(member.also, Effect.UP), span),
        )

    def _undecided(self, period: Period, spent: Spent) -> str:
        """Return why there is no value, and what would give one; empty if there is one."""
        name, unknown = self.measure.of, self.measure.unknown
        if not spent.open:
            return f"No agreed time of {name} is left in {period.label}; there is nothing to judge."
        heard = any(each.latest is not None and each.latest > period.interval.start for each in self.timelines.values())
        silent = spent.known < spent.open and not heard if unknown.as_ is UnknownAs.UP else not spent.known
        if silent and unknown.as_ is UnknownAs.DOWN:  # a part that is down, with the silence of the others, is evidence
            silent = not any(touching(each.down, period.interval) for each in self.timelines.values())
        if silent:
            return (
                f"No evidence tells the state of {name} in {period.label}."
                " Import what the monitoring of its parts recorded then."
            )
        if spent.known < unknown.minimum_coverage * spent.open:
            return (
                f"Evidence covers {(spent.known / spent.open).percent(4)} of the agreed time of {name} in"
                f" {period.label}, and {unknown.minimum_coverage.percent()} are agreed."
            )
        return ""

    def _states(self, spell: Spell) -> list[State]:
        return [state for name in spell.parts for state in self.timelines[name].records_of(spell.interval)]

    def _miss(self, spell: Spell) -> Miss:
        states = self._states(spell)
        incident = next((state.incident for state in states if state.incident), "")
        return Miss(str(spell), spell.lost.ceil(), incident, tuple(state.id for state in states), (spell.interval,))

    def _reason(self, value: Ratio | None, spent: Spent, spells: Sequence[Spell], exclusions: Exclusions) -> Reason:
        lost = [leaf(str(each), f"{each.lost.grouped} s lost", self._states(each)) for each in spells if each.lost]
        steps = [
            Reason("agreed time", f"{spent.agreed.grouped} s"),
            Reason("lost on the critical path", f"{spent.lost.grouped} s", listed(lost, "outage"), rule="composite"),
        ]
        if exclusions.counting or exclusions.refused:
            steps.append(exclusions.reason(spent.shrunk.floor(), 0))
        if spent.known < spent.open:
            steps.append(Reason("coverage", (spent.known / spent.open).percent(4)))
        what = f"{self.measure.of}: {spent.agreed.grouped} s agreed, {spent.lost.grouped} s lost"
        return Reason(what, value.percent(4) if value is not None else "no value", tuple(steps), rule="composite")
