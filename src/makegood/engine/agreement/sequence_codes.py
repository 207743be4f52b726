"""Findings of series MG51 and MG52: sequences that concern nothing, contradict their outcomes or cannot happen."""

from __future__ import annotations

from makegood.engine.agreement.code import Code
from makegood.engine.vocabulary.finding import Severity

NAME_TAKEN = Code(
    "MG510",
    Severity.ERROR,
    "sequence with the name of an outcome",
    "A sequence with a line of its own is booked under its name, so that no outcome can have the same.",
    "Give the sequence another name.",
    "sequences: {open: {kind: persistent, every: 3, pays: 1%}}\n",
)
UNKNOWN_OUTCOME = Code(
    "MG511",
    Severity.ERROR,
    "sequence of an outcome that there is not",
    "A sequence concerns an outcome that the agreement does not have.",
    "Write the name of an outcome.",
    "sequences: {repeat: {kind: repeat, of: opne, multiplies: [1, 2]}}\n",
)
NOTHING_AT_STAKE = Code(
    "MG512",
    Severity.WARNING,
    "sequence about money where there is none",
    "The sequence changes or returns credits of an outcome that has no stake, so it does nothing.",
    "Give the outcome a stake, or leave it out of the sequence.",
    """\
sequences: {repeat: {kind: repeat, of: [open, fast], multiplies: [1, 2]}}
outcomes:
  fast: {promise: Orders are quick., measure: {kind: ratio, of: orders, good: quick}, target: ">= 95%"}
  open:
    promise: The shop is open day and night.
    measure: {kind: availability, of: shop}
    target: ">= 99.9%"
    stake: {weight: 100%}
""",
)
LEVEL_UNIT = Code(
    "MG513",
    Severity.ERROR,
    "level of a sequence in another unit than the target",
    "The level is compared with the same values as the target, so it has the same unit. What is pooled over a year has"
    " to be a share of events, cases or seconds.",
    "Write the level in the unit of the target.",
    "sequences: {back: {kind: earn_back, steps: [{after: 3, returns: 100%}], above: 4h}}\n",
)
LEVEL_SIDE = Code(
    "MG514",
    Severity.ERROR,
    "level on the wrong side of the target",
    "A minimum level is worse than the target. A level to be earned back by, and a limit of what a target rises to,"
    " are not worse than it.",
    "Correct the level.",
    "sequences: {now-and-then: {kind: expected_level, minimum: 99.95%, pays_from: 2}}\n",
)
CANNOT_RISE = Code(
    "MG515",
    Severity.ERROR,
    "target that cannot rise",
    "Only a target where more is better rises with what was achieved; one that rises towards 100 % is a percentage.",
    "Leave the outcome out of the sequence.",
    """\
sequences: {better: {kind: ratchet, of: open}}
outcomes:
  open:
    promise: Hardly an order is refused.
    measure: {kind: count, of: orders, counting: refused}
    target: "<= 500"
    stake: {weight: 100%}
""",
)
TOO_FEW_VALUES = Code(
    "MG516",
    Severity.ERROR,
    "more of the best values than are looked at",
    "The mean is one of more values than the sequence looks at, so the target would never rise.",
    "Lower `best`, or raise `last`.",
    "sequences: {better: {kind: continuous_improvement, of: open, every: 6, best: 7}}\n",
)
STEPS_OUT_OF_ORDER = Code(
    "MG517",
    Severity.ERROR,
    "steps or rows out of order",
    "Steps go from fewer to more, and none stands twice.",
    "Put them in order; delete the one that stands twice.",
    "sequences: {back: {kind: earn_back, steps: [{after: 4, returns: 50%}, {after: 2, returns: 50%}]}}\n",
)
RETURNS_TOO_MUCH = Code(
    "MG518",
    Severity.ERROR,
    "earn-back of more than the credit",
    "Together the steps would return more than 100 % of the credit that they are about.",
    "Lower them to 100 % or less.",
    "sequences: {back: {kind: earn_back, steps: [{after: 2, returns: 60%}, {after: 4, returns: 60%}]}}\n",
)
WORSE_IS_CHEAPER = Code(
    "MG519",
    Severity.ERROR,
    "longer run or more points that cost less",
    "A later step costs less than an earlier one, so that it would pay to let things get worse.",
    "Let the steps rise, or stay equal.",
    "sequences: {repeat: {kind: repeat, multiplies: [2, 1]}}\n",
)
OTHER_PERIODS = Code(
    "MG520",
    Severity.ERROR,
    "misses counted in other periods than the agreement has",
    "Outcomes are judged once a period, so misses are counted in periods of that length.",
    "Write the length of the agreement's periods, or `periods`.",
    "sequences: {exit: {kind: chronic, missed: 3 of 6 weeks, gives: termination right}}\n",
)
EARNED_TWICE = Code(
    "MG521",
    Severity.ERROR,
    "credit that is earned back twice",
    "Two sequences return the credits of the same outcome, so that more would come back than was credited.",
    "Let each outcome be concerned by one earn-back.",
    """\
sequences:
  by-run: {kind: earn_back, steps: [{after: 3, returns: 100%}]}
  by-year: {kind: earn_back_average, reaches: 99.95%}
""",
)
FEES_OF_A_CAP = Code(
    "MG522",
    Severity.ERROR,
    "fees of a stretch outside of a cap",
    "`fees` are those of the stretch that a cap limits; nothing else has a stretch.",
    "Write `monthly_fee`, or an amount.",
    """\
outcomes:
  open:
    promise: The shop is open day and night.
    measure: {kind: availability, of: shop}
    target: ">= 99.9%"
    stake: {of: 10% of fees}
money: {currency: EUR}
""",
)
NOTHING_BROUGHT = Code(
    "MG523",
    Severity.WARNING,
    "something brought forward to a cap without memory",
    "A cap of one period does not look at what was before, so what is brought forward does nothing.",
    "Delete it, or let the cap be one of `12 months`, `contract_year` or `contract`.",
    "caps: [{per: period, at: 50% of monthly_fee, brought_forward: {credits: 10.00 EUR}}]\n",
)
NEVER_PAYS = Code(
    "MG524",
    Severity.ERROR,
    "misses that never become enough",
    "A miss pays from a number on that the periods looked at cannot hold.",
    "Lower `pays_from`, or raise `within`.",
    "sequences: {now-and-then: {kind: expected_level, minimum: 99%, pays_from: 4, within: 3}}\n",
)

SEQUENCE_CODES = (
    NAME_TAKEN,
    UNKNOWN_OUTCOME,
    NOTHING_AT_STAKE,
    LEVEL_UNIT,
    LEVEL_SIDE,
    CANNOT_RISE,
    TOO_FEW_VALUES,
    STEPS_OUT_OF_ORDER,
    RETURNS_TOO_MUCH,
    WORSE_IS_CHEAPER,
    OTHER_PERIODS,
    EARNED_TWICE,
    FEES_OF_A_CAP,
    NOTHING_BROUGHT,
    NEVER_PAYS,
)
