"""Damages for leaving early: so many monthly fees, and never more than the rest of the term."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from makegood.engine.agreement.schedule import end_of_term
from makegood.engine.agreement.termination import Damages, DamagesCap, FeeBase, Termination
from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.versions import in_force, newest
from makegood.engine.money.sums import shown_exactly
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason


@dataclass(frozen=True, slots=True)
class Leaving:
    """What leaving on a day costs; ``reason`` tells how it came about."""

    amount: Amount
    reason: Reason


def damages_owed(
    term: Damages, *, fee: Ratio, history: Sequence[Ratio], months_left: Ratio
) -> tuple[Ratio, tuple[Reason, ...]]:
    """Return the liquidated damages, and the steps that lead to them.

    Unit: exact value in major units; ``fee`` and ``history`` are monthly fees, the latest last.
    Rule: so many times the fee in force, or the mean of the last ``averaged`` fees of the history; not more than that
        fee for the months that are left, unless the cap is ``none``. Without history the fee in force stands for it.
    Source: docs/explanation/money/termination.md

    >>> damages_owed(Damages(), fee=Ratio(2760), history=[], months_left=Ratio(10))[0]
    Ratio(5520)
    >>> damages_owed(Damages(), fee=Ratio(2760), history=[], months_left=Ratio(3, 2))[0]
    Ratio(4140)
    """
    base, name = fee, "the monthly fee in force"
    latest = list(history)[-term.averaged :]
    if term.of is FeeBase.TRAILING_AVERAGE and latest:
        base, name = sum(latest, Ratio(0)) / len(latest), f"the mean fee of {len(latest)} months"
    months = term.months if term.cap is DamagesCap.NONE else min(term.months, months_left)
    steps = [Reason(f"{term.months} months of {name}", f"{base * term.months}", rule="termination")]
    if months < term.months:
        steps.append(Reason(f"Only {months} months of the term are left", f"{base * months}", rule="termination"))
    return base * months, tuple(steps)


def leaving(agreement: Agreement, on: date, service: str = "") -> Leaving:
    r"""Return what it costs to end an agreement on a day, or to remove one of its services.

    Unit: amount in the agreement's currency, rounded once.
    Rule: the day is the first on which nothing is owed any more. From the end of the term on, and without a term about
        termination, nothing is owed. For a service its own fee counts, and the fixed fee for removal is added.
    Source: docs/explanation/money/termination.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> shop = read(GOOD + "termination: {damages: {months: 3}}\n").agreement
    >>> [str(leaving(shop, date(2026, month, 1)).amount) for month in (4, 12)]
    ['3,000.00 EUR', '1,000.00 EUR']
    """
    terms, money = in_force(agreement, on), agreement.money
    what = f"Leaving on {on}" if not service else f"Removing {service} on {on}"
    left = months_left(on, end_of_term(newest(agreement).term))
    if terms.termination is None or not left:
        why = "the term is over" if terms.termination is not None else "nothing is agreed about it"
        nothing = Amount.zero(money.currency)
        return Leaving(nothing, Reason(f"{what} costs nothing: {why}", str(nothing), rule="termination"))
    fee, history = _fee(terms, service), _history(agreement, on, service)
    exact, steps = damages_owed(terms.termination.damages, fee=fee, history=history, months_left=left)
    fixed = _removal_fee(terms.termination, service)
    if fixed is not None:
        steps = (*steps, Reason("The fixed fee for removing a service", str(fixed), rule="termination"))
        exact += fixed.value
    amount = Amount.of(exact, money.currency, money.rounding)
    if amount.value != exact:
        words = money.rounding.replace("_", " ")
        steps = (*steps, Reason(f"{shown_exactly(exact, money.currency)} is rounded {words}", str(amount)))
    fees = Reason(f"The monthly fee in force: {shown_exactly(fee, money.currency)}; {left} months are left", rule="fee")
    return Leaving(amount, Reason(f"{what} costs", str(amount), (fees, *steps), rule="termination"))


def months_left(on: date, end: date) -> Ratio:
    """Return how many months lie between a day and the end of a term.

    Unit: exact number of months; zero if the end has come.
    Rule: whole calendar months are counted back from the end, and what is left of a month is its part by days.
    Source: docs/explanation/money/termination.md

    >>> months_left(date(2026, 3, 1), date(2027, 1, 1)), months_left(date(2026, 11, 16), date(2027, 1, 1))
    (Ratio(10), Ratio(3, 2))
    """
    if on >= end:
        return Ratio(0)
    whole = 0
    while _months_before(end, whole + 1) >= on:
        whole += 1
    later, earlier = _months_before(end, whole), _months_before(end, whole + 1)
    return whole + Ratio((later - on).days, (later - earlier).days)


def _months_before(day: date, number: int) -> date:
    """Return the same day of the month so many months earlier, or the last of a shorter month."""
    years, month = divmod(day.year * 12 + day.month - 1 - number, 12)
    following = date(years + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return date(years, month + 1, min(day.day, (following - timedelta(days=1)).day))


def _fee(terms: Agreement, service: str) -> Ratio:
    """Return the monthly fee of a service, or of all."""
    paid = [each.fee.monthly for name, each in terms.services.items() if each.fee and service in ("", name)]
    return sum(paid, Ratio(0))


def _history(agreement: Agreement, on: date, service: str) -> list[Ratio]:
    """Return the monthly fee of each whole month of the term before a day, by the version then in force."""
    found = []
    number, first = 1, agreement.term.from_
    while (day := _months_before(on, number)) >= first:
        found.append(_fee(in_force(agreement, day), service))
        number += 1
    return found[::-1]


def _removal_fee(term: Termination, service: str) -> Amount | None:
    return term.removal_fee if service else None
