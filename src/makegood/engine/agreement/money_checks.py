"""Checks of amounts: one currency, and caps, minimum and credits that leave one another room."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from makegood.engine.agreement import money_codes as codes
from makegood.engine.agreement.draft import Draft
from makegood.engine.agreement.grammar import clauses_of, is_form
from makegood.engine.agreement.places import Path
from makegood.engine.agreement.rates import DaysOfService, Rate, size
from makegood.engine.agreement.schedule import end_of_term
from makegood.engine.agreement.shapes import Base, Share, ShareOf
from makegood.engine.agreement.stakes import Stake
from makegood.engine.agreement.terms import CapPer, Outcome, TermOfAgreement
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.currencies import exponent
from makegood.engine.vocabulary.finding import Finding
from makegood.engine.vocabulary.period import Every
from makegood.engine.vocabulary.ratio import Ratio

_MONTHS = {Every.WEEK: Ratio(12, 52), Every.MONTH: Ratio(1), Every.QUARTER: Ratio(3), Every.YEAR: Ratio(12)}


def currencies(draft: Draft) -> Iterator[Finding]:
    """Every amount is in the currency of the agreement."""
    currency = draft.agreement.money.currency
    for path, amount in _amounts(draft.agreement, ()):
        if amount.currency != currency:
            text = f"{amount} is not in {currency}"
            yield codes.OTHER_CURRENCY.at(draft.at(*path), text, f"write it in {currency}")


def fees(draft: Draft) -> Iterator[Finding]:
    """A fee can be paid in its currency."""
    currency = draft.agreement.money.currency
    for name, service in draft.agreement.services.items():
        if service.fee is not None and (service.fee.monthly * 10 ** exponent(currency)).denominator != 1:
            place = draft.at("services", name, "fee", "monthly")
            text = f"{service.fee.monthly} has more than the {exponent(currency)} decimals of {currency}"
            yield codes.DIGITS_OF_CURRENCY.at(place, text, "leave out the others")


def amount_at_risk(draft: Draft) -> Iterator[Finding]:
    """The amount at risk is a share of the whole fee, and not more than it."""
    at_risk = draft.agreement.money.at_risk
    if at_risk is None:
        return
    if at_risk.of is not Base.MONTHLY_FEE:
        text = f"an amount at risk cannot be a share of {at_risk.of}"
        yield codes.AT_RISK_OF_WHAT.at(draft.at("money", "at_risk", "of"), text, "write monthly_fee")
    if at_risk.percent > 1:
        text = f"{at_risk.percent.percent()} of the fee is more than is paid"
        yield codes.AT_RISK_ABOVE_FEE.at(draft.at("money", "at_risk", "percent"), text, "check the number")


def caps(draft: Draft) -> Iterator[Finding]:
    """There is one cap for a stretch, and it is one of the whole agreement."""
    seen = set()
    for number, cap in enumerate(draft.agreement.caps):
        if isinstance(cap.at, ShareOf) and cap.at.base is Base.SERVICE_FEE:
            text = "a cap limits all services, so it cannot be a share of the fee of one"
            yield codes.CAP_OF_ONE_SERVICE.at(draft.at("caps", number, "at"), text, "write of monthly_fee")
        if cap.per in seen:
            text = f"there is a cap per {cap.per} already; only the lower one does anything"
            yield codes.SECOND_CAP.at(draft.at("caps", number), text, "delete one of the two")
        seen.add(cap.per)


def dead_zone(draft: Draft) -> Iterator[Finding]:
    """The cap leaves room for what the tiers come to; if it does not, the author shall know."""
    most, cap = _most_by_tiers(draft), _lowest_cap(draft)
    if cap is not None and cap[1] < most:
        currency = draft.agreement.money.currency
        tiers, capped = Amount.of(most, currency), Amount.of(cap[1], currency)
        text = f"the tiers can come to {tiers} in a whole period, the cap pays {capped}"
        yield codes.DEAD_ZONE.at(draft.at("caps", cap[0], "at"), text, "beyond it, worse costs nothing more")


def minimum(draft: Draft) -> Iterator[Finding]:
    """Some credit passes both the minimum and the cap."""
    minimum, cap = draft.agreement.minimum_credit, _lowest_cap(draft)
    if minimum is None or cap is None:
        return
    too_much = minimum.more_than is not None and minimum.more_than.value >= cap[1]
    if too_much or (minimum.at_least is not None and minimum.at_least.value > cap[1]):
        text = f"no credit passes both this minimum and the cap of {Amount.of(cap[1], draft.agreement.money.currency)}"
        yield codes.MINIMUM_ABOVE_CAP.at(draft.at("minimum_credit"), text, "lower the minimum, or raise the cap")


def _amounts(value: Any, path: Path) -> Iterator[tuple[Path, Amount]]:
    """Yield every amount inside a value of the grammar, with its path."""
    if isinstance(value, Amount):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _amounts(item, (*path, key))
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _amounts(item, (*path, number))
    elif is_form(value):
        for key, (entry, _) in clauses_of(type(value)).items():
            yield from _amounts(getattr(value, entry.name), (*path, key))


def _fee(draft: Draft, service: str = "") -> Ratio:
    """Return the fee of a whole period in major units, of one service or of all."""
    services = draft.agreement.services
    paid = [each.fee.monthly for name, each in services.items() if each.fee and service in ("", name)]
    return sum(paid, Ratio(0)) * _months(draft.agreement.term)


def _months(term: TermOfAgreement) -> Ratio:
    if term.period.every is Every.TERM:
        return Ratio(max((end_of_term(term) - term.from_).days, 0) * 12, 365)
    return _MONTHS[term.period.every]


def _at_risk(draft: Draft) -> Ratio:
    at_risk = draft.agreement.money.at_risk
    return _fee(draft) * at_risk.percent if at_risk is not None else Ratio(0)


def _value(draft: Draft, share: ShareOf | Amount, service: str = "") -> Ratio:
    """Return what a share of a base is in major units."""
    if isinstance(share, Amount):
        return share.value
    match share.base:
        case Base.AT_RISK:
            return _at_risk(draft) * share.share
        case Base.SERVICE_FEE:
            return _fee(draft, service) * share.share
        case _:
            return _fee(draft) * share.share


def _lowest_cap(draft: Draft) -> tuple[int, Ratio] | None:
    """Return the number of the lowest cap of a period, and what it pays in a whole period."""
    caps = enumerate(draft.agreement.caps)
    values = [(_value(draft, cap.at), number) for number, cap in caps if cap.per is CapPer.PERIOD]
    return (min(values)[1], min(values)[0]) if values else None


def _most_by_tiers(draft: Draft) -> Ratio:
    """Return what all tiers of an agreement come to in the worst whole period."""
    weighted, others = Ratio(0), Ratio(0)
    for outcome in draft.outcomes.values():
        if outcome.stake is None or outcome.stake.by_size:
            continue
        if outcome.stake.weight is not None:
            weighted += _most(draft, outcome, outcome.stake)
        else:
            others += _most(draft, outcome, outcome.stake)
    return min(weighted, _at_risk(draft)) + others


def _most(draft: Draft, outcome: Outcome, stake: Stake) -> Ratio:
    """Return the greatest credit of a stake that pays in steps, or all at once."""
    base = _at_risk(draft) * stake.weight if stake.weight is not None else Ratio(0)
    if stake.of is not None:
        base = _value(draft, stake.of, outcome.service)
    most = max(_once(rate, base) for rate in stake.rates)
    if stake.minimum is not None:
        below = _once(stake.minimum.credit, base)
        most = most + below if stake.minimum.added else max(most, below)
    match stake.at_most:
        case Share(of_base):
            return min(most, base * of_base)
        case Amount():
            return min(most, stake.at_most.value)
        case _:
            return most


def _once(rate: Rate, base: Ratio) -> Ratio:
    """Return what a rate pays at once; a day of service is taken as that of a month of thirty days."""
    match rate:
        case Amount():
            return rate.value
        case DaysOfService(number):
            return base * number / 30
        case _:
            return base * size(rate)
