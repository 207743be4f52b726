"""Findings of series MG7: versions that do not follow from one another, finality, and shares that do not add up."""

from __future__ import annotations

from makegood.engine.agreement.code import Code
from makegood.engine.vocabulary.finding import Severity

_HEAD = "amendment: {version: 2, effective: 2026-07-01, amends: 0123456789abcdef"

OUTSIDE_TERM = Code(
    "MG700",
    Severity.ERROR,
    "amendment outside of the term",
    "A version comes into force on a day after the first day of the term and before its end; else it governs nothing,"
    " or everything.",
    "Correct the day; an agreement with other terms from its first day on is another agreement.",
    "amendment: {version: 2, effective: 2027-01-01, amends: 0123456789abcdef}\n",
)
FINAL_TOO_EARLY = Code(
    "MG705",
    Severity.WARNING,
    "final before it can be disputed",
    "A credit is final while its verdict can still be disputed, so that a dispute may change nothing.",
    "Let `closing.final.after` be at least as long as `closing.dispute_within`, or leave it out.",
    "closing: {dispute_within: 30 days, final: {for: both, after: 10 days}}\n",
)
UNITS_LEFT = Code(
    "MG706",
    Severity.ERROR,
    "shares that are not all units",
    "An allocation gives away more or fewer units than there are, so that the value of a unit is doubtful.",
    "Give away all units, or leave out `units`.",
    """\
value_shares:
  network:
    of: 100.00 EUR
    units: 10
    decided_by: the steering committee
    allocations: [{from: 2026-01-01, shares: {north: 4, south: 5}}]
""",
)
NOBODY_SHARES = Code(
    "MG707",
    Severity.ERROR,
    "allocation that gives nothing to anybody",
    "All shares of an allocation are zero, so that the value cannot be divided.",
    "Give somebody a share.",
    """\
value_shares:
  network:
    of: 100.00 EUR
    decided_by: the steering committee
    allocations: [{from: 2026-01-01, shares: {north: 0, south: 0}}]
""",
)
ALLOCATIONS_OUT_OF_ORDER = Code(
    "MG708",
    Severity.ERROR,
    "allocations out of order",
    "Each allocation holds until the next one begins, so each begins on a later day than the one before it.",
    "Order them by their first day.",
    """\
value_shares:
  network:
    of: 100.00 EUR
    decided_by: the steering committee
    allocations: [{from: 2026-01-01, shares: {north: 1}}, {from: 2026-01-01, shares: {south: 1}}]
""",
)
NOT_ALLOCATED = Code(
    "MG709",
    Severity.ERROR,
    "value that belongs to nobody at first",
    "The first allocation begins after the first day of the term, so that the value of the days before it has no"
    " owner.",
    "Let the first allocation begin with the term.",
    """\
value_shares:
  network:
    of: 100.00 EUR
    decided_by: the steering committee
    allocations: [{from: 2026-02-01, shares: {north: 1}}]
""",
)

AMENDMENT_CODES = (
    OUTSIDE_TERM,
    FINAL_TOO_EARLY,
    UNITS_LEFT,
    NOBODY_SHARES,
    ALLOCATIONS_OUT_OF_ORDER,
    NOT_ALLOCATED,
)

# What shows only when several texts are read together.
TEXT_MISSING = Code(
    "MG710",
    Severity.ERROR,
    "amended text is missing",
    "No text with the digest that the amendment names was found, so that earlier periods cannot be judged.",
    "Put the text that was signed beside the amendment, unaltered to the last character.",
    f"{_HEAD}}}\n",
)
WRONG_VERSION = Code(
    "MG711",
    Severity.ERROR,
    "version out of turn",
    "The number of a version is one more than that of the text that it amends.",
    "Correct the number, or the digest.",
    f"{_HEAD}}}\n",
)
NEVER_CHANGES = Code(
    "MG712",
    Severity.ERROR,
    "amendment that makes another agreement",
    "The identifier, the parties, the currency, the time zone, the first day and the rhythm of the periods stay as they"
    " are through all versions; the book of the agreement could not go on otherwise.",
    "Take the change back, or make an agreement with an identifier of its own.",
    f"{_HEAD}}}\n",
)
AMENDED_TWICE = Code(
    "MG713",
    Severity.ERROR,
    "text that is amended twice",
    "Two versions amend the same text, so that nobody can tell which one is in force.",
    "Keep one of the two; a third version amends the second.",
    f"{_HEAD}}}\n",
)

CHAIN_CODES = (TEXT_MISSING, WRONG_VERSION, NEVER_CHANGES, AMENDED_TWICE)
