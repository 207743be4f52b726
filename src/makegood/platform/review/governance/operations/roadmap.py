"""Planning a customer's technology, and keeping its reference architecture."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from makegood.platform.review.governance.models import Component, RoadmapEntry
from makegood.platform.review.governance.operations.registers import LONGEST
from makegood.platform.review.governance.operations.relationship import (
    line_of,
    refuse_all_but_keepers_of,
    refuse_if_ended,
)
from makegood.platform.review.governance.operations.sides import UnableToGovern
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Viewer

FIRST_YEAR, LAST_YEAR = 2000, 2100
QUARTERS = 4


@operation("plan roadmap entry", about="customer")
def plan_entry(
    *, customer: Organisation, title: str, year: int, quarter: int, state: str, why: str, by: Viewer, now: datetime
) -> RoadmapEntry:
    """Plan something for a customer's technology, in a quarter of a year, and say why."""
    refuse_all_but_keepers_of(customer, by)
    line_of(title, _("Say what is planned, in 200 characters at most."))
    _refuse_nonsense(year, quarter, state, why)
    made = RoadmapEntry.objects.create(
        customer=customer, title=title.strip(), year=year, quarter=quarter, state=state, why=why.strip(), kept_at=now
    )
    _told("plan roadmap entry", customer, by, now, entry=made.title, state=made.state)
    return made


@operation("change roadmap entry", about="entry")
def change_entry(
    *, entry: RoadmapEntry, year: int, quarter: int, state: str, why: str, by: Viewer, now: datetime
) -> RoadmapEntry:
    """Say when something comes now, how far it is, and why."""
    refuse_all_but_keepers_of(entry.customer, by)
    _refuse_nonsense(year, quarter, state, why)
    held = RoadmapEntry.objects.select_for_update(of=("self",)).select_related("customer").get(pk=entry.pk)
    held.year, held.quarter, held.state, held.why, held.changed_at = year, quarter, state, why.strip(), now
    held.save(update_fields=["year", "quarter", "state", "why", "changed_at"])
    _told("change roadmap entry", held.customer, by, now, entry=held.title, state=held.state)
    return held


@operation("keep component", about="customer")
def keep_component(
    *, customer: Organisation, title: str, standard: str, version: str, deviation: str, by: Viewer, now: datetime
) -> Component:
    """Write down a part of the reference architecture: its standard, its version, and how the customer deviates."""
    refuse_all_but_keepers_of(customer, by)
    line_of(title, _("Name the component in 200 characters at most."))
    line_of(standard, _("Name the standard in 200 characters at most."))
    if len(version) > LONGEST:
        raise UnableToGovern(_("Use 200 characters at most."))
    made = Component.objects.create(
        customer=customer,
        title=title.strip(),
        standard=standard.strip(),
        version=version.strip(),
        deviation=deviation.strip(),
        kept_at=now,
    )
    _told("keep component", customer, by, now, component=made.title)
    return made


@operation("end component", about="component")
def end_component(*, component: Component, by: Viewer, now: datetime) -> Component:
    """Take a component off the reference architecture, as when another takes its place."""
    refuse_all_but_keepers_of(component.customer, by)
    held = Component.objects.select_for_update(of=("self",)).select_related("customer").get(pk=component.pk)
    refuse_if_ended(held.ended_at)
    held.ended_at = now
    held.save(update_fields=["ended_at"])
    _told("end component", held.customer, by, now, component=held.title)
    return held


def _refuse_nonsense(year: int, quarter: int, state: str, why: str) -> None:
    if not FIRST_YEAR <= year < LAST_YEAR or not 1 <= quarter <= QUARTERS:
        said = {"first": FIRST_YEAR, "last": LAST_YEAR - 1}
        raise UnableToGovern(_("Name a quarter from 1 to 4 and a year from %(first)s to %(last)s.") % said)
    if state not in RoadmapEntry.State.values:
        raise UnableToGovern(_("Say whether it is planned, under way, done or dropped."))
    if not why.strip():
        raise UnableToGovern(_("Say why, so that the customer understands it."))


def _told(did: str, customer: Organisation, by: Viewer, now: datetime, **details: str) -> None:
    record(by=by, did=did, about=str(customer), now=now, organisation=customer.pk, **details)
