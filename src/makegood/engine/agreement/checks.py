"""Checks: what can be wrong with an agreement that is well-formed."""

from __future__ import annotations

from collections.abc import Iterator

from makegood.engine.agreement import (
    amendment_checks,
    calendar_checks,
    case_checks,
    desk_checks,
    governance_checks,
    hours_checks,
    incentive_checks,
    measure_checks,
    money_checks,
    reference_checks,
    sequence_checks,
    stake_checks,
    table_checks,
    target_checks,
    term_checks,
    tier_checks,
    tree_checks,
    value_checks,
    way_checks,
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
        (tree_checks.circles, {"services"}),
        (tree_checks.weights, set()),
        (tree_checks.flat, {"services"}),
        (case_checks.milestones, {"term"}),
        (case_checks.refunds, {"services"}),
        (case_checks.promises, {"outcomes"}),
        (case_checks.responses, set()),
        (case_checks.rests, set()),
        (value_checks.bounds, set()),
        (value_checks.events, set()),
        (value_checks.allowances, set()),
        (value_checks.precision, set()),
        (value_checks.scores, set()),
        (value_checks.exclusions, set()),
        (value_checks.gauges, set()),
        (value_checks.silence, set()),
        (value_checks.recoveries, set()),
        (target_checks.units, set()),
        (target_checks.directions, set()),
        (target_checks.reach, set()),
        (tier_checks.bounds, set()),
        (tier_checks.order, set()),
        (tier_checks.payments, set()),
        (tier_checks.target, set()),
        (table_checks.units, set()),
        (table_checks.length, set()),
        (table_checks.direction, set()),
        (table_checks.gaps, set()),
        (table_checks.rows, set()),
        (table_checks.monotony, set()),
        (way_checks.proportions, set()),
        (way_checks.windows, {"term"}),
        (way_checks.items, set()),
        (way_checks.minimum, set()),
        (way_checks.decimals, {"money"}),
        (incentive_checks.names, set()),
        (incentive_checks.outcomes, set()),
        (incentive_checks.bonuses, set()),
        (incentive_checks.steps, set()),
        (incentive_checks.levels, set()),
        (incentive_checks.bases, {"services", "money"}),
        (incentive_checks.claims, {"claims", "term"}),
        (incentive_checks.damages, {"termination"}),
        (stake_checks.shortfalls, set()),
        (stake_checks.weights, {"outcomes", "money"}),
        (stake_checks.at_risk, {"outcomes", "money", "caps"}),
        (stake_checks.bases, {"services"}),
        (stake_checks.headlines, set()),
        (stake_checks.what_is_critical, {"services"}),
        (sequence_checks.names, set()),
        (sequence_checks.outcomes, set()),
        (sequence_checks.levels, set()),
        (sequence_checks.pools, set()),
        (sequence_checks.ratchets, set()),
        (sequence_checks.steps, set()),
        (sequence_checks.periods, {"term"}),
        (sequence_checks.occasions, set()),
        (sequence_checks.earned_once, set()),
        (sequence_checks.fees, {"caps"}),
        (money_checks.currencies, {"money"}),
        (money_checks.fees, {"money"}),
        (money_checks.amount_at_risk, {"money"}),
        (money_checks.caps, {"caps"}),
        (money_checks.dead_zone, {"outcomes", "services", "money", "caps"}),
        (money_checks.minimum, {"services", "money", "caps", "minimum_credit"}),
        (amendment_checks.amendment, {"term", "amendment"}),
        (amendment_checks.finality, {"closing"}),
        (amendment_checks.value_shares, {"term"}),
        (governance_checks.parties, {"parties"}),
        (governance_checks.duties, set()),
        (governance_checks.days, {"term"}),
        (governance_checks.scope, set()),
        (governance_checks.escalation, set()),
        (governance_checks.volumes, set()),
        (desk_checks.matrix, set()),
        (desk_checks.priorities, set()),
        (desk_checks.updates, set()),
        (desk_checks.escalation, set()),
        (desk_checks.cover, set()),
        (desk_checks.stops, set()),
        (hours_checks.hours, set()),
    )
)


def findings_on(reading: Reading[Agreement]) -> Iterator[Finding]:
    """Yield what there is to say about a read agreement beyond its form."""
    draft = Draft.of(reading)
    for check, needs in CHECKS:
        if not needs & draft.broken:
            yield from check(draft)
