"""Every list as a file: what an agreement, an organisation and the whole house have. All sites have them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpResponse
from django.urls import URLPattern, path

from makegood.platform import clock
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import NotInForce, contracts, versions
from makegood.platform.evidence.intake.queries import batches, coverage_board, disputes, exclusions, receivers
from makegood.platform.judging.periods.queries import periods
from makegood.platform.judging.verdicts.queries import latest_verdicts, sees_money
from makegood.platform.money.claims.queries import claims
from makegood.platform.money.settlement.queries import corrective_actions, statements
from makegood.platform.review.reports.queries import recommendations, reports
from makegood.platform.tenancy.access.queries import SEE_PEOPLE, invitations, memberships
from makegood.platform.tenancy.hooks.queries import hooks, may_keep_hooks
from makegood.platform.tenancy.messages.queries import messages
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import contacts, organisations, sites
from makegood.platform.tenancy.viewer import Role, Site, Viewer
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts import organisation as organised
from makegood.platform.web.parts.change_lists import OF_CHANGES
from makegood.platform.web.parts.files import Listed, handed_out, listed
from makegood.platform.web.parts.found import contract_of
from makegood.platform.web.parts.governance_lists import OF_AGREEMENT, OF_HOUSE

_READERS = (Role.SPONSOR, Role.MANAGER, Role.AFFILIATE, Role.OWNER, Role.SERVICE_MANAGER, Role.BILLING, Role.AUDITOR)
"""Who sees reports and claims at their site."""


def addresses(site: Site) -> list[URLPattern]:
    """Return the addresses of these files at a site."""
    opened = door(site)
    people = door(site, *SEE_PEOPLE[site])
    folder = "organisations" if site is Site.CONSOLE else "organisation"
    return [
        path("agreements/<slug:slug>/export/<slug:what>.<slug:ending>", opened(of_agreement), name="export"),
        path(f"{folder}/<slug:slug>/export/<slug:what>.<slug:ending>", people(of_organisation), name="export-of"),
        path("export/<slug:what>.<slug:ending>", opened(of_house), name="export-all"),
    ]


def of_agreement(request: Request, slug: str, what: str, ending: str) -> HttpResponse:
    """Hand out a list of an agreement."""
    contract = contract_of(request, slug)
    write = _OF_AGREEMENT.get(what)
    return handed_out(write and write(request.viewer, contract), name=f"{slug}-{what}", ending=ending)


def of_organisation(request: Request, slug: str, what: str, ending: str) -> HttpResponse:
    """Hand out a list of an organisation."""
    organisation = organised.found(request, slug)
    write = _OF_ORGANISATION.get(what)
    return handed_out(write and write(request.viewer, organisation), name=f"{slug}-{what}", ending=ending)


def of_house(request: Request, what: str, ending: str) -> HttpResponse:
    """Hand out a list of everything of a kind that exists for whoever asks."""
    write = _OF_HOUSE.get(what)
    return handed_out(write and write(request.viewer), name=what, ending=ending)


def _periods(viewer: Viewer, contract: Contract) -> Listed:
    names = ("label", "starts_at", "ends_at", "closes_at", "state", "closed_at")
    amounts = ("fee", "at_risk", "credit", "currency") if sees_money(viewer=viewer, contract=contract) else ()
    return listed(periods(viewer=viewer, contract=contract), *names, *amounts)


def _verdicts(viewer: Viewer, contract: Contract) -> Listed:
    names = ("outcome", "stage", "ruling", "shown", "target", "coverage", "snapshot", "digest", "judged_at")
    amounts = ("credit", "currency") if sees_money(viewer=viewer, contract=contract) else ()
    return listed(latest_verdicts(viewer=viewer, contract=contract), *names, *amounts, period="period.label")


def _statements(viewer: Viewer, contract: Contract) -> Listed | None:
    if not sees_money(viewer=viewer, contract=contract):
        return None
    heads = ("statement", "issued_at", "in_period", "for_period", "line", "cause", "minor", "currency")
    names = ("in_period", "for_period", "outcome", "cause")
    rows = (
        (each.run, each.issued_at, *(line[name] for name in names), line["amount"]["minor"], line["amount"]["currency"])
        for each in statements(viewer=viewer, contract=contract)
        for line in each.lines
    )
    return Listed(heads, tuple(rows))


def _evidence(viewer: Viewer, contract: Contract) -> Listed:
    names = ("received_at", "name", "source", "received_by", "records", "known", "refused", "sha256", "entry")
    return listed(batches(viewer=viewer, contract=contract), *names)


def _coverage(viewer: Viewer, contract: Contract) -> Listed:
    names = ("what", "source", "records", "last_at", "missing_since")
    try:
        board = coverage_board(viewer=viewer, contract=contract, now=clock.now())
    except NotInForce:
        board = ()
    return listed(board, *names)


def _disputes(viewer: Viewer, contract: Contract) -> Listed:
    names = ("raised_at", "period", "outcome", "record", "reason", "state", "answer_by", "decided_at", "decision")
    return listed(disputes(viewer=viewer, contract=contract), *names)


def _exclusions(viewer: Viewer, contract: Contract) -> Listed:
    names = ("cause", "subject", "starts_at", "ends_at", "reason", "announced_at", "state", "decided_at")
    return listed(exclusions(viewer=viewer, contract=contract), *names)


def _actions(viewer: Viewer, contract: Contract) -> Listed:
    names = ("outcome", "cause", "action", "due_date", "done_at", "written_at")
    return listed(corrective_actions(viewer=viewer, contract=contract), *names, period="period.label")


def _reports(viewer: Viewer, contract: Contract) -> Listed | None:
    if not viewer.has(*_READERS):
        return None
    return listed(reports(viewer=viewer, contract=contract), "number", "made_at", period="period.label")


def _recommendations(viewer: Viewer, contract: Contract) -> Listed | None:
    if not viewer.has(*_READERS):
        return None
    names = ("text", "cost", "due_date", "decision", "written_at")
    return listed(recommendations(viewer=viewer, contract=contract), *names)


def _versions(viewer: Viewer, contract: Contract) -> Listed:
    return listed(versions(viewer=viewer, contract=contract), "number", "state", "digest")


def _receivers(viewer: Viewer, contract: Contract) -> Listed | None:
    if viewer.site is not Site.CONSOLE or not viewer.has(Role.OWNER, Role.SERVICE_MANAGER, Role.AUDITOR):
        return None
    found = receivers(viewer=viewer, contract=contract)
    return listed(found, "name", "scheme", "created_at", "ended_at", created_by="created_by.name")


def _people(viewer: Viewer, organisation: Organisation) -> Listed:
    found = memberships(viewer=viewer, organisation=organisation)
    return listed(found, "role", "since", name="person.name", email="person.email")


def _invitations(viewer: Viewer, organisation: Organisation) -> Listed:
    found = invitations(viewer=viewer, organisation=organisation)
    return listed(found, "email", "role", "invited_at", "expires_at", invited_by="invited_by.name")


def _contacts(viewer: Viewer, organisation: Organisation) -> Listed:
    names = ("escalation", "name", "role", "email", "phone")
    return listed(contacts(viewer=viewer, organisation=organisation), *names)


def _sites(viewer: Viewer, organisation: Organisation) -> Listed:
    return listed(sites(viewer=viewer, organisation=organisation), "name", "address", "timezone")


def _hooks(viewer: Viewer, organisation: Organisation) -> Listed | None:
    """List web hooks by their hosts: the rest of an address may be as good as a password."""
    at_home = viewer.site is Site.CONSOLE and viewer.has(Role.OWNER, Role.AUDITOR)
    if not at_home and not may_keep_hooks(viewer=viewer, organisation=organisation):
        return None
    heads = ("hook", "host", "events", "state", "created_by", "created_at", "failing_since", "ended_at")
    rows = (
        (
            each.pk,
            str(each),
            " ".join(each.events),
            each.state,
            each.created_by.name,
            each.created_at,
            each.failing_since,
            each.ended_at,
        )
        for each in hooks(viewer=viewer, organisation=organisation)
    )
    return Listed(heads, tuple(rows))


def _agreements(viewer: Viewer) -> Listed:
    of = {"identifier": "slug", "provider": "provider.slug", "customer": "customer.slug"}
    return listed(contracts(viewer=viewer), "title", "state", "created_at", **of)


def _organisations(viewer: Viewer) -> Listed:
    return listed(organisations(viewer=viewer), "name", "country", "created_at", identifier="slug")


def _claims(viewer: Viewer) -> Listed | None:
    if viewer.site is Site.PORTAL or not viewer.has(*_READERS):
        return None
    names = ("amount", "currency", "state", "claim_by", "made_at", "answered_at", "answer")
    of = {"agreement": "recovery.underpinning.slug", "outcome": "recovery.outcome"}
    return listed(claims(viewer=viewer), *names, **of)


def _mails(viewer: Viewer) -> Listed | None:
    if viewer.site is not Site.CONSOLE or not viewer.has(Role.OWNER):
        return None
    names = ("written_at", "kind", "to", "subject", "state", "tries", "sent_at", "trouble")
    return listed(messages(viewer=viewer), *names)


_OF_AGREEMENT: Final[dict[str, Callable[[Viewer, Contract], Listed | None]]] = {
    "periods": _periods,
    "verdicts": _verdicts,
    "statements": _statements,
    "evidence": _evidence,
    "coverage": _coverage,
    "disputes": _disputes,
    "exclusions": _exclusions,
    "actions": _actions,
    "reports": _reports,
    "recommendations": _recommendations,
    "versions": _versions,
    "receivers": _receivers,
    **OF_AGREEMENT,
}
_OF_ORGANISATION: Final[dict[str, Callable[[Viewer, Organisation], Listed | None]]] = {
    "people": _people,
    "invitations": _invitations,
    "contacts": _contacts,
    "sites": _sites,
    "hooks": _hooks,
}
_OF_HOUSE: Final[dict[str, Callable[[Viewer], Listed | None]]] = {
    "agreements": _agreements,
    "organisations": _organisations,
    "claims": _claims,
    "mails": _mails,
    **OF_HOUSE,
    **OF_CHANGES,
}
