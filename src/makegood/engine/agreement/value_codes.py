"""Findings of the measures of values: bounds that contradict each other, and money on events that a value has not."""

from __future__ import annotations

from makegood.engine.agreement.code import Code, bad_outcome
from makegood.engine.vocabulary.finding import Severity

_WHOLE_BASE = "{weight: 100%}"

BOUND_IN_ANOTHER_UNIT = Code(
    "MG350",
    Severity.ERROR,
    "bound in another unit",
    "A bound on values has the unit of the values; otherwise nothing could be compared with it.",
    "Write `5` for a number, `80%` for a share, `300 ms` for a time.",
    bad_outcome(
        measure="{kind: stated, of: satisfaction, unit: number, maximum: 100%}", target=">= 4", stake=_WHOLE_BASE
    ),
)
NO_VALUE_BETWEEN = Code(
    "MG351",
    Severity.ERROR,
    "bounds with nothing between them",
    "The lower bound lies above the upper one, so that every value is invalid.",
    "Exchange the two, or correct one.",
    bad_outcome(
        measure="{kind: stated, of: satisfaction, unit: number, minimum: 5, maximum: 1}",
        target=">= 4",
        stake=_WHOLE_BASE,
    ),
)
NO_EVENTS = Code(
    "MG352",
    Severity.ERROR,
    "credit for events of a value",
    "A credit per event needs single things that go wrong. This measure gives one value and no events.",
    "Pay by `tiers` or `per_unit`.",
    bad_outcome(
        measure="{kind: stated, of: satisfaction, unit: number}",
        target=">= 4",
        stake="{weight: 100%, per_event: {credit: 1%}}",
    ),
)
ANSWERS_NOT_TOLD_APART = Code(
    "MG353",
    Severity.ERROR,
    "answers that are not told apart",
    "A top box needs `top`, from which on answers are good; a net promoter score needs `bottom` too; both lie on the"
    " scale, the good answers above the bad ones.",
    "Write `top: 4` for a scale of 1 to 5, or `top: 9, bottom: 6` for one of 0 to 10.",
    bad_outcome(
        measure="{kind: score, of: survey, as: top_box, scale: {from: 1, to: 5}}", target=">= 90%", stake=_WHOLE_BASE
    ),
)
GOOD_OF_A_VALUE = Code(
    "MG354",
    Severity.ERROR,
    "excluded values that count as good",
    "Time and events can be left in and counted as good. A value is what it is: nobody can say which one a sample or a"
    " failure would have had.",
    "Write `effect: shrink`, which leaves it out.",
    bad_outcome(
        measure="{kind: average, of: latency, unit: time, excluded: {storm: {effect: up}}}",
        target="<= 300ms",
        stake=_WHOLE_BASE,
    ),
)
TIME_WITHOUT_WEIGHT = Code(
    "MG355",
    Severity.WARNING,
    "terms of time where samples count",
    "Every sample counts once, however long it holds; so `after` and `minimum_coverage` change nothing.",
    "Delete them, or write `weight: time`.",
    bad_outcome(measure="{kind: average, of: latency, unit: time, after: 5m}", target="<= 300ms", stake=_WHOLE_BASE),
)
LINE_THROUGH_TIME = Code(
    "MG356",
    Severity.ERROR,
    "straight line between stretches of time",
    "`method: linear` reads between two samples. Where samples count by the time for which they hold there is nothing"
    " between them.",
    "Write `method: nearest_rank`, or let each sample count once.",
    bad_outcome(
        measure="{kind: quantile, of: latency, unit: time, quantile: 95%, method: linear, weight: time}",
        target="<= 300ms",
        stake=_WHOLE_BASE,
    ),
)
BACKUPS_MISPLACED = Code(
    "MG357",
    Severity.ERROR,
    "recovery point and backups that are apart",
    "The recovery point is the age of the last good backup, so it needs `backups`; other figures do not.",
    "Add `backups: {cases: backup}`, or delete it.",
    bad_outcome(measure="{kind: recovery, as: recovery_point, cases: incident}", target="<= 24h", stake=_WHOLE_BASE),
)
MORE_THAN_ALL = Code(
    "MG358",
    Severity.ERROR,
    "quantile of more than all",
    "A quantile is the value that so many of the samples do not exceed, and more than all of them there are not.",
    "Write a share of at most 100 %.",
    bad_outcome(
        measure="{kind: quantile, of: latency, unit: time, quantile: 950%}", target="<= 300ms", stake=_WHOLE_BASE
    ),
)
COARSE_PRECISION = Code(
    "MG359",
    Severity.WARNING,
    "precision that the target does not have",
    "The value is rounded to fewer decimals than the target has, so that it can never be the target itself, and the"
    " promise really is another one.",
    "Keep as many decimals as the target has.",
    bad_outcome(more="    precision: {decimals: 0}\n"),
)

VALUE_CODES = (
    BOUND_IN_ANOTHER_UNIT,
    NO_VALUE_BETWEEN,
    NO_EVENTS,
    ANSWERS_NOT_TOLD_APART,
    GOOD_OF_A_VALUE,
    TIME_WITHOUT_WEIGHT,
    LINE_THROUGH_TIME,
    BACKUPS_MISPLACED,
    MORE_THAN_ALL,
    COARSE_PRECISION,
)
