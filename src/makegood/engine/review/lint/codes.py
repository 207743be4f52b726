"""Findings of series MG82 and MG83: promises that the stated evidence cannot measure; only ``lint`` gives them."""

from __future__ import annotations

from makegood.engine.agreement.code import Code
from makegood.engine.vocabulary.finding import Severity

NO_SOURCE = Code(
    "MG820",
    Severity.WARNING,
    "measure without a source",
    "None of the mappings makes the records that the measure reads, so the outcome will stay undecided.",
    "Add an entry to a mapping, or measure what there is evidence of.",
    "measure: {kind: ratio, of: orders, good: accepted}",
)
NO_SUCH_RESULT = Code(
    "MG821",
    Severity.WARNING,
    "result that no mapping gives",
    "The mappings make the events of the measure, but never with a result that it counts.",
    "Compare the words of the agreement with those of the mapping.",
    "measure: {kind: ratio, of: orders, good: acepted}",
)
NO_SUCH_STATE = Code(
    "MG822",
    Severity.WARNING,
    "state that no mapping gives",
    "The clock starts, stops or pauses with a state that no mapping ever gives a case.",
    "Compare the states of the clock with those of the mapping.",
    "clock: {from: opened, to: resolved, pause: [waiting]}",
)
NO_SUCH_PRIORITY = Code(
    "MG823",
    Severity.WARNING,
    "limit for a priority that no mapping gives",
    "Cases never have this priority, so its limit promises nothing; or the mapping calls it otherwise.",
    "Compare the priorities with the words of the mapping.",
    "limits: {P1: 4h, critical: 1h}",
)
NO_SUCH_CAUSE = Code(
    "MG824",
    Severity.NOTE,
    "exclusion that no mapping gives",
    "The agreement excludes a cause that no mapping records, so somebody has to record it by hand.",
    "Say who records it, and where.",
    "excluded: {maintenance: {effect: shrink}}",
)
NEVER_SEEN = Code(
    "MG830",
    Severity.WARNING,
    "measure without any evidence",
    "The vault has no record that the measure reads.",
    "Compare the names of the agreement with those of the evidence.",
    "measure: {kind: availability, of: shop}",
)
REPORTS_TOO_RARE = Code(
    "MG831",
    Severity.WARNING,
    "promise on a slower probe",
    "What is promised is shorter than the time between two reports: an outage of that length need never be seen.",
    "Probe more often, or promise what the probe can see.",
    "count: {ignore_shorter_than: 60s}",
)
HOLDS_TOO_SHORT = Code(
    "MG832",
    Severity.WARNING,
    "state that is forgotten before the next report",
    "A reported state holds for less than the usual time to the next report, so that time between reports is unknown.",
    "Let a state hold for at least two reports.",
    "unknown: {as: down, after: 15m}",
)
CLOCK_TOO_COARSE = Code(
    "MG833",
    Severity.WARNING,
    "limit finer than the clocks of its evidence",
    "All times of these cases are full hours, days or the like, coarser than the limit that is to be judged by them.",
    "Take the times from where they are recorded exactly.",
    "limit: 15m",
)
PRIORITY_NEVER_SEEN = Code(
    "MG834",
    Severity.NOTE,
    "limit for a priority that never occurred",
    "No case of the past had this priority: its limit was never tried, or the evidence calls it otherwise.",
    "Compare the priorities with those of the evidence.",
    "limits: {P1: 4h}",
)
TOO_FEW_CASES = Code(
    "MG835",
    Severity.WARNING,
    "percentage of too few cases",
    "By the past, periods have so few cases that the target allows none to go wrong: its steps cannot be taken.",
    "Add `low_volume`, promise a number of misses, or judge a longer period.",
    'target: ">= 99.9%"',
)
NOBODY_AT_NIGHT = Code(
    "MG836",
    Severity.NOTE,
    "clock that runs while nobody works",
    "The clock runs day and night, but by the past no case was ever stopped in the quiet hours.",
    "Run the clock on the calendar of those who work, or let somebody work at night.",
    "clock: {from: opened, to: resolved, on: always}",
)

LINT_CODES = (
    NO_SOURCE,
    NO_SUCH_RESULT,
    NO_SUCH_STATE,
    NO_SUCH_PRIORITY,
    NO_SUCH_CAUSE,
    NEVER_SEEN,
    REPORTS_TOO_RARE,
    HOLDS_TOO_SHORT,
    CLOCK_TOO_COARSE,
    PRIORITY_NEVER_SEEN,
    TOO_FEW_CASES,
    NOBODY_AT_NIGHT,
)
