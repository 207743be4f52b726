"""Changes and what belongs to them, for those who may see them."""

from __future__ import annotations

from makegood.platform.evidence.changes.queries.conflicts import (
    Against,
    Conflict,
    conflicts,
    left_over,
    left_over_of,
    windows_between,
)
from makegood.platform.evidence.changes.queries.exported import exported
from makegood.platform.evidence.changes.queries.seen import (
    caused_by_change,
    changes,
    committee,
    freezes,
    linked_cases,
    problems,
    releases,
    responsible,
    rule_of,
    searched,
    similar,
    suggestions,
    templates,
    votes,
    windows,
)
from makegood.platform.evidence.changes.queries.terms import contract_excluding, contract_of, evidence_kind, transition
from makegood.platform.evidence.changes.queries.trends import Rate, Spike, patterns, rate_around, spike_after

__all__ = [
    "Against",
    "Conflict",
    "Rate",
    "Spike",
    "caused_by_change",
    "changes",
    "committee",
    "conflicts",
    "contract_excluding",
    "contract_of",
    "evidence_kind",
    "exported",
    "freezes",
    "left_over",
    "left_over_of",
    "linked_cases",
    "patterns",
    "problems",
    "rate_around",
    "releases",
    "responsible",
    "rule_of",
    "searched",
    "similar",
    "spike_after",
    "suggestions",
    "templates",
    "transition",
    "votes",
    "windows",
    "windows_between",
]
