"""Settlement: what should be, less what was booked, is what gets booked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from makegood.engine.money.credit import PeriodCredits
from makegood.engine.vocabulary.amount import Amount


class PostingKind(StrEnum):
    """Whether a posting is the first for its outcome and period, or restates it."""

    CREDIT = "credit"
    ADJUSTMENT = "adjustment"


@dataclass(frozen=True, slots=True)
class Posting:
    """One booked line: the credit of ``outcome`` for ``for_period``, booked in the statement of ``in_period``.

    A negative amount takes back what was credited too much. Its ``id`` is ``for_period/outcome``, and for the
    second and later lines of the same credit ``for_period/outcome/2`` and so on.
    """

    id: str
    outcome: str
    for_period: str
    in_period: str
    kind: PostingKind
    amount: Amount
    snapshot: int
    cause: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What is booked in one period, in the order of booking, and its sum; a negative sum is owed by the customer."""

    in_period: str
    lines: tuple[Posting, ...]
    total: Amount

    @classmethod
    def of(cls, booked: Iterable[Posting], *, in_period: str, currency: str) -> Statement:
        """Return the statement of a period; its sum has a currency even if nothing was booked."""
        lines = tuple(posting for posting in booked if posting.in_period == in_period)
        return cls(in_period, lines, Amount.total((posting.amount for posting in lines), currency))


def settle(
    *, computed: Sequence[PeriodCredits], booked: Sequence[Posting], in_period: str, snapshot: int
) -> tuple[Posting, ...]:
    """Return what has to be booked now, so that the postings of each computed period add up to its credits.

    Unit: postings of amounts in one currency; positive for the customer, negative takes back.
    Rule: the first line of an outcome and period is a credit, even of nothing, so that it is known as settled; every
        later one is an adjustment by the difference, and no difference books nothing. What was booked for an outcome
        that a computed period no longer has is taken back; periods that were not computed are left alone. Older
        periods come first; within one the order of its credits. Two currencies or two agreements are refused.
    Source: docs/explanation/money/settlement.md

    >>> from datetime import date
    >>> from makegood.engine.money.credit import Credit
    >>> from makegood.engine.vocabulary.period import Every, periods
    >>> from makegood.engine.vocabulary.reason import Reason
    >>> january, = periods(start=date(2025, 1, 1), end=date(2025, 2, 1), every=Every.MONTH, zone="UTC")
    >>> fee, nothing, due, why = (Amount(100000, "EUR"), Amount(0, "EUR"), Amount(10000, "EUR"), Reason("tiers"))
    >>> def credits(amount):
    ...     line = Credit("availability", amount, amount, why)
    ...     return [PeriodCredits("acme-erp", january, fee, nothing, (line,), amount, why)]
    >>> first = settle(computed=credits(nothing), booked=(), in_period="2025-01", snapshot=1)
    >>> later = settle(computed=credits(due), booked=first, in_period="2025-02", snapshot=2)
    >>> [(posting.id, posting.kind.value, str(posting.amount)) for posting in first + later]
    [('2025-01/availability', 'credit', '0.00 EUR'), ('2025-01/availability/2', 'adjustment', '100.00 EUR')]
    >>> settle(computed=credits(due), booked=first + later, in_period="2025-02", snapshot=2)
    ()
    """
    _refuse_mixture(computed, booked)
    so_far = balance(booked)
    lines = Counter((posting.for_period, posting.outcome) for posting in booked)
    postings = []
    for latest in sorted(computed, key=lambda each: each.period.interval.start):
        period = latest.period.label
        for outcome, due, cause in _due(latest, so_far):
            had = so_far.get((period, outcome))
            if had == due:
                continue
            number = lines[period, outcome] + 1
            postings.append(
                Posting(
                    id=f"{period}/{outcome}" if number == 1 else f"{period}/{outcome}/{number}",
                    outcome=outcome,
                    for_period=period,
                    in_period=in_period,
                    kind=PostingKind.CREDIT if had is None else PostingKind.ADJUSTMENT,
                    amount=due if had is None else due - had,
                    snapshot=snapshot,
                    cause="first settlement" if had is None else f"{cause}: {due} instead of {had}",
                )
            )
    return tuple(postings)


def balance(booked: Iterable[Posting]) -> dict[tuple[str, str], Amount]:
    """Return what was booked so far, for each period and outcome that has a posting.

    Unit: amount in one currency, by label of the period and outcome.
    Rule: the sum of all postings for them, in whichever statement they stand; nothing booked is not the same as zero
        booked, and has no entry.
    Source: docs/explanation/money/settlement.md

    >>> ten = Amount(1000, "EUR")
    >>> first = Posting("2025-01/orders", "orders", "2025-01", "2025-01", PostingKind.CREDIT, ten, 1, "")
    >>> balance([first]) == {("2025-01", "orders"): ten}
    True
    """
    sums: dict[tuple[str, str], Amount] = {}
    for posting in booked:
        key = posting.for_period, posting.outcome
        sums[key] = sums[key] + posting.amount if key in sums else posting.amount
    return sums


def _due(latest: PeriodCredits, so_far: Mapping[tuple[str, str], Amount]) -> Iterator[tuple[str, Amount, str]]:
    """Yield what each outcome should come to and why: those of the period, then those booked for it that are gone."""
    here = {credit.outcome for credit in latest.credits}
    for credit in latest.credits:
        yield credit.outcome, credit.amount, "restated"
    for period, outcome in so_far:
        if period == latest.period.label and outcome not in here:
            yield outcome, Amount.zero(latest.total.currency), "withdrawn, the outcome has no stake any more"


def _refuse_mixture(computed: Sequence[PeriodCredits], booked: Sequence[Posting]) -> None:
    """Refuse what cannot be one settlement."""
    currencies = {each.total.currency for each in computed} | {posting.amount.currency for posting in booked}
    if len(currencies) > 1:
        raise ValueError(f"one settlement has one currency, not {' and '.join(sorted(currencies))}")
    agreements = {each.agreement for each in computed}
    if len(agreements) > 1:
        raise ValueError(f"one settlement is of one agreement, not of {' and '.join(sorted(agreements))}")
    labels = Counter(each.period.label for each in computed)
    twice = sorted(label for label, number in labels.items() if number > 1)
    if twice:
        raise ValueError(f"the credits of {twice[0]} were computed twice; settle the latest")
