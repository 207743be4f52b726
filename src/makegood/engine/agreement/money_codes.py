"""Findings of series MG36: amounts, fees and caps that contradict one another."""

from __future__ import annotations

from makegood.engine.agreement.code import Code
from makegood.engine.vocabulary.finding import Severity

OTHER_CURRENCY = Code(
    "MG360",
    Severity.ERROR,
    "amount in another currency",
    "An agreement has one currency, and no rate of exchange.",
    "Write the amount in the agreement's currency.",
    "minimum_credit: {more_than: 1.00 USD}\n",
)
DIGITS_OF_CURRENCY = Code(
    "MG361",
    Severity.ERROR,
    "fee with more decimals than its currency",
    "A fee is money that can be paid, so it has no more decimals than the currency.",
    "Write the fee with the decimals of the currency.",
    "services: {shop: {title: The shop, fee: {monthly: 999.995}, critical: true}}\n",
)
AT_RISK_OF_WHAT = Code(
    "MG362",
    Severity.ERROR,
    "amount at risk of a base that cannot be",
    "The amount at risk is a share of the whole monthly fee: not of itself, and not of one service.",
    "Write `of: monthly_fee`.",
    "money: {currency: EUR, at_risk: {percent: 10%, of: at_risk}}\n",
)
AT_RISK_ABOVE_FEE = Code(
    "MG363",
    Severity.WARNING,
    "more at risk than is paid",
    "The amount at risk is more than the whole fee.",
    "Check the percentage.",
    "money: {currency: EUR, at_risk: {percent: 120%, of: monthly_fee}}\n",
)
DEAD_ZONE = Code(
    "MG364",
    Severity.NOTE,
    "cap below what the tiers come to",
    "Together the tiers can come to more than the cap. Beyond it, worse costs nothing more.",
    "Nothing, if that is meant; otherwise raise the cap or lower the credits.",
    "caps: [{per: period, at: 20.00 EUR}]\n",
)
CAP_OF_ONE_SERVICE = Code(
    "MG365",
    Severity.ERROR,
    "cap of a base that it does not have",
    "A cap limits the credits of the whole agreement, so it cannot be a share of the fee of one service.",
    "Write `of monthly_fee`, `of at_risk`, or an amount.",
    "caps: [{per: period, at: 25% of service_fee}]\n",
)
SECOND_CAP = Code(
    "MG366",
    Severity.WARNING,
    "second cap for the same stretch",
    "Of several caps on the same stretch only the lowest does anything.",
    "Delete the others.",
    "caps: [{per: period, at: 25% of monthly_fee}, {per: period, at: 500.00 EUR}]\n",
)
MINIMUM_ABOVE_CAP = Code(
    "MG367",
    Severity.WARNING,
    "minimum credit above the cap",
    "No credit can pass both the minimum and the cap, so nothing is ever paid.",
    "Lower the minimum, or raise the cap.",
    "caps: [{per: period, at: 50.00 EUR}]\nminimum_credit: {more_than: 50.00 EUR}\n",
)

MONEY_CODES = (
    OTHER_CURRENCY,
    DIGITS_OF_CURRENCY,
    AT_RISK_OF_WHAT,
    AT_RISK_ABOVE_FEE,
    DEAD_ZONE,
    CAP_OF_ONE_SERVICE,
    SECOND_CAP,
    MINIMUM_ABOVE_CAP,
)
