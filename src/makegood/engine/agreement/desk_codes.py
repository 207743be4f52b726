"""Findings of series MG75: how cases are handled, where it leads nowhere or contradicts what is promised."""

from __future__ import annotations

from makegood.engine.agreement.code import Code, bad_outcome
from makegood.engine.vocabulary.finding import Severity

_INCIDENT = "{kind: within, cases: incident, limits: {critical: 4h, high: 8h, normal: 1 business day, low: 48h}"

MATRIX_WITH_GAPS = Code(
    "MG750",
    Severity.ERROR,
    "impact and urgency without a priority",
    "The matrix does not say which priority a case of some impact and urgency has.",
    "Write a priority for each of the nine; or delete `priorities`, and those of the house apply.",
    "desk: {priorities: {high: {high: P1, medium: P1, low: P2}, medium: {high: P1, medium: P2, low: P3}}}\n",
)
PRIORITY_NOT_GIVEN = Code(
    "MG751",
    Severity.WARNING,
    "limit for a priority that no case gets",
    "A promise about cases of the service desk has a limit for a priority, or counts one, that the matrix never gives.",
    "Correct the name, or write the matrix in `desk.priorities`.",
    "desk: {}\n" + bad_outcome(measure=_INCIDENT.replace("low: 48h", "low: 48h, P5: 72h") + "}"),
)
PRIORITY_WITHOUT_PROMISE = Code(
    "MG752",
    Severity.WARNING,
    "priority without a limit",
    "A promise about cases of the service desk has limits by priority, and none for one that the matrix gives: such"
    " cases are promised nothing, however long they take.",
    "Add its limit; or name in `priority` which ones count, if that is meant.",
    "desk: {}\n" + bad_outcome(measure=_INCIDENT.replace(", low: 48h", "") + "}"),
)
UPDATES_FOR_NOTHING = Code(
    "MG753",
    Severity.ERROR,
    "updates for a priority that no case gets",
    "Updates are promised for a priority that the matrix never gives.",
    "Correct the name, or write the matrix in `desk.priorities`.",
    "desk: {updates: {urgent: 1h}}\n",
)
LEVELS_OUT_OF_ORDER = Code(
    "MG754",
    Severity.ERROR,
    "escalation of cases out of order",
    "Each level of escalation begins at a greater part of the limit than the one before it.",
    "Order the levels by `at`.",
    "desk: {escalation: [{at: 100%, to: the owner}, {at: 50%, to: the service manager}]}\n",
)
LEVEL_BEYOND_LIMIT = Code(
    "MG755",
    Severity.ERROR,
    "escalation of cases beyond their limit",
    "A level of escalation begins at more than 100 % of a limit, and when a limit is over, nothing of it is left.",
    "Write at most `100%`.",
    "desk: {escalation: [{at: 100%, to: the owner}, {at: 150%, to: the executives}]}\n",
)
NO_LEVEL_AT_LIMIT = Code(
    "MG756",
    Severity.WARNING,
    "nobody hears that a limit is over",
    "No level of escalation begins at 100 %, so that nobody is told when a limit was not kept.",
    "Add a level at `100%`.",
    "desk: {escalation: [{at: 50%, to: the owner}]}\n",
)
CHARGED_AND_REFUSED = Code(
    "MG757",
    Severity.ERROR,
    "kind of case both charged and handed back",
    "A kind of case stands under `billable` and under `out_of_cover`: nobody can tell whether it is worked on.",
    "Delete one of the two.",
    "desk: {billable: [project, printer], out_of_cover: printer}\n",
)
PROMISE_OUT_OF_COVER = Code(
    "MG758",
    Severity.ERROR,
    "promise about what is out of cover",
    "An outcome is about cases of a kind that the provider hands back to the customer.",
    "Delete the kind from `out_of_cover`, or the outcome.",
    "desk: {out_of_cover: [order]}\n" + bad_outcome(measure="{kind: within, cases: order, limit: 4h}"),
)
STOPS_BEFORE_RESOLUTION = Code(
    "MG759",
    Severity.WARNING,
    "clock that stops before the resolution and goes on",
    "The clock stops with a state from which every case moves on, and each later state starts it again: only its last"
    " stop counts.",
    "Write `reopened: ignore`, or let it stop with `resolved`.",
    "desk: {}\n" + bad_outcome(measure="{kind: within, cases: incident, limit: 4h, clock: {to: fix-identified}}"),
)

DESK_CODES = (
    MATRIX_WITH_GAPS,
    PRIORITY_NOT_GIVEN,
    PRIORITY_WITHOUT_PROMISE,
    UPDATES_FOR_NOTHING,
    LEVELS_OUT_OF_ORDER,
    LEVEL_BEYOND_LIMIT,
    NO_LEVEL_AT_LIMIT,
    CHARGED_AND_REFUSED,
    PROMISE_OUT_OF_COVER,
    STOPS_BEFORE_RESOLUTION,
)
