"""A case is something else than it was taken for."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from makegood.platform.agreement.contracts.queries import terms_of
from makegood.platform.evidence.intake.queries import disputable_until, is_disputed
from makegood.platform.evidence.service_desk.models import (
    SOURCE,
    Case,
    Coverage,
    Permission,
    Reclassification,
    State,
)
from makegood.platform.evidence.service_desk.operations.opening import coverage_of, unknown_kind
from makegood.platform.evidence.service_desk.operations.sides import UnableToServe, said, told, working_on
from makegood.platform.evidence.service_desk.operations.writing import keep, write_anew
from makegood.platform.evidence.service_desk.queries import classes_of
from makegood.platform.evidence.service_desk.queries.work.hours import period_at
from makegood.platform.tenancy.trail.operations import operation
from makegood.platform.tenancy.viewer import Viewer


@operation("reclassify case", about="case")
def reclassify(*, case: Case, kind: str, why: str, by: Viewer, now: datetime, service: str | None = None) -> Case:
    """Say that a case was of another kind from its beginning, or about another service than it has; None leaves that.

    Its steps are withdrawn and written again as what they are now, so that its limits, its place in the queue and the
    verdicts are those that it would have had it been opened so. A period that was stated already is restated by the
    difference, as by other late evidence. The agreement, the priority and the owner stay. Of another kind it is decided
    anew who pays for the work; time that was entered stays as it was paid.

    :raises UnableToServe: if it is closed, or is this already; if its agreement knows no such kind or service; or if
        its evidence is disputed, or too old to be
    """
    mine = working_on(case, by)
    about = mine.service if service is None else said(service, longest=100)
    _check(mine, kind, about)
    _check_evidence(mine, now)
    made = Reclassification.objects.create(
        case=mine,
        kind_before=mine.kind,
        kind=kind,
        service_before=mine.service,
        service=about,
        why=said(why, _("Say why it is something else.")),
        person_id=by.author,
        who=by.name[:200],
        at=now,
    )
    mine.kind, mine.service = kind, about
    if kind != made.kind_before:
        mine.coverage = _coverage_anew(mine, now)
    write_anew(case=mine, because=made)
    keep(mine, now=now)
    told("reclassify case", mine, by, now, kind=kind, before=made.kind_before, service=about)
    return mine


def _check(case: Case, kind: str, service: str) -> None:
    """Refuse a kind and a service that a case has already, or that it cannot have."""
    if case.state == State.CLOSED:
        raise UnableToServe(_("This case is closed; open it again first."))
    if (kind, service) == (case.kind, case.service):
        raise UnableToServe(_("This case is of this kind already."))
    known = classes_of(case=case)
    if kind not in known.kinds:
        raise unknown_kind(kind)
    if service and service not in known.services:
        raise UnableToServe(_("The agreement has no service “%s”.") % service)


def _check_evidence(case: Case, now: datetime) -> None:
    """Refuse to withdraw evidence that the parties argue about, or that neither of them may dispute any more."""
    if case.contract is None:
        return
    if is_disputed(contract=case.contract, records=f"{SOURCE}#{case.pk}-"):
        raise UnableToServe(_("What is recorded of this case is disputed, or was corrected; its kind stays."))
    period = period_at(terms=terms_of(contract=case.contract)[1], at=case.opened_at)
    if period is not None and now > disputable_until(contract=case.contract, period=period):
        raise UnableToServe(_("The time for disputes about when this case was opened is over; open a new one instead."))


def _coverage_anew(case: Case, now: datetime) -> Coverage:
    """Return who pays for work on a case of another kind; what the fee covers the customer is no longer asked for."""
    found, asked = coverage_of(case), Permission.objects.filter(case=case, given=None)
    if found == Coverage.COVERED:
        asked.update(given=False, decided_at=now)
        return found
    if case.coverage == Coverage.BILLABLE:
        return Coverage.BILLABLE
    return Coverage.NEEDS_PERMISSION if asked.exists() else found
