"""Findings of series MG38 and MG39: service trees, milestones, steps and cases that make no sense."""

from __future__ import annotations

from makegood.engine.agreement.code import Code, bad_outcome
from makegood.engine.vocabulary.finding import Severity

_SHOP = "title: The shop, fee: {monthly: 1000.00}, critical: true"
_STEPS = "{kind: steps, cases: outage, steps: {told: {state: told, within: 15m}}}"
_WHOLE_BASE = "{weight: 100%}"

USERS_BY_THE_MINUTE = Code(
    "MG380",
    Severity.ERROR,
    "users counted by the minute",
    "Where outages weigh by the users they touch, every second counts with its users; minutes cannot be rounded.",
    "Delete the granularity, or the users.",
    bad_outcome(measure="{kind: availability, of: shop, count: {granularity: full_minutes}, users: {total: 100}}"),
)
CIRCULAR_SERVICE = Code(
    "MG381",
    Severity.ERROR,
    "service made of itself",
    "A service is a part of itself, directly or by way of other services, so that its state follows from itself.",
    "Take it out of its parts.",
    f"services:\n  shop: {{{_SHOP}, made_of: {{all_of: [till, shop]}}}}\n"
    + bad_outcome(measure="{kind: composite, of: shop}"),
)
WEIGHTS_OF_PARTS = Code(
    "MG382",
    Severity.ERROR,
    "weights that are not the whole service",
    "The shares that the parts carry add up to 100 %, and each is more than nothing.",
    "Correct the shares.",
    f"services:\n  shop: {{{_SHOP}, made_of: {{weights: {{front: 60%, till: 60%}}}}}}\n"
    + bad_outcome(measure="{kind: composite, of: shop}"),
)
TREE_WITHOUT_COMPOSITE = Code(
    "MG383",
    Severity.ERROR,
    "availability of a service with weights or a quorum",
    "Availability knows parts that are all needed, or of which one is; weights and `at_least` are read by `composite`.",
    "Write `kind: composite`.",
    f"services:\n  shop: {{{_SHOP}, made_of: {{any_of: [front, back, till], at_least: 2}}}}\n",
)
MORE_THAN_THERE_ARE = Code(
    "MG384",
    Severity.ERROR,
    "more parts needed than there are",
    "`at_least` says how many of the parts in `any_of` have to be up, so it is not more than there are.",
    "Lower it, or list the parts in `any_of`.",
    f"services:\n  shop: {{{_SHOP}, made_of: {{any_of: [front, till], at_least: 3}}}}\n"
    + bad_outcome(measure="{kind: composite, of: shop}"),
)
STOP_WITHOUT_UNITS = Code(
    "MG385",
    Severity.ERROR,
    "units of a delay that is a time",
    "A long stop in units needs a delay that is counted in units.",
    "Write `count_in`, or `long_stop` with a length of time.",
    bad_outcome(
        measure="{kind: milestone, of: go-live, due: 2026-06-30, long_stop_units: 15}",
        target="<= 0s",
        stake=_WHOLE_BASE,
    ),
)
DUE_OUTSIDE_THE_TERM = Code(
    "MG386",
    Severity.WARNING,
    "milestone outside the term",
    "The milestone is due before the term begins or after it ends, so that its delay is hardly ever judged.",
    "Correct the date, or the term.",
    bad_outcome(measure="{kind: milestone, of: go-live, due: 2036-06-30}", target="<= 0s", stake=_WHOLE_BASE),
)
STEP_NOT_PROMISED = Code(
    "MG387",
    Severity.ERROR,
    "refund for a step that nobody promised",
    "Refunds are paid for the steps of the measure, by their names; this one is not among them.",
    "Correct the name, or add the step to the measure.",
    bad_outcome(measure=_STEPS, stake="{weight: 100%, per_step: {refunds: {fixed: 5%}, of: base}}"),
)
ITEMS_WITHOUT_FEE = Code(
    "MG388",
    Severity.ERROR,
    "share of an item that costs nothing",
    "A refund is a percentage of the fee of an item, but no service says what its items cost.",
    "Add `items` or `per_item` to the fee of the service, or write `of: base`.",
    bad_outcome(measure=_STEPS, stake="{weight: 100%, per_step: {refunds: {told: 5%}}}"),
)
RESPONSE_REOPENED = Code(
    "MG389",
    Severity.WARNING,
    "first response that can be taken back",
    "The clock stops with a response, and goes on when the case moves on: a first response is given once.",
    "Write `reopened: ignore`.",
    bad_outcome(measure="{kind: within, cases: order, limit: 1h, clock: {to: responded}}"),
)
REST_BEFORE_LIMIT = Code(
    "MG390",
    Severity.ERROR,
    "rest that has less time than all",
    "The limit of the rest is longer than the limit that most cases keep, and in the same kind of time.",
    "Write a longer limit for the rest.",
    bad_outcome(measure="{kind: within, cases: order, limit: 8h, rest_within: 4h}"),
)
SHARES_OF_DAYS = Code(
    "MG391",
    Severity.ERROR,
    "days used up in parts",
    "Where each priority uses up its part of its limit, limits are hours, minutes or seconds, since days differ.",
    "Write the limits as times, or another `priority_at`.",
    bad_outcome(
        measure="{kind: within, cases: order, limits: {P1: 2 business days, P2: 8h}, priority_at: each_by_its_time}"
    ),
)

UNKNOWN_PROMISE = Code(
    "MG392",
    Severity.ERROR,
    "score over something that is no promise",
    "`kept` counts other outcomes of the agreement by their names; this is none of them, or is itself such a score.",
    "Name an outcome that is measured by something else.",
    bad_outcome(measure="{kind: kept, of: [orders]}", target=">= 100%", stake=_WHOLE_BASE),
)
WEIGHTS_OF_PROMISES = Code(
    "MG393",
    Severity.ERROR,
    "weights that are not the whole score",
    "The weights of the promises add up to 100 %, and each is more than nothing.",
    "Correct the weights.",
    """\
outcomes:
  open:
    promise: The shop is open.
    measure: {kind: availability, of: shop}
    target: ">= 99%"
  all:
    promise: Everything is kept.
    measure: {kind: kept, weights: {open: 90%}}
    target: ">= 100%"
    stake: {weight: 100%}
    critical: true
""",
)

CASE_CODES = (
    USERS_BY_THE_MINUTE,
    CIRCULAR_SERVICE,
    WEIGHTS_OF_PARTS,
    TREE_WITHOUT_COMPOSITE,
    MORE_THAN_THERE_ARE,
    STOP_WITHOUT_UNITS,
    DUE_OUTSIDE_THE_TERM,
    STEP_NOT_PROMISED,
    ITEMS_WITHOUT_FEE,
    RESPONSE_REOPENED,
    REST_BEFORE_LIMIT,
    SHARES_OF_DAYS,
    UNKNOWN_PROMISE,
    WEIGHTS_OF_PROMISES,
)
