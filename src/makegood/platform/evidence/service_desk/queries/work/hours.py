"""Time that was worked, and what of it the fee includes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db.models import QuerySet, Sum

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.money.hours import HoursKind, IncludedHours, included_hours
from makegood.engine.money.hours import TimeEntry as Worked
from makegood.engine.vocabulary.duration import Duration
from makegood.engine.vocabulary.period import Period
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.service_desk.models import Case, TimeEntry

_KINDS: Final = {TimeEntry.Pays.SUPPORT: HoursKind.SUPPORT, TimeEntry.Pays.FLEX: HoursKind.FLEX}


def standing_times(*, cases: QuerySet[Case]) -> QuerySet[TimeEntry]:
    """Return the time entries of cases that were not taken back."""
    return TimeEntry.objects.filter(case__in=cases.order_by(), takes_back=None, taken_back=None)


def hours_used(
    *, contract: Contract, terms: Agreement, period: Period, more: Iterable[TimeEntry] = ()
) -> IncludedHours:
    """Return what of the work in a period the fee includes, by all the time that was entered in the term so far.

    ``more`` is time that is not entered yet. Whoever calls sees the contract.
    """
    entered = standing_times(cases=Case.objects.filter(contract=contract)).filter(pays__in=_KINDS)
    known = [_worked(each) for each in (*entered, *more) if each.pays in _KINDS]
    return included_hours(terms, period, known)


def period_at(*, terms: Agreement, at: datetime) -> Period | None:
    """Return the period of an agreement that an instant belongs to."""
    return next((each for each in periods_of(terms) if each.interval.contains(at)), None)


def minutes_by_payer(
    *, cases: QuerySet[Case], since: datetime | None = None, until: datetime | None = None
) -> dict[str, int]:
    """Return how many minutes were worked on cases, at any time or between two instants, by what pays for them."""
    found = standing_times(cases=cases).order_by()
    if since is not None and until is not None:
        found = found.filter(worked_at__gte=since, worked_at__lt=until)
    return dict(found.values_list("pays").annotate(whole=Sum("minutes")).order_by("pays"))


def _worked(entry: TimeEntry) -> Worked:
    return Worked(
        entry.worked_at, Duration(entry.minutes * 60), _KINDS[TimeEntry.Pays(entry.pays)], str(entry.pk or "")
    )
