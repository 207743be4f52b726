"""Reports: when the report on an outcome is due, and what a late one makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from makegood.engine.agreement.grammar import clause
from makegood.engine.agreement.shapes import SLUG, SPAN, choice
from makegood.engine.vocabulary.duration import Days, Duration


class Undelivered(StrEnum):
    """What a period is whose report was never recorded as delivered."""

    AS_MEASURED = "as_measured"
    MISSED = "missed"


UNDELIVERED = {
    Undelivered.AS_MEASURED: "if no delivery is recorded, the outcome is judged as it was measured",
    Undelivered.MISSED: "if no delivery is recorded, the outcome is missed too",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDue:
    """The report on an outcome: delivered late, the outcome counts as missed in the period."""

    due: Duration | Days = clause(SPAN, "How long after the end of a period its report is due.")
    of: str = clause(SLUG, "The kind of case that evidence calls it; the case is the period's label.", default="report")
    undelivered: Undelivered = clause(
        choice(Undelivered), "What a period without any delivery is.", default=Undelivered.AS_MEASURED
    )

    @property
    def words(self) -> str:
        """The term in a sentence."""
        return (
            f"The report of a period is due {self.due.words} after its end. If it is delivered later, the outcome is"
            f" missed in that period, whatever was measured; {UNDELIVERED[self.undelivered]}."
        )
