"""Findings of series MG54 and MG55: ways to pay a miss that do not fit the measure."""

from __future__ import annotations

from makegood.engine.agreement.code import Code, bad_outcome
from makegood.engine.vocabulary.finding import Severity

MOST_WINDOWS = 10_000

_COUNT = "{kind: count, of: orders, counting: refused}"
_WINDOWS = "{weight: 100%, windows: {every: 1h, below: 90%, price: 0.0960}}"

PROPORTION_OF_WHAT = Code(
    "MG547",
    Severity.ERROR,
    "credit in proportion to what is no share",
    "`linear` credits the share of the agreed time or events that was lost, and `prorated` the base's part for a unit"
    " of time. The measure has no share, or the unit is no time.",
    "Use `linear` with a share, and `prorated` with a unit of time such as `1m`.",
    bad_outcome(measure=_COUNT, target="<= 5", stake="{weight: 100%, linear: {times: 10}}"),
)
WINDOWS_OF_WHAT = Code(
    "MG548",
    Severity.ERROR,
    "windows of a measure that has none",
    "A window of time is looked at on its own, which makes sense only for a share of time.",
    "Use `windows` with an availability, and with a level that is a percentage.",
    bad_outcome(measure=_COUNT, target="<= 0", stake=_WINDOWS),
)
TOO_MANY_WINDOWS = Code(
    "MG549",
    Severity.ERROR,
    "windows that are too short",
    f"A period has at most {MOST_WINDOWS:,} windows.",
    "Write longer windows, such as `1h`; for minutes use `per_unit`.",
    bad_outcome(target=">= 100%", stake=_WINDOWS.replace("1h", "1m")),
)
WINDOWS_OF_MET_PERIOD = Code(
    "MG550",
    Severity.WARNING,
    "bad windows of a period that is met",
    "Only a missed period pays. With a target below 100 % a period can be met although some of its windows are bad.",
    "Write the target `>= 100%`, if every bad window shall be refunded.",
    bad_outcome(stake=_WINDOWS),
)
ALLOWANCE_IN_WINDOWS = Code(
    "MG551",
    Severity.ERROR,
    "allowance of a period beside windows",
    "An exclusion counts up to an allowance in each period, and a single window cannot tell how much is left of it.",
    "Give the windows an outcome of their own, whose exclusions have no allowance.",
    bad_outcome(
        measure="{kind: availability, of: shop, excluded: {maintenance: {allowance: 4h per period}}}",
        target=">= 100%",
        stake=_WINDOWS,
    ),
)
NO_ITEMS = Code(
    "MG552",
    Severity.ERROR,
    "money back for items that nobody tells apart",
    "The price of each item that missed is given back, and the measure does not break its share down by items.",
    "Add `by` to the measure: the label that names the item, as in `by: device`.",
    bad_outcome(measure="{kind: ratio, of: orders, good: accepted}", stake="{weight: 100%, money_back: {price: 8.00}}"),
)
MINIMUM_IS_NONE = Code(
    "MG553",
    Severity.ERROR,
    "minimum level that is none",
    "A minimum lies on the bad side of the target, and has its unit.",
    "Write a level that is worse than the target.",
    bad_outcome(stake="{weight: 100%, minimum: {level: 99.9%, credit: 100%}}"),
)
MINIMUM_PAYS_LESS = Code(
    "MG554",
    Severity.WARNING,
    "minimum level that pays less",
    "A miss of the minimum level pays less than a step of the stake, so that it would pay to let things get worse.",
    "Let the minimum pay as much or more, or be `added`.",
    bad_outcome(
        stake="{weight: 100%, tiers: [{below: 99.9%, credit: 25%}], minimum: {level: 99%, credit: 10%}}",
    ),
)
DECIMALS_OF_CURRENCY = Code(
    "MG555",
    Severity.ERROR,
    "credits with more decimals than their currency",
    "A credit is money that can be paid, so it has no more decimals than the currency.",
    "Leave `decimals` out, or write fewer.",
    "money: {currency: EUR, decimals: 3, at_risk: {percent: 10%, of: monthly_fee}}\n",
)

WAY_CODES = (
    PROPORTION_OF_WHAT,
    WINDOWS_OF_WHAT,
    TOO_MANY_WINDOWS,
    WINDOWS_OF_MET_PERIOD,
    ALLOWANCE_IN_WINDOWS,
    NO_ITEMS,
    MINIMUM_IS_NONE,
    MINIMUM_PAYS_LESS,
    DECIMALS_OF_CURRENCY,
)
