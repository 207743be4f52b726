"""Findings of series MG74: roles, duties and days that lead nowhere, boundaries that contradict themselves, bands."""

from __future__ import annotations

from makegood.engine.agreement.code import Code, bad_outcome
from makegood.engine.vocabulary.finding import Severity

UNKNOWN_PARTY = Code(
    "MG740",
    Severity.ERROR,
    "unknown party in a role",
    "A role or an insurance names somebody who is no party to the agreement and no affiliate that it relies on.",
    "Write `provider`, `customer` or `affiliate`, or the identifier of an affiliate in `parties.relies_on`.",
    bad_outcome(more="    roles: {accountable: northwind-it}\n"),
)
AFFILIATE_ANSWERS = Code(
    "MG741",
    Severity.WARNING,
    "affiliate that answers for an outcome",
    "An affiliate is accountable for an outcome, though the provider answers for the work of its affiliates as for its"
    " own.",
    "Let the provider be accountable and the affiliate responsible.",
    bad_outcome(more="    roles: {accountable: affiliate}\n"),
)
UNKNOWN_OUTCOME_OF_DUTY = Code(
    "MG742",
    Severity.ERROR,
    "duty of an unknown outcome",
    "A duty of the customer carries an outcome that the agreement does not have.",
    "Correct the name, or leave `of` out if all outcomes depend on the duty.",
    "duties: {contact: {text: Somebody can be reached at any hour., of: opened}}\n",
)
DAY_OUTSIDE_TERM = Code(
    "MG743",
    Severity.WARNING,
    "day outside of the term",
    "A duty, a milestone or a lever has a day before the term begins or after it ends.",
    "Correct the day.",
    "levers: {prices: {text: Fees are opened again., on: 2028-01-01}}\n",
)
INSURANCE_ENDS = Code(
    "MG744",
    Severity.WARNING,
    "insurance that ends before the term",
    "An insurance ends before the agreement does, so that nobody knows whether it will still stand behind it.",
    "Have it renewed in time; or leave `until` out if it is renewed by itself.",
    "insurance: {liability: {covers: 1000000.00 EUR, until: 2026-06-30}}\n",
)
ESCALATION_OUT_OF_ORDER = Code(
    "MG745",
    Severity.ERROR,
    "escalation out of order",
    "Each step of an escalation begins later than the one before it.",
    "Order the steps by `after`.",
    "governance: {escalation: [{after: 30 days, to: the owner}, {after: 14 days, to: the sponsors}]}\n",
)
IN_AND_OUT = Code(
    "MG746",
    Severity.ERROR,
    "in scope and out of scope",
    "The same line stands under `in` and under `out`, so that nobody can tell whether it is owed.",
    "Delete one of the two.",
    "scope: {in: [Printers], out: [Printers]}\n",
)
AGREED_OUTSIDE_BAND = Code(
    "MG747",
    Severity.ERROR,
    "volume band that leaves out what is agreed",
    "The number that the fee is for is not within the band in which it may change, or the band has no room.",
    "Let `least` be at most `agreed`, `most` at least, and the two apart.",
    """\
levers:
  seats:
    text: Seats may be added and taken away.
    volume: {unit: seat, agreed: 130, least: 80, most: 120, each: 25.00 EUR}
""",
)

GOVERNANCE_CODES = (
    UNKNOWN_PARTY,
    AFFILIATE_ANSWERS,
    UNKNOWN_OUTCOME_OF_DUTY,
    DAY_OUTSIDE_TERM,
    INSURANCE_ENDS,
    ESCALATION_OUT_OF_ORDER,
    IN_AND_OUT,
    AGREED_OUTSIDE_BAND,
)
