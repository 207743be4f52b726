"""How agreements stand now: the first page of customers and affiliates, and the page of one agreement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render

from makegood.platform import clock
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import contracts, promises_of, versions
from makegood.platform.evidence.intake.models import Dispute, Exclusion
from makegood.platform.evidence.intake.queries import disputes, exclusions
from makegood.platform.judging.periods.models import Period
from makegood.platform.judging.periods.queries import open_periods
from makegood.platform.judging.verdicts.models import Verdict
from makegood.platform.judging.verdicts.queries import Burn, burn_and_forecast, running_verdicts, sees_money
from makegood.platform.tenancy.viewer import Viewer
from makegood.platform.web.doors import Request
from makegood.platform.web.parts.found import contract_of


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise of an agreement: its latest verdict in the running period, and where it is heading."""

    verdict: Verdict
    words: str
    burn: Burn | None

    @property
    def missed(self) -> bool:
        """Whether it is missed as it looks now."""
        return self.verdict.ruling == Verdict.Ruling.MISSED

    @property
    def at_risk(self) -> bool:
        """Whether it is missed, or in danger of it."""
        met = self.verdict.ruling == Verdict.Ruling.MET
        return self.missed or (met and self.burn is not None and self.burn.nearly_used)


@dataclass(frozen=True, slots=True)
class Row:
    """An agreement with its running period; ``waiting`` are periods that have ended and are not closed."""

    contract: Contract
    period: Period | None
    promises: Sequence[Promise] = ()
    waiting: Sequence[Period] = ()
    money: bool = False

    @property
    def at_risk(self) -> Sequence[Promise]:
        """The promises that are missed, or in danger of it."""
        return [each for each in self.promises if each.at_risk]


@dataclass(frozen=True, slots=True)
class Board:
    """Everything that the first page of customers and affiliates shows."""

    rows: Sequence[Row]
    disputes: Sequence[Dispute]
    exclusions: Sequence[Exclusion]
    credit: dict[str, int] = field(default_factory=dict)
    at_risk: dict[str, int] = field(default_factory=dict)


def rows(*, viewer: Viewer, now: datetime, of: Sequence[Contract]) -> list[Row]:
    """Return how some agreements stand, in their order; however many they are, the same queries are asked."""
    keys = [each.pk for each in of]
    opened: dict[int, list[Period]] = defaultdict(list)
    for period in open_periods(viewer=viewer).filter(contract__in=keys):
        opened[period.contract_id].append(period)
    verdicts: dict[int, list[Verdict]] = defaultdict(list)
    for verdict in running_verdicts(viewer=viewer, now=now, among=keys):
        verdicts[verdict.period_id].append(verdict)
    words = promises_of(contracts=of)
    return [_row(each, opened[each.pk], verdicts, words.get(each.pk, {}), viewer, now) for each in of]


def board(*, viewer: Viewer, now: datetime) -> Board:
    """Return how the agreements of a viewer stand, those at risk first."""
    found = rows(viewer=viewer, now=now, of=list(contracts(viewer=viewer)))
    credit: dict[str, int] = defaultdict(int)
    at_risk: dict[str, int] = defaultdict(int)
    for row in found:
        if row.money and row.period is not None:
            credit[row.period.currency] += row.period.credit
            at_risk[row.period.currency] += row.period.at_risk
    return Board(
        sorted(found, key=lambda row: (-len(row.at_risk), row.contract.title)),
        list(disputes(viewer=viewer).filter(state=Dispute.State.OPEN)),
        list(exclusions(viewer=viewer).filter(state=Exclusion.State.PROPOSED)),
        dict(credit),
        dict(at_risk),
    )


def home(request: Request) -> HttpResponse:
    """Show the first page of customers and affiliates."""
    return render(request, "parts/home.html", {"board": board(viewer=request.viewer, now=clock.now())})


def agreement(request: Request, slug: str) -> HttpResponse:
    """Show how an agreement stands: its promises in the running period first, then its versions and who is involved."""
    viewer = request.viewer
    contract = contract_of(request, slug)
    [row] = rows(viewer=viewer, now=clock.now(), of=[contract])
    seen = {"contract": contract, "row": row, "versions": versions(viewer=viewer, contract=contract)}
    return render(request, "parts/agreement.html", seen)


def _row(
    contract: Contract,
    periods: Sequence[Period],
    verdicts: dict[int, list[Verdict]],
    words: dict[str, str],
    viewer: Viewer,
    now: datetime,
) -> Row:
    running = next(
        (each for each in periods if each.ends_at is not None and each.starts_at <= now < each.ends_at), None
    )
    waiting = [each for each in periods if each.ends_at is not None and each.ends_at <= now]
    money = sees_money(viewer=viewer, contract=contract)
    if running is None:
        return Row(contract, None, (), waiting, money)
    promises = [
        Promise(each, words.get(each.outcome, ""), burn_and_forecast(verdict=each, now=now))
        for each in verdicts[running.pk]
    ]
    return Row(contract, running, promises, waiting, money)
