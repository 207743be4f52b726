"""Checks: what can be wrong with an agreement that is well-formed."""

from __future__ import annotations

from collections.abc import Iterator

from makegood.engine.agreement import (
    calendar_checks,
    measure_checks,
    money_checks,
    reference_checks,
    stake_checks,
    target_checks,
    term_checks,
    tier_checks,
)
from makegood.engine.agreement.draft import Check, Draft
from makegood.engine.agreement.reader import Reading
from makegood.engine.agreement.terms import Agreement
from makegood.engine.vocabulary.finding import Finding

# Each check with the clauses that it looks at as a whole: it is left out if one of them could not be read. What looks
# at one outcome, service or calendar at a time needs nothing, since broken ones are not in the draft.
CHECKS: tuple[tuple[Check, frozenset[str]], ...] = tuple(
    (check, frozenset(needs))
    for check, needs in (
        (term_checks.term, {"term"}),
        (term_checks.parties, {"parties"}),
        (calendar_checks.calendars, {"term"}),
        (reference_checks.calendars, set()),
        (reference_checks.services, set()),
        (reference_checks.subjects, set()),
        (reference_checks.priorities, set()),
        (reference_checks.components, {"services"}),
        (measure_checks.silence, set()),
        (measure_checks.slices, set()),
        (measure_checks.clocks, set()),
        (measure_checks.low_volume, set()),
        (measure_checks.allowances, set()),
        (measure_checks.zeros, set()),
        (target_checks.units, set()),
        (target_checks.directions, set()),
        (target_checks.reach, set()),
        (tier_checks.bounds, set()),
        (tier_checks.order, set()),
        (tier_checks.payments, set()),
        (tier_checks.target, set()),
        (stake_checks.shortfalls, set()),
        (stake_checks.weights, {"outcomes", "money"}),
        (stake_checks.at_risk, {"outcomes", "money", "caps"}),
        (stake_checks.bases, {"services"}),
        (stake_checks.headlines, set()),
        (stake_checks.what_is_critical, {"services"}),
        (money_checks.currencies, {"money"}),
        (money_checks.fees, {"money"}),
        (money_checks.amount_at_risk, {"money"}),
        (money_checks.caps, {"caps"}),
        (money_checks.dead_zone, {"outcomes", "services", "money", "caps"}),
        (money_checks.minimum, {"services", "money", "caps", "minimum_credit"}),
    )
)


def findings_on(reading: Reading[Agreement]) -> Iterator[Finding]:
    """Yield what there is to say about a read agreement beyond its form."""
    draft = Draft.of(reading)
    for check, needs in CHECKS:
        if not needs & draft.broken:
            yield from check(draft)
