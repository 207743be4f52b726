"""Hours: what of the work in a period the fee includes, and what is charged beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from makegood.engine.agreement.hours import FlexHours, Hours, SupportHours
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.versions import in_force
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.times import zone

_NONE = Duration(0)


class HoursKind(StrEnum):
    """Which hours work is taken from."""

    SUPPORT = "support"
    FLEX = "flex"


@dataclass(frozen=True, slots=True)
class TimeEntry:
    """Work as it was recorded; it belongs to the instant at which it began. ``id`` is whatever names it elsewhere."""

    at: datetime
    worked: Duration
    kind: HoursKind = HoursKind.SUPPORT
    id: str = ""

    def __post_init__(self) -> None:
        if self.at.utcoffset() is None:
            raise ValueError("a time entry needs an aware datetime")


@dataclass(frozen=True, slots=True)
class Drawn:
    """What became of an entry: how much it took from the hours that the fee includes, and how much is charged."""

    entry: TimeEntry
    included: Duration
    billable: Duration


@dataclass(frozen=True, slots=True)
class SupportUse:
    """Support in a period: ``used`` and ``left`` are what it ``included``; ``over`` is beyond it."""

    included: Duration = _NONE
    used: Duration = _NONE
    left: Duration = _NONE
    over: Duration = _NONE


@dataclass(frozen=True, slots=True)
class FlexUse:
    """Flex time in a period: what was ``brought`` and ``added`` is ``used``, has ``expired``, or is ``left``.

    ``lost`` would have been added, but the cap was reached; ``over`` is work for which no block was left.
    """

    brought: Duration = _NONE
    added: Duration = _NONE
    used: Duration = _NONE
    expired: Duration = _NONE
    left: Duration = _NONE
    lost: Duration = _NONE
    over: Duration = _NONE


@dataclass(frozen=True, slots=True)
class IncludedHours:
    """The hours of a period as they were used, with what became of each entry, in the order of time."""

    support: SupportUse = SupportUse()
    flex: FlexUse = FlexUse()
    entries: tuple[Drawn, ...] = ()

    @property
    def billable(self) -> Duration:
        """The time that is charged: what is beyond both."""
        return _sum(each.billable for each in self.entries)


def included_hours(agreement: Agreement, period: Period, entries: Iterable[TimeEntry]) -> IncludedHours:
    """Return what of the work in a period the fee includes, given the work of the term so far.

    Unit: whole seconds of work.
    Rule: an entry belongs to the period in which it began, and takes from the hours of its kind alone: no flex
        time is used because support ran out. Support counts each entry in begun steps, and ends with the period. Flex
        time is added at the start of each period up to the cap, used in begun blocks as far as whole ones are left, in
        the order of time, and ends at midnight after 31 December in the agreement's zone. Every period has its hours
        whole, a partial one too, by the version in force on its first day; the parts of a period share them. What is
        beyond is charged: of support in steps, of flex time as it was worked; so is work of a kind not agreed.
    Source: docs/explanation/money/hours.md

    >>> from datetime import UTC
    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> shop = read(GOOD + "hours: {support: {each_period: 1h}}").agreement
    >>> worked = TimeEntry(datetime(2026, 1, 9, 12, tzinfo=UTC), Duration.parse("1h 20m"))
    >>> found = included_hours(shop, periods_of(shop)[0], [worked])
    >>> found.support.used.words, found.support.left.words, found.billable.words
    ('1 hour', '0 seconds', '30 minutes')
    """
    upto = tuple(each for each in periods_of(agreement) if each.interval.start <= period.interval.start)
    return _hours(agreement, upto, entries)[-1]


def hours_by_period(agreement: Agreement, entries: Iterable[TimeEntry]) -> tuple[IncludedHours, ...]:
    """Return what of the work in each period of the term the fee includes, in the order of periods.

    Unit: whole seconds of work.
    Rule: each is what ``included_hours`` says of its period.
    Source: docs/explanation/money/hours.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> shop = read(GOOD + "hours: {flex: {each_period: 1h}}").agreement
    >>> [str(each.flex.left) for each in hours_by_period(shop, [])][:3]
    ['1h', '2h', '3h']
    """
    return _hours(agreement, periods_of(agreement), entries)


def _hours(agreement: Agreement, periods: Sequence[Period], entries: Iterable[TimeEntry]) -> tuple[IncludedHours, ...]:
    known = sorted(entries, key=_order)
    found = [IncludedHours()]
    for each in periods:
        within = [entry for entry in known if each.interval.start <= entry.at < each.interval.end]
        found.append(_next(found[-1], agreement, each, within))
    return tuple(found[1:])


def _order(entry: TimeEntry) -> tuple[datetime, HoursKind, Duration, str]:
    return entry.at, entry.kind, entry.worked, entry.id


def _next(before: IncludedHours, agreement: Agreement, period: Period, entries: Sequence[TimeEntry]) -> IncludedHours:
    """Return the hours of a period, or of a part of one, that follows another."""
    whole = period.cut_from or period
    hours = in_force(agreement, whole.first_day).hours or Hours()
    begins = period.interval.start == whole.interval.start
    of_kind = {kind: [each for each in entries if each.kind is kind] for kind in HoursKind}
    each_period = hours.support.each_period if hours.support is not None else _NONE
    included = each_period if begins else before.support.left
    support, one = _support(hours.support, included, of_kind[HoursKind.SUPPORT])
    start = _added(hours.flex, before.flex.left) if begins else FlexUse(before.flex.left, left=before.flex.left)
    flex, other = _flex(hours.flex, start, period, of_kind[HoursKind.FLEX])
    return IncludedHours(support, flex, tuple(sorted((*one, *other), key=lambda each: _order(each.entry))))


def _support(
    term: SupportHours | None, included: Duration, entries: Sequence[TimeEntry]
) -> tuple[SupportUse, list[Drawn]]:
    left, drawn = included.seconds, []
    for entry in entries:
        counted = _begun(entry.worked, term.step) if term is not None else entry.worked.seconds
        taken = min(counted, left)
        left -= taken
        drawn.append(Drawn(entry, Duration(taken), Duration(counted - taken)))
    used = Duration(included.seconds - left)
    return SupportUse(included, used, Duration(left), _sum(each.billable for each in drawn)), drawn


def _added(term: FlexHours | None, brought: Duration) -> FlexUse:
    """Return the flex time with which a period begins."""
    if term is None:
        return FlexUse(brought, left=brought)
    added = max(0, min(term.each_period.seconds, term.cap.seconds - brought.seconds))
    left, lost = brought.seconds + added, term.each_period.seconds - added
    return FlexUse(brought, added=Duration(added), left=Duration(left), lost=Duration(lost))


def _flex(
    term: FlexHours | None, use: FlexUse, period: Period, entries: Sequence[TimeEntry]
) -> tuple[FlexUse, list[Drawn]]:
    year, drawn = _year(period.interval.start, period), []
    for entry in entries:
        if _year(entry.at, period) > year:
            year, use = _year(entry.at, period), _expired(use)
        drawn.append(_from_blocks(term, entry, use.left))
        used, left = use.used.seconds + drawn[-1].included.seconds, use.left.seconds - drawn[-1].included.seconds
        use = replace(use, used=Duration(used), left=Duration(left))
    if _year(period.interval.end, period) > year:
        use = _expired(use)
    return replace(use, over=_sum(each.billable for each in drawn)), drawn


def _from_blocks(term: FlexHours | None, entry: TimeEntry, left: Duration) -> Drawn:
    """Return what an entry takes: as many whole blocks as it needs and as there are."""
    if term is None:
        return Drawn(entry, _NONE, entry.worked)
    block = term.block.seconds
    taken = min(_begun(entry.worked, term.block), left.seconds // block * block)
    return Drawn(entry, Duration(taken), Duration(max(0, entry.worked.seconds - taken)))


def _begun(worked: Duration, step: Duration) -> int:
    """Return the seconds of work in steps, begun ones as whole."""
    return -(-worked.seconds // step.seconds) * step.seconds


def _expired(use: FlexUse) -> FlexUse:
    return replace(use, expired=_sum((use.expired, use.left)), left=_NONE)


def _year(at: datetime, period: Period) -> int:
    return at.astimezone(zone(period.zone)).year


def _sum(spans: Iterable[Duration]) -> Duration:
    return Duration(sum(each.seconds for each in spans))
