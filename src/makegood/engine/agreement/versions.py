"""Versions: which text of an agreement governs which day, and where that cuts a period in two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from makegood.engine.agreement.terms import Agreement, Outcome
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.times import local_instant

_DAY = timedelta(days=1)


def number_of(agreement: Agreement) -> int:
    """Return the number of a version; the first text is 1."""
    return agreement.amendment.version if agreement.amendment is not None else 1


def effective_from(agreement: Agreement) -> date:
    """Return the first day on which a version can be in force."""
    return agreement.amendment.effective if agreement.amendment is not None else agreement.term.from_


def versions_of(agreement: Agreement) -> tuple[Agreement, ...]:
    """Return all versions of an agreement that are known, the first one first."""
    return agreement.versions or (agreement,)


def newest(agreement: Agreement) -> Agreement:
    """Return the version with the highest number, which says how long the agreement runs."""
    return versions_of(agreement)[-1]


def in_force(agreement: Agreement, day: date) -> Agreement:
    """Return the version that governs a day: the latest of those that are effective by then.

    It knows of the others, so that it has the same periods as they.
    """
    if not agreement.versions:
        return agreement
    effective = [each for each in agreement.versions if effective_from(each) <= day]
    return replace((effective or agreement.versions)[-1 if effective else 0], versions=agreement.versions)


def version_for(agreement: Agreement, period: Period) -> Agreement:
    """Return the version that governs a period; periods are cut where versions change, so there is only one."""
    return in_force(agreement, period.first_day)


def by_version(agreement: Agreement, periods: Sequence[Period]) -> Iterator[tuple[Agreement, tuple[Period, ...]]]:
    """Yield each version with those of the periods that it governs."""
    groups: dict[int, list[Period]] = {}
    for period in periods:
        groups.setdefault(number_of(version_for(agreement, period)), []).append(period)
    for found in groups.values():
        yield version_for(agreement, found[0]), tuple(found)


def parts_of(agreement: Agreement, period: Period) -> tuple[Period, ...]:
    """Return the parts into which changes of version cut a period; mostly the period itself."""
    starts = [each for each in map(effective_from, agreement.versions) if period.first_day < each <= period.last_day]
    changes = [day for day in sorted({*starts}) if _number_on(agreement, day) != _number_on(agreement, day - _DAY)]
    if not changes:
        return (period,)
    days = [period.first_day, *changes, period.last_day + _DAY]
    return tuple(_part(agreement, period, first, following) for first, following in pairwise(days))


def _part(agreement: Agreement, period: Period, first: date, following: date) -> Period:
    start = _midnight(first, period) if first != period.first_day else period.interval.start
    end = _midnight(following, period) if following <= period.last_day else period.interval.end
    return replace(
        period,
        label=f"{period.label}.v{_number_on(agreement, first)}",
        interval=Interval(start, end),
        first_day=first,
        last_day=following - _DAY,
        cut_from=period,
    )


def _number_on(agreement: Agreement, day: date) -> int:
    return number_of(in_force(agreement, day))


def _midnight(day: date, period: Period) -> datetime:
    return local_instant(datetime.combine(day, time()), period.zone)


def outcomes_of(agreement: Agreement) -> dict[str, Outcome]:
    """Return every outcome that a version of the agreement promises, by the latest terms that it had."""
    found = dict(newest(agreement).outcomes)
    for each in reversed(agreement.versions):
        found = {**found, **{name: outcome for name, outcome in each.outcomes.items() if name not in found}}
    return found
