"""Exclusions: which causes do not count against the provider, under which conditions and how far."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from makegood.engine.agreement.measures.parts import Effect, ExclusionClause
from makegood.engine.agreement.schedule import before
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.records import Exclusion
from makegood.engine.judging.wording import listed
from makegood.engine.vocabulary.duration import Days, Duration
from makegood.engine.vocabulary.interval import Interval, intersection
from makegood.engine.vocabulary.reason import Reason
from makegood.engine.vocabulary.times import show_instant


@dataclass(frozen=True, slots=True)
class Excluded:
    """An exclusion that counts: the part of it that does, and what it does."""

    record: Exclusion
    span: Interval
    effect: Effect


@dataclass(frozen=True, slots=True)
class Exclusions:
    """The exclusions of one measure: those that count, in order of time, and those that do not, with a sentence."""

    counting: tuple[Excluded, ...]
    refused: tuple[tuple[Exclusion, Reason], ...]

    @classmethod
    def of(
        cls,
        agreement: Agreement,
        clauses: Mapping[str, ExclusionClause],
        records: Mapping[str, Iterable[Exclusion]],
        *,
        offered: Sequence[Interval] | None = None,
    ) -> Self:
        """Return what counts of the exclusions that were recorded, by the agreement's clause on each cause.

        Where notice is asked for, exactly the notice is enough, and what was never announced was not announced in
        time. With ``offered``, the agreed time of a period, a cause counts only as far as its allowance goes.
        """
        counting: list[Excluded] = []
        refused: list[tuple[Exclusion, Reason]] = []
        for cause, clause in clauses.items():
            in_time = []
            for each in records.get(cause, ()):
                if _announced_in_time(agreement, each, clause.notice):
                    in_time.append(each)
                else:
                    refused.append((each, _too_late(each, clause)))
            end = None
            if clause.allowance is not None and offered is not None:
                end = used_up_at((_span(each) for each in in_time), offered, clause.allowance.time)
            for each in in_time:
                span = _span(each) if end is None else _up_to(_span(each), end)
                if span or each.case:  # a case is excluded whole, however short the stretch that names it
                    counting.append(Excluded(each, span, clause.effect))
                if end is not None and end < each.end:
                    refused.append((each, _beyond_allowance(each, clause, end)))
        counting.sort(key=lambda each: (each.span, each.record.id))
        return cls(tuple(counting), tuple(refused))

    def reason(self, shrunk: int, excused: int) -> Reason:
        """Return in words what they did to agreed time, given how many seconds they took out and excused."""
        effects = {Effect.SHRINK: "leaves agreed time", Effect.UP: "counts as up"}
        steps = [
            Reason(f"{each.record.cause} {each.span} {effects[each.effect]}", evidence=(each.record.id,))
            for each in self.counting
        ]
        return Reason(
            "exclusions",
            f"{shrunk:,} s taken out, {excused:,} s counted as up",
            (*listed(steps, "exclusion"), *listed(self.refusals, "exclusion")),
            rule="exclusions",
        )

    @property
    def refusals(self) -> tuple[Reason, ...]:
        """The sentences on what does not count."""
        return tuple(reason for _, reason in self.refused)

    def spans(self, names: Container[str], *effects: Effect) -> Iterator[Interval]:
        """Yield the time excluded for a subject, with these effects, by any of the names that mean it."""
        return (each.span for each in self.counting if each.effect in effects and each.record.subject in names)


def used_up_at(spans: Iterable[Interval], offered: Iterable[Interval], allowance: Duration) -> datetime | None:
    """Return the instant at which an allowance of excluded time is used up in a period, ``None`` if it is not.

    Unit: instant in UTC; the allowance in seconds of agreed time.
    Rule: the earliest excluded time uses it first; time that is excluded twice uses it once; time outside the
        agreed time of the period uses nothing.
    Source: docs/explanation/judging/exclusions.md

    >>> from datetime import UTC
    >>> night = Interval(datetime(2026, 3, 2, 0, tzinfo=UTC), datetime(2026, 3, 2, 6, tzinfo=UTC))
    >>> used_up_at([night], [night], Duration(4 * 3600))
    datetime.datetime(2026, 3, 2, 4, 0, tzinfo=datetime.timezone.utc)
    """
    left = allowance.seconds
    for span in intersection(spans, offered):
        if span.seconds > left:
            return span.start + timedelta(seconds=left)
        left -= span.seconds
    return None


def _announced_in_time(agreement: Agreement, record: Exclusion, notice: Duration | Days | None) -> bool:
    if notice is None:
        return True
    return record.announced_at is not None and record.announced_at <= before(agreement, record.start, notice)


def _span(record: Exclusion) -> Interval:
    return Interval(record.start, record.end)


def _up_to(span: Interval, end: datetime) -> Interval:
    return Interval(min(span.start, end), min(span.end, end))


def _too_late(record: Exclusion, clause: ExclusionClause) -> Reason:
    announced = "it was not announced"
    if record.announced_at is not None:
        announced = f"it was announced {show_instant(record.announced_at)}"
    return Reason(
        f"{record.cause} {_span(record)} does not count: {announced}, and {clause.notice} of notice are agreed",
        evidence=(record.id,),
    )


def _beyond_allowance(record: Exclusion, clause: ExclusionClause, end: datetime) -> Reason:
    return Reason(
        f"{record.cause} {_span(record)} does not count from {show_instant(max(end, record.start))} on:"
        f" the agreed {clause.allowance} are used up",
        evidence=(record.id,),
    )
