"""Closing: when a period is closed, and what comes after."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from makegood.engine.agreement.amendment import Final
from makegood.engine.agreement.grammar import Form, clause
from makegood.engine.agreement.shapes import SLUG, SPAN, choice
from makegood.engine.vocabulary.duration import Days, Duration


class LateEvidence(StrEnum):
    """What evidence does that arrives after a period was closed."""

    ADJUST_NEXT = "adjust_next"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """When a period is closed, and what comes after."""

    after: Duration | Days = clause(SPAN, "How long after its end a period is closed.", default=Days(5, business=True))
    calendar: str = clause(
        SLUG, "The calendar of business days; without it Monday to Friday in the agreement's zone.", default=""
    )
    late_evidence: LateEvidence = clause(
        choice(LateEvidence),
        "Evidence after closing restates the period by an adjusting line in the open one.",
        default=LateEvidence.ADJUST_NEXT,
    )
    dispute_within: Duration | Days = clause(
        SPAN, "How long after closing a verdict can be disputed.", default=Days(30, business=False)
    )
    final: Final = clause(Form(Final), "When a credit is final, and against whom.", default=Final())
