"""The service desk: how a case gets its priority, who hears of it when, and what the customer pays for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from makegood.engine.agreement.grammar import Form, ListOf, MapOf, clause
from makegood.engine.agreement.shapes import PERCENT, SLUG, SPAN, TITLE, choice
from makegood.engine.vocabulary.duration import Days, Duration
from makegood.engine.vocabulary.ratio import Ratio


class Level(StrEnum):
    """How much a case touches, or how soon it hurts."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


Matrix = dict[Level, dict[Level, str]]

FOUR_PRIORITIES: Matrix = {
    Level.HIGH: {Level.HIGH: "critical", Level.MEDIUM: "high", Level.LOW: "normal"},
    Level.MEDIUM: {Level.HIGH: "high", Level.MEDIUM: "normal", Level.LOW: "low"},
    Level.LOW: {Level.HIGH: "normal", Level.MEDIUM: "low", Level.LOW: "low"},
}
"""The house default: the first level is the impact, the second the urgency."""

KINDS = ("incident", "request", "outage")
"""Kinds of case that every service desk knows; kinds that are billable come on top."""

EARLIER_STATES = ("open", "hold-for-research", "hold-for-resolution", "fix-identified", "rfc-submitted")
"""States between response and resolution, from which every case moves on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEscalation:
    """Who hears of a case when a part of one of its limits is used up."""

    at: Ratio = clause(PERCENT, "The part of a limit, as in `75%`; `100%` is when it is over.")
    to: str = clause(TITLE, "Who hears of it, as in `service manager of the provider`.")


ESCALATION = (
    CaseEscalation(at=Ratio(1, 2), to="owner of the case"),
    CaseEscalation(at=Ratio(3, 4), to="service manager of the provider"),
    CaseEscalation(at=Ratio(9, 10), to="owner of the provider"),
    CaseEscalation(at=Ratio(1), to="executives of both sides"),
)
"""The house default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """How cases are handled."""

    priorities: Matrix = clause(
        MapOf(choice(Level), MapOf(choice(Level), SLUG)),
        "The priority of each impact and urgency, as in `{high: {high: critical, medium: high, low: normal}}`; without"
        " it four: `critical`, `high`, `normal`, `low`.",
        factory=dict,
    )
    updates: dict[str, Duration | Days] = clause(
        MapOf(SLUG, SPAN), "How often the customer hears how an open case stands, by priority.", factory=dict
    )
    updates_on: str = clause(SLUG, "The calendar on which updates are due; `always` is every second.", default="always")
    confirmed_after: Duration | Days = clause(
        SPAN,
        "A resolved case is closed when the customer confirms it, or has not rejected it for so long.",
        default=Days(5, business=True),
    )
    escalation: tuple[CaseEscalation, ...] = clause(
        ListOf(Form(CaseEscalation), least=1),
        "Who hears of a case when a part of one of its limits is used up; without it its owner at 50 %, the service"
        " manager of the provider at 75 %, the owner of the provider at 90 %, executives of both sides at 100 %.",
        default=(),
    )
    billable: tuple[str, ...] = clause(
        ListOf(SLUG, or_one=True),
        "Kinds of case that the fee does not cover: they are charged, and begin when the customer permits it.",
        default=(),
    )
    out_of_cover: tuple[str, ...] = clause(
        ListOf(SLUG, or_one=True), "Kinds of case that the provider hands back to the customer.", default=()
    )

    @property
    def matrix(self) -> Matrix:
        """The priorities as agreed, or those of the house."""
        return self.priorities or FOUR_PRIORITIES

    @property
    def given(self) -> tuple[str, ...]:
        """The priorities that cases get, from the most to the least pressing."""
        rank = [*Level]
        cells = [(rank.index(i) + rank.index(u), given) for i, row in self.matrix.items() for u, given in row.items()]
        return tuple(dict.fromkeys(given for _, given in sorted(cells, key=lambda each: each[0])))

    @property
    def levels(self) -> tuple[CaseEscalation, ...]:
        """The levels of escalation as agreed, or those of the house, from the smallest part on."""
        return tuple(sorted(self.escalation or ESCALATION, key=lambda each: each.at))
