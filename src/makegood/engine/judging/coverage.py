"""Coverage: the share of items that are as they should be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from makegood.engine.agreement.measures.coverage import Coverage, Seen
from makegood.engine.agreement.measures.parts import Effect
from makegood.engine.agreement.schedule import calendar_of
from makegood.engine.agreement.shapes import Unit
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Exclusion, Gauge
from makegood.engine.judging.exclusions import Exclusions
from makegood.engine.judging.items import Item, items, last_second
from makegood.engine.judging.ratio import ratio
from makegood.engine.judging.units import unit_problem
from makegood.engine.judging.verdict import Measurement, Miss
from makegood.engine.judging.wording import LISTED, SAMPLE, counted, listed
from makegood.engine.vocabulary.calendar import Calendar
from makegood.engine.vocabulary.interval import Interval, clip, difference, seconds
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.reason import Reason


@dataclass(frozen=True, slots=True)
class Account:
    """How much of an item counts, and how much of that is as it should be: itself, or its seconds."""

    item: Item
    good: int
    total: int


@dataclass(frozen=True, slots=True)
class CoverageIndicator:
    """A share of items with the evidence about them, ready to be measured in any period."""

    agreement: Agreement
    measure: Coverage
    calendar: Calendar
    items: tuple[Item, ...]
    samples: tuple[Gauge, ...]
    exclusions: dict[str, list[Exclusion]]

    @classmethod
    def of(cls, agreement: Agreement, measure: Coverage, evidence: Evidence) -> Self:
        """Return the indicator; all items are followed once, over all evidence."""
        current = measure.current
        samples = evidence.gauges.get(current.of, ()) if current is not None else ()
        exclusions = {cause: evidence.exclusions.get(cause, []) for cause in measure.excluded}
        known = items(agreement, measure, evidence)
        return cls(agreement, measure, calendar_of(agreement, measure.on), known, tuple(samples), exclusions)

    def measured(self, period: Period) -> Measurement:
        """Return how many of the items are as they should be."""
        measure = self.measure
        exclusions = self._exclusions_in(period)
        accounts = [account for item in self.items if (account := self._account(item, period, exclusions)).total]
        if not any(_cited(each.item, period) for each in accounts):
            accounts = []  # of nothing at all is anything known, which is not 0 %
        good, total = sum(each.good for each in accounts), sum(each.total for each in accounts)
        undecided = self._undecided(period, len(accounts))
        silent = 0
        if measure.items is not None and accounts and not undecided:
            silent = measure.items - len(accounts)
            total += silent * self._whole(period)
        value = None if undecided else ratio(good=good, total=total)
        wrong = [each for each in accounts if each.good < each.total]
        return Measurement(
            value=value,
            unit=Unit.SHARE,
            good=good,
            total=total,
            reason=self._reason(period, accounts, wrong, silent, exclusions),
            misses=(*(_miss(each, place) for place, each in enumerate(wrong)), *_silent(silent)),
            undecided=undecided,
            empty=value is None and not undecided,
        )

    def _account(self, item: Item, period: Period, exclusions: Exclusions) -> Account:
        """Return how much of an item counts in the period."""
        interval = period.interval
        if self.measure.seen is Seen.END_OF_PERIOD:
            interval = Interval(last_second(interval.end), interval.end)
            offered = clip((item.span,), interval)
        else:
            offered = clip(self.calendar.open_in(interval), item.span)
        out, excused = ([*_spans(exclusions, item, effect)] for effect in (Effect.SHRINK, Effect.UP))
        counting = difference(offered, out)
        bad = difference(item.bad, excused)
        return Account(item, seconds(difference(counting, bad)), seconds(counting))

    def _whole(self, period: Period) -> int:
        """Return how much an item counts of which nothing is recorded."""
        if self.measure.seen is Seen.END_OF_PERIOD:
            return 1
        return seconds(self.calendar.open_in(period.interval))

    def _exclusions_in(self, period: Period) -> Exclusions:
        interval = period.interval
        records = {
            cause: [each for each in found if each.start < interval.end and each.end > interval.start]
            for cause, found in self.exclusions.items()
        }
        return Exclusions.of(self.agreement, self.measure.excluded, records, offered=(interval,))

    def _undecided(self, period: Period, known: int) -> str:
        """Return why there is no value; empty if there is one, or if there is nothing at all."""
        current, number = self.measure.current, self.measure.items
        if current is not None:
            seen = [each for each in self.samples if each.at < period.interval.end]
            problem = unit_problem(seen, current.good_when.level.unit)
            if problem:
                return problem
        if number is not None and known > number:
            return (
                f"Evidence names {known:,} {self.measure.what}, and {number:,} are agreed. Retire those that are no"
                " longer items, or agree on the number."
            )
        return ""

    def _reason(
        self, period: Period, accounts: Sequence[Account], wrong: Sequence[Account], silent: int, exclusions: Exclusions
    ) -> Reason:
        throughout = self.measure.seen is Seen.THROUGHOUT
        told = [Reason(_told(each, throughout=throughout), evidence=_cited(each.item, period)) for each in wrong]
        steps = [
            Reason(f"{counted(len(accounts) - len(wrong), 'item')} as they should be"),
            Reason(f"{counted(len(wrong), 'item')} not as they should be", "", listed(told, "item")),
        ]
        if silent:
            steps.append(Reason(f"{counted(silent, 'item')} of which nothing is recorded", "not as they should be"))
        text = f"{self.measure.what}, {self.measure.seen.replace('_', ' ')}"
        return Reason(text, counted(len(accounts) + silent, "item"), (*steps, *exclusions.refusals), rule="coverage")


def _spans(exclusions: Exclusions, item: Item, effect: Effect) -> Sequence[Interval]:
    return [
        each.span
        for each in exclusions.counting
        if each.effect is effect and (each.record.case or each.record.subject) in ("", item.name)
    ]


def _told(account: Account, *, throughout: bool) -> str:
    name = account.item.name or "items without a name"
    if not account.item.records:
        return f"{name}: nothing is recorded"
    return f"{name}: {account.total - account.good:,} of {account.total:,} s" if throughout else name


def _cited(item: Item, period: Period) -> tuple[str, ...]:
    """Return the last records about an item before the end of the period."""
    known = [each.id for each in item.records if each.at < period.interval.end]
    return tuple(known[-SAMPLE:])


def _miss(account: Account, place: int) -> Miss:
    cited = tuple(each.id for each in account.item.records[-SAMPLE:]) if place < LISTED else ()
    return Miss(f"{account.item.name or 'items without a name'}", 1, "", cited)


def _silent(number: int) -> tuple[Miss, ...]:
    return (Miss(f"{counted(number, 'item')} of which nothing is recorded", number),) if number else ()
