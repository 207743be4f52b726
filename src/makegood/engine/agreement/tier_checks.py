"""Checks of tiers: they cover what is missed, in order, and never pay less for worse."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from makegood.engine.agreement import stake_codes as codes
from makegood.engine.agreement.draft import Draft
from makegood.engine.agreement.rates import Multiple, pays_less, size
from makegood.engine.agreement.shapes import Share, Target
from makegood.engine.agreement.stakes import Tier
from makegood.engine.agreement.target_checks import applies_to_some_misses_only
from makegood.engine.vocabulary.finding import Finding

_Path = tuple[str | int, ...]


def _tiered(draft: Draft) -> Iterator[tuple[_Path, Target, tuple[Tier, ...]]]:
    """Yield the path, the target and the tiers of each tiered stake."""
    for name, outcome in draft.outcomes.items():
        if outcome.stake is not None and outcome.stake.tiers:
            yield ("outcomes", name, "stake", "tiers"), outcome.target, outcome.stake.tiers


def _key(tier: Tier) -> str:
    return "below" if tier.below is not None else "above"


def _shown(tier: Tier) -> str:
    return f"{_key(tier)} {tier.bound}"


def _fits(tier: Tier, target: Target) -> bool:
    """Tell whether a tier can be compared with its target at all."""
    same_way = (tier.below is not None) is target.higher_is_better
    return same_way and tier.bound.unit is target.level.unit


def bounds(draft: Draft) -> Iterator[Finding]:
    """The bound of a tier has the unit of the target and lies on the bad side of it."""
    for path, target, tiers in _tiered(draft):
        for number, tier in enumerate(tiers):
            place = draft.at(*path, number, _key(tier))
            if tier.bound.unit is not target.level.unit:
                text = f"{_shown(tier)} is a {tier.bound.unit}, the target {target} is a {target.level.unit}"
                yield codes.TIER_UNIT.at(place, text, "write both in the same unit")
            elif not _fits(tier, target):
                right = "below" if target.higher_is_better else "above"
                text = f"with a target {target} a value {_shown(tier)} is a good one"
                yield codes.TIER_UPSIDE_DOWN.at(place, text, f"write {right}")


def order(draft: Draft) -> Iterator[Finding]:
    """Tiers go from mild to worse, and each bound stands once."""
    for path, target, tiers in _tiered(draft):
        for number, (milder, worse) in enumerate(pairwise(tiers), start=1):
            if not (_fits(milder, target) and _fits(worse, target)):
                continue
            falls = worse.bound.value < milder.bound.value
            rises = worse.bound.value > milder.bound.value
            if not (falls if target.higher_is_better else rises):
                text = f"{_shown(worse)} follows {_shown(milder)}"
                hint = "order tiers from the mildest miss to the worst, each bound once"
                yield codes.TIERS_OUT_OF_ORDER.at(draft.at(*path, number, _key(worse)), text, hint)


def payments(draft: Draft) -> Iterator[Finding]:
    """A tier pays something, no more than everything, and no less than a milder one."""
    for path, target, tiers in _tiered(draft):
        for number, tier in enumerate(tiers):
            place = draft.at(*path, number, "credit")
            if isinstance(tier.credit, Share) and not isinstance(tier.credit, Multiple) and tier.credit.of_base > 1:
                yield codes.CREDIT_ABOVE_BASE.at(
                    place, f"{tier.credit} is more than the whole base", "check the number"
                )
            if not size(tier.credit):
                yield codes.CREDIT_OF_NOTHING.at(place, "a miss in this tier costs nothing", "write what it pays")
        indexed = [(number, tier) for number, tier in enumerate(tiers) if _fits(tier, target)]
        indexed.sort(key=lambda entry: entry[1].bound.value, reverse=target.higher_is_better)
        for (_, milder), (number, worse) in pairwise(indexed):
            if pays_less(worse.credit, milder.credit):
                text = f"{_shown(worse)} pays {worse.credit}, but {_shown(milder)} pays {milder.credit}"
                hint = "let a worse miss pay as much or more"
                yield codes.WORSE_PAYS_LESS.at(draft.at(*path, number, "credit"), text, hint)


def target(draft: Draft) -> Iterator[Finding]:
    """The first tier begins exactly where the target ends."""
    for path, target, tiers in _tiered(draft):
        fitting = [(number, tier) for number, tier in enumerate(tiers) if _fits(tier, target)]
        for number, tier in fitting:
            beyond = tier.bound.value - target.level.value
            if beyond > 0 if target.higher_is_better else beyond < 0:
                text = f"{_shown(tier)} takes in values that meet the target {target}; they pay nothing"
                place = draft.at(*path, number, _key(tier))
                yield codes.TIER_OF_MET_VALUES.at(place, text, f"write {_key(tier)} {target.level}")
        if fitting and all(applies_to_some_misses_only(target, tier.bound.value) for _, tier in fitting):
            number, tier = fitting[0]
            text = f"misses of the target {target} that are not {_shown(tier)} pay nothing"
            place = draft.at(*path, number, _key(tier))
            yield codes.MISS_WITHOUT_TIER.at(place, text, "let the first tier begin at the target")
