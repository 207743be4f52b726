"""Checks of stakes: what they are a share of, what they add up to, and whether money belongs there."""

from __future__ import annotations

from collections.abc import Iterator

from makegood.engine.agreement import stake_codes as codes
from makegood.engine.agreement.draft import Draft
from makegood.engine.agreement.places import Path
from makegood.engine.agreement.sequences.misses import Persistent
from makegood.engine.agreement.sequences.points import Points
from makegood.engine.agreement.shapes import Base, Share, ShareOf, Unit
from makegood.engine.agreement.stakes import Stake
from makegood.engine.agreement.terms import Outcome
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.finding import Finding
from makegood.engine.vocabulary.ratio import Ratio

MOST_HEADLINES = 5

_ALLOWANCES = {*((unit, unit) for unit in Unit), (Unit.TIME, Unit.SHARE)}


def _stakes(draft: Draft) -> Iterator[tuple[str, Outcome, Stake]]:
    for name, outcome in draft.outcomes.items():
        if outcome.stake is not None:
            yield name, outcome, outcome.stake


def shortfalls(draft: Draft) -> Iterator[Finding]:
    """A shortfall is counted in a unit that the measure has."""
    for name, outcome, stake in _stakes(draft):
        if stake.per_unit is None:
            continue
        path = ("outcomes", name, "stake", "per_unit")
        fitting = {outcome.measure.unit} | ({Unit.TIME} if outcome.measure.size_unit is Unit.TIME else set())
        unit, allowance = stake.per_unit.unit, stake.per_unit.allowance
        if unit.unit not in fitting:
            text = f"the unit {unit} is a {unit.unit}; this measure falls short by a {' or a '.join(sorted(fitting))}"
            yield codes.UNIT_OF_SHORTFALL.at(draft.at(*path, "unit"), text, "write another unit")
        elif allowance is not None and (unit.unit, allowance.unit) not in _ALLOWANCES:
            text = f"the allowance {allowance} is a {allowance.unit}, the unit {unit} a {unit.unit}"
            yield codes.UNIT_OF_SHORTFALL.at(draft.at(*path, "allowance"), text, "write both in the same unit")


def weights(draft: Draft) -> Iterator[Finding]:
    """The weights share the whole amount at risk, and no more."""
    weighted = [(name, stake.weight) for name, _, stake in _stakes(draft) if stake.weight is not None]
    total = sum((weight for _, weight in weighted), Ratio(0))
    if draft.agreement.money.at_risk is None or not weighted:
        return
    place, pool = draft.at("outcomes", weighted[-1][0], "stake", "weight"), draft.agreement.money.at_risk.pool
    if total > pool:
        hint = f"lower them to {pool.percent()}"
        yield codes.WEIGHTS_EXCEED.at(place, f"the weights add up to {total.percent()}", hint)
    elif total < pool:
        text = f"the weights add up to {total.percent()}, so {(pool - total).percent()} of the amount at risk never is"
        yield codes.WEIGHTS_FALL_SHORT.at(place, text, f"raise them to {pool.percent()}")


def at_risk(draft: Draft) -> Iterator[Finding]:
    """Whatever is a share of the amount at risk has one, and an amount at risk is shared by somebody."""
    sharing: list[Path] = [
        ("outcomes", name, "stake", "weight" if stake.weight is not None else "of")
        for name, _, stake in _stakes(draft)
        if stake.weight is not None or _is_of(stake.of, Base.AT_RISK)
    ]
    capped: list[Path] = [
        ("caps", number, "at") for number, cap in enumerate(draft.agreement.caps) if _is_of(cap.at, Base.AT_RISK)
    ]
    capped += [
        ("sequences", name, "base")
        for name, term in draft.agreement.sequences.items()
        if isinstance(term, Points) and _is_of(term.base, Base.AT_RISK)
    ]
    if draft.agreement.money.at_risk is None:
        for path in sharing + capped:
            text = "there is no amount at risk that this could be a share of"
            yield codes.NOTHING_AT_RISK.at(draft.at(*path), text, "add at_risk to money")
    elif not sharing:
        place = draft.at("money", "at_risk")
        yield codes.AT_RISK_WITHOUT_WEIGHTS.at(place, "no stake shares this amount", "give stakes a weight")


def bases(draft: Draft) -> Iterator[Finding]:
    """A percentage is one of something, and a fee is one that is paid."""
    services = draft.agreement.services
    unpaid = not any(service.fee for service in services.values())
    for name, outcome, stake in _stakes(draft):
        if stake.weight is None and stake.of is None and _pays_a_share(stake):
            text = "the stake pays a share of a base that it does not name"
            place = draft.places.key("outcomes", name, "stake")
            yield codes.SHARE_OF_NOTHING.at(place, text, "add of, as in of: 100% of service_fee")
        named = services.get(outcome.service)
        if _is_of(stake.of, Base.SERVICE_FEE) and named is not None and named.fee is None and not unpaid:
            text = f"the service {outcome.service} has no fee"
            yield codes.NO_FEE.at(draft.at("outcomes", name, "stake", "of"), text, "add its fee, or pay an amount")
    if unpaid and "outcomes" not in draft.broken:
        for path in _shares_of_fees(draft):
            yield codes.NO_FEE.at(draft.at(*path), "no service has a fee", "add the fee, or write an amount")


def headlines(draft: Draft) -> Iterator[Finding]:
    """A relationship is about at most five outcomes."""
    names = [name for name, outcome in draft.outcomes.items() if outcome.headline]
    if len(names) > MOST_HEADLINES:
        place = draft.places.key("outcomes", names[MOST_HEADLINES])
        text = f"there are {len(names)} headline outcomes, {MOST_HEADLINES} are the most that people look at"
        yield codes.TOO_MANY_HEADLINES.at(place, text, "write headline: false for the supporting ones")


def what_is_critical(draft: Draft) -> Iterator[Finding]:
    """Money belongs on what the relationship is about and the business depends on."""
    for name, outcome, _ in _stakes(draft):
        place = draft.places.key("outcomes", name, "stake")
        if not outcome.headline:
            yield codes.STAKE_ON_SUPPORT.at(place, f"{name} is a supporting outcome", "delete its stake")
        service = draft.service_of(outcome)
        critical = outcome.critical if outcome.critical is not None else service is not None and service.critical
        unknown = outcome.service and outcome.service not in draft.agreement.services
        if not critical and not unknown:
            text = f"nobody marked {name} or its service as critical"
            yield codes.STAKE_ON_UNCRITICAL.at(place, text, "let the customer mark it, or delete its stake")


def _pays_a_share(stake: Stake) -> bool:
    """Tell whether a stake needs a base: it pays a percentage somewhere, or simply all."""
    paid = [*stake.rates, *(rate.credit for rate in (stake.per_unit, stake.per_event) if rate is not None)]
    paid += [stake.minimum.credit] if stake.minimum is not None else []
    shares = [rate for rate in paid if not isinstance(rate, Amount)]
    return bool(shares) or stake.linear is not None or isinstance(stake.at_most, Share)


def _is_of(share: ShareOf | Amount | None, base: Base) -> bool:
    return isinstance(share, ShareOf) and share.base is base


def _shares_of_fees(draft: Draft) -> Iterator[Path]:
    """Yield the path of whatever is a percentage of a fee."""
    if draft.agreement.money.at_risk is not None:
        yield "money", "at_risk"
    for name, _, stake in _stakes(draft):
        if _is_of(stake.of, Base.MONTHLY_FEE) or _is_of(stake.of, Base.SERVICE_FEE):
            yield "outcomes", name, "stake", "of"
    for number, cap in enumerate(draft.agreement.caps):
        if _is_of(cap.at, Base.MONTHLY_FEE) or _is_of(cap.at, Base.FEES):
            yield "caps", number, "at"
    for name, term in draft.agreement.sequences.items():
        if isinstance(term, Persistent) and isinstance(term.pays, Share):
            yield "sequences", name, "pays"
