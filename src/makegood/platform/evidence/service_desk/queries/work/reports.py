"""What the work of the desk comes to: how many cases, how fast, how many are left, and how much time they took."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Aggregate, Count, F, IntegerField, Q, QuerySet

from makegood.engine.agreement.measures.within import Within
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.service_desk.models import Case, Clock, Opinion, State, Step
from makegood.platform.evidence.service_desk.queries.seen import cases
from makegood.platform.evidence.service_desk.queries.terms import terms_of_digest
from makegood.platform.evidence.service_desk.queries.work.hours import minutes_by_payer
from makegood.platform.tenancy.viewer import Viewer

MONTHS: Final = 12
"""The trend goes back so many months."""
_RESPONDED: Final = "responded"
_RESOLVED: Final = "resolved"


class Ranked(Aggregate):
    """The value below which, or at which, a part of all values lies: one that occurs, none in between."""

    function = "percentile_disc"
    template = "%(function)s(%(part)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = IntegerField()


@dataclass(frozen=True, slots=True)
class Times:
    """How long something took in open time, in seconds: of ``number`` cases the median and the 90th percentile."""

    number: int = 0
    median: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int = 0
    of: int = 0

    @property
    def percent(self) -> int | None:
        """The share as whole percent, half ones up; of nothing there is none."""
        return (200 * self.part + self.of) // (2 * self.of) if self.of else None


@dataclass(frozen=True, slots=True)
class Month:
    """The cases of a month: opened, resolved and closed in it, and open at its end."""

    first_day: date
    opened: int
    resolved: int
    closed: int
    backlog: int

    @property
    def label(self) -> str:
        """The month as in ``2026-03``."""
        return f"{self.first_day:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Work:
    """What the work in some stretch comes to; ``minutes`` are worked, by what pays for them."""

    opened: int
    by_kind: dict[str, int]
    by_service: dict[str, int]
    by_customer: dict[str, int]
    response: Times
    resolution: Times
    first_contact: Share
    reopened: Share
    minutes: dict[str, int]
    points: dict[int, int] = field(default_factory=dict)


def counted_cases(*, viewer: Viewer, customer: int | None = None, service: str = "") -> QuerySet[Case]:
    """Return the cases that are counted: those that the house looks after, of a customer and a service or of all."""
    found = cases(viewer=viewer).select_related(None).order_by().filter(provider=viewer.house)
    if customer is not None:
        found = found.filter(customer=customer)
    return found.filter(service=service) if service else found


def cases_of_contract(*, contract: Contract) -> QuerySet[Case]:
    """Return the cases that were opened by a contract; whoever calls sees it."""
    return Case.objects.filter(contract=contract).order_by()


def work_between(*, found: QuerySet[Case], since: datetime, until: datetime) -> Work:
    """Return what the work between two instants comes to, of cases that a viewer sees.

    Opened are those opened then; times, first contact and re-opening are of those resolved then. Resolved with the
    first response is first contact.
    """
    opened = found.filter(opened_at__gte=since, opened_at__lt=until)
    resolved = found.filter(resolved_at__gte=since, resolved_at__lt=until)
    many = resolved.aggregate(
        of=Count("pk"),
        first=Count("pk", filter=Q(resolved_at=F("responded_at"), reopened=0)),
        again=Count("pk", filter=Q(reopened__gt=0)),
    )
    return Work(
        opened=opened.count(),
        by_kind=_by(opened, "kind"),
        by_service=_by(opened, "service"),
        by_customer=_by(opened, "customer__name"),
        response=_times(resolved, _RESPONDED),
        resolution=_times(resolved, _RESOLVED),
        first_contact=Share(many["first"], many["of"]),
        reopened=Share(many["again"], many["of"]),
        minutes=minutes_by_payer(cases=found, since=since, until=until),
        points=_points(found, since, until),
    )


def trend(*, found: QuerySet[Case], upto: date, zone: str, months: int = MONTHS) -> list[Month]:
    """Return the months up to that of a day, the oldest first, by the clocks of a zone."""
    return [_month(found, first, zone) for first in _months(upto, months)]


def month_of(*, day: date, zone: str) -> tuple[datetime, datetime]:
    """Return when the month of a day begins and ends."""
    first = day.replace(day=1)
    return _midnight(first, zone), _midnight(_next(first), zone)


def _months(upto: date, months: int) -> Iterator[date]:
    whole = upto.year * 12 + upto.month - 1
    return (date(each // 12, each % 12 + 1, 1) for each in range(whole - months + 1, whole + 1))


def _month(found: QuerySet[Case], first: date, zone: str) -> Month:
    since, until = month_of(day=first, zone=zone)
    many = found.aggregate(
        opened=Count("pk", filter=Q(opened_at__gte=since, opened_at__lt=until)),
        resolved=Count("pk", filter=Q(resolved_at__gte=since, resolved_at__lt=until)),
        closed=Count("pk", filter=Q(closed_at__gte=since, closed_at__lt=until)),
    )
    return Month(first, many["opened"], many["resolved"], many["closed"], backlog_at(found=found, at=until))


def backlog_at(*, found: QuerySet[Case], at: datetime) -> int:
    """Return how many cases were open at an instant; of those opened again their steps say whether they were."""
    known = found.filter(opened_at__lt=at)
    once = known.filter(reopened=0).filter(Q(closed_at=None) | Q(closed_at__gte=at)).count()
    steps = Step.objects.filter(case__in=known.filter(reopened__gt=0), number__gt=F("case__steps_replaced"), at__lt=at)
    last = steps.order_by("case_id", "-number").distinct("case_id").values_list("state", flat=True)
    return once + sum(state != State.CLOSED for state in last)


def _by(found: QuerySet[Case], name: str) -> dict[str, int]:
    counted = found.values_list(name).annotate(many=Count("pk")).order_by("-many", name)
    return dict(counted)


def _times(resolved: QuerySet[Case], to: str) -> Times:
    """Return how long it took until cases entered a state, by the clocks of outcomes that count until then."""
    of = Clock.objects.filter(case__in=resolved, step="", done_at__isnull=False).order_by()
    which: Q = Q(pk=None)
    for digest, outcome in of.values_list("case__version__digest", "outcome").distinct():
        measure = terms_of_digest(digest).outcomes[outcome].measure
        if isinstance(measure, Within) and measure.clock.to == to:
            which |= Q(case__version__digest=digest, outcome=outcome)
    found: dict[str, Any] = of.filter(which).aggregate(
        number=Count("case", distinct=True), median=Ranked("elapsed", part="0.5"), most=Ranked("elapsed", part="0.9")
    )
    return Times(**found)


def _points(found: QuerySet[Case], since: datetime, until: datetime) -> dict[int, int]:
    given = Opinion.objects.filter(case__in=found, answered_at__gte=since, answered_at__lt=until).order_by()
    return dict(given.values_list("score").annotate(many=Count("pk")).order_by("score"))


def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))


def _next(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
