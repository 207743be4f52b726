"""The lists of governance as files hold them: meetings, duties, actions, changes, accesses and insurances."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from makegood.platform import clock
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.judging.verdicts.queries import sees_money
from makegood.platform.review.governance.queries import (
    actions,
    assurances,
    duties,
    expiring,
    grants,
    meetings,
    policies,
    scope_changes,
    unresolved,
)
from makegood.platform.tenancy.viewer import Role, Site, Viewer
from makegood.platform.web.parts.files import Listed, listed

_READERS: Final = {
    Site.CONSOLE: (Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER, Role.BILLING, Role.AUDITOR),
    Site.PORTAL: (Role.SPONSOR, Role.MANAGER),
    Site.PARTNER: (Role.AFFILIATE,),
}
_KEEPERS: Final = (Role.OWNER, Role.SERVICE_MANAGER, Role.AUDITOR)
"""Who at the console sees what the house keeps of itself."""


def _unresolved(viewer: Viewer, contract: Contract) -> Listed | None:
    if not _reads(viewer):
        return None
    found = unresolved(viewer=viewer, contract=contract, now=clock.now())
    return listed(found, "topic", "text", "since", "days", "level", "to")


def _meetings(viewer: Viewer, contract: Contract) -> Listed | None:
    if not _reads(viewer):
        return None
    heads = ("meeting", "kind", "due_date", "day", "first_day", "last_day", "held")
    rows = (
        (
            each.key,
            each.kind,
            each.due_date,
            each.day,
            each.first_day,
            each.last_day,
            bool(each.pk and each.minutes.all()),
        )
        for each in meetings(viewer=viewer, contract=contract)
    )
    return Listed(heads, tuple(rows))


def _duties(viewer: Viewer, contract: Contract) -> Listed | None:
    if not _reads(viewer):
        return None
    heads = ("duty", "text", "outcomes", "due", "evidence", "standing", "since", "note", "marked_by", "overdue")
    rows = (
        (
            each.name,
            each.duty.text,
            " ".join(each.duty.of),
            each.duty.due,
            each.duty.evidence,
            *((mark.standing, mark.since, mark.note, mark.marked_by.name) if (mark := each.mark) else (None,) * 4),
            each.overdue,
        )
        for each in duties(viewer=viewer, contract=contract, now=clock.now())
    )
    return Listed(heads, tuple(rows))


def _agreed(viewer: Viewer, contract: Contract) -> Listed | None:
    if not _reads(viewer):
        return None
    names = ("text", "owner", "due_date", "agreed_at", "done_at", "result")
    of = {"side": "side.slug", "meeting": "meeting.key"}
    return listed(actions(viewer=viewer, contract=contract), *names, **of)


def _changes(viewer: Viewer, contract: Contract) -> Listed | None:
    if not _reads(viewer):
        return None
    amounts = ("amount", "currency") if sees_money(viewer=viewer, contract=contract) else ()
    heads = ("text", "state", "proposed_for", "proposed_by", "proposed_at", "decided_at", "version", *amounts)
    rows = (
        (
            each.text,
            each.state,
            each.proposed_for.slug,
            each.proposed_by.name,
            each.proposed_at,
            each.decided_at,
            each.version and each.version.number,
            *(getattr(each, name) for name in amounts),
        )
        for each in scope_changes(viewer=viewer, contract=contract)
    )
    return Listed(heads, tuple(rows))


def _accesses(viewer: Viewer, contract: Contract | None = None) -> Listed | None:
    if not _reads(viewer):
        return None
    names = ("who", "what", "way", "until", "granted_at")
    return listed(grants(viewer=viewer, contract=contract), *names, agreement="contract.slug")


def _insurances(viewer: Viewer) -> Listed | None:
    if not _keeps(viewer):
        return None
    names = ("title", "insurer", "amount", "currency", "until", "kept_at")
    return listed(policies(viewer=viewer), *names, organisation="organisation.slug")


def _assurances(viewer: Viewer) -> Listed | None:
    if viewer.site is not Site.PORTAL and not _keeps(viewer):
        return None
    return listed(assurances(viewer=viewer), "kind", "title", "words", "day", "until")


def _expiring(viewer: Viewer) -> Listed | None:
    if not _keeps(viewer):
        return None
    return listed(expiring(viewer=viewer, now=clock.now()), "what", "title", "until", "days")


def _reads(viewer: Viewer) -> bool:
    return viewer.site is not None and viewer.has(*_READERS[viewer.site])


def _keeps(viewer: Viewer) -> bool:
    return viewer.site is Site.CONSOLE and viewer.has(*_KEEPERS)


OF_AGREEMENT: Final[dict[str, Callable[[Viewer, Contract], Listed | None]]] = {
    "unresolved": _unresolved,
    "meetings": _meetings,
    "duties": _duties,
    "agreed-actions": _agreed,
    "scope-changes": _changes,
    "accesses": _accesses,
}
OF_HOUSE: Final[dict[str, Callable[[Viewer], Listed | None]]] = {
    "accesses": _accesses,
    "insurances": _insurances,
    "assurances": _assurances,
    "expiring": _expiring,
}
