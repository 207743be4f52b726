"""The replay: an agreement judged and settled on past evidence, as if it had been in force then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from makegood.engine.agreement.schedule import end_of_term, periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Gauge, State, Statement, Tally, Transition
from makegood.engine.judging.judge import judge_periods
from makegood.engine.judging.verdict import Judgement
from makegood.engine.money.account import account_credits
from makegood.engine.money.credit import PeriodCredits
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.period import Every, Period, periods
from makegood.engine.vocabulary.rounding import rounded
from makegood.engine.vocabulary.times import zone

_Happening = State | Gauge | Tally | Transition | Statement
_DAY = timedelta(days=1)
_IN_A_YEAR = {Every.WEEK: 52, Every.MONTH: 12, Every.QUARTER: 4, Every.YEAR: 1}


@dataclass(frozen=True, slots=True)
class Replay:
    """What an agreement would have come to; ``agreement`` has the term that was played."""

    agreement: Agreement
    judgements: tuple[Judgement, ...]
    credits: tuple[PeriodCredits, ...]

    @property
    def whole(self) -> tuple[Judgement, ...]:
        """The judgements from which other years are drawn.

        Periods that the term cuts are left out, and so are those before the first and after the last in which anything
        was measured. A term that is one period has no other years.
        """
        if self.agreement.term.period.every is Every.TERM:
            return ()
        found = [judgement for judgement in self.judgements if not judgement.period.partial]
        measured = [number for number, judgement in enumerate(found) if _is_measured(judgement)]
        return tuple(found[measured[0] : measured[-1] + 1]) if measured else ()


def replay(agreement: Agreement, evidence: Evidence) -> Replay:
    """Return what an agreement comes to on evidence, over its whole term.

    Unit: amounts in the agreement's currency; one judgement and one sum of credits a period.
    Rule: the ordinary judging and the ordinary credits, in order of time; nothing is booked.
    """
    judgements = judge_periods(agreement, periods_of(agreement), evidence)
    return Replay(agreement, judgements, account_credits(agreement, judgements))


def moved(agreement: Agreement, *, start: date, end: date) -> Agreement:
    """Return the agreement as if it ran from ``start`` up to but not including ``end``.

    Unit: days of the agreement's zone.
    Rule: this one text holds for all of it, without earlier versions. The wall time of the first day and what was
        credited before it belong to a term that begins there, and the wall time of the last day to one that ends there.
    """
    term = agreement.term
    begins, ends = start == term.from_, end == end_of_term(term)
    caps = agreement.caps if begins else tuple(replace(cap, brought_forward=None) for cap in agreement.caps)
    there = replace(
        term,
        from_=start,
        until=end,
        months=None,
        starts_at=term.starts_at if begins else None,
        ends_at=term.ends_at if ends else None,
    )
    return replace(agreement, term=there, caps=caps, versions=())


def span_of(evidence: Evidence, *, until: datetime) -> Interval | None:
    """Return the stretch that evidence tells about, None if there is none before ``until``.

    Unit: instants in UTC.
    Rule: from the first record to the last; a state that has no end lasts until ``until``, and nothing counts that came
        later. Exclusions, attributions and corrections tell nothing about when something happened.
    """
    first: datetime = until
    last: datetime | None = None
    for record in _happenings([getattr(evidence, each.name) for each in fields(evidence)]):
        start, end = _stretch(record)
        if start < until:
            first, last = min(first, start), max(last or start, min(end or until, until))
    return Interval(first, last) if last is not None else None


def covered_periods(agreement: Agreement, span: Interval) -> tuple[Period, ...]:
    """Return the whole periods that a stretch of evidence covers, whatever the term of the agreement.

    Unit: periods in order of time.
    Rule: a period is covered if evidence begins on its first day or earlier, and ends on its last day or later, by the
        calendar of the agreement's zone. A term that is one period is that of the agreement.
    """
    term = agreement.term
    here = zone(term.timezone)
    first, last = (moment.astimezone(here).date() for moment in (span.start, span.end))
    if term.period.every is Every.TERM:
        return tuple(each for each in periods_of(agreement) if first <= each.first_day and each.last_day <= last)
    found = periods(
        start=first, end=last + _DAY, every=term.period.every, starts_on=term.period.starts_on, zone=term.timezone
    )
    return tuple(period for period in found if not period.partial)


def year_of(agreement: Agreement) -> tuple[Agreement, tuple[Period, ...]]:
    """Return a year of an agreement that begins with its first whole period, and the periods of that year.

    Unit: periods in order of time; a year has 12 months, 4 quarters, 52 weeks or 1 year.
    Rule: the year does not end with the term; the agreement that is returned has this year as its term, and no past. A
        term that is one period is its own year.
    """
    term = agreement.term
    if term.period.every is Every.TERM:
        return agreement, periods_of(agreement)
    found = periods(
        start=term.from_,
        end=term.from_ + 3 * 366 * _DAY,
        every=term.period.every,
        starts_on=term.period.starts_on,
        zone=term.timezone,
        starts_at=term.starts_at or time(),
    )
    year = [period for period in found if not period.partial][: _IN_A_YEAR[term.period.every]]
    terms = replace(agreement, caps=tuple(replace(cap, brought_forward=None) for cap in agreement.caps))
    return moved(terms, start=year[0].first_day, end=year[-1].last_day + _DAY), tuple(year)


def typical_totals(judgements: Sequence[Judgement]) -> dict[str, int]:
    """Return how many cases or events each outcome had in a period on average.

    Unit: whole cases, events or seconds, as the outcome counts; outcomes that had none are left out.
    """
    totals: dict[str, list[int]] = {}
    for judgement in judgements:
        for verdict in judgement.verdicts:
            if verdict.measurement.value is not None:
                totals.setdefault(verdict.outcome, []).append(verdict.measurement.total)
    means = {outcome: rounded(Fraction(sum(each), len(each))) for outcome, each in totals.items()}
    return {outcome: mean for outcome, mean in means.items() if mean}


def redated(judgement: Judgement, period: Period) -> Judgement:
    """Return a judgement as if everything in it had happened in another period."""
    verdicts = tuple(replace(verdict, period=period) for verdict in judgement.verdicts)
    return replace(judgement, period=period, verdicts=verdicts)


def _is_measured(judgement: Judgement) -> bool:
    return any(verdict.measurement.value is not None for verdict in judgement.verdicts)


def _stretch(record: _Happening) -> tuple[datetime, datetime | None]:
    """Return from when to when a record tells what happened; None if it still goes on."""
    if isinstance(record, State | Tally):
        return record.start, record.end
    return record.at, record.at


def _happenings(found: object) -> Iterator[_Happening]:
    """Yield the records that tell what happened, however deep they lie."""
    if isinstance(found, dict):
        found = list(found.values())
    if isinstance(found, list | tuple):
        for each in found:
            yield from _happenings(each)
    elif isinstance(found, _Happening):
        yield found
