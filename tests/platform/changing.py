"""Changes in the small world: an agreement that promises them, and the short way to one in any state."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from makegood.platform.agreement.contracts import operations as contracting
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.changes.models import QUESTIONS, Change, Release
from makegood.platform.evidence.changes.operations import (
    Asked,
    answer_readiness,
    approve_release,
    authorise_change,
    draft_change,
    plan_release,
    request_change,
    try_change,
)
from makegood.platform.tenancy.viewer import Role, Site, Viewer
from tests.platform.agreements import active, service_manager, sponsor, sponsored, staffed
from tests.platform.desk import DESK, MONDAY, after, engineer, opened
from tests.platform.people import NOW, house, organisation, person, viewer

CHANGING = DESK.replace("acme-desk", "acme-changes").replace(
    "outcomes:\n",
    """outcomes:
  changes:
    promise: What you ask us to change is done in time.
    measure: {kind: within, cases: change, limit: 40h, clock: {from: requested, to: released}}
    target: ">= 95%"
    headline: false
  open:
    promise: The desk is open.
    measure: {kind: availability, of: desk, excluded: {maintenance: {notice: 2 days, effect: shrink}}}
    target: ">= 99%"
    headline: false
""",
)
FULL = Asked(
    title="A new switch for the till",
    service="desk",
    need="The old one is out of support.",
    desired="The till runs on a switch that is looked after.",
    affected="All tills of Acme.",
    means="The new one is put beside the old one, then the cables change over.",
    continuity="The old one stays in the rack for a week.",
)
SATURDAY = datetime(2026, 3, 14, 20, tzinfo=UTC)
"""In the evening; the changes of these tests are made then."""


def promised() -> Contract:
    """Return an agreement that promises that changes are made in time."""
    return active(CHANGING)


def bought_desk() -> Contract:
    """Return an agreement with an affiliate about cases."""
    text = DESK.replace("agreement: acme-desk", "agreement: hosting-desk").replace(
        "provider: northwind-it, customer: acme", "provider: hosting-gmbh, customer: northwind-it"
    )
    by, affiliate = service_manager(), organisation("hosting-gmbh", "Hosting GmbH")
    contract = contracting.draft_contract(text=text, by=by, now=NOW)
    sponsored(contract.provider, contract.customer)
    version = contract.versions.get()
    contracting.offer_version(version=version, by=by, now=NOW)
    heinz = viewer(person("Heinz", affiliate, Role.AFFILIATE), Site.PARTNER)
    contracting.sign_version(version=version, name="H. Heinz", by=heinz, now=NOW)
    contracting.sign_version(version=version, name="Sam Smith", by=by, now=NOW)
    contracting.declare_source(contract=contract, name="Their desk", reports=["incident", "outage"], by=by, now=NOW)
    staffed(contract)
    contracting.activate_contract(contract=contract, by=by, now=NOW)
    contract.refresh_from_db()
    return contract


def asked(**more: Any) -> Asked:
    """Return a request that lacks nothing, with some of it otherwise."""
    said = {name: getattr(FULL, name) for name in FULL.__dataclass_fields__}
    return Asked(**{**said, **more})


def drafted(*, by: Viewer | None = None, now: datetime = MONDAY, **more: Any) -> Change:
    about = {name: more.pop(name, None) for name in ("case", "problem", "template")}
    return draft_change(customer=organisation("acme"), asked=asked(**more), by=by or engineer(), now=now, **about)


def requested(*, by: Viewer | None = None, now: datetime = MONDAY, **more: Any) -> Change:
    return request_change(change=drafted(by=by, now=now, **more), by=by or engineer(), now=now)


def approved(*, now: datetime = MONDAY, **more: Any) -> Change:
    return authorise_change(change=requested(now=now, **more), by=service_manager(), now=now)


def tried(change: Change, *, passed: bool = True, now: datetime = MONDAY) -> Change:
    try_change(
        change=change,
        tester="Tina Test",
        what="A till sells over the new switch.",
        passed=passed,
        environment="The laboratory in Bonn",
        differences="One till instead of twelve.",
        by=engineer(),
        now=now,
    )
    change.refresh_from_db()
    return change


def planned(*found: Change, **more: Any) -> Release:
    said = {"title": "March", "starts_at": SATURDAY, "ends_at": SATURDAY.replace(hour=23), "now": MONDAY, **more}
    manager = said.pop("manager", None) or person("Sam", house(), Role.SERVICE_MANAGER)
    return plan_release(
        customer=organisation("acme"), manager=manager, changes_of=found, by=said.pop("by", engineer()), **said
    )


def ready(release: Release, *, now: datetime = MONDAY) -> Release:
    """Answer all questions and approve a release."""
    known = dict.fromkeys(QUESTIONS, "It is known.")
    answer_readiness(release=release, answers=known, by=engineer(), now=now)
    return approve_release(release=release, by=service_manager(), now=now)


def customer(name: str = "Ada", role: Role = Role.SPONSOR, slug: str = "acme") -> Viewer:
    return viewer(person(name, organisation(slug), role), Site.PORTAL)


__all__ = [
    "FULL",
    "MONDAY",
    "SATURDAY",
    "after",
    "approved",
    "asked",
    "bought_desk",
    "customer",
    "drafted",
    "engineer",
    "opened",
    "planned",
    "promised",
    "ready",
    "requested",
    "service_manager",
    "sponsor",
    "tried",
]
