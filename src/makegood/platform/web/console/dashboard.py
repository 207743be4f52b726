"""The provider's first page: what is at risk, what it costs, and what waits for somebody, the dearest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from makegood.platform import clock
from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.evidence.gaps.queries import gaps
from makegood.platform.evidence.intake.models import Dispute, Exclusion
from makegood.platform.evidence.intake.queries import disputes, exclusions
from makegood.platform.judging.periods.models import Period
from makegood.platform.judging.periods.queries import open_periods
from makegood.platform.judging.verdicts.queries import Endangered, endangered
from makegood.platform.money.claims.models import Claim
from makegood.platform.money.claims.queries import claims
from makegood.platform.money.settlement.queries import actions_lacking
from makegood.platform.review.governance.queries import actions, expiring
from makegood.platform.review.pictures.money import months_pictures
from makegood.platform.tenancy.viewer import Role, Site, Viewer
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.board import rows

A_PAGE: Final = 15
"""So many agreements at risk are on one page."""
MOST: Final = 8
"""So many of what waits are listed; the others are counted."""
_MONEY = (Role.OWNER, Role.SERVICE_MANAGER, Role.BILLING, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class Stake:
    """What the running periods of what was sold come to in one currency, in minor units."""

    currency: str
    at_risk: int
    credit: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Things of one kind that wait: the first of them, and how many there are."""

    shown: Sequence[Any]
    number: int

    @classmethod
    def of(cls, found: Sequence[Any]) -> Waiting:
        """Cut a list where the page does."""
        return cls(found[:MOST], len(found))

    @classmethod
    def among(cls, found: QuerySet[Any]) -> Waiting:
        """Read only as much as the page shows."""
        return cls(list(found[:MOST]), found.count())

    def __bool__(self) -> bool:
        return bool(self.shown)

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.number - len(self.shown)


@door(Site.CONSOLE)
def home(request: Request) -> HttpResponse:
    """Show what is at risk and what waits."""
    viewer, now = request.viewer, clock.now()
    every = contracts(viewer=viewer)
    running, money = _running(viewer, now), viewer.has(*_MONEY)
    page = Paginator(_at_risk(running, endangered(viewer=viewer, now=now)), A_PAGE).get_page(request.GET.get("page"))
    found = every.in_bulk(page.object_list)
    sold = frozenset(every.filter(provider=viewer.house).values_list("pk", flat=True)) if money else frozenset()
    seen = {
        "page": page,
        "rows": rows(viewer=viewer, now=now, of=[found[key] for key in page.object_list]),
        "number": every.count(),
        "running": len(running),
        "stakes": _stakes(running, sold),
        "money": money,
        "months": months_pictures(viewer=viewer, now=now) if money else [],
        **_waiting(viewer, now),
    }
    return render(request, "console/home.html", seen)


def _running(viewer: Viewer, now: datetime) -> dict[int, Period]:
    """Return the periods that run now, by contract."""
    found = open_periods(viewer=viewer).filter(starts_at__lte=now, ends_at__gt=now)
    return {each.contract_id: each for each in found.select_related(None)}


def _at_risk(running: dict[int, Period], found: dict[int, Endangered]) -> list[int]:
    """Return the contracts with promises that are missed or heading there, those that cost most first."""

    def cost(contract: int) -> tuple[int, ...]:
        period = running[contract]
        return -period.credit, -found[contract].missed, -period.at_risk, contract

    return sorted(found.keys() & running.keys(), key=cost)


def _stakes(running: dict[int, Period], sold: frozenset[int]) -> list[Stake]:
    """Return what is at stake for the house, by currency; what affiliates promised is not among it."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for each in running.values():
        if each.contract_id in sold:
            for at, amount in enumerate((each.at_risk, each.credit)):
                sums[each.currency][at] += amount
    return [Stake(currency, *found) for currency, found in sorted(sums.items())]


def _waiting(viewer: Viewer, now: datetime) -> dict[str, Waiting]:
    open_ = disputes(viewer=viewer).filter(state=Dispute.State.OPEN).prefetch_related(None)
    proposed = exclusions(viewer=viewer).filter(state=Exclusion.State.PROPOSED)
    ended = open_periods(viewer=viewer).filter(ends_at__lte=now)
    return {
        "gaps": Waiting.among(gaps(viewer=viewer)),
        "disputes": Waiting.among(open_.order_by("answer_by")),
        "exclusions": Waiting.among(proposed.order_by("starts_at")),
        "lacking": Waiting.of(actions_lacking(viewer=viewer, now=now)),
        "ended": Waiting.among(ended.order_by("closes_at", "contract__title")),
        "claims": Waiting.of(_claims(viewer, now) if viewer.has(*_MONEY) else []),
        "overdue": Waiting.among(actions(viewer=viewer).filter(done_at=None, due_date__lt=now.date())),
        "expiring": Waiting.of(expiring(viewer=viewer, now=now)),
    }


def _claims(viewer: Viewer, now: datetime) -> list[Claim]:
    """Return what can still be claimed, by the day until which it can."""
    found = [each for each in claims(viewer=viewer) if each.state == Claim.State.OPEN]
    last = datetime.max.replace(tzinfo=now.tzinfo)
    return sorted(found, key=lambda each: (each.claim_by or last, -each.amount))
