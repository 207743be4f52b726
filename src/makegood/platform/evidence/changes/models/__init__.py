"""Changes, the calendar they keep to, releases and problems."""

from __future__ import annotations

from makegood.platform.evidence.changes.models.calendar import Freeze, Override, Responsible, Rule, Window
from makegood.platform.evidence.changes.models.changes import (
    SOURCE,
    Change,
    Kind,
    Link,
    Member,
    Origin,
    Review,
    State,
    Step,
    Template,
    Trial,
    Unsent,
    Vote,
)
from makegood.platform.evidence.changes.models.problems import Problem, ProblemCase, Suggestion
from makegood.platform.evidence.changes.models.releases import QUESTIONS, Release

__all__ = [
    "QUESTIONS",
    "SOURCE",
    "Change",
    "Freeze",
    "Kind",
    "Link",
    "Member",
    "Origin",
    "Override",
    "Problem",
    "ProblemCase",
    "Release",
    "Responsible",
    "Review",
    "Rule",
    "State",
    "Step",
    "Suggestion",
    "Template",
    "Trial",
    "Unsent",
    "Vote",
    "Window",
]
