"""Time that was worked on a case, and what pays for it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from makegood.engine.agreement.hours import Hours
from makegood.engine.money.hours import Drawn
from makegood.platform.agreement.contracts.queries import terms_of
from makegood.platform.evidence.service_desk.models import Case, Cause, Coverage, TimeEntry
from makegood.platform.evidence.service_desk.operations.sides import (
    UnableToServe,
    person_of,
    said,
    told,
    working_on,
)
from makegood.platform.evidence.service_desk.queries import terms_of_case
from makegood.platform.evidence.service_desk.queries.work.hours import hours_used, period_at
from makegood.platform.tenancy.trail.operations import operation
from makegood.platform.tenancy.viewer import Role, Viewer

MOST_MINUTES: Final = 24 * 60
"""No entry is longer than a day."""
_LONGEST_NOTE: Final = 500
_Pays = TimeEntry.Pays


@operation("enter time", about="case")
def enter_time(
    *, case: Case, minutes: int, note: str, worked_at: datetime, by: Viewer, now: datetime, pays: str | None = None
) -> TimeEntry:
    """Keep time that somebody worked on a case from ``worked_at`` on; unless it is said, the agreement says who pays.

    What the provider caused is free of charge. Work that the fee covers is taken from the hours of support, if it has
    such. Flex hours are used by choice alone. Permitted work is charged.

    :raises UnableToServe: if the customer has not permitted the work, or hours do not last and nobody said who pays
    """
    mine = working_on(case, by)
    if not 1 <= minutes <= MOST_MINUTES:
        raise UnableToServe(_("An entry is of one minute to a day; write several for more."))
    if worked_at > now or worked_at < mine.opened_at:
        raise UnableToServe(_("Time is worked after a case was opened, and not in the future."))
    if pays and pays not in _Pays.values:
        raise UnableToServe(_("Time is paid by hours of support, by flex hours, is charged or free of charge."))
    entry = TimeEntry(
        case=mine,
        person_id=person_of(by),
        minutes=minutes,
        note=said(note, longest=_LONGEST_NOTE),
        worked_at=worked_at,
        written_at=now,
    )
    entry.pays = _chosen(entry, pays) if pays else _by_rule(entry)
    entry.save()
    told("enter time", mine, by, now, entry=entry.pk, minutes=minutes, pays=entry.pays)
    return entry


@operation("take back time", about="entry")
def take_back_time(*, entry: TimeEntry, by: Viewer, now: datetime) -> TimeEntry:
    """Undo a time entry; both stay on record.

    :raises UnableToServe: if it is neither theirs nor are they a service manager, or it was undone
    """
    mine = working_on(entry.case, by)
    if entry.person_id != by.author and not by.has(Role.OWNER, Role.SERVICE_MANAGER, organisation=mine.provider_id):
        raise UnableToServe(_("Take back your own time; others ask a service manager."))
    if entry.takes_back_id is not None or TimeEntry.objects.filter(takes_back=entry).exists():
        raise UnableToServe(_("This was taken back already."))
    made = TimeEntry.objects.create(
        case=mine,
        person_id=person_of(by),
        minutes=entry.minutes,
        pays=entry.pays,
        note=entry.note,
        worked_at=entry.worked_at,
        written_at=now,
        takes_back=entry,
    )
    told("take back time", mine, by, now, entry=entry.pk)
    return made


def _by_rule(entry: TimeEntry) -> str:
    """Return what pays for time, by who caused the case and what the customer permitted."""
    case = entry.case
    if case.cause == Cause.PROVIDER:
        return _Pays.FREE
    if case.coverage == Coverage.BILLABLE:
        return _Pays.CHARGED
    if case.coverage != Coverage.COVERED:
        raise UnableToServe(_("Nobody pays for this work yet; ask the customer, or enter it as free of charge."))
    if _hours(case).support is None:
        return _Pays.FREE
    entry.pays = _Pays.SUPPORT
    beyond = _drawn(entry).billable.seconds // 60
    if beyond:
        raise UnableToServe(
            ngettext(
                "The hours of support do not last: %d minute is beyond them. Say that it is paid by hours of support,"
                " the rest being charged, or that all of it is charged or free of charge.",
                "The hours of support do not last: %d minutes are beyond them. Say that it is paid by hours of"
                " support, the rest being charged, or that all of it is charged or free of charge.",
                beyond,
            )
            % beyond
        )
    return _Pays.SUPPORT


def _chosen(entry: TimeEntry, pays: str) -> str:
    """Return what pays for time as somebody said, if it can."""
    case, hours = entry.case, _hours(entry.case)
    entry.pays = pays
    if pays == _Pays.FREE:
        if not entry.note:
            raise UnableToServe(_("Write what was done, and so why it is free of charge."))
        return pays
    if case.cause == Cause.PROVIDER:
        raise UnableToServe(_("What the provider caused is mended free of charge."))
    if case.coverage in (Coverage.NEEDS_PERMISSION, Coverage.OUT_OF_COVER):
        raise UnableToServe(_("Nobody pays for this work yet; ask the customer, or enter it as free of charge."))
    if (pays == _Pays.SUPPORT and hours.support is None) or (pays == _Pays.FLEX and hours.flex is None):
        raise UnableToServe(_("The fee of this agreement includes no such hours."))
    if pays != _Pays.CHARGED and not _drawn(entry).included.seconds:
        raise UnableToServe(_("No such hours are left; say that it is charged, or free of charge."))
    return pays


def _hours(case: Case) -> Hours:
    terms = terms_of_case(case)
    return (terms.hours if terms is not None else None) or Hours()


def _drawn(entry: TimeEntry) -> Drawn:
    """Return what an entry that is not written yet takes from the hours that the fee includes.

    :raises UnableToServe: if it was worked outside the term
    """
    contract = entry.case.contract
    if contract is None:
        raise UnableToServe(_("The fee of this agreement includes no such hours."))
    terms = terms_of(contract=contract)[1]
    period = period_at(terms=terms, at=entry.worked_at)
    if period is None:
        raise UnableToServe(_("The term of the agreement is over; say that it is charged, or free of charge."))
    used = hours_used(contract=contract, terms=terms, period=period, more=[entry])
    return next(each for each in used.entries if not each.entry.id)
