"""Findings of series MG72: agreements with suppliers that do not carry what was sold."""

from __future__ import annotations

from makegood.engine.agreement.code import Code
from makegood.engine.vocabulary.finding import Severity

NOT_AT_HAND = Code(
    "MG720",
    Severity.NOTE,
    "underpinning agreement that was not read",
    "The agreement names an affiliate or an agreement that it relies on, and no document given is that agreement.",
    "Name the document as well.",
    "parties: {provider: northwind, customer: acme, relies_on: [{affiliate: hosting, agreement: hosting-2026}]}\n",
)
CIRCULAR = Code(
    "MG721",
    Severity.ERROR,
    "suppliers that rely on each other in a circle",
    "An organisation relies on itself through others, so that nobody stands at the end of a claim.",
    "Take one of the agreements out of the circle.",
    "parties: {provider: hosting, customer: northwind}\n",
)
NO_SUCH_PAIR = Code(
    "MG722",
    Severity.ERROR,
    "outcome that carries another and is not there",
    "`relies_on.outcomes` names an outcome that one of the two agreements does not have.",
    "Correct the name.",
    "relies_on: [{affiliate: hosting, outcomes: {open: no-such-outcome}}]\n",
)
CARRIES_NOTHING = Code(
    "MG723",
    Severity.WARNING,
    "underpinning agreement that carries nothing",
    "No outcome with money on it is carried by any outcome of the underpinning agreement: whatever the supplier causes"
    " stays with the provider.",
    "Agree on an outcome with the supplier, or say with `relies_on.outcomes` which one carries which.",
    "outcomes: {something-else: …}\n",
)
LOOSER_TARGET = Code(
    "MG724",
    Severity.WARNING,
    "target below what was sold",
    "The supplier promises less than the customer was promised, so that a miss of the one is no miss of the other.",
    "Agree on a target at least as strict.",
    'target: ">= 99%"\n',
)
NARROWER_HOURS = Code(
    "MG725",
    Severity.WARNING,
    "hours narrower than those that were sold",
    "There are hours in which the customer is promised the service and the supplier promises nothing.",
    "Agree on hours that cover those that were sold.",
    "measure: {kind: availability, of: shop, on: office}\n",
)
WIDER_EXCLUSIONS = Code(
    "MG726",
    Severity.WARNING,
    "exclusion that was not agreed with the customer",
    "The supplier is excused by a cause for which the provider is not, or under easier conditions, or for longer.",
    "Agree on the exclusion with the customer as well, or strike it out.",
    "excluded: {maintenance: {}}\n",
)
LONGER_LIMIT = Code(
    "MG727",
    Severity.WARNING,
    "limit longer than the one that was sold",
    "The supplier has more time for a case than the customer was promised, or none is agreed for its priority.",
    "Agree on a limit that leaves the provider time to act.",
    "measure: {kind: within, cases: incident, limit: 8h}\n",
)
LOOSER_COUNT = Code(
    "MG728",
    Severity.WARNING,
    "downtime that counts for less",
    "What counts as downtime towards the customer does not count, or not in full, towards the supplier.",
    "Agree on the same way to count.",
    "count: {ignore_shorter_than: 5m}\n",
)
ENDS_EARLIER = Code(
    "MG729",
    Severity.WARNING,
    "underpinning that does not last",
    "The term of the underpinning agreement does not cover that of the agreement that was sold.",
    "Extend it, or say what carries the rest.",
    "term: {from: 2026-01-01, months: 6, timezone: Europe/Berlin}\n",
)
ANOTHER_CURRENCY = Code(
    "MG730",
    Severity.ERROR,
    "claim in another currency",
    "The two agreements have different currencies, so that a claim cannot be compared with what the customer gets.",
    "Agree on one currency.",
    "money: {currency: USD}\n",
)
ANOTHER_RHYTHM = Code(
    "MG731",
    Severity.WARNING,
    "periods of another length",
    "The two agreements are judged by periods of different length, so that a miss in the one may be none in the other.",
    "Agree on the same periods.",
    "period: {every: quarter}\n",
)
CLAIM_TOO_LATE = Code(
    "MG732",
    Severity.WARNING,
    "claim that is due before the customer's period is closed",
    "The supplier's verdict is beyond dispute before the provider knows what it owes to its customer.",
    "Agree on a longer `closing.dispute_within` with the supplier, or close earlier towards the customer.",
    "closing: {dispute_within: 1 day}\n",
)

UNDERPINNING_CODES = (
    NOT_AT_HAND,
    CIRCULAR,
    NO_SUCH_PAIR,
    CARRIES_NOTHING,
    LOOSER_TARGET,
    NARROWER_HOURS,
    WIDER_EXCLUSIONS,
    LONGER_LIMIT,
    LOOSER_COUNT,
    ENDS_EARLIER,
    ANOTHER_CURRENCY,
    ANOTHER_RHYTHM,
    CLAIM_TOO_LATE,
)
