"""What both sides see of duties, impacts, meetings, actions and changes."""

from __future__ import annotations

from makegood.platform.review.governance.queries.duties import (
    DutyState,
    Unmet,
    duties,
    impact_of,
    impacts,
    today_of,
    unmet_in,
)
from makegood.platform.review.governance.queries.meetings import (
    Item,
    actions,
    agenda,
    meeting,
    meetings,
    never_missed,
    term_of,
)
from makegood.platform.review.governance.queries.registers import (
    QUESTIONS,
    Expiring,
    assurances,
    baselines,
    expiring,
    grants,
    policies,
    stages,
)
from makegood.platform.review.governance.queries.unresolved import Unresolved, scope_changes, unresolved

__all__ = [
    "QUESTIONS",
    "DutyState",
    "Expiring",
    "Item",
    "Unmet",
    "Unresolved",
    "actions",
    "agenda",
    "assurances",
    "baselines",
    "duties",
    "expiring",
    "grants",
    "impact_of",
    "impacts",
    "meeting",
    "meetings",
    "never_missed",
    "policies",
    "scope_changes",
    "stages",
    "term_of",
    "today_of",
    "unmet_in",
    "unresolved",
]
