"""Governance: how the parties meet and decide, and what may be opened again before the term ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from makegood.engine.agreement.grammar import Form, ListOf, MapOf, clause
from makegood.engine.agreement.shapes import AMOUNT, DATE, SPAN, TEXT, TITLE, choice, whole
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.duration import Days, Duration


class MeetingKind(StrEnum):
    """What the parties meet for."""

    PLANNING = "planning"
    GOVERNANCE = "governance"
    REVIEW = "review"


class Rhythm(StrEnum):
    """How often something comes round."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"

    @property
    def months(self) -> int:
        return _MONTHS[self]

    @property
    def words(self) -> str:
        return f"every {self.replace('_', ' ')}"


_MONTHS = {Rhythm.MONTH: 1, Rhythm.QUARTER: 3, Rhythm.HALF_YEAR: 6, Rhythm.YEAR: 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingTerm:
    """A meeting that comes round."""

    every: Rhythm = clause(choice(Rhythm), "How often it is held; stretches are counted from the first day.")
    business_day: int = clause(whole(1, 20), "On which business day after the end of a stretch it is held.", default=10)
    attended_by: tuple[str, ...] = clause(
        ListOf(TITLE, or_one=True, least=1), "Who attends, as in `sponsor of the customer`.", default=()
    )
    agenda: tuple[str, ...] = clause(
        ListOf(TITLE, or_one=True, least=1), "What is always spoken of, besides what happened.", default=()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """Who is asked when something stays unresolved."""

    after: Duration | Days = clause(SPAN, "How long it was unresolved.")
    to: str = clause(TITLE, "Who decides from then on.")


ESCALATION = (
    Escalation(after=Days(14, business=False), to="service manager of the provider"),
    Escalation(after=Days(30, business=False), to="owner of the provider and manager of the customer"),
    Escalation(after=Days(60, business=False), to="sponsors of both sides"),
)
"""The house default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Governance:
    """How the parties meet, when they review the terms, and to whom what stays unresolved goes."""

    meetings: dict[MeetingKind, MeetingTerm] = clause(
        MapOf(choice(MeetingKind), Form(MeetingTerm)),
        "The meetings: `planning`, `governance` and `review`, each with its rhythm.",
        factory=dict,
    )
    terms_reviewed: Rhythm = clause(
        choice(Rhythm), "How often the parties ask whether the terms still fit.", default=Rhythm.YEAR
    )
    escalation: tuple[Escalation, ...] = clause(
        ListOf(Form(Escalation), least=1),
        "Who is asked when something stays unresolved, step by step; without it after 14 days the service manager of"
        " the provider, after 30 its owner and the manager of the customer, after 60 the sponsors of both sides.",
        default=(),
    )

    @property
    def steps(self) -> tuple[Escalation, ...]:
        """The steps of escalation as agreed, or those of the house."""
        return self.escalation or ESCALATION


_MOST_UNITS = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeBand:
    """How many of something the fee is for, and how far it follows their number, up and down."""

    unit: str = clause(TITLE, "What is counted, as in `seat` or `device`.")
    agreed: int = clause(whole(0, _MOST_UNITS), "How many the monthly fee is for.")
    least: int = clause(whole(0, _MOST_UNITS), "Down to how many the fee follows; with fewer it is agreed anew.")
    most: int = clause(whole(1, _MOST_UNITS), "Up to how many the fee follows; with more it is agreed anew.")
    each: Amount = clause(AMOUNT, "By how much the monthly fee changes with each one more or fewer.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """Something that a party may ask to change before the term ends."""

    text: str = clause(TEXT, "What may be changed, and how far.")
    on: date | None = clause(DATE, "The day on which it may be opened again; without it any.", default=None)
    notice: Duration | Days | None = clause(SPAN, "How long before it is asked for.", default=None)
    volume: VolumeBand | None = clause(
        Form(VolumeBand), "The band in which a number may change, and with it the fee.", default=None
    )
