"""Findings of series MG30 to MG32: terms, measures and targets that make no sense."""

from __future__ import annotations

from makegood.engine.agreement.code import Code, bad_outcome
from makegood.engine.vocabulary.finding import Severity

_RATIO = "{kind: ratio, of: orders, good: accepted"
_COUNT = "{kind: count, of: orders, counting: refused}"
_WHOLE_BASE = "{weight: 100%}"

TERM_ENDS_FIRST = Code(
    "MG301",
    Severity.ERROR,
    "term that ends before it begins",
    "`until` is the day after the last day of the term, so it lies after `from`.",
    "Correct one of the two dates.",
    "term: {from: 2026-01-01, until: 2025-12-31, timezone: Europe/Berlin}\n",
)
NO_SUCH_DAY_OF_WEEK = Code(
    "MG302",
    Severity.ERROR,
    "week that starts on no weekday",
    "A period of a week starts on day 1, Monday, to day 7, Sunday.",
    "Write a number from 1 to 7.",
    "term: {from: 2026-01-01, months: 12, timezone: Europe/Berlin, period: {every: week, starts_on: 8}}\n",
)
LONG_TERM = Code(
    "MG303",
    Severity.NOTE,
    "term of more than three years",
    "Nobody knows today what will be needed in three years. Shorter terms that are extended keep promises meaningful.",
    "Consider a shorter term with an extension.",
    "term: {from: 2026-01-01, months: 60, timezone: Europe/Berlin}\n",
)
COVERAGE_OF_WHAT_IS_UP = Code(
    "MG310",
    Severity.WARNING,
    "silence that is up, but must not be much",
    "Unknown time counts as up, yet too much of it prevents a verdict: more silence is at first good, then worthless.",
    "Let unknown time count as `down` or be `excluded`, or drop the minimum coverage.",
    bad_outcome(measure="{kind: availability, of: shop, unknown: {as: up, minimum_coverage: 99%}}"),
)
NEVER_ENOUGH_COVERAGE = Code(
    "MG311",
    Severity.ERROR,
    "coverage that cannot be reached",
    "More than 100 % of the agreed time cannot be known, so there would never be a verdict.",
    "Write a share of at most 100 %.",
    bad_outcome(measure="{kind: availability, of: shop, unknown: {minimum_coverage: 999%}}"),
)
SLICE_WITHOUT_LIMIT = Code(
    "MG312",
    Severity.ERROR,
    "slices that nothing makes bad",
    "The share of bad slices is counted, but no error rate makes a slice bad.",
    'Add the rate, as in `bad_when: "> 5%"`.',
    bad_outcome(measure=f"{_RATIO}, slices: {{every: 5m, method: share_of_bad_slices}}}}"),
)
LIMIT_WITHOUT_SLICE = Code(
    "MG313",
    Severity.WARNING,
    "limit of a slice without effect",
    "The mean error rate needs no limit that makes a slice bad; `bad_when` changes nothing.",
    "Delete `bad_when`, or write `method: share_of_bad_slices`.",
    bad_outcome(measure=f"{_RATIO}, slices: {{every: 5m, method: mean_error_rate, bad_when: '> 5%'}}}}"),
)
GOOD_SLICES_ARE_BAD = Code(
    "MG314",
    Severity.ERROR,
    "slices that are bad when they are good",
    "A slice is bad when its error rate is high, so `bad_when` is a share with `>` or `>=`.",
    'Turn the sign round, as in `bad_when: "> 5%"`.',
    bad_outcome(measure=f"{_RATIO}, slices: {{every: 5m, method: share_of_bad_slices, bad_when: '< 5%'}}}}"),
)
STATE_IN_TWO_ROLES = Code(
    "MG315",
    Severity.ERROR,
    "state in two roles",
    "One state of a case cannot both start and stop a clock, nor pause a clock that it starts or stops.",
    "Name different states.",
    bad_outcome(measure="{kind: within, cases: order, limit: 4h, clock: {pause: resolved}}"),
)
LOW_VOLUME_OF_TIME = Code(
    "MG316",
    Severity.ERROR,
    "low volume of what has no volume",
    "Only shares of events or cases (`ratio`, `within`) can have too few of them; time and counts cannot.",
    "Delete `low_volume`.",
    bad_outcome(more="    low_volume: {below: 10, gives: met}\n"),
)
EXCLUSION_WITHOUT_EFFECT = Code(
    "MG317",
    Severity.WARNING,
    "exclusion without effect",
    "An allowance of no time at all excludes nothing.",
    "Write the time that is allowed, or delete the cause.",
    bad_outcome(measure="{kind: availability, of: shop, excluded: {maintenance: {allowance: 0h per period}}}"),
)
NOTHING_AT_ALL = Code(
    "MG318",
    Severity.ERROR,
    "length or unit of zero",
    "A slice without length, a limit of no time and a unit of zero cannot be counted with.",
    "Write the length that is meant.",
    bad_outcome(measure="{kind: within, cases: order, limit: 0h}"),
)
ALLOWANCE_OF_CASES = Code(
    "MG319",
    Severity.ERROR,
    "allowance of what is excluded whole",
    "Cases, steps, milestones and failures reach over several periods and are excluded as they are; so much time in"
    " each period cannot be told of them.",
    "Delete `allowance`; `notice` limits what is excluded.",
    bad_outcome(measure="{kind: within, cases: incident, limit: 4h, excluded: {customer: {allowance: 4h per period}}}"),
)
TARGET_UNIT = Code(
    "MG320",
    Severity.ERROR,
    "target in the wrong unit",
    "Availability, ratio and within are shares, and their target is a percentage; a count has a number as its target.",
    'Write `">= 99.9%"` for a share, `"<= 500"` for a number.',
    bad_outcome(target=">= 43200", stake=_WHOLE_BASE),
)
TARGET_UPSIDE_DOWN = Code(
    "MG321",
    Severity.ERROR,
    "target that is upside down",
    "More availability is better, as are more cases in time and better slices, so the target is a floor: `>=` or `>`.",
    "Turn the sign round.",
    bad_outcome(target="<= 99.9%", stake=_WHOLE_BASE),
)
COUNT_WITH_FLOOR = Code(
    "MG322",
    Severity.WARNING,
    "count with a floor",
    "Counts limit what should not happen, so their target is a ceiling. Here more of it would be better.",
    "Check the sign; leave it if more is really better.",
    bad_outcome(measure=_COUNT, target=">= 10", stake=_WHOLE_BASE),
)
TARGET_OUT_OF_REACH = Code(
    "MG323",
    Severity.ERROR,
    "target that nothing can meet",
    "A share lies between 0 % and 100 %, and a count is not below zero; this target lies beyond.",
    "Correct the number or the sign.",
    bad_outcome(target="> 100%", stake=_WHOLE_BASE),
)
TARGET_ALWAYS_MET = Code(
    "MG324",
    Severity.WARNING,
    "target that nothing can miss",
    "Every possible value meets this target, so it promises nothing.",
    "Correct the number or the sign.",
    bad_outcome(target=">= 0%", stake=_WHOLE_BASE),
)

MEASURE_CODES = (
    TERM_ENDS_FIRST,
    NO_SUCH_DAY_OF_WEEK,
    LONG_TERM,
    COVERAGE_OF_WHAT_IS_UP,
    NEVER_ENOUGH_COVERAGE,
    SLICE_WITHOUT_LIMIT,
    LIMIT_WITHOUT_SLICE,
    GOOD_SLICES_ARE_BAD,
    STATE_IN_TWO_ROLES,
    LOW_VOLUME_OF_TIME,
    EXCLUSION_WITHOUT_EFFECT,
    NOTHING_AT_ALL,
    ALLOWANCE_OF_CASES,
    TARGET_UNIT,
    TARGET_UPSIDE_DOWN,
    COUNT_WITH_FLOOR,
    TARGET_OUT_OF_REACH,
    TARGET_ALWAYS_MET,
)
