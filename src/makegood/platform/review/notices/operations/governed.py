"""Mails about what was done around an agreement: meetings, their minutes, and scope changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.review.governance.models import Decision, Meeting, ScopeChange
from makegood.platform.review.governance.queries import meetings, scope_changes
from makegood.platform.review.notices.models import Kind
from makegood.platform.review.notices.operations.writing import priced, shortened, write_to
from makegood.platform.review.notices.queries import Reader, everything, other_party, readers
from makegood.platform.tenancy.trail.models import Entry


def _called(entry: Entry, now: datetime) -> None:
    found = _meeting(entry)
    for each in _both(found, entry):
        _about(each, Kind.MEETING_CALLED, found, now, moved=entry.did == "move meeting", day=entry.details["day"])


def _minutes(entry: Entry, now: datetime) -> None:
    found = _meeting(entry)
    written = [each for each in found.minutes.all() if each.written_at <= entry.at]
    last = written[-1]
    words = {"who": last.written_by.name, "attendees": shortened(last.attendees), "minutes": shortened(last.text)}
    for each in _both(found, entry):
        _about(each, Kind.MINUTES_WRITTEN, found, now, corrected=len(written) > 1, day=found.day.isoformat(), **words)


def _both(found: Meeting, entry: Entry) -> list[Reader]:
    """Return those who speak for either party, but for whoever did it."""
    parties = (found.contract.provider, found.contract.customer)
    every = [each for party in parties for each in readers(contract=found.contract, organisation=party)]
    return [each for each in every if each.person.pk != entry.person_id]


def _about(reader: Reader, kind: Kind, found: Meeting, now: datetime, **words: object) -> None:
    contract = found.contract
    page = ("meeting", contract.slug, found.key)
    write_to(reader, kind, title=contract.title, page=page, now=now, what_for=found.get_kind_display, **words)


def _proposed(entry: Entry, now: datetime) -> None:
    found = _change(entry)
    if found.state == Decision.PROPOSED:
        _changed(found, Kind.CHANGE_PROPOSED, now)


def _decided(entry: Entry, now: datetime) -> None:
    _changed(_change(entry), Kind.CHANGE_DECIDED, now)


def _changed(change: ScopeChange, kind: Kind, now: datetime) -> None:
    contract, mine = change.contract, change.proposed_for
    party = mine if kind == Kind.CHANGE_DECIDED else other_party(contract, mine)
    for each in readers(contract=contract, organisation=party):
        write_to(
            each,
            kind,
            title=contract.title,
            page=("changes", contract.slug),
            now=now,
            proposer=mine.name,
            change=shortened(change.text),
            amount=priced(each, change.amount, change.currency),
            approved=change.state == Decision.APPROVED,
        )


def _meeting(entry: Entry) -> Meeting:
    """Return the meeting that an entry names: it has a row since, and rows are never removed."""
    viewer = everything()
    contract = contracts(viewer=viewer).get(slug=entry.details["contract"])
    return next(each for each in meetings(viewer=viewer, contract=contract) if each.key == entry.details["meeting"])


def _change(entry: Entry) -> ScopeChange:
    contract = contracts(viewer=everything()).get(slug=entry.details["contract"])
    return scope_changes(viewer=everything(), contract=contract).get(pk=entry.details["change"])


GOVERNED: Final[dict[str, Callable[[Entry, datetime], None]]] = {
    "call meeting": _called,
    "move meeting": _called,
    "write minutes": _minutes,
    "propose scope change": _proposed,
    "decide scope change": _decided,
}
"""By what the trail says was done: the mails that follow."""
