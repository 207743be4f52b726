"""Finality: what was credited and can no longer be taken back, or changed at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from makegood.engine.agreement.amendment import FinalFor
from makegood.engine.agreement.schedule import after
from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.versions import in_force
from makegood.engine.money.credit import Credit, PeriodCredits
from makegood.engine.money.settlement import Posting, balance
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.reason import Reason


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in the book ``at`` a moment: everything booked, and when each closed period was closed.

    ``removed`` is the time of which evidence is no longer there.
    """

    postings: tuple[Posting, ...] = ()
    closed_at: Mapping[str, datetime] = field(default_factory=dict)
    at: datetime | None = None
    removed: tuple[Interval, ...] = ()


def final_from(agreement: Agreement, period: Period, closed_at: datetime) -> datetime | None:
    """Return the instant after which the credits of a period are final, or None if they never are.

    Unit: instant in UTC.
    Rule: ``closing.final.after`` behind the moment at which the period's statement was booked, or as long as verdicts
        can be disputed; by the terms in force at the end of the period.
    Source: docs/explanation/money/finality.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> from makegood.engine.agreement.schedule import periods_of
    >>> from makegood.engine.vocabulary.times import parse_instant, show_instant
    >>> shop = read(GOOD).agreement
    >>> show_instant(final_from(shop, periods_of(shop)[0], parse_instant("2026-02-10T12:00:00Z")))
    '2026-03-12T12:00:00Z'
    """
    terms = in_force(agreement, (period.cut_from or period).last_day)
    final = terms.closing.final
    if final.for_ is FinalFor.NOBODY:
        return None
    return after(terms, closed_at, final.after if final.after is not None else terms.closing.dispute_within)


def as_final(agreement: Agreement, computed: PeriodCredits, standing: Standing) -> PeriodCredits:
    """Return the credits of a period as they stand: those computed, or those booked if these are final.

    Unit: amounts in the agreement's currency; the lines add up to the total.
    Rule: once final for the customer, a sum lower than the booked one leaves every line as it was booked; once final
        for both, any other sum or line does. A closed period of which evidence was removed is final for both: nothing
        follows from what is left. What stays counts as credited for everything that looks back.
    Source: docs/explanation/money/finality.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> from makegood.engine.agreement.schedule import periods_of
    >>> shop = read(GOOD).agreement
    >>> nothing, why = Amount(0, "EUR"), Reason("as evidence has it")
    >>> january = PeriodCredits("acme-web-shop", periods_of(shop)[0], nothing, nothing, (), nothing, why)
    >>> as_final(shop, january, Standing()) is january
    True
    """
    period = computed.period
    closed_at = standing.closed_at.get(period.label)
    if closed_at is None or standing.at is None:
        return computed
    gone = any(each.overlaps(period.interval) for each in standing.removed)
    final = final_from(agreement, period, closed_at)
    if not gone and (final is None or standing.at <= final):
        return computed
    booked = {
        outcome: amount for (label, outcome), amount in balance(standing.postings).items() if label == period.label
    }
    sum_ = Amount.total(booked.values(), computed.total.currency)
    both = gone or in_force(agreement, (period.cut_from or period).last_day).closing.final.for_ is FinalFor.BOTH
    lines = {credit.outcome: credit.amount for credit in computed.credits}
    if lines == booked or (not both and computed.total >= sum_):
        return computed
    since = (
        "evidence of the period was removed"
        if gone or final is None
        else f"it is final since {final:%Y-%m-%d %H:%M} UTC"
    )
    return _as_booked(computed, booked, sum_, f"{since}, and it stays as it was booked")


def _as_booked(computed: PeriodCredits, booked: Mapping[str, Amount], sum_: Amount, text: str) -> PeriodCredits:
    """Return the credits with the lines that were booked, each saying what it would be otherwise."""
    known = {credit.outcome: credit for credit in computed.credits}
    zero = Amount.zero(sum_.currency)
    credits = []
    for outcome in dict.fromkeys((*known, *booked)):
        amount = booked.get(outcome, zero)
        was = known.get(outcome) or Credit(outcome, zero, zero, Reason(f"{outcome} is not owed any more", str(zero)))
        why = Reason(f"{outcome} would be {was.amount}; {text}", str(amount), (was.reason,), rule="final")
        credits.append(replace(was, amount=amount, reason=why) if was.amount != amount else was)
    why = Reason(f"The period would credit {computed.total}; {text}", str(sum_), rule="final")
    reason = replace(computed.reason, value=str(sum_), children=(*computed.reason.children, why))
    return replace(computed, credits=tuple(credits), total=sum_, reason=reason)
