"""Findings of series MG55 and MG56: incentives, claims and damages that cannot be had as they are written."""

from __future__ import annotations

from makegood.engine.agreement.code import Code, bad_outcome
from makegood.engine.vocabulary.finding import Severity


def _bonus(text: str) -> str:
    return bad_outcome(more=f"    bonus: {text}\n")


_SHARE = "{kind: gain_share, of: open, baseline: 99%, unit: 1%, worth: 100.00, share: 20%}"

UNKNOWN_OUTCOME = Code(
    "MG556",
    Severity.ERROR,
    "incentive for an outcome that there is not",
    "An incentive, or a condition of one, names an outcome that the agreement does not have.",
    "Correct the name.",
    f"incentives: {{share: {_SHARE.replace('of: open', 'of: opened')}}}\n",
)
NAME_TAKEN = Code(
    "MG557",
    Severity.ERROR,
    "incentive with a name that is taken",
    "An incentive has a line of its own on the statement, so its name is not that of anything else. The line of the"
    " bonus of an outcome is called after it, with `.bonus` behind.",
    "Choose another name.",
    f"incentives: {{open: {_SHARE}}}\n",
)
BONUS_LEVEL = Code(
    "MG558",
    Severity.ERROR,
    "bonus for what is not better than promised",
    "A bonus begins at the target or on its good side, in its unit, with `at_least` where more is better and `at_most`"
    " where less is.",
    "Correct the level, or the key.",
    _bonus("{tiers: [{at_least: 99.5%, pays: 1%}]}"),
)
BONUS_PAYS_LESS = Code(
    "MG559",
    Severity.WARNING,
    "bonus that pays less for better",
    "The best step that a value reaches decides, and a better one pays less than another.",
    "Let a better value earn as much or more.",
    _bonus("{tiers: [{at_least: 99.95%, pays: 2%}, {at_least: 99.99%, pays: 1%}]}"),
)
LEVEL_UNIT = Code(
    "MG560",
    Severity.ERROR,
    "incentive in another unit than its outcome",
    "A baseline, a unit or a limit of an incentive has the unit of the outcome's value; where that is no number, the"
    " unit has to be written, and none is zero.",
    "Write it in the unit of the target.",
    f"incentives: {{share: {_SHARE.replace('unit: 1%', 'unit: 1')}}}\n",
)
BONUS_OF_NOTHING = Code(
    "MG561",
    Severity.ERROR,
    "bonus in percent of nothing",
    "The bonus is a percentage of a fee, or of an amount at risk, and there is none.",
    "Add the fee, or pay an amount.",
    "services: {shop: {title: The shop, critical: true}}\nmoney: {currency: EUR}\n"
    + bad_outcome(stake="{of: 100.00 EUR}", more="    bonus: {tiers: [{at_least: 99.95%, pays: 1%}]}\n"),
)

CLAIM_OF_NOTHING = Code(
    "MG562",
    Severity.ERROR,
    "claim for what cannot be claimed",
    "Credits have to be claimed for an outcome that the agreement does not have, or that has no stake.",
    "Correct the name.",
    "claims: {end_of_cycle: 2, of: opened}\n",
)
CYCLES_OF_ONE = Code(
    "MG563",
    Severity.ERROR,
    "deadline in billing periods where there is only one",
    "The whole term is one period, so there is none after it by whose end a claim could be due.",
    "Write `after_period`, as in `after_period: 30 days`.",
    "term: {from: 2026-01-01, until: 2026-02-01, timezone: UTC, period: {every: term}}\nclaims: {end_of_cycle: 2}\n",
)
UNUSUAL_DAMAGES = Code(
    "MG564",
    Severity.WARNING,
    "damages that look like a penalty",
    "Damages for leaving early are usually two or three monthly fees. More, or damages for months that are not left of"
    " the term, can be read as a penalty, and struck out.",
    "Write two or three months, limited to the remaining term.",
    "termination: {damages: {months: 6}}\n",
)

INCENTIVE_CODES = (
    UNKNOWN_OUTCOME,
    NAME_TAKEN,
    BONUS_LEVEL,
    BONUS_PAYS_LESS,
    LEVEL_UNIT,
    BONUS_OF_NOTHING,
    CLAIM_OF_NOTHING,
    CYCLES_OF_ONE,
    UNUSUAL_DAMAGES,
)
