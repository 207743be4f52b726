"""Within: the share of cases that were done inside their limit."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from makegood.engine.agreement.measures.parts import Effect
from makegood.engine.agreement.measures.within import CarriedOver, MissingStop, Population, Within
from makegood.engine.agreement.schedule import instant_of
from makegood.engine.agreement.shapes import Unit
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Exclusion, Record
from makegood.engine.judging.case_limits import CaseLimits
from makegood.engine.judging.cases import Case, JudgedCase, Standing
from makegood.engine.judging.exclusions import Excluded, Exclusions
from makegood.engine.judging.ratio import ratio
from makegood.engine.judging.verdict import Measurement, Miss, Part
from makegood.engine.judging.wording import LISTED, counted, leaf, listed
from makegood.engine.vocabulary.duration import Days, Duration
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.reason import Reason

_GOOD = (Standing.INSIDE, Standing.EXCUSED)


@dataclass(frozen=True, slots=True)
class WithinIndicator:
    """A share of cases with the evidence about them, ready to be measured in any period.

    ``cases`` are in the order of ``opened``, when their clocks started; the clocks of ``unstarted`` ones never did.
    ``excluded`` are the exclusions that count, by case. ``counted`` are cases inside their limit that were measured
    before, by period and priority.
    """

    measure: Within
    limits: CaseLimits
    term_start: datetime
    cases: tuple[Case, ...]
    opened: tuple[datetime, ...]
    unstarted: tuple[Case, ...]
    excluded: dict[str, Excluded]
    refused: tuple[tuple[Exclusion, Reason], ...]
    counted: Mapping[Interval, Mapping[str, int]]

    @classmethod
    def of(cls, agreement: Agreement, measure: Within, evidence: Evidence) -> Self:
        """Return the indicator; every clock is run once, over all evidence."""
        cases = [Case.of(name, steps, measure) for name, steps in evidence.cases.get(measure.cases, {}).items()]
        started = sorted((case.run.opened_at, case.id, case) for case in cases if case.run.opened_at is not None)
        exclusions = Exclusions.of(
            agreement,
            measure.excluded,
            {cause: [each for each in evidence.exclusions.get(cause, ()) if each.case] for cause in measure.excluded},
        )
        # Of two exclusions for one case, the one that takes it out counts.
        counting = sorted(exclusions.counting, key=lambda each: each.effect is Effect.SHRINK)
        return cls(
            measure,
            CaseLimits.of(agreement, measure),
            instant_of(agreement, agreement.term.from_),
            tuple(case for _, _, case in started),
            tuple(opened for opened, _, _ in started),
            tuple(sorted((case for case in cases if case.run.opened_at is None), key=lambda case: case.id)),
            {each.record.case: each for each in counting},
            exclusions.refused,
            evidence.counted_by(measure),
        )

    def measured(self, period: Period) -> Measurement:
        """Return what the evidence says about the period."""
        judged = list(self._judged(period.interval))
        by_standing: dict[Standing, list[JudgedCase]] = defaultdict(list)
        for each in judged:
            by_standing[each.standing].append(each)
        counted_before = self.counted.get(period.interval, {})
        good = sum(len(by_standing[standing]) for standing in _GOOD) + sum(counted_before.values())
        missed = [each for each in judged if self._is_missed(each.standing)]
        total = good + len(missed)
        value = ratio(good=good, total=total)
        return Measurement(
            value=value,
            unit=Unit.SHARE,
            good=good,
            total=total,
            reason=Reason(
                f"{good:,} of {counted(total, 'case')} within their limit",
                value.percent(4) if value is not None else "no value",
                (
                    *self._limits_reasons(judged, counted_before),
                    *self._standing_reasons(by_standing, sum(counted_before.values())),
                ),
                rule="within",
            ),
            misses=_misses(missed),
            empty=value is None,
            breached=_breached(
                [each for each in missed if each.rest or each.standing is Standing.NO_STOP], self.measure
            ),
            parts=self._parts(judged) if self.measure.by else (),
        )

    def _is_missed(self, standing: Standing) -> bool:
        counts = self.measure.missing_stop is MissingStop.MISSED
        return standing is Standing.LATE or (counts and standing is Standing.NO_STOP)

    def _judged(self, period: Interval) -> Iterator[JudgedCase]:
        """Yield every case that belongs to the period, and how it stands."""
        for case in self._population(period):
            priority = self.limits.priority(case)
            if not self.measure.priority or priority in self.measure.priority:
                yield self._judged_case(case, priority, period)
        for case in self.unstarted:
            if period.contains(case.steps[0].at):
                yield JudgedCase(case, Standing.NO_START)

    def _population(self, period: Interval) -> Iterator[Case]:
        """Yield the cases of the period, each as far as the population looks.

        Cases opened in the period are followed to their end, however late. Those resolved in it, or open at its end,
        are taken as they were seen then, so that what happens later does not change a period that is over.
        """
        first, end = bisect_left(self.opened, period.start), bisect_left(self.opened, period.end)
        if self.measure.population is Population.OPENED_IN_PERIOD:
            yield from self.cases[first:end]
            return
        with_open = self.measure.population is Population.RESOLVED_PLUS_OPEN_OVERDUE
        for case in self.cases[:end]:
            seen = case.seen_at(period.end, self.measure)
            ended = seen.run.stopped_at or seen.run.closed_at
            if with_open if ended is None else period.contains(ended):
                yield seen

    def _judged_case(self, case: Case, priority: str, period: Interval) -> JudgedCase:
        limit = self.measure.limit_of(priority)
        if any(case.label(name) for name in self.measure.leave_out):
            return JudgedCase(case, Standing.RELATED, priority, limit)
        if limit is None:
            return JudgedCase(case, Standing.NO_LIMIT, priority)
        excluded = self.excluded.get(case.id)
        if excluded is not None:
            standing = Standing.LEFT_OUT if excluded.effect is Effect.SHRINK else Standing.EXCUSED
            return JudgedCase(case, standing, priority, limit)
        if self._is_carried(case, priority, limit, period):
            return JudgedCase(case, Standing.CARRIED, priority, limit)
        if case.run.closed_at is not None:
            return JudgedCase(case, Standing.NO_STOP, priority, limit)
        ended = case.run.stopped_at is not None
        seen = case if ended else case.seen_at(period.end, self.measure)
        used = self.limits.used(seen, priority, limit, period.end)
        standing = (Standing.INSIDE if ended else Standing.NOT_DUE) if used.inside else Standing.LATE
        return JudgedCase(case, standing, priority, limit, used.elapsed, used.part, used.beyond_rest)

    def _is_carried(self, case: Case, priority: str, limit: Duration | Days, period: Interval) -> bool:
        """Tell whether a case was overdue at the end of the period before, and counts no more."""
        measure = self.measure
        once = measure.carried_over is CarriedOver.ONCE and measure.population is Population.RESOLVED_PLUS_OPEN_OVERDUE
        if not once or period.start <= self.term_start or case.steps[0].at >= period.start:
            return False
        then = case.seen_at(period.start, measure)
        is_open = then.run.opened_at is not None and then.run.stopped_at is None and then.run.closed_at is None
        return is_open and not self.limits.used(then, priority, limit, period.start).inside

    def _parts(self, judged: Sequence[JudgedCase]) -> tuple[Part, ...]:
        good: dict[str, int] = defaultdict(int)
        total: dict[str, int] = defaultdict(int)
        for each in judged:
            if each.standing in _GOOD or self._is_missed(each.standing):
                label = each.case.label(self.measure.by)
                good[label] += each.standing in _GOOD
                total[label] += 1
        return tuple(Part(label, good[label], total[label]) for label in sorted(total))

    def _limits_reasons(self, judged: Sequence[JudgedCase], before: Mapping[str, int]) -> Iterator[Reason]:
        """Yield how the cases of each priority with its own limit fared; those counted ``before`` were inside."""
        for priority, limit in self.measure.limits.items():
            mine = [each for each in judged if each.priority == priority]
            good = sum(each.standing in _GOOD for each in mine) + before.get(priority, 0)
            total = good + sum(self._is_missed(each.standing) for each in mine)
            yield Reason(f"{priority}: within {limit}", f"{good:,} of {total:,}")

    def _standing_reasons(self, by_standing: dict[Standing, list[JudgedCase]], before: int) -> Iterator[Reason]:
        """Yield every sort of case with its number: late ones each, the others citing their last records."""
        for standing in Standing:
            cases = by_standing[standing]
            number = counted(len(cases), "case")
            if standing is Standing.INSIDE:
                yield Reason(f"{counted(len(cases) + before, 'case')} {standing}")
            elif standing is Standing.LATE:
                steps = [Reason(str(each), evidence=each.case.evidence) for each in cases]
                yield Reason(f"{number} {standing}", "missed", listed(steps, "late case"))
            elif cases:
                consequence = "missed" if self._is_missed(standing) else "counted" if standing in _GOOD else "left out"
                yield leaf(f"{number} {standing}", consequence, [self._decisive(each) for each in cases])
        judged = {each.case.id for cases in by_standing.values() for each in cases}
        yield from (reason for record, reason in self.refused if record.case in judged)

    def _decisive(self, judged: JudgedCase) -> Record:
        """Return the record that makes a case stand as it does: its exclusion, or the last that is known of it."""
        if judged.standing in (Standing.LEFT_OUT, Standing.EXCUSED):
            return self.excluded[judged.case.id].record
        return judged.case.steps[-1]


def _breached(beyond: Sequence[JudgedCase], measure: Within) -> str:
    """Return why cases that took longer than any may make a miss; empty if there are none or no such limit."""
    if not beyond or (measure.rest_within is None and not measure.rest_limits):
        return ""
    named = ", ".join(each.case.id for each in beyond[:5])
    return f"{counted(len(beyond), 'case')} ({named}) took longer than the rest may: missed whatever the share"


def _misses(missed: Sequence[JudgedCase]) -> tuple[Miss, ...]:
    """Return a miss for each case; only the first 1,000 carry their evidence."""
    return tuple(
        Miss(str(each), 1, each.case.incident, each.case.evidence if place < LISTED else ())
        for place, each in enumerate(missed)
    )
