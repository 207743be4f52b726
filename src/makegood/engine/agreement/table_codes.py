"""Findings of series MG54: literal tables of tiers, windows, and what a stake pays besides."""

from __future__ import annotations

from makegood.engine.agreement.code import Code, bad_outcome
from makegood.engine.vocabulary.finding import Severity


def _table(*rows: str, more: str = "") -> str:
    return f"{{weight: 100%, table: {{{more}rows: [{', '.join(f'{{{row}}}' for row in rows)}]}}}}"


MOST_ROWS = 60

_RATIO = "{kind: ratio, of: orders, good: accepted}"

TABLE_GAP = Code(
    "MG540",
    Severity.WARNING,
    "tier-gap: missed values that are in no row",
    "A published table has a hole: values that miss the target lie in no row, and read literally they pay nothing.",
    "Ask what was meant; or write `tiers`, which cannot have holes.",
    bad_outcome(stake=_table("above: 99%, below: 99.9%, credit: 10%", "below: 99%, credit: 25%")),
)
TABLE_OVERLAP = Code(
    "MG541",
    Severity.WARNING,
    "tier-overlap: values that are in two rows",
    "Some values lie in two rows of a published table. The row that comes first pays.",
    "Ask what was meant; or write `tiers`, of which the worst that applies pays.",
    bad_outcome(stake=_table("at_least: 99%, below: 99.9%, credit: 10%", "up_to: 99%, credit: 25%")),
)
ROW_OF_MET_VALUES = Code(
    "MG542",
    Severity.WARNING,
    "tier-covers-met-value: row for values that meet the target",
    "A row covers values that meet the target. Met outcomes pay nothing, so that part of the row never applies.",
    "Ask whether the target or the row is meant.",
    bad_outcome(stake=_table("at_least: 99%, up_to: 99.9%, credit: 10%", "below: 99%, credit: 25%")),
)
TABLE_NOT_MONOTONIC = Code(
    "MG543",
    Severity.WARNING,
    "tier-not-monotonic: row that pays less for worse",
    "A row for worse values pays less than a row for better ones, so that it would pay to let things get worse.",
    "Let the credits rise, or stay equal, from row to row.",
    bad_outcome(stake=_table("at_least: 99%, below: 99.9%, credit: 25%", "below: 99%, credit: 10%")),
)
TARGET_DIRECTION = Code(
    "MG544",
    Severity.WARNING,
    "target-direction: target that points the wrong way",
    "The table says which values are better, and the target is met by the worse ones.",
    "Turn the sign of the target around, or correct `better`.",
    bad_outcome(measure=_RATIO, stake=_table("below: 99.9%, credit: 10%", more="better: lower, ")),
)
ROW_OF_NOTHING = Code(
    "MG545",
    Severity.WARNING,
    "row that covers no value",
    "No value lies between the bounds of the row, so it never applies.",
    "Correct its bounds, or delete the row.",
    bad_outcome(stake=_table("below: 99.9%, credit: 10%", "above: 99%, below: 99%, credit: 25%")),
)

TOO_MANY_ROWS = Code(
    "MG546",
    Severity.ERROR,
    "table that nobody can read",
    f"A table has at most {MOST_ROWS} rows, so that each can be compared with each.",
    "Write `per_unit`, if the credit rises evenly.",
    bad_outcome(stake=_table("below: 99.9%, credit: 10%", *["below: 99.9%, credit: 10%"] * MOST_ROWS)),
)

TABLE_CODES = (
    TABLE_GAP,
    TABLE_OVERLAP,
    ROW_OF_MET_VALUES,
    TABLE_NOT_MONOTONIC,
    TARGET_DIRECTION,
    ROW_OF_NOTHING,
    TOO_MANY_ROWS,
)
