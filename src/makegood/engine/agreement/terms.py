"""The terms of an agreement: one dataclass a form of ``makegood/1``, from the whole down to a tier.

These classes are the grammar. What they say is what the parser accepts, what the JSON Schema describes, what the
reference page lists and what the prose is written from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import ClassVar

from makegood.engine.agreement.amendment import Amendment
from makegood.engine.agreement.calendars import CalendarTerm
from makegood.engine.agreement.claims import Claims
from makegood.engine.agreement.closing import Closing
from makegood.engine.agreement.desk import Desk
from makegood.engine.agreement.exit_terms import Exit
from makegood.engine.agreement.governance import Governance, Lever
from makegood.engine.agreement.grammar import Form, ListOf, MapOf, ScalarOr, clause, exactly_one
from makegood.engine.agreement.hours import Hours
from makegood.engine.agreement.incentives import INCENTIVE, Bonus, Incentive
from makegood.engine.agreement.liability import Insurance, Liability
from makegood.engine.agreement.measures.kinds import MEASURE
from makegood.engine.agreement.measures.parts import Measure
from makegood.engine.agreement.moments import MOMENT, WALL
from makegood.engine.agreement.precision import Precision
from makegood.engine.agreement.reports import ReportDue
from makegood.engine.agreement.roles import Duty, Roles
from makegood.engine.agreement.scope import Scope
from makegood.engine.agreement.sequences.kinds import SEQUENCE
from makegood.engine.agreement.sequences.parts import Sequence
from makegood.engine.agreement.shapes import (
    AMOUNT,
    DATE,
    DECIMAL,
    FLAG,
    PERCENT,
    SHARE,
    SHARE_OF,
    SLUG,
    TARGET,
    TEXT,
    TITLE,
    ZONE,
    Base,
    ShareOf,
    Target,
    choice,
    whole,
)
from makegood.engine.agreement.stakes import Stake
from makegood.engine.agreement.termination import Termination
from makegood.engine.agreement.value_shares import ValueShare
from makegood.engine.agreement.words import CURRENCY
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.period import Every
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.rounding import Rounding


class Kind(StrEnum):
    """What sort of relationship the agreement is."""

    LICENCE = "licence"
    TIME_AND_MATERIALS = "time-and-materials"
    MANAGED_SERVICE = "managed-service"
    MANAGED_OUTCOME = "managed-outcome"
    PARTNERSHIP = "partnership"
    UNDERPINNING = "underpinning"


class PartialPeriod(StrEnum):
    """What the fee of a period is that lies only partly inside the term."""

    ACTUAL_DAYS = "actual_days"
    ACTUAL_SECONDS = "actual_seconds"
    THIRTY = "thirty"
    FULL = "full"


class PerIncident(StrEnum):
    """What one incident costs that made several outcomes miss."""

    HIGHEST = "highest"
    SUM = "sum"
    CUSTOMER_CHOICE = "customer_choice"


class TooFew(StrEnum):
    """The ruling when fewer cases happened than a percentage needs."""

    UNDECIDED = "undecided"
    MET = "met"


class CapPer(StrEnum):
    """The stretch over which a cap limits credits."""

    PERIOD = "period"
    TWELVE_MONTHS = "12 months"
    CONTRACT_YEAR = "contract_year"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An organisation that is party to the agreement."""

    id: str = clause(SLUG, "Its identifier.")
    name: str = clause(TITLE, "Its name, as documents print it.", default="")

    @property
    def shown(self) -> str:
        return self.name or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliesOn:
    """An affiliate behind the provider."""

    affiliate: str = clause(SLUG, "The organisation that the provider relies on.")
    agreement: str = clause(SLUG, "The underpinning agreement with it.", default="")
    outcomes: dict[str, str] = clause(
        MapOf(SLUG, SLUG),
        "Which of its outcomes carries which of ours, as in `{uptime: hosting-uptime}`; without it those of the same"
        " name, or else of the same measure of the same subject.",
        factory=dict,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Who promises, and to whom."""

    provider: Organisation = clause(ScalarOr(SLUG, Form(Organisation)), "Who owes the outcomes.")
    customer: Organisation = clause(ScalarOr(SLUG, Form(Organisation)), "Who is owed them.")
    relies_on: tuple[ReliesOn, ...] = clause(
        ListOf(Form(ReliesOn)), "Affiliates whose work the provider relies on.", default=()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodTerm:
    """The stretch over which outcomes are judged and money is settled."""

    every: Every = clause(choice(Every), "The length of a period.", default=Every.MONTH)
    starts_on: int = clause(
        whole(1, 31), "The day on which it starts: of the month, or of the week from Monday = 1.", default=1
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TermOfAgreement:
    """How long the agreement runs, and whose clock cuts its periods."""

    rules: ClassVar = (exactly_one("until", "months"),)

    from_: date = clause(DATE, "The first day.", key="from")
    until: date | None = clause(DATE, "The day after the last; or write `months`.", default=None)
    months: int | None = clause(whole(1, 600), "How many months it runs; or write `until`.", default=None)
    timezone: str = clause(ZONE, "The zone in which days, periods and calendars are cut.")
    period: PeriodTerm = clause(Form(PeriodTerm), "The period of judging and settlement.", default=PeriodTerm())
    starts_at: time | None = clause(
        WALL, "When on its first day the term begins, on the clocks of its zone; without it at midnight.", default=None
    )
    ends_at: time | None = clause(
        WALL, "When on its last day the term ends; without it at the midnight after.", default=None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AtRisk:
    """The amount that all weighted stakes of a period share."""

    percent: Ratio = clause(PERCENT, "The share of the fee that is at risk.")
    of: Base = clause(choice(Base), "The fee that it is a share of.", default=Base.MONTHLY_FEE)
    pool: Ratio = clause(
        SHARE,
        "What all weights together may come to, as in `250%`; the credits never come to more than the amount at risk.",
        default=Ratio(1),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """Currency, rounding and the amount at risk."""

    currency: str = clause(CURRENCY, "ISO 4217 code of every amount in the agreement.")
    rounding: Rounding = clause(choice(Rounding), "How an exact amount becomes cents.", default=Rounding.HALF_UP)
    decimals: int | None = clause(
        whole(0, 4), "To how many decimals a credit is rounded; without it to those of the currency.", default=None
    )
    at_risk: AtRisk | None = clause(Form(AtRisk), "The amount that weighted stakes share.", default=None)
    partial_period: PartialPeriod = clause(
        choice(PartialPeriod),
        "The fee of a first or last period that is not whole: by its days of the period's days (`actual_days`), by"
        " seconds (`actual_seconds`), by thirtieths (`thirty`), or undivided (`full`).",
        default=PartialPeriod.ACTUAL_DAYS,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """What a service costs."""

    monthly: Ratio = clause(DECIMAL, "The fee for a month, in the agreement's currency.")
    items: dict[str, Ratio] = clause(
        MapOf(SLUG, DECIMAL), "What of it falls on single items, as on devices, by their names.", factory=dict
    )
    per_item: Ratio | None = clause(DECIMAL, "What of it falls on each item that is not named.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One part of a service."""

    id: str = clause(SLUG, "The subject that evidence names.")
    since: date | None = clause(MOMENT, "It counts from this day or instant on; without it always.", default=None)


COMPONENTS = ListOf(ScalarOr(SLUG, Form(Component)), least=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeOf:
    """How the state of a service follows from its parts."""

    rules: ClassVar = (exactly_one("all_of", "any_of", "each", "weights"),)

    all_of: tuple[Component, ...] = clause(COMPONENTS, "Down when any of them is down.", default=())
    any_of: tuple[Component, ...] = clause(COMPONENTS, "Down only when all of them are down.", default=())
    each: tuple[Component, ...] = clause(
        COMPONENTS, "Counted by component seconds: each one's time is agreed time.", default=()
    )
    weights: dict[str, Ratio] = clause(
        MapOf(SLUG, SHARE, least=1),
        "The share of the service that each part carries; they add up to 100 %.",
        factory=dict,
    )
    at_least: int | None = clause(
        whole(1, 10**6), "With `any_of`: so many of them have to be up; without it one.", default=None
    )

    @property
    def parts(self) -> tuple[Component, ...]:
        """All parts, however they make the service."""
        return (*self.all_of, *self.any_of, *self.each, *(Component(id=name) for name in self.weights))


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What the customer pays for."""

    title: str = clause(TITLE, "Its name, as documents print it.")
    fee: Fee | None = clause(Form(Fee), "What it costs.", default=None)
    critical: bool = clause(
        FLAG, "The customer's business stands still without it; money belongs only on such services.", default=False
    )
    made_of: MadeOf | None = clause(Form(MadeOf), "Its parts.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class LowVolume:
    """What a thin period yields."""

    rules: ClassVar = (exactly_one("allowed_misses", "gives"),)

    below: int = clause(whole(1, 10**9), "Fewer cases than this are too few for a percentage.")
    allowed_misses: int | None = clause(
        whole(0, 10**9), "Then the outcome is met with at most so many misses.", default=None
    )
    gives: TooFew | None = clause(choice(TooFew), "Or the ruling that is given then.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One promise: its words, its measure, its target and its money."""

    promise: str = clause(TEXT, "The promise in words that the customer would use.")
    measure: Measure = clause(MEASURE, "How it is measured.")
    target: Target = clause(TARGET, "The level that separates met from missed.")
    headline: bool = clause(FLAG, "One of the at most five outcomes that the relationship is about.", default=True)
    service: str = clause(SLUG, "The service it belongs to, if there are several.", default="")
    critical: bool | None = clause(
        FLAG, "Whether the customer's business depends on it; without it what its service says.", default=None
    )
    precision: Precision | None = clause(
        Form(Precision), "How its value is rounded before it is compared; without it not at all.", default=None
    )
    low_volume: LowVolume | None = clause(Form(LowVolume), "What a thin period yields.", default=None)
    report: ReportDue | None = clause(Form(ReportDue), "When its report is due; a late one is a miss.", default=None)
    stake: Stake | None = clause(Form(Stake), "The money on it; without it a supporting figure.", default=None)
    bonus: Bonus | None = clause(Form(Bonus), "What the provider earns for doing better.", default=None)
    roles: Roles | None = clause(Form(Roles), "Who does what for it.", default=None)
    milestones: dict[str, date] = clause(
        MapOf(SLUG, DATE), "Days by which something is to be reached on the way to it, by name.", factory=dict
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtForward:
    """What was charged and credited in the stretch of a cap before the first period of the term."""

    fees: Amount | None = clause(AMOUNT, "The fees charged then.", default=None)
    credits: Amount | None = clause(AMOUNT, "The credits booked then.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """A limit on credits."""

    per: CapPer = clause(choice(CapPer), "The stretch over which it limits, up to and with the present period.")
    at: ShareOf | Amount = clause(
        SHARE_OF, "The limit, as in `25% of monthly_fee`, or `10% of fees`: of those of the stretch so far."
    )
    brought_forward: BroughtForward | None = clause(
        Form(BroughtForward), "What counts from before the term, if the agreement was taken over.", default=None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumCredit:
    """Sums that are too small to be worth a credit note."""

    rules: ClassVar = (exactly_one("more_than", "at_least"),)

    more_than: Amount | None = clause(AMOUNT, "A period's credits are paid only if greater than this.", default=None)
    at_least: Amount | None = clause(AMOUNT, "A period's credits are paid only from this on.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The whole agreement; the one source of its terms."""

    makegood: str = clause(TEXT, "The language of the document: `agreement/1`.")
    agreement: str = clause(SLUG, "Its identifier.")
    title: str = clause(TITLE, "Its title.")
    parties: Parties = clause(Form(Parties), "Who promises, and to whom.")
    term: TermOfAgreement = clause(Form(TermOfAgreement), "How long it runs.")
    money: Money = clause(Form(Money), "Currency, rounding and the amount at risk.")
    services: dict[str, Service] = clause(MapOf(SLUG, Form(Service), least=1), "What the customer pays for.")
    outcomes: dict[str, Outcome] = clause(MapOf(SLUG, Form(Outcome), least=1), "What is promised.")
    kind: Kind = clause(choice(Kind), "What sort of relationship it is.", default=Kind.MANAGED_OUTCOME)
    calendars: dict[str, CalendarTerm] = clause(MapOf(SLUG, Form(CalendarTerm)), "Service hours.", factory=dict)
    per_incident: PerIncident = clause(
        choice(PerIncident),
        "What an incident costs that made several outcomes miss: only the `highest` credit, the `sum`, or the one that"
        " the customer chose (`customer_choice`; the highest as long as nothing was chosen).",
        default=PerIncident.HIGHEST,
    )
    sequences: dict[str, Sequence] = clause(
        MapOf(SLUG, SEQUENCE),
        "What remembers earlier periods, by name: repeats, points, earn-back, targets.",
        factory=dict,
    )
    incentives: dict[str, Incentive] = clause(
        MapOf(SLUG, INCENTIVE),
        "What the provider earns, by name: for getting better, for what was gained, for a result.",
        factory=dict,
    )
    claims: Claims | None = clause(Form(Claims), "What has to be claimed, and until when.", default=None)
    caps: tuple[Cap, ...] = clause(ListOf(Form(Cap)), "Limits on credits.", default=())
    minimum_credit: MinimumCredit | None = clause(Form(MinimumCredit), "Sums too small to pay.", default=None)
    termination: Termination | None = clause(Form(Termination), "What leaving early costs.", default=None)
    closing: Closing = clause(Form(Closing), "When a period is closed, and what comes after.", default=Closing())
    amendment: Amendment | None = clause(Form(Amendment), "Which text it amends, if not the first.", default=None)
    value_shares: dict[str, ValueShare] = clause(
        MapOf(SLUG, Form(ValueShare)), "Values that members of a service share, by name.", factory=dict
    )
    duties: dict[str, Duty] = clause(
        MapOf(SLUG, Form(Duty)), "What the customer has to do so that outcomes can be reached, by name.", factory=dict
    )
    scope: Scope | None = clause(Form(Scope), "What is in and out of it; where, when and how.", default=None)
    governance: Governance | None = clause(Form(Governance), "How the parties meet and decide.", default=None)
    levers: dict[str, Lever] = clause(
        MapOf(SLUG, Form(Lever)), "What may be opened again before the term ends, by name.", factory=dict
    )
    exit: Exit | None = clause(Form(Exit), "How the parties part.", default=None)
    liability: Liability | None = clause(Form(Liability), "What the provider is liable for at most.", default=None)
    insurance: dict[str, Insurance] = clause(
        MapOf(SLUG, Form(Insurance)), "Insurances that are kept during the term, by name.", factory=dict
    )
    desk: Desk | None = clause(Form(Desk), "How cases are handled.", default=None)
    hours: Hours | None = clause(Form(Hours), "The hours that the fee includes.", default=None)
    versions: tuple[Agreement, ...] = field(default=(), compare=False, repr=False)  # not a clause: see versions.py
    written: frozenset[str] = field(default=frozenset(), compare=False, repr=False)  # not a clause: the reader fills it
