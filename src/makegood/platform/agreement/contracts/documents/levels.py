"""The service level agreement: the terms in words, where, when and how, and what is covered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from makegood.engine.agreement.prose import service_level_text
from makegood.engine.agreement.terms import Agreement
from makegood.platform.agreement.contracts.documents.content import (
    Paper,
    Part,
    clauses,
    entries,
    facts_of,
    part_of,
    signatures_of,
)
from makegood.platform.agreement.contracts.models import Version


def service_level_agreement(version: Version, terms: Agreement) -> Paper:
    """Return the service levels with everything that the engine judges by, word by word."""
    said = clauses("service-levels", version, terms)
    words = [part_of(each) for each in service_level_text(terms)]
    parts = (
        said["purpose"],
        *words,
        _topics(terms),
        Part("Where", (), _places(version)),
        said["support"],
        replace(said["escalation"], table=_contacts(version)),
        said["shortfall"],
        replace(said["inventory"], table=_inventory(terms)),
        signatures_of(version),
    )
    return Paper("levels", "Service level agreement", version.contract.title, facts_of(version, terms), parts)


def _topics(terms: Agreement) -> Part:
    rows = []
    for topic in entries("topics"):
        covered = ", ".join(name for name in terms.outcomes if _speaks_of(terms, name, topic))
        rows.append((topic["title"], covered or "not in scope"))
    return Part("In scope and out of scope", (), (("Topic", "Outcomes"), *rows))


def _speaks_of(terms: Agreement, name: str, topic: dict[str, Any]) -> bool:
    outcome = terms.outcomes[name]
    text = f"{name} {outcome.promise} {outcome.measure.what}".lower()
    return any(word in text for word in topic["words"])


def _places(version: Version) -> tuple[tuple[str, ...], ...]:
    sites = [site for party in (version.contract.customer, version.contract.provider) for site in party.sites.all()]
    rows = tuple((site.organisation.name, site.name, " ".join(site.address.split()), site.timezone) for site in sites)
    return (("Organisation", "Site", "Address", "Time zone"), *rows) if rows else (("Sites",), ("none is recorded",))


def _contacts(version: Version) -> tuple[tuple[str, ...], ...]:
    rows = [
        (
            party.name,
            str(each.escalation),
            each.name,
            str(each.get_role_display()),
            f"{each.email} {each.phone}".strip(),
        )
        for party in (version.contract.provider, version.contract.customer)
        for each in party.contacts.all()
    ]
    return (("Of", "Asked as number", "Name", "Role", "How"), *rows) if rows else ()


def _inventory(terms: Agreement) -> tuple[tuple[str, ...], ...]:
    rows = []
    for name, service in terms.services.items():
        parts = ", ".join(each.id for each in service.made_of.parts) if service.made_of is not None else name
        rows.append((service.title, parts))
    return (("Service", "Hardware and software covered"), *rows)
