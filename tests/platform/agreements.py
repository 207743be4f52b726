"""Agreements of the small world, and the short way to an active one."""

from __future__ import annotations

from makegood.platform.agreement.contracts import operations, queries
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.tenancy.parties.models import Contact, ContactRole, Organisation
from makegood.platform.tenancy.viewer import Role, Site, Viewer
from tests.platform.people import NOW, house, organisation, person, viewer

TEXT = """\
# The web shop of Acme
makegood: agreement/1
agreement: acme-shop
title: The web shop of Acme
parties: {provider: northwind-it, customer: acme}
term: {from: 2026-01-01, months: 12, timezone: Europe/Berlin}
money: {currency: EUR, at_risk: {percent: 10%, of: monthly_fee}}
services:
  shop: {title: The shop, fee: {monthly: 1000.00}, critical: true, made_of: {all_of: [front, till]}}
outcomes:
  open:
    promise: The shop is open day and night.
    measure: {kind: availability, of: shop, count: {ignore_shorter_than: 60s}}
    target: ">= 99.9%"
    stake: {weight: 100%, tiers: [{below: 99.9%, credit: 10%}, {below: 99%, credit: 50%}]}
"""


def owner() -> Viewer:
    return viewer(person("Olga", house(), Role.OWNER), Site.CONSOLE)


def service_manager() -> Viewer:
    return viewer(person("Sam", house(), Role.SERVICE_MANAGER), Site.CONSOLE)


def sponsor(of: Organisation | None = None) -> Viewer:
    return viewer(person("Ada", of or organisation("acme"), Role.SPONSOR), Site.PORTAL)


def sponsored(*parties: Organisation) -> None:
    """Give organisations an executive sponsor to reach."""
    for each in parties:
        Contact.objects.get_or_create(
            organisation=each, name="Erika", email=f"erika@{each.slug}.example", role=ContactRole.SPONSOR
        )


def staffed(contract: Contract) -> None:
    """Say that somebody is on call for a contract at any hour."""
    operations.keep_staffing(contract=contract, number=1, rota="Day and night", uncovered=[], now=NOW)


def drafted(text: str = TEXT) -> Contract:
    by = service_manager()
    organisation("acme"), organisation("hosting-gmbh", "Hosting GmbH")
    return operations.draft_contract(text=text, by=by, now=NOW)


def offered(text: str = TEXT) -> Contract:
    contract = drafted(text)
    operations.offer_version(version=contract.versions.get(), by=service_manager(), now=NOW)
    return contract


def active(text: str = TEXT) -> Contract:
    contract = offered(text)
    version = contract.versions.get()
    sponsored(contract.provider, contract.customer)
    operations.sign_version(version=version, name="Ada Lovelace", by=sponsor(contract.customer), now=NOW)
    operations.sign_version(version=version, name="Sam Smith", by=service_manager(), now=NOW)
    terms = queries.readable(text).agreement
    assert terms is not None
    operations.declare_source(
        contract=contract, name="Probes", reports=list(queries.streams(terms)), by=service_manager(), now=NOW
    )
    staffed(contract)
    operations.activate_contract(contract=contract, by=service_manager(), now=NOW)
    contract.refresh_from_db()
    return contract


def amendment(text: str, *, digest: str, number: int = 2, effective: str = "2026-07-01", extra: str = "") -> str:
    return f"{text}amendment: {{version: {number}, effective: {effective}, amends: {digest[:16]}{extra}}}\n"
