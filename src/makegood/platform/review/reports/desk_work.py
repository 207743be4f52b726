"""What the service desk did in a period, for the monthly report."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from makegood.platform.evidence.service_desk.models import TimeEntry
from makegood.platform.evidence.service_desk.queries import Share, backlog_at, cases_of_contract, work_between
from makegood.platform.judging.periods.models import Period


def desk_work(period: Period, now: datetime) -> list[dict[str, str]]:
    """Return the figures of the desk in a period as pairs of words; of an agreement that has no cases there are none.

    Unit: times are open time by the clocks of the agreement, to the minute.
    """
    found = cases_of_contract(contract=period.contract)
    since, until = period.starts_at, period.ends_at or now
    if not found.filter(opened_at__lt=until).exists():
        return []
    work = work_between(found=found, since=since, until=until)
    lines = [
        (_("Cases opened"), str(work.opened)),
        *((f"– {kind}", str(number)) for kind, number in work.by_kind.items()),
        (_("Open at the end"), str(backlog_at(found=found, at=until))),
        (_("Until the first response, half of them within"), _span(work.response.median)),
        (_("Until the first response, nine of ten within"), _span(work.response.most)),
        (_("Until it was resolved, half of them within"), _span(work.resolution.median)),
        (_("Until it was resolved, nine of ten within"), _span(work.resolution.most)),
        (_("Resolved with the first response"), _share(work.first_contact)),
        (_("Opened again"), _share(work.reopened)),
        *(
            (_("Time worked: %s") % TimeEntry.Pays(pays).label, _span(60 * minutes))
            for pays, minutes in work.minutes.items()
        ),
        *((_("Opinions with %d points") % points, str(number)) for points, number in work.points.items()),
    ]
    return [{"what": str(what), "found": found_} for what, found_ in lines]


def _span(seconds: int | None) -> str:
    if seconds is None:
        return "–"
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours}:{minutes:02} h"


def _share(share: Share) -> str:
    return "–" if share.percent is None else f"{share.percent} % ({share.part}/{share.of})"
