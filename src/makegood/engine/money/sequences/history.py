"""History: what became of one outcome, period by period, up to the one that is being settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from makegood.engine.agreement.schedule import contract_year
from makegood.engine.agreement.sequences.parts import Stretch, Undecided
from makegood.engine.agreement.terms import Agreement, Outcome
from makegood.engine.judging.verdict import Judgement, Ruling
from makegood.engine.money.context import Context
from makegood.engine.money.line import Line
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One period of one outcome: its verdict, and what was credited for it after all remedies.

    ``year`` is the number of the contract year in which the period begins, from 0 on.
    """

    label: str
    year: int
    ruling: Ruling
    value: Ratio | None
    credit: Amount
    good: int = 0
    total: int = 0

    @property
    def missed(self) -> bool:
        return self.ruling is Ruling.MISSED


def history(context: Context, outcome: str, lines: tuple[Line, ...]) -> tuple[Entry, ...]:
    """Return what became of an outcome in every period so far, the present one last.

    Unit: one entry a period, in order of time; credits as they were booked, of the present period as far as it is.
    Rule: a period in which the agreement did not have the outcome has no entry.
    Source: docs/explanation/money/sequences.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> from makegood.engine.agreement.schedule import periods_of
    >>> from makegood.engine.evidence.body import Evidence
    >>> from makegood.engine.judging.judge import judge
    >>> from makegood.engine.money.sums import Sums
    >>> agreement = read(GOOD).agreement
    >>> january = periods_of(agreement)[0]
    >>> context = Context(agreement, judge(agreement, january, Evidence.of([])), Sums.of(agreement, january))
    >>> [(entry.label, entry.ruling.value) for entry in history(context, "open", ())]
    [('2026-01', 'UNDECIDED')]
    """
    past = context.past
    booked = [{credit.outcome: credit.amount for credit in each.credits} for each in past.credits]
    booked.append({line.outcome: line.amount for line in lines})
    nothing = Amount.zero(context.currency)
    return tuple(
        _entry(context.agreement, judgement, outcome, credits.get(outcome, nothing))
        for judgement, credits in zip((*past.judgements, context.judgement), booked, strict=True)
        if judgement.find(outcome) is not None
    )


def _entry(agreement: Agreement, judgement: Judgement, outcome: str, credit: Amount) -> Entry:
    verdict, period = judgement.of(outcome), judgement.period
    measured = verdict.measurement
    year = contract_year(agreement.term, period.first_day)
    return Entry(period.label, year, verdict.ruling, measured.value, credit, measured.good, measured.total)


def concerned(agreement: Agreement, of: tuple[str, ...], *, staked: bool) -> dict[str, Outcome]:
    """Return the outcomes that a sequence concerns, in the order of the agreement.

    Unit: outcomes by name.
    Rule: those that it names; without names all, or with ``staked`` all that have a stake.
    Source: docs/explanation/money/sequences.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> list(concerned(read(GOOD).agreement, (), staked=True))
    ['open']
    """
    return {
        name: outcome
        for name, outcome in agreement.outcomes.items()
        if (name in of if of else outcome.stake is not None or not staked)
    }


def run_of_misses(entries: Sequence[Entry], undecided: Undecided) -> int:
    """Return the length of the run of missed periods that ends with the last one.

    Unit: periods.
    Rule: zero if the last period is not missed; a met period ends a run; an undecided one is passed over, or ends it
        too.
    Source: docs/explanation/money/repeat.md

    >>> nothing = Amount.zero("EUR")
    >>> entries = [Entry(ruling[:2], 0, Ruling(ruling), None, nothing) for ruling in ("MISSED", "UNDECIDED", "MISSED")]
    >>> run_of_misses(entries, Undecided.PASSED_OVER), run_of_misses(entries, Undecided.ENDS_RUN)
    (2, 1)
    """
    if not entries or not entries[-1].missed:
        return 0
    length = 0
    for entry in reversed(entries):
        if entry.missed:
            length += 1
        elif entry.ruling is Ruling.MET or undecided is Undecided.ENDS_RUN:
            break
    return length


def remembered(entries: Sequence[Entry], within: Stretch) -> tuple[Entry, ...]:
    """Return the entries that are still remembered in the last one's period.

    Unit: entries, in order of time.
    Rule: all, or those of the same contract year.
    Source: docs/explanation/money/sequences.md

    >>> entries = [Entry(label, year, Ruling.MET, None, Amount.zero("EUR")) for label, year in (("a", 0), ("b", 1))]
    >>> [entry.label for entry in remembered(entries, Stretch.CONTRACT_YEAR)]
    ['b']
    """
    if within is Stretch.TERM or not entries:
        return tuple(entries)
    return tuple(entry for entry in entries if entry.year == entries[-1].year)


def is_last_of_year(agreement: Agreement, period: Period, last: Period) -> bool:
    """Tell whether a contract year ends with a period.

    Unit: none.
    Rule: the period after it begins in another contract year, or there is none, since it is the ``last`` of the term.
    Source: docs/explanation/money/earn-back.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> from makegood.engine.agreement.schedule import periods_of
    >>> agreement = read(GOOD).agreement
    >>> months = periods_of(agreement)
    >>> [month.label for month in months if is_last_of_year(agreement, month, months[-1])]
    ['2026-12']
    """
    if period == last:
        return True
    return contract_year(agreement.term, period.last_day + _DAY) != contract_year(agreement.term, period.first_day)
