"""Findings of series MG33 and MG34: tiers, stakes and weights that do not do what money should."""

from __future__ import annotations

from makegood.engine.agreement.code import Code, bad_outcome
from makegood.engine.vocabulary.finding import Severity

_COUNT = "{kind: count, of: orders, counting: refused}"


def _tiers(*tiers: str) -> str:
    return f"{{weight: 100%, tiers: [{', '.join(f'{{{tier}}}' for tier in tiers)}]}}"


TIER_UNIT = Code(
    "MG330",
    Severity.ERROR,
    "tier in another unit than its target",
    "The bound of a tier is compared with the same value as the target, so it has the same unit.",
    "Write the bound in the unit of the target.",
    bad_outcome(stake=_tiers("below: 4h, credit: 10%")),
)
TIER_UPSIDE_DOWN = Code(
    "MG331",
    Severity.ERROR,
    "tier that is upside down",
    "Where more is better tiers have `below`, where less is better `above`; this one would pay for good values.",
    "Use the other key.",
    bad_outcome(measure=_COUNT, target="<= 500", stake=_tiers("below: 500, credit: 10%")),
)
TIERS_OUT_OF_ORDER = Code(
    "MG332",
    Severity.ERROR,
    "tiers out of order",
    "Tiers go from the mildest miss to the worst: `below` falls, `above` rises, and no bound stands twice.",
    "Put them in order; delete the one that stands twice.",
    bad_outcome(stake=_tiers("below: 99%, credit: 10%", "below: 99.9%, credit: 10%")),
)
WORSE_PAYS_LESS = Code(
    "MG333",
    Severity.ERROR,
    "tier that pays less for worse",
    "A worse miss pays less than a milder one, so that it would pay to let things get worse.",
    "Let credits rise, or stay equal, from tier to tier.",
    bad_outcome(stake=_tiers("below: 99.9%, credit: 25%", "below: 99%, credit: 10%")),
)
TIER_OF_MET_VALUES = Code(
    "MG334",
    Severity.WARNING,
    "tier for values that meet the target",
    "The bound lies on the met side of the target. Met outcomes pay nothing, so a part of the tier never applies.",
    "Move the bound to the target.",
    bad_outcome(stake=_tiers("below: 99.95%, credit: 10%", "below: 99%, credit: 25%")),
)
MISS_WITHOUT_TIER = Code(
    "MG335",
    Severity.WARNING,
    "miss that pays nothing",
    "The first tier begins beyond the target, so a small miss costs nothing.",
    "Let the first tier begin at the target.",
    bad_outcome(stake=_tiers("below: 99.5%, credit: 10%")),
)
CREDIT_ABOVE_BASE = Code(
    "MG336",
    Severity.WARNING,
    "credit of more than everything",
    "The credit is more than 100 % of its base, so that one outcome pays back more than was set aside for it.",
    "Check the number.",
    bad_outcome(stake=_tiers("below: 99.9%, credit: 110%")),
)
CREDIT_OF_NOTHING = Code(
    "MG337",
    Severity.WARNING,
    "credit of nothing",
    "The credit is zero, so a miss costs nothing.",
    "Write what it pays, or leave it out.",
    bad_outcome(stake=_tiers("below: 99.9%, credit: 0%")),
)
UNIT_OF_SHORTFALL = Code(
    "MG338",
    Severity.ERROR,
    "shortfall in a unit that it does not have",
    "Shares fall short by points of a percentage, availability also by time of outage, and counts by numbers. An"
    " allowance has the same unit; beside a unit of time it may be a percentage.",
    "Write `unit: 1%`, `unit: 30m` or `unit: 1` as fits the measure.",
    bad_outcome(stake="{weight: 100%, per_unit: {unit: 1, credit: 1%, counted: started}}"),
)
WEIGHTS_FALL_SHORT = Code(
    "MG340",
    Severity.WARNING,
    "weights below 100 %",
    "The weights do not add up to 100 %, so a part of the amount at risk is never at risk.",
    "Raise the weights, or lower the amount at risk.",
    bad_outcome(stake="{weight: 60%, tiers: [{below: 99.9%, credit: 10%}]}"),
)
WEIGHTS_EXCEED = Code(
    "MG341",
    Severity.ERROR,
    "weights above 100 %",
    "The weights add up to more than 100 % of the amount at risk, or than the `pool` that is agreed.",
    "Lower the weights, or raise the amount at risk.",
    bad_outcome(stake="{weight: 120%, tiers: [{below: 99.9%, credit: 10%}]}"),
)
NOTHING_AT_RISK = Code(
    "MG342",
    Severity.ERROR,
    "share of an amount at risk that does not exist",
    "A weight, or a percentage of `at_risk`, needs `money.at_risk`.",
    "Add `at_risk` to `money`.",
    "money: {currency: EUR}\n",
)
AT_RISK_WITHOUT_WEIGHTS = Code(
    "MG343",
    Severity.WARNING,
    "amount at risk that no outcome shares",
    "There is an amount at risk, but no stake has a weight and none is a percentage of it.",
    "Give stakes a weight, or delete `at_risk`.",
    bad_outcome(stake="{of: 10% of monthly_fee, tiers: [{below: 99.9%, credit: 10%}]}"),
)
TOO_MANY_HEADLINES = Code(
    "MG344",
    Severity.WARNING,
    "more than five headline outcomes",
    "A relationship is about a handful of results. Beyond five, people look at none.",
    "Mark the supporting ones `headline: false`.",
    bad_outcome()
    + "".join(
        f"  {name}: {{promise: '{name}', measure: {_COUNT}, target: '<= 5'}}\n" for name in ("b", "c", "d", "e", "f")
    ),
)
STAKE_ON_SUPPORT = Code(
    "MG345",
    Severity.WARNING,
    "money on a supporting outcome",
    "Money belongs on what the relationship is about; this outcome is marked as a supporting one.",
    "Delete its stake, or make it a headline.",
    bad_outcome(more="    headline: false\n"),
)
STAKE_ON_UNCRITICAL = Code(
    "MG346",
    Severity.WARNING,
    "money on what the customer did not mark as critical",
    "Beware of money on things that do not affect the business: neither the outcome nor its service is `critical`.",
    "Let the customer mark it as critical, or delete its stake.",
    bad_outcome(more="    critical: false\n"),
)
SHARE_OF_NOTHING = Code(
    "MG347",
    Severity.ERROR,
    "percentage without a base",
    "The stake pays a percentage, or all, of a base that it does not name.",
    "Add `weight`, or `of`, as in `of: 100% of service_fee`; or pay an amount.",
    "money: {currency: EUR}\n" + bad_outcome(stake="{tiers: [{below: 99.9%, credit: 10%}]}"),
)
NO_FEE = Code(
    "MG348",
    Severity.ERROR,
    "percentage of a fee that does not exist",
    "The base is a fee, and the service it belongs to, or every service, has none.",
    "Add the fee, or pay an amount.",
    "services: {shop: {title: The shop, critical: true}}\n",
)

STAKE_CODES = (
    TIER_UNIT,
    TIER_UPSIDE_DOWN,
    TIERS_OUT_OF_ORDER,
    WORSE_PAYS_LESS,
    TIER_OF_MET_VALUES,
    MISS_WITHOUT_TIER,
    CREDIT_ABOVE_BASE,
    CREDIT_OF_NOTHING,
    UNIT_OF_SHORTFALL,
    WEIGHTS_FALL_SHORT,
    WEIGHTS_EXCEED,
    NOTHING_AT_RISK,
    AT_RISK_WITHOUT_WEIGHTS,
    TOO_MANY_HEADLINES,
    STAKE_ON_SUPPORT,
    STAKE_ON_UNCRITICAL,
    SHARE_OF_NOTHING,
    NO_FEE,
)
