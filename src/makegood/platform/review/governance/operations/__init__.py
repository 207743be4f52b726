"""What both sides may do around an agreement."""

from __future__ import annotations

from makegood.platform.review.governance.operations.attention import count_opening
from makegood.platform.review.governance.operations.changes import decide_change, propose_change, put_into_version
from makegood.platform.review.governance.operations.duties import confirm_impact, mark_duty, state_impact
from makegood.platform.review.governance.operations.meetings import (
    agree_action,
    call_meeting,
    complete_action,
    move_meeting,
    write_minutes,
)
from makegood.platform.review.governance.operations.registers import (
    end_assurance,
    end_grant,
    end_policy,
    grant_access,
    keep_policy,
    set_stage,
    show_assurance,
    take_baseline,
)
from makegood.platform.review.governance.operations.relationship import (
    compare_measurement,
    end_cost,
    end_expected_value,
    keep_cost,
    keep_expected_value,
    keep_measurement,
)
from makegood.platform.review.governance.operations.roadmap import (
    FIRST_YEAR,
    LAST_YEAR,
    change_entry,
    end_component,
    keep_component,
    plan_entry,
)
from makegood.platform.review.governance.operations.sides import UnableToGovern

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "UnableToGovern",
    "agree_action",
    "call_meeting",
    "change_entry",
    "compare_measurement",
    "complete_action",
    "confirm_impact",
    "count_opening",
    "decide_change",
    "end_assurance",
    "end_component",
    "end_cost",
    "end_expected_value",
    "end_grant",
    "end_policy",
    "grant_access",
    "keep_component",
    "keep_cost",
    "keep_expected_value",
    "keep_measurement",
    "keep_policy",
    "mark_duty",
    "move_meeting",
    "plan_entry",
    "propose_change",
    "put_into_version",
    "set_stage",
    "show_assurance",
    "state_impact",
    "take_baseline",
    "write_minutes",
]
