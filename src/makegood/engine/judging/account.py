"""The account of agreed time: how a component, or a service made of several, spent it in one period."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from makegood.engine.agreement.measures.availability import Availability, Count, UnknownAs
from makegood.engine.agreement.measures.parts import Effect
from makegood.engine.evidence.records import State
from makegood.engine.judging.composition import Combination, Member, combined
from makegood.engine.judging.exclusions import Exclusions
from makegood.engine.judging.outages import downtime, is_ignored
from makegood.engine.judging.service_time import service_time
from makegood.engine.judging.timeline import FOREVER, Timeline
from makegood.engine.judging.users import user_seconds
from makegood.engine.judging.wording import counted, leaf, listed
from makegood.engine.vocabulary.calendar import Calendar
from makegood.engine.vocabulary.interval import Interval, clip, difference, intersection, seconds, touching, union
from makegood.engine.vocabulary.reason import Reason

Stretches = tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Outage:
    """A whole outage, and the seconds of downtime that it comes to in the period by the agreement's rules.

    ``pieces`` are the parts of it that count.
    """

    subject: str
    interval: Interval
    downtime: int
    states: tuple[State, ...]
    pieces: Stretches = ()

    def __str__(self) -> str:
        return f"{self.subject} {'down' if self.states else 'without evidence'} {self.interval}"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is watched as one: a component, or a service whose state follows from its members.

    ``down`` and ``known`` are those of the members, one by one, and ``outages`` those of the whole; all are sorted and
    apart, so that a period looks at its own only. A member that does not count yet neither breaks a service that needs
    all of them, nor carries one that needs any.
    """

    name: str
    how: Combination
    members: tuple[Member, ...]
    timelines: tuple[Timeline, ...]
    down: tuple[Stretches, ...]
    known: tuple[Stretches, ...]
    outages: Stretches

    @classmethod
    def of(cls, name: str, how: Combination, members: Sequence[Member], timelines: Mapping[str, Timeline]) -> Self:
        """Return what is watched, over all evidence."""
        chosen = tuple(timelines[member.id] for member in members)
        down = []
        for member, timeline in zip(members, chosen, strict=True):
            later = difference(timeline.down, (member.not_yet,))
            down.append(union((*later, member.not_yet)) if how is Combination.ANY_OF else later)
        known = tuple(union((*each.known, member.not_yet)) for member, each in zip(members, chosen, strict=True))
        return cls(name, how, tuple(members), chosen, tuple(down), known, combined(how, down))

    def service_time(self, calendar: Calendar, period: Interval) -> Stretches:
        """Return the time of the period in which it is promised: from the first of its members on."""
        not_yet = combined(Combination.ANY_OF, [[member.not_yet] for member in self.members])
        return service_time(calendar, period, not_yet=not_yet)

    def excluded(self, exclusions: Exclusions, *effects: Effect) -> list[Stretches]:
        """Return the excluded time of each member."""
        return [difference(exclusions.spans(each.also, *effects), (each.not_yet,)) for each in self.members]

    def outages_in(self, period: Interval) -> list[Interval]:
        """Return the whole outages that touch the period; one that has not ended is cut at the period's end."""
        whole = touching(self.outages, period)
        return [Interval(each.start, period.end) if each.end == FOREVER else each for each in whole]

    def states_of(self, outage: Interval) -> tuple[State, ...]:
        """Return the records that make an outage, in order of time."""
        states = (state for timeline in self.timelines for state in timeline.records_of(outage))
        return tuple(sorted(states, key=lambda state: (state.start, state.source, state.source_id)))


@dataclass(frozen=True, slots=True)
class Combined:
    """The state of a subject in a period, excluded parts left aside: when it was certainly down, and when in doubt.

    It is in doubt where it would be down if the parts of which nothing is known were. ``standing`` are the stretches
    of each part that no exclusion of another part can make better: down, and unknown unless silence counts as up.
    """

    how: Combination
    certain: Stretches
    doubtful: Stretches
    standing: list[Stretches]

    @classmethod
    def of(cls, subject: Subject, period: Interval, exclusions: Exclusions, silence: UnknownAs) -> Self:
        """Return the state, from the evidence about each part."""
        how, out = subject.how, subject.excluded(exclusions, *Effect)
        was_down, was_known = ([touching(mine, period) for mine in each] for each in (subject.down, subject.known))
        down = [difference(clip(mine, period), spared) for mine, spared in zip(was_down, out, strict=True)]
        silent = [difference((period,), (*mine, *spared)) for mine, spared in zip(was_known, out, strict=True)]
        certain = combined(how, down)
        doubtful = difference(combined(how, _each(down, silent)), certain)
        return cls(how, certain, doubtful, down if silence is UnknownAs.UP else _each(down, silent))

    def spared_by(self, excluded: Sequence[Stretches]) -> Stretches:
        """Return the time that exclusions decide: down if they were outages, and not down without them."""
        return difference(combined(self.how, _each(self.standing, excluded)), combined(self.how, self.standing))


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where the agreed time of a subject went in one period; every set of intervals is sorted and apart.

    ``offered`` is the service time before exclusions; of it ``shrunk`` is taken out, and ``excused`` stays and counts
    as up. Of ``unknown`` no record tells. ``agreed`` is what the value is a share of.
    """

    subject: str
    offered: Stretches
    shrunk: Stretches
    excused: Stretches
    unknown: Stretches
    agreed: Stretches
    ignored: tuple[Outage, ...]
    outages: tuple[Outage, ...]

    @classmethod
    def of(
        cls, subject: Subject, period: Interval, calendar: Calendar, exclusions: Exclusions, measure: Availability
    ) -> Self:
        """Return the account, by the rule's order: combine, ignore, unknown, exclude, clip, count.

        An exclusion that names one part of a service excuses that part and never another: time is excluded where
        the service would be down if the excluded parts were, and is not down without them.
        """
        silence = measure.unknown.as_
        state = Combined.of(subject, period, exclusions, silence)
        offered = subject.service_time(calendar, period)
        shrunk = intersection(state.spared_by(subject.excluded(exclusions, Effect.SHRINK)), offered)
        excused = difference(intersection(state.spared_by(subject.excluded(exclusions, *Effect)), offered), shrunk)
        unknown = intersection(state.doubtful, difference(offered, shrunk))
        agreed = difference(offered, (*shrunk, *unknown) if silence is UnknownAs.EXCLUDED else shrunk)

        whole = subject.outages_in(period)
        ignored = [outage for outage in whole if is_ignored(outage, measure.count)]
        as_down = state.doubtful if silence is UnknownAs.DOWN else ()
        counting = intersection((*difference(state.certain, ignored), *as_down), agreed)
        outages = union((*difference(whole, ignored), *as_down))
        return cls(
            subject=subject.name,
            offered=offered,
            shrunk=shrunk,
            excused=excused,
            unknown=unknown,
            agreed=agreed,
            ignored=tuple(Outage(subject.name, each, each.seconds, subject.states_of(each)) for each in ignored),
            outages=_outages(subject, outages, counting, measure),
        )

    @property
    def downtime(self) -> int:
        """All downtime, in seconds."""
        return sum(outage.downtime for outage in self.outages)

    def reason(self, measure: Availability) -> Reason:
        """Return the account in words: agreed time, downtime outage by outage, what was ignored and what is unknown."""
        offered, shrunk = seconds(self.offered), seconds(self.shrunk)
        agreed, unknown = seconds(self.agreed), seconds(self.unknown)
        time = [Reason(f"service time on calendar {measure.on}", f"{offered:,} s", rule="service-time")]
        if shrunk:
            time.append(Reason("taken out by exclusions", f"{shrunk:,} s", rule="exclusions"))
        if offered - shrunk != agreed:
            time.append(Reason("taken out because nothing is known of it", f"{unknown:,} s"))
        outages = [leaf(str(outage), f"{outage.downtime:,} s", outage.states) for outage in self.outages]
        granularity = "user-seconds" if measure.users else measure.count.granularity.replace("_", " ")
        steps = [
            Reason("agreed time", f"{agreed:,} s", tuple(time)),
            Reason(f"downtime in {granularity}", f"{self.downtime:,} s", listed(outages, "outage")),
        ]
        if self.ignored:
            number, cited = len(self.ignored), [state for outage in self.ignored for state in outage.states]
            steps.append(leaf(f"{counted(number, 'outage')} too short to count", _limit(measure.count), cited))
        if unknown:
            steps.append(Reason(f"time without evidence, counted as {measure.unknown.as_}", f"{unknown:,} s"))
        if measure.users is not None:
            agreed *= measure.users.total
            steps.append(Reason(f"agreed time of {measure.users.total:,} users", f"{agreed:,} s", rule="users"))
        return Reason(self.subject, f"{self.downtime:,} of {agreed:,} s down", tuple(steps))


def _limit(count: Count) -> str:
    shorter, up_to = count.ignore_shorter_than, count.ignore_up_to
    return f"up to {up_to}" if shorter is None else f"shorter than {shorter}"


def _each(some: Sequence[Stretches], others: Sequence[Stretches]) -> list[Stretches]:
    return [(*mine, *more) for mine, more in zip(some, others, strict=True)]


def _outages(subject: Subject, outages: Stretches, counting: Stretches, measure: Availability) -> tuple[Outage, ...]:
    """Return the outages with the downtime of those pieces of them that count."""
    pieces: list[list[Interval]] = [[] for _ in outages]
    for piece in counting:
        pieces[bisect_right(outages, piece.start, key=lambda outage: outage.start) - 1].append(piece)
    sizes = downtime(pieces, measure.count.granularity)
    if measure.users is not None:
        held = ([each for line in subject.timelines for each in line.held_in(outage)] for outage in outages)
        sizes = [user_seconds(mine, records, measure.users) for mine, records in zip(pieces, held, strict=True)]
    return tuple(
        Outage(subject.name, outage, size, subject.states_of(outage), tuple(counted_))
        for outage, size, counted_ in zip(outages, sizes, pieces, strict=True)
    )
