"""Claims: where a credit has to be asked for, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from makegood.engine.agreement.grammar import ListOf, clause, exactly_one
from makegood.engine.agreement.measures.parts import Sentence
from makegood.engine.agreement.shapes import SLUG, SPAN, choice, whole
from makegood.engine.vocabulary.duration import Days, Duration


class AtDeadline(StrEnum):
    """What a claim is that comes exactly at the deadline."""

    LATE = "late"
    IN_TIME = "in_time"


AT_DEADLINE = {
    AtDeadline.LATE: "What comes exactly at a deadline is late.",
    AtDeadline.IN_TIME: "What comes exactly at a deadline is in time.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """A missed outcome is credited only if the customer claims it in time."""

    rules: ClassVar = (exactly_one("end_of_cycle", "after_period", "after_incident", "after_ticket"),)

    end_of_cycle: int | None = clause(
        whole(1, 60), "By the end of so many billing periods after the one that was missed.", default=None
    )
    after_period: Duration | Days | None = clause(
        SPAN, "Or: so long after the end of the period that was missed.", default=None
    )
    after_incident: Duration | Days | None = clause(
        SPAN, "Or: so long after the last incident of the period began.", default=None
    )
    after_ticket: Duration | Days | None = clause(
        SPAN, "Or: so long after the last ticket of its incidents was closed.", default=None
    )
    ticket_within: Duration | Days | None = clause(
        SPAN, "How soon after an incident began a ticket must have been opened for it.", default=None
    )
    at_deadline: AtDeadline = clause(
        choice(AtDeadline), "What comes exactly at a deadline is `late`, or `in_time`.", default=AtDeadline.LATE
    )
    of: tuple[str, ...] = clause(
        ListOf(SLUG, or_one=True, least=1),
        "The outcomes whose credits have to be claimed; without it all that have a stake.",
        default=(),
    )
    case: str = clause(
        SLUG,
        "The kind of case that evidence calls a claim. The case is named after the period, or after period and outcome"
        " as in `2026-03/orders`, or has the labels `period` and `outcome`; or a statement of this name is about it.",
        default="claim",
    )
    ticket: str = clause(
        SLUG, "The kind of case that evidence calls a ticket; it has the name of its incident.", default="incident"
    )
    opened: str = clause(SLUG, "The state in which a ticket is opened.", default="opened")
    closed: str = clause(SLUG, "The state in which a ticket is closed.", default="closed")

    def sentences(self) -> Iterator[Sentence]:
        """Yield the rule and every reading as a sentence, with the terms that it speaks of."""
        what = f"of {', '.join(self.of)}" if self.of else "of every outcome"
        yield ("of", "case"), f"Credits {what} are paid only if the customer claims them in time."
        yield ("end_of_cycle", "after_period", "after_incident", "after_ticket"), f"A claim is due {self.deadline}."
        if self.ticket_within is not None:
            text = (
                f"For each incident a ticket must have been opened within {self.ticket_within.words} of its beginning."
            )
            yield ("ticket_within", "ticket", "opened", "closed"), text
        yield ("at_deadline",), AT_DEADLINE[self.at_deadline]

    @property
    def deadline(self) -> str:
        """Until when a claim is due, in words."""
        if self.end_of_cycle is not None:
            return f"by the end of billing period {self.end_of_cycle} after the one that was missed"
        ways = (
            (self.after_period, "after the end of the period that was missed"),
            (self.after_incident, "after the last incident of the period began"),
            (self.after_ticket, "after the last ticket of its incidents was closed"),
        )
        return next(f"{span.words} {words}" for span, words in ways if span is not None)
