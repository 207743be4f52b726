"""People and agreements of the house that the pages are measured in, made by the operations that people use."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from makegood.platform.agreement.contracts import operations as contracting
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import readable, streams
from makegood.platform.tenancy.access.models import Membership, Person
from makegood.platform.tenancy.access.queries import viewer_of
from makegood.platform.tenancy.branding.models import Brand
from makegood.platform.tenancy.parties.models import Contact, ContactRole, Organisation
from makegood.platform.tenancy.viewer import Role, Site, Viewer

SIGNED: Final = datetime(2023, 2, 1, 9, tzinfo=UTC)
NOW: Final = datetime(2026, 3, 20, 9, tzinfo=UTC)
"""Thirty-six months are over, and the thirty-seventh runs."""
OWNER, HOUSE = "owner@northwind-it.example", "northwind-it"
_TEXT: Final = """\
makegood: agreement/1
agreement: {slug}
title: {title}
parties: {{provider: northwind-it, customer: {customer}}}
term: {{from: 2023-03-01, months: 48, timezone: Europe/Berlin}}
money: {{currency: EUR, at_risk: {{percent: 15%, of: monthly_fee}}}}
services:
  shop: {{title: The shop, fee: {{monthly: {fee}.00}}, critical: true, made_of: {{all_of: [front, till]}}}}
outcomes:
  open:
    promise: The shop is open day and night.
    measure: {{kind: availability, of: shop, count: {{ignore_shorter_than: 60s}}}}
    target: ">= 99.9%"
    stake: {{weight: 60%, tiers: [{{below: 99.9%, credit: 10%}}, {{below: 99%, credit: 50%}}]}}
  front:
    promise: Customers find the front of the shop.
    measure: {{kind: availability, of: front, count: {{ignore_shorter_than: 60s}}}}
    target: ">= 99.5%"
    stake: {{weight: 25%, tiers: [{{below: 99.5%, credit: 10%}}, {{below: 98%, credit: 50%}}]}}
  till:
    promise: The till takes money.
    measure: {{kind: availability, of: till, count: {{ignore_shorter_than: 60s}}}}
    target: ">= 99.5%"
    stake: {{weight: 15%, tiers: [{{below: 99.5%, credit: 10%}}, {{below: 98%, credit: 50%}}]}}
"""


def settle_house() -> None:
    """Make the provider and its owner."""
    house = Organisation.objects.create(slug=HOUSE, name="Northwind IT", is_house=True, created_at=SIGNED)
    Brand.objects.create(organisation=house, name=house.name)
    _person(OWNER, house, Role.OWNER)
    _reachable(house)


def settle_customer(number: int) -> Organisation:
    """Make a customer with a sponsor."""
    made = Organisation.objects.create(slug=f"customer-{number}", name=f"Customer {number}", created_at=SIGNED)
    _person(sponsor_of(made), made, Role.SPONSOR)
    _reachable(made)
    return made


def agree(customer: Organisation, number: int) -> Contract:
    """Make an agreement with a customer that is in force."""
    slug = f"{customer.slug}-shop-{number}"
    text = _TEXT.format(slug=slug, title=f"Shop {number} of {customer.name}", customer=customer.slug, fee=900 + number)
    by = seen_by(OWNER, Site.CONSOLE)
    made = contracting.draft_contract(text=text, by=by, now=SIGNED)
    version = made.versions.get()
    contracting.offer_version(version=version, by=by, now=SIGNED)
    theirs = seen_by(sponsor_of(customer), Site.PORTAL)
    contracting.sign_version(version=version, name="Ada Lovelace", by=theirs, now=SIGNED)
    contracting.sign_version(version=version, name="Olga Owner", by=by, now=SIGNED)
    terms = readable(text).agreement
    assert terms is not None
    contracting.declare_source(contract=made, name="Probes", reports=list(streams(terms)), by=by, now=SIGNED)
    contracting.activate_contract(contract=made, by=by, now=SIGNED)
    made.refresh_from_db()
    return made


def seen_by(email: str, site: Site) -> Viewer:
    """Return somebody at a site."""
    return viewer_of(person=Person.objects.get(email=email), address=None).at(site)


def sponsor_of(customer: Organisation) -> str:
    """Return the address of a customer's sponsor."""
    return f"sponsor@{customer.slug}.example"


def _person(email: str, organisation: Organisation, role: Role) -> None:
    made = Person.objects.create(email=email, name=email.partition("@")[0].title(), created_at=SIGNED)
    Membership.objects.create(person=made, organisation=organisation, role=role, since=SIGNED)


def _reachable(organisation: Organisation) -> None:
    Contact.objects.create(
        organisation=organisation, name="Erika", email=f"erika@{organisation.slug}.example", role=ContactRole.SPONSOR
    )
