"""What is kept around agreements, and of the relationship with customers."""

from __future__ import annotations

from makegood.platform.review.governance.models.agreement import (
    Action,
    Assurance,
    Baseline,
    Decision,
    DutyMark,
    Grant,
    Impact,
    Meeting,
    Minutes,
    Policy,
    ScopeChange,
    Stage,
    Standing,
)
from makegood.platform.review.governance.models.relationship import (
    Component,
    Cost,
    ExpectedValue,
    Measurement,
    Opened,
    RoadmapEntry,
)

__all__ = [
    "Action",
    "Assurance",
    "Baseline",
    "Component",
    "Cost",
    "Decision",
    "DutyMark",
    "ExpectedValue",
    "Grant",
    "Impact",
    "Measurement",
    "Meeting",
    "Minutes",
    "Opened",
    "Policy",
    "RoadmapEntry",
    "ScopeChange",
    "Stage",
    "Standing",
]
