"""Writing texts: drafts, and amendments of what is active."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from makegood.engine.agreement.filling import values_of
from makegood.engine.agreement.terms import Agreement
from makegood.platform.agreement.contracts.models import Contract, ContractState, Version, VersionState
from makegood.platform.agreement.contracts.operations.checks import (
    follows,
    in_one_line,
    locked,
    locked_contract,
    parties_of,
    refuse_others,
    terms_in,
    told,
)
from makegood.platform.agreement.contracts.operations.refusals import UnableToContract
from makegood.platform.agreement.contracts.queries import activated, readable
from makegood.platform.tenancy.trail.operations import operation
from makegood.platform.tenancy.viewer import Viewer


def draft_contract(*, text: str, by: Viewer, now: datetime) -> Contract:
    """Begin a contract with its first text, which names the parties by the identifiers of organisations.

    :raises TextHasErrors: if the text is no agreement
    :raises UnableToContract: if the house is no party, an organisation is unknown, or the identifier is taken
    """
    identifier = in_one_line(values_of(text).get("agreement", ""))
    return _drafted(identifier=identifier, text=text, by=by, now=now)


@operation("draft contract", about="identifier")
def _drafted(*, identifier: str, text: str, by: Viewer, now: datetime) -> Contract:
    refuse_others(by)
    text = _typed(text)
    terms = terms_in(text)
    if terms.amendment is not None:
        raise UnableToContract(_("This text amends another; open the agreement that it amends and amend it there."))
    provider, customer = parties_of(terms, by)
    if Contract.objects.filter(slug=identifier).exists():
        raise UnableToContract(_("There is an agreement with the identifier %s already.") % identifier)
    contract = Contract.objects.create(
        slug=identifier, title=terms.title, provider=provider, customer=customer, created_at=now
    )
    version = _written(contract, 1, text, by, now)
    told("draft contract", version, by, now)
    return contract


@operation("rewrite draft", about="version")
def rewrite_draft(*, version: Version, text: str, by: Viewer, now: datetime) -> Version:
    """Replace the text of a draft, also by one that is not ready; a first text that is ready renames the contract.

    :raises UnableToContract: if the version is no draft any more, or the text names other parties than it may
    """
    refuse_others(by, version.contract)
    kept = locked(version)
    text = _typed(text)
    if kept.state != VersionState.DRAFT:
        raise UnableToContract(_("This version was offered; what was offered stays as it is. Write an amendment."))
    terms = readable(text).agreement
    if terms is not None:
        _renamed(kept, terms, by)
    kept.text, kept.digest = text, readable(text).digest
    kept.written_by_id, kept.written_at = by.person, now
    kept.save(update_fields=["text", "digest", "written_by", "written_at"])
    told("rewrite draft", kept, by, now)
    return kept


@operation("amend contract", about="contract")
def amend_contract(*, contract: Contract, text: str, by: Viewer, now: datetime) -> Version:
    """Begin the next version: of an active contract a complete text that says what it amends, and from when on.

    Of a contract that was never active, and whose texts were all withdrawn, it is the first version again.

    :raises TextHasErrors: if the text does not follow from the one that it amends
    :raises UnableToContract: if the contract has ended, or another version is being written or offered
    """
    refuse_others(by, contract)
    text = _typed(text)
    held = locked_contract(contract)
    if held.state == ContractState.ENDED:
        raise UnableToContract(_("The agreement has ended."))
    if held.versions.filter(state__in=[VersionState.DRAFT, VersionState.OFFERED]).exists():
        raise UnableToContract(_("Another version is open; withdraw it or activate it first."))
    version = Version(contract=held, number=len(activated(contract=held)) + 1, text=text)
    follows(version)
    _renamed(version, terms_in(text), by)
    kept = _written(held, version.number, text, by, now)
    told("amend contract", kept, by, now)
    return kept


@operation("withdraw version", about="version")
def withdraw_version(*, version: Version, by: Viewer, now: datetime, reason: str = "") -> Version:
    """Take a draft or an offer back; it is kept, but nobody can sign it any more.

    :raises UnableToContract: if it is active or was withdrawn already
    """
    refuse_others(by, version.contract)
    kept = locked(version)
    if kept.state not in {VersionState.DRAFT, VersionState.OFFERED}:
        raise UnableToContract(_("Only a draft or an offer can be withdrawn."))
    kept.state = VersionState.WITHDRAWN
    kept.save(update_fields=["state"])
    told("withdraw version", kept, by, now, reason=in_one_line(reason)[:500])
    return kept


def _renamed(version: Version, terms: Agreement, by: Viewer) -> None:
    """Let a contract go by what its first draft says; later texts change nothing of it before they are in force."""
    provider, customer = parties_of(terms, by)
    contract = version.contract
    if version.number > 1:
        if (terms.agreement, provider.pk, customer.pk) != (contract.slug, contract.provider_id, contract.customer_id):
            raise UnableToContract(_("Identifier and parties never change; they are those of the first version."))
        return
    if Contract.objects.filter(slug=terms.agreement).exclude(pk=contract.pk).exists():
        raise UnableToContract(_("There is an agreement with the identifier %s already.") % terms.agreement)
    contract.slug, contract.title, contract.provider, contract.customer = (
        terms.agreement,
        terms.title,
        provider,
        customer,
    )
    contract.save(update_fields=["slug", "title", "provider", "customer"])


def _written(contract: Contract, number: int, text: str, by: Viewer, now: datetime) -> Version:
    return Version.objects.create(
        contract=contract,
        number=number,
        text=text,
        digest=readable(text).digest,
        written_by_id=by.person,
        written_at=now,
    )


def _typed(text: str) -> str:
    """Return a text with the line ends of files, as forms send others."""
    if "\x00" in text:
        raise UnableToContract(_("The text has characters in it that no text has."))
    return text.replace("\r\n", "\n")
