"""Duties as they stand, what was unmet when a promise was missed, and what a miss did to the customer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from makegood.engine.agreement.roles import Duty
from makegood.engine.agreement.schedule import instant_of
from makegood.engine.agreement.versions import newest
from makegood.engine.vocabulary.times import zone
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import NotInForce, contracts, terms_of
from makegood.platform.judging.periods.models import Period
from makegood.platform.judging.verdicts.queries import sees_money
from makegood.platform.review.governance.models import DutyMark, Impact, Standing
from makegood.platform.tenancy.viewer import Viewer


@dataclass(frozen=True, slots=True)
class DutyState:
    """A duty of the terms with what was said of it, the latest last; ``overdue`` if it was due and nobody said so."""

    name: str
    duty: Duty
    marks: Sequence[DutyMark]
    overdue: bool

    @property
    def mark(self) -> DutyMark | None:
        """What counts."""
        return self.marks[-1] if self.marks else None

    @property
    def is_unmet(self) -> bool:
        return self.mark is not None and self.mark.standing == Standing.UNMET


@dataclass(frozen=True, slots=True)
class Unmet:
    """A stretch of a period in which a duty was unmet that an outcome depends on."""

    name: str
    text: str
    note: str
    starts_at: datetime
    ends_at: datetime


def today_of(*, contract: Contract, now: datetime) -> date:
    """Return which day it is on the clocks of an agreement; of one that was never active, in UTC."""
    try:
        terms = newest(terms_of(contract=contract)[1])
    except NotInForce:
        return now.date()
    return now.astimezone(zone(terms.term.timezone)).date()


def duties(*, viewer: Viewer, contract: Contract, now: datetime) -> list[DutyState]:
    """Return the duties of the customer by the newest terms, and how they stand."""
    if not contracts(viewer=viewer).filter(pk=contract.pk).exists():
        return []
    try:
        terms = newest(terms_of(contract=contract)[1])
    except NotInForce:
        return []
    today = today_of(contract=contract, now=now)
    marks = _marks(contract)
    return [
        DutyState(name, duty, marks.get(name, []), duty.due is not None and duty.due < today and name not in marks)
        for name, duty in terms.duties.items()
    ]


def unmet_in(*, viewer: Viewer, period: Period, outcome: str, now: datetime) -> list[Unmet]:
    """Return when in a period duties were unmet that an outcome depends on."""
    if not contracts(viewer=viewer).filter(pk=period.contract_id).exists():
        return []
    terms = newest(terms_of(contract=period.contract)[1])
    end = min(period.ends_at or now, now)
    marks = _marks(period.contract)
    found = []
    for name, duty in terms.duties.items():
        if not duty.carries(outcome):
            continue
        for since, until, note in _stretches(marks.get(name, [])):
            starts_at = max(period.starts_at, instant_of(terms, since).astimezone(UTC))
            ends_at = end if until is None else min(end, instant_of(terms, until).astimezone(UTC))
            if starts_at < ends_at:
                found.append(Unmet(name, duty.text, note, starts_at, ends_at))
    return found


def impact_of(*, viewer: Viewer, period: Period, outcome: str) -> Impact | None:
    """Return what a miss did to the customer, as it was said last; its money only for those who may see money."""
    seen = contracts(viewer=viewer).filter(pk=period.contract_id)
    found = Impact.objects.filter(period=period, period__contract__in=seen, outcome=outcome)
    return next(iter(_shown(found.select_related("entered_for", "period__contract").order_by("-id")[:1], viewer)), None)


def impacts(*, viewer: Viewer, contract: Contract) -> list[Impact]:
    """Return what misses did to the customer, each as it was said last, the latest first."""
    seen = contracts(viewer=viewer).filter(pk=contract.pk)
    found = Impact.objects.filter(period__contract__in=seen).select_related("entered_for", "period__contract")
    last = found.order_by("period_id", "outcome", "-id").distinct("period_id", "outcome")
    return sorted(_shown(last, viewer), key=lambda each: -each.pk)


def _shown(found: Iterable[Impact], viewer: Viewer) -> list[Impact]:
    shown = list(found)
    for each in shown:
        if not sees_money(viewer=viewer, contract=each.period.contract):
            each.amount = None
    return shown


def _marks(contract: Contract) -> dict[str, list[DutyMark]]:
    found: dict[str, list[DutyMark]] = {}
    for each in DutyMark.objects.filter(contract=contract).select_related("marked_by", "marked_for"):
        found.setdefault(each.duty, []).append(each)
    return found


def _stretches(marks: Sequence[DutyMark]) -> list[tuple[date, date | None, str]]:
    """Return since when and up to which day a duty was unmet; what was said later overrides from its own day on."""
    known: list[DutyMark] = []
    for each in marks:
        known = [before for before in known if before.since < each.since]
        known.append(each)
    return [
        (each.since, following.since if following is not None else None, each.note)
        for each, following in zip(known, [*known[1:], None], strict=False)
        if each.standing == Standing.UNMET
    ]
