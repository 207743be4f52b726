"""Items: what has to be as it should be, and since when it is not."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from makegood.engine.agreement.deadlines import Deadline, Months
from makegood.engine.agreement.measures.coverage import ByDeadline, Coverage, Current, Fresh
from makegood.engine.agreement.schedule import after
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Gauge, Transition
from makegood.engine.judging.composition import BEGINNING
from makegood.engine.judging.samples import until
from makegood.engine.judging.timeline import FOREVER
from makegood.engine.judging.units import converted
from makegood.engine.vocabulary.interval import Interval, difference, union
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.times import local_instant, zone


@dataclass(frozen=True, slots=True)
class Item:
    """One item: the time in which it is one, that in which it is not as it should be, and the records about it."""

    name: str
    span: Interval
    bad: tuple[Interval, ...]
    records: tuple[Transition | Gauge, ...]


def due_after(agreement: Agreement, instant: datetime, deadline: Deadline) -> datetime:
    """Return when something is due that has so long from an instant.

    Unit: instant, in UTC.
    Rule: hours, days and business days as everywhere in the agreement; months keep the day and the time on the wall of
        the agreement's zone, and end on the last day of a shorter month.
    Source: docs/explanation/judging/coverage.md

    >>> from datetime import UTC
    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> due_after(read(GOOD).agreement, datetime(2026, 11, 30, 9, tzinfo=UTC), Months(3))
    datetime.datetime(2027, 2, 28, 9, 0, tzinfo=datetime.timezone.utc)
    """
    if not isinstance(deadline, Months):
        return after(agreement, instant, deadline)
    wall = instant.astimezone(zone(agreement.term.timezone)).replace(tzinfo=None)
    years, month = divmod(wall.month - 1 + deadline.number, 12)
    year = wall.year + years
    day = min(wall.day, calendar.monthrange(year, month + 1)[1])
    return local_instant(wall.replace(year=year, month=month + 1, day=day), agreement.term.timezone)


def items(agreement: Agreement, measure: Coverage, evidence: Evidence) -> tuple[Item, ...]:
    """Return the items of a measure, as evidence knows them.

    Unit: intervals in UTC.
    Rule: an item is one from its first record on, and no longer from the record that retires it. By deadline it is bad
        from each deadline that was not kept until the thing is done; fresh, whenever its last success has run out, and
        before the first; current, whenever its last sample is not good or has become too old.
    Source: docs/explanation/judging/coverage.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> from makegood.engine.vocabulary.duration import Duration
    >>> backups = Coverage(fresh=Fresh(cases="backup", done=("done",), within=Duration(86400)))
    >>> items(read(GOOD).agreement, backups, Evidence.of([]))
    ()
    """
    due, fresh, current = measure.by_deadline, measure.fresh, measure.current
    found = chain(
        _by_deadline(agreement, measure, due, evidence) if due is not None else (),
        _fresh(agreement, measure, fresh, evidence) if fresh is not None else (),
        _current(current, evidence) if current is not None else (),
    )
    named = {each.name: each for each in found}
    if measure.listed:
        silent = Interval(BEGINNING, FOREVER)
        return tuple(
            _always(named[name]) if name in named else Item(name, silent, (silent,), ()) for name in measure.listed
        )
    return tuple(named[name] for name in sorted(named))


def _always(item: Item) -> Item:
    """Return an item that is listed: it was one before anything was recorded of it, and not as it should be."""
    before = Interval(BEGINNING, item.span.start)
    return Item(item.name, Interval(BEGINNING, item.span.end), union((before, *item.bad)), item.records)


def _by_deadline(agreement: Agreement, measure: Coverage, rule: ByDeadline, evidence: Evidence) -> Iterator[Item]:
    for name, cases in _grouped(evidence.cases.get(rule.cases, {}), rule.item).items():
        bad, first = [], FOREVER
        for steps in cases:
            opened = next((step for step in steps if step.state == rule.from_), None)
            priority = next((step.priority for step in steps if step.priority), "")
            limit = rule.limits.get(priority, rule.limit)
            if opened is None or limit is None:
                continue
            first = min(first, opened.at)
            done = next((step.at for step in steps if step.state == rule.to and step.at >= opened.at), FOREVER)
            due = due_after(agreement, opened.at, limit)
            bad += [Interval(due, done)] if due < done else []
        if first < FOREVER:
            yield _item(name, first, bad, [step for steps in cases for step in steps], measure)


def _fresh(agreement: Agreement, measure: Coverage, rule: Fresh, evidence: Evidence) -> Iterator[Item]:
    for name, cases in _grouped(evidence.cases.get(rule.cases, {}), rule.item).items():
        steps = sorted((step for steps in cases for step in steps), key=lambda step: (step.at, step.id))
        good = [
            Interval(step.at, due_after(agreement, step.at, rule.within)) for step in steps if step.state in rule.done
        ]
        first = steps[0].at
        yield _item(name, first, difference((Interval(first, FOREVER),), good), steps, measure)


def _current(rule: Current, evidence: Evidence) -> Iterator[Item]:
    by_subject: dict[str, list[Gauge]] = defaultdict(list)
    for sample in evidence.gauges.get(rule.of, ()):
        by_subject[sample.subject].append(sample)
    for name, samples in by_subject.items():
        known: list[Interval] = []
        wrong: list[Interval] = []
        for sample, end in zip(samples, until(samples, rule.after), strict=True):
            held = Interval(sample.at, end)
            value = converted(sample.value, sample.unit, rule.good_when.level.unit)
            (known if rule.good_when.is_met_by(value or Ratio(0)) else wrong).append(held)
        span = Interval(samples[0].at, FOREVER)
        yield Item(name, span, difference((span,), difference(known, wrong)), tuple(samples))


def _grouped(cases: Mapping[str, Sequence[Transition]], label: str) -> dict[str, list[Sequence[Transition]]]:
    """Return the transitions of cases by item: by the label that names it, or case by case."""
    found: dict[str, list[Sequence[Transition]]] = defaultdict(list)
    for name, steps in cases.items():
        labelled = (value for step in steps for key, value in step.labels if key == label)
        found[next(filter(None, labelled), "") if label else name].append(steps)
    return found


def _item(name: str, first: datetime, bad: Iterable[Interval], steps: Sequence[Transition], measure: Coverage) -> Item:
    retired = min((step.at for step in steps if step.state in measure.retired), default=FOREVER)
    return Item(name, Interval(first, max(first, retired)), union(bad), tuple(steps))


def last_second(end: datetime) -> datetime:
    """Return the last second before an instant.

    Unit: instant in UTC.
    Rule: periods are half-open, so their last second is the one before their end.
    Source: docs/explanation/judging/coverage.md

    >>> from datetime import UTC
    >>> last_second(datetime(2026, 4, 1, tzinfo=UTC))
    datetime.datetime(2026, 3, 31, 23, 59, 59, tzinfo=datetime.timezone.utc)
    """
    return end - timedelta(seconds=1)
