"""What has to be so before a contract is changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from makegood.engine.agreement.terms import Agreement
from makegood.platform.agreement.contracts.models import Contract, Version
from makegood.platform.agreement.contracts.operations.refusals import TextHasErrors, UnableToContract
from makegood.platform.agreement.contracts.queries import activated, chain_until, readable
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import organisations
from makegood.platform.tenancy.trail.operations import record
from makegood.platform.tenancy.viewer import Role, Site, Viewer

AUTHORS = (Role.OWNER, Role.SERVICE_MANAGER)
"""Who writes, offers and activates."""


def refuse_others(by: Viewer, contract: Contract | None = None) -> None:
    """Refuse everybody who does not write agreements, or has nothing to do with this one."""
    if by.site is not Site.CONSOLE or not by.has(*AUTHORS):
        raise UnableToContract(_("Only the owner and service managers write agreements."))
    if contract is not None and by.limited is not None and contract.customer_id not in by.limited:
        raise UnableToContract(_("There is no such agreement for you."))


def in_one_line(text: str) -> str:
    """Return what somebody typed without what no database keeps, and with single spaces."""
    return " ".join(text.replace("\x00", "").split())


def terms_in(text: str) -> Agreement:
    document = readable(text)
    if document.agreement is None:
        raise TextHasErrors(document.findings)
    return document.agreement


def parties_of(terms: Agreement, by: Viewer) -> tuple[Organisation, Organisation]:
    """Return provider and customer of a text, if the house is one of them and the viewer may deal with the other."""
    names = (terms.parties.provider.id, terms.parties.customer.id)
    found = {each.slug: each for each in organisations(viewer=by).filter(slug__in=names)}
    for name in names:
        if name not in found:
            raise UnableToContract(_("There is no organisation %s; add it first, or correct its identifier.") % name)
    provider, customer = (found[name] for name in names)
    if not provider.is_house and not customer.is_house:
        raise UnableToContract(_("We are neither provider nor customer of this agreement."))
    return provider, customer


def follows(version: Version) -> None:
    """Refuse a text that does not follow from those that were activated before it.

    :raises TextHasErrors: if it does not
    """
    before = activated(contract=version.contract)
    terms = terms_in(version.text)
    if not before:
        if terms.amendment is not None:
            raise UnableToContract(_("The first version amends nothing; take the amendment out of it."))
        return
    if terms.amendment is None:
        raise UnableToContract(
            _("Say what the text amends: version, effective day, and the digest of the text before.")
        )
    chain = chain_until([*before, version])
    if chain is None or chain.agreement is None or len(chain.documents) != len(before) + 1:
        raise TextHasErrors(chain.findings if chain is not None else ())


def locked(version: Version) -> Version:
    """Return a version as it is now, so that nobody else changes it meanwhile."""
    locked_contract(version.contract)
    return Version.objects.select_related("contract__provider", "contract__customer").get(pk=version.pk)


def locked_contract(contract: Contract) -> Contract:
    return Contract.objects.select_for_update(of=("self",)).select_related("provider", "customer").get(pk=contract.pk)


def other_party(contract: Contract) -> Organisation:
    """Return the party that is not the house."""
    return contract.provider if contract.customer.is_house else contract.customer


def told(did: str, version: Version, by: Viewer, now: datetime, **details: Any) -> None:
    contract = version.contract
    record(
        by=by,
        did=did,
        about=contract.slug,
        now=now,
        organisation=other_party(contract).pk,
        number=version.number,
        digest=version.digest,
        **details,
    )
