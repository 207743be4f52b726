"""Advice on money: where worse costs nothing more, where a little costs much, and what there is to gain."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from makegood.engine.agreement.advice import codes
from makegood.engine.agreement.draft import Draft
from makegood.engine.agreement.shapes import Level, Share, Target, Unit
from makegood.engine.agreement.stakes import PerUnit, Stake, Tier
from makegood.engine.agreement.terms import Outcome
from makegood.engine.vocabulary.finding import Finding
from makegood.engine.vocabulary.ratio import Ratio

STEEP = 4
HALF = Ratio(1, 2)
NEARLY_ALL = Ratio(9, 10)


def tiers(draft: Draft) -> Iterator[Finding]:
    """Tiers go on as long as there is money, and rise in steps that can be explained."""
    for name, outcome, stake in staked(draft):
        shares = [(number, tier) for number, tier in enumerate(stake.tiers) if isinstance(tier.credit, Share)]
        path = ("outcomes", name, "stake", "tiers")
        for (_, milder), (number, worse) in pairwise(shares):
            before, after = _of_base(milder), _of_base(worse)
            if before and after >= STEEP * before:
                text = f"{worse.bound} pays {worse.credit}, a breath better pays {milder.credit}"
                yield codes.CLIFF.at(draft.at(*path, number, "credit"), text, "put a step between them")
        if shares and len(shares) == len(stake.tiers) and _of_base(shares[-1][1]) < 1:
            number, last = shares[-1]
            beyond = "below" if outcome.target.higher_is_better else "above"
            text = f"{beyond} {last.bound} nothing costs more than {last.credit} of the base"
            yield codes.TIERS_END_EARLY.at(draft.at(*path, number, "credit"), text, "add a tier for a disaster")


def first_step(draft: Draft) -> Iterator[Finding]:
    """The smallest miss does not cost everything."""
    for name, _, stake in staked(draft):
        paid = _of_base(stake.tiers[0]) if stake.tiers else Ratio(0 if _is_graded(stake) else 1)
        if paid >= HALF:
            where = ("tiers", 0, "credit") if stake.tiers else ()
            text = f"the smallest miss pays {paid.percent()} of the base"
            yield codes.CLIFF_AT_TARGET.at(draft.at("outcomes", name, "stake", *where), text, "begin with less")


def units(draft: Draft) -> Iterator[Finding]:
    """Say from which value on the most of an outcome is reached."""
    for name, outcome, stake in staked(draft):
        most, per_unit = stake.at_most, stake.per_unit
        if per_unit is None or not isinstance(most, Share) or not isinstance(per_unit.credit, Share):
            continue
        if not per_unit.credit.of_base:
            continue
        worst = _reached(outcome.target, per_unit, most.of_base / per_unit.credit.of_base)
        if worst is not None:
            text = f"from {worst} on worse costs nothing more than {most}"
            yield codes.UNITS_END_EARLY.at(draft.at("outcomes", name, "stake", "at_most"), text, "raise it if meant")


def clauses(draft: Draft) -> Iterator[Finding]:
    """Of two promises on the same figure the worse miss costs more."""
    found = [(name, outcome, stake) for name, outcome, stake in staked(draft) if stake.weight is not None]
    for name, outcome, stake in found:
        for other, milder, lesser in found:
            if other != name and _measures_alike(outcome, milder) and _is_missed_later(outcome, milder):
                dear, cheap = _most(lesser), _most(stake)
                if cheap < dear:
                    text = f"{other} is missed sooner and pays up to {dear.percent()} of the amount at risk,"
                    place = draft.places.key("outcomes", name, "stake")
                    rest = f" {name} is missed later and pays up to {cheap.percent()}"
                    yield codes.MILDER_PAYS_MORE.at(place, text + rest, "make one outcome with tiers of them")


def weights(draft: Draft) -> Iterator[Finding]:
    """No promise outweighs all others."""
    weighted = [(name, stake.weight) for name, _, stake in staked(draft) if stake.weight is not None]
    total = sum((weight for _, weight in weighted), Ratio(0))
    for name, weight in weighted:
        if len(weighted) > 1 and weight >= NEARLY_ALL * total:
            place = draft.at("outcomes", name, "stake", "weight")
            yield codes.ONE_DOMINATES.at(place, f"{name} has {weight.percent()} of all weight", "share the weight")


def gain(draft: Draft) -> Iterator[Finding]:
    """Where money can be lost, some can be gained or earned back."""
    agreement = draft.agreement
    stakes = [stake for _, _, stake in staked(draft)]
    if not stakes or agreement.kind == "underpinning":
        return
    bonus = any(outcome.bonus is not None for outcome in draft.outcomes.values())
    back = any(each.kind.startswith("earn_back") for each in agreement.sequences.values())
    if not (bonus or back or agreement.incentives):
        at_risk = agreement.money.at_risk
        much = f"{at_risk.percent.percent()} of the fee are at risk" if at_risk else "credits are at risk"
        place = draft.at("money", "at_risk") if at_risk else draft.places.key("outcomes")
        yield codes.NOTHING_TO_GAIN.at(place, f"{much}, and nothing is to be gained", "add earn-back or a bonus")


def staked(draft: Draft) -> Iterator[tuple[str, Outcome, Stake]]:
    """Yield the outcomes with money on them."""
    for name, outcome in draft.outcomes.items():
        if outcome.stake is not None:
            yield name, outcome, outcome.stake


def _is_graded(stake: Stake) -> bool:
    """Tell whether a stake pays by how bad it was, in whatever way."""
    return (
        any(
            getattr(stake, way, None)
            for way in ("tiers", "table", "per_unit", "per_event", "per_step", "linear", "windows")
        )
        or getattr(stake, "money_back", None) is not None
    )


def _of_base(tier: Tier) -> Ratio:
    return tier.credit.of_base if isinstance(tier.credit, Share) else Ratio(0)


def _most(stake: Stake) -> Ratio:
    """Return the most that a weighted stake pays, as a share of the amount at risk."""
    weight = stake.weight if stake.weight is not None else Ratio(0)
    most = max(map(_of_base, stake.tiers), default=Ratio(1))
    if isinstance(stake.at_most, Share):
        most = min(most, stake.at_most.of_base)
    return weight * most


def _measures_alike(one: Outcome, other: Outcome) -> bool:
    return one.measure == other.measure and one.target.level.unit is other.target.level.unit


def _is_missed_later(one: Outcome, other: Outcome) -> bool:
    """Tell whether what misses ``one`` has missed ``other`` before."""
    if one.target.higher_is_better:
        return one.target.level.value < other.target.level.value
    return one.target.level.value > other.target.level.value


def _reached(target: Target, term: PerUnit, units: Ratio) -> Level | None:
    """Return the value from which on so many units are short; None if it cannot be written as one."""
    if term.unit.unit is not target.level.unit:
        return None
    allowed = term.allowance.value if term.allowance is not None else Ratio(0)
    short = units * term.unit.value
    if not target.higher_is_better:
        return Level(max(allowed, target.level.value) + short, target.level.unit)
    best = 1 - allowed if term.allowance is not None and target.level.unit is Unit.SHARE else target.level.value
    return Level(best - short, target.level.unit) if best > short else None
