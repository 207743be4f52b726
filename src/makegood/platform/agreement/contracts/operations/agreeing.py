"""Coming to terms: offering, signing, activating, ending."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils.translation import gettext as _

from makegood.engine.agreement.chain import trouble_with_closed
from makegood.engine.agreement.schedule import end_of_term
from makegood.engine.agreement.versions import effective_from
from makegood.platform.agreement.contracts.models import Contract, ContractState, Signature, Version, VersionState
from makegood.platform.agreement.contracts.operations.checks import (
    follows,
    in_one_line,
    locked,
    locked_contract,
    other_party,
    parties_of,
    refuse_others,
    terms_in,
    told,
)
from makegood.platform.agreement.contracts.operations.refusals import GatesClosed, UnableToContract
from makegood.platform.agreement.contracts.queries import activated, chain_until, gates_of, signatory
from makegood.platform.tenancy.branding.queries import brand_towards, home_of
from makegood.platform.tenancy.messages.operations import write_from_template
from makegood.platform.tenancy.parties.models import ContactRole
from makegood.platform.tenancy.parties.queries import contacts
from makegood.platform.tenancy.trail.operations import operation, record
from makegood.platform.tenancy.viewer import Viewer


@operation("offer version", about="version")
def offer_version(*, version: Version, by: Viewer, now: datetime) -> Version:
    """Offer a draft to the other side; from now on its text stays as it is, and both sides can sign it.

    :raises TextHasErrors: if there is an error in it
    :raises UnableToContract: if it is no draft, or shows a customer an affiliate that is to stay behind the house
    """
    refuse_others(by, version.contract)
    kept = locked(version)
    if kept.state != VersionState.DRAFT:
        raise UnableToContract(_("Only a draft can be offered."))
    terms = terms_in(kept.text)
    parties_of(terms, by)
    follows(kept)
    customer = kept.contract.customer
    if terms.parties.relies_on and not customer.is_house and not customer.shows_affiliates:
        raise UnableToContract(
            _("The text names affiliates, which %s does not see. Take relies_on out; what underpins is known anyway.")
            % customer.name,
            organisation=customer.pk,
        )
    kept.state, kept.offered_at = VersionState.OFFERED, now
    kept.save(update_fields=["state", "offered_at"])
    told("offer version", kept, by, now)
    _tell_sponsors(kept, by, now)
    return kept


@operation("sign version", about="version")
def sign_version(*, version: Version, name: str, by: Viewer, now: datetime) -> Signature:
    """Accept an offered text for one's party: that of the console, of the portal or of the affiliates' site.

    What is kept is the name as it was typed, the person, the time, the address, and the SHA-256 of the text.

    :raises UnableToContract: if nothing is offered, the party signed already, or it is not for this person to sign
    """
    if by.scopes is not None:
        raise UnableToContract(_("A program signs nothing; a signature is given by a person, in the browser."))
    kept = locked(version)
    party = signatory(viewer=by, contract=kept.contract)
    if party is None or by.person is None:
        raise UnableToContract(_("It is not for you to sign this agreement."))
    if kept.state != VersionState.OFFERED:
        raise UnableToContract(_("Only a text that is offered can be signed."), organisation=party.pk)
    typed = in_one_line(name)
    if not typed or len(typed) > 200:
        raise UnableToContract(_("Type your full name, in at most 200 characters."), organisation=party.pk)
    if kept.signatures.filter(organisation=party).exists():
        raise UnableToContract(_("%s has signed this text already.") % party.name, organisation=party.pk)
    signature = Signature.objects.create(
        version=kept,
        organisation=party,
        person_id=by.person,
        name=typed,
        digest=kept.digest,
        address=by.address,
        signed_at=now,
    )
    told("sign version", kept, by, now, name=typed, party=party.slug)
    return signature


@operation("activate contract", about="contract")
def activate_contract(*, contract: Contract, by: Viewer, now: datetime, closed: Sequence[str] = ()) -> Version:
    """Bring the offered version into force once all gates are open; earlier ones end where it begins.

    ``closed`` are the labels of the periods that were closed already, which no version reaches back into unless it
    says so.

    :raises GatesClosed: if something is still to be done
    :raises UnableToContract: if nothing is offered, or the text would reach into closed periods
    """
    refuse_others(by, contract)
    held = locked_contract(contract)
    offered = held.versions.filter(state=VersionState.OFFERED).order_by("-number").first()
    if offered is None:
        raise UnableToContract(_("No version is offered; offer one first."), organisation=held.customer_id)
    missing = [gate.todo for gate in gates_of(version=offered, viewer=by) if not gate.open]
    if missing:
        raise GatesClosed(missing, organisation=held.customer_id)
    _refuse_reaching_back(offered, closed)
    terms = terms_in(offered.text)
    offered.state, offered.in_force = VersionState.ACTIVE, DateRange(None, None, empty=True)
    offered.save(update_fields=["state", "in_force"])
    _cut(activated(contract=held))
    held.state, held.activated_at, held.title = ContractState.ACTIVE, held.activated_at or now, terms.title
    held.save(update_fields=["state", "activated_at", "title"])
    told("activate contract", offered, by, now, effective=effective_from(terms).isoformat())
    return Version.objects.get(pk=offered.pk)


@operation("end contract", about="contract")
def end_contract(*, contract: Contract, reason: str, by: Viewer, now: datetime) -> Contract:
    """End a contract, whether it was active or never came so far; what is open of it is withdrawn.

    :raises UnableToContract: if it has ended, or nobody says why
    """
    refuse_others(by, contract)
    held = locked_contract(contract)
    if held.state == ContractState.ENDED:
        raise UnableToContract(_("The agreement has ended already."), organisation=held.customer_id)
    why = in_one_line(reason)[:500]
    if not why:
        raise UnableToContract(_("Say why the agreement ends."), organisation=held.customer_id)
    open_ = held.versions.filter(state__in=[VersionState.DRAFT, VersionState.OFFERED])
    open_.update(state=VersionState.WITHDRAWN)
    held.state, held.ended_at = ContractState.ENDED, now
    held.save(update_fields=["state", "ended_at"])
    record(by=by, did="end contract", about=held.slug, now=now, organisation=other_party(held).pk, reason=why)
    return held


def _tell_sponsors(version: Version, by: Viewer, now: datetime) -> None:
    """Write to the executive sponsors of the other side that there is something to sign."""
    party = other_party(version.contract)
    brand = brand_towards(organisation=party)
    site = "partner" if version.contract.customer.is_house else "portal"
    link = home_of(brand=brand) + reverse(f"{site}:terms", args=[version.contract.slug])
    for sponsor in contacts(viewer=by, organisation=party).filter(role=ContactRole.SPONSOR):
        write_from_template(
            kind="version_offered",
            to=sponsor.email,
            language=settings.LANGUAGE_CODE,
            now=now,
            brand=brand,
            name=sponsor.name,
            title=version.contract.title,
            number=version.number,
            digest=version.digest,
            link=link,
        )


def _refuse_reaching_back(offered: Version, closed: Sequence[str]) -> None:
    before = activated(contract=offered.contract)
    was, now = chain_until(before), chain_until([*before, offered])
    if was is None or was.agreement is None or now is None or now.agreement is None:
        return
    trouble = trouble_with_closed(was.agreement, now.agreement, closed)
    if trouble:
        raise UnableToContract(
            _("The text reaches into what was settled: %s. Let it take effect later, or make it retroactive.") % trouble
        )


def _cut(versions: Sequence[Version]) -> None:
    """Let each version be in force from its day on, until a later one begins or the term ends."""
    end: date | None = None
    ranges: list[DateRange] = []
    for version in reversed(versions):
        terms = terms_in(version.text)
        begin = effective_from(terms)
        until = end_of_term(terms.term) if end is None else end
        ranges.insert(0, DateRange(begin, until) if begin < until else DateRange(None, None, empty=True))
        end = begin if end is None else min(end, begin)
    for version, stretch in zip(versions, ranges, strict=True):  # earlier ones first, so that they make room
        version.in_force = stretch
        version.save(update_fields=["in_force"])
