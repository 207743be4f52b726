"""Coverage: the share of items that are as they should be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
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
from makegood.engine.judging.wording import LISTED, SAMPLE, counted, leaf, listed
from makegood.engine.vocabulary.calendar import Calendar
from makegood.engine.vocabulary.interval import Interval, clip, difference, seconds
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.reason import Reason


@dataclass(frozen=True, slots=True)
class Account:
    """How much of an item counts, and how much of that is as it should be: itself, or its seconds.

    ``offered`` is how much of it there is before exclusions.
    """

    item: Item
    good: int
    total: int
    offered: int


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
        exclusions = self._exclusions_in(period)
        there = [each for item in self.items if (each := self._account(item, period, exclusions)).offered]
        accounts = [each for each in there if each.total]
        silent = self._silent(period, there)
        undecided = self._undecided(period, accounts, silent)
        good, total = sum(each.good for each in accounts), sum(each.total for each in accounts) + max(0, silent)
        value = None if undecided else ratio(good=good, total=total)
        wrong = [each for each in accounts if each.good < each.total]
        return Measurement(
            value=value,
            unit=Unit.SHARE,
            good=good,
            total=total,
            reason=self._reason(period, accounts, wrong, silent, exclusions),
            misses=(*(_miss(each, place) for place, each in enumerate(wrong)), *self._silent_miss(period, silent)),
            undecided=undecided,
            empty=value is None and not undecided,
        )

    def _account(self, item: Item, period: Period, exclusions: Exclusions) -> Account:
        """Return how much of an item counts in the period."""
        offered = clip(self._window(period), item.span)
        out, excused = ([*_spans(exclusions, item, effect)] for effect in (Effect.SHRINK, Effect.UP))
        counting = difference(offered, out)
        bad = difference(item.bad, excused)
        return Account(item, seconds(difference(counting, bad)), seconds(counting), seconds(offered))

    def _silent(self, period: Period, there: Sequence[Account]) -> int:
        """Return how much is lacking of the items that were agreed: items, or their seconds."""
        if self.measure.items is None:
            return 0
        return self.measure.items * self._whole(period) - sum(each.offered for each in there)

    def _silent_miss(self, period: Period, silent: int) -> tuple[Miss, ...]:
        if silent <= 0:
            return ()
        number = -(-silent // self._whole(period))
        return (Miss(f"{counted(number, 'item')} of which nothing is recorded", number),)

    def _window(self, period: Period) -> Sequence[Interval]:
        """Return when items are looked at: in the last second of the period, or in its open hours."""
        if self.measure.seen is Seen.END_OF_PERIOD:
            return (Interval(last_second(period.interval.end), period.interval.end),)
        return self.calendar.open_in(period.interval)

    def _whole(self, period: Period) -> int:
        """Return how much an item counts of which nothing is recorded."""
        return seconds(self._window(period))

    def _exclusions_in(self, period: Period) -> Exclusions:
        interval = period.interval
        records = {
            cause: [each for each in found if each.start < interval.end and each.end > interval.start]
            for cause, found in self.exclusions.items()
        }
        return Exclusions.of(self.agreement, self.measure.excluded, records, offered=(interval,))

    def _undecided(self, period: Period, accounts: Sequence[Account], silent: int) -> str:
        """Return why there is no value; empty if there is one, or if there is nothing at all."""
        current, number, what = self.measure.current, self.measure.items, self.measure.what
        if current is not None:
            seen = [each for each in self.samples if each.at < period.interval.end]
            problem = unit_problem(seen, current.good_when.level.unit)
            if problem:
                return problem
        if number is not None and (most := _most_at_once(self.items, self._window(period))) > number:
            return (
                f"Evidence names {most:,} {what} at once, and {number:,} are agreed. Retire those that are no"
                " longer items, or agree on the number."
            )
        if (accounts or silent > 0) and not any(_cited(each.item, period) for each in accounts):
            return (
                f"Nothing is recorded of any of the {what} that count in {period.label}. Import the evidence of them."
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
        if silent > 0:
            size = f"{silent:,} s of items" if throughout else counted(silent, "item")
            steps.append(Reason(f"{size} of which nothing is recorded", "not as they should be"))
        names = {"", *(each.name for each in self.items)}
        records = [each.record for each in exclusions.counting if (each.record.case or each.record.subject) in names]
        if records:
            steps.append(leaf("exclusions of items", counted(len(records), "exclusion"), records))
        text = f"{self.measure.what}, {self.measure.seen.replace('_', ' ')}"
        number = len(accounts) if throughout else len(accounts) + max(0, silent)
        return Reason(text, counted(number, "item"), (*steps, *exclusions.refusals), rule="coverage")


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


def _most_at_once(items: Sequence[Item], window: Sequence[Interval]) -> int:
    """Return how many items there were at the moment at which there were most."""
    spans = [span for each in items for span in clip(window, each.span)]
    edges = sorted([(each.end, -1) for each in spans] + [(each.start, 1) for each in spans])
    return max(accumulate(step for _, step in edges), default=0)
