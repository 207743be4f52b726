"""Who somebody is that writes a mail, as far as an address tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.evidence.service_desk.mail.reading import Read
from makegood.platform.evidence.service_desk.models import Case, Message
from makegood.platform.tenancy.access.models import Membership, Person
from makegood.platform.tenancy.messages.queries import answered
from makegood.platform.tenancy.parties.models import Contact
from makegood.platform.tenancy.viewer import CUSTOMER, STAFF, Role

_OF_EVERYBODY: Final = frozenset(
    {
        "aol.com", "freenet.de", "gmail.com", "gmx.at", "gmx.ch", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com",
        "icloud.com", "live.com", "mail.com", "mailbox.org", "me.com", "outlook.com", "outlook.de", "posteo.de",
        "proton.me", "protonmail.com", "t-online.de", "web.de", "yahoo.com", "yahoo.de",
    }
)  # fmt: skip
"""Domains at which anybody may have an address: they tell nothing about an organisation."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom an address belongs to: a person of ours, or organisations by role, contact or domain."""

    address: str
    name: str
    person: Person | None = None
    customers: frozenset[int] = frozenset()
    affiliates: frozenset[int] = frozenset()
    is_staff: bool = False


def sender_of(*, address: str, name: str) -> Sender:
    """Return who writes from an address: somebody with a role, else a contact, else somebody of a known domain."""
    person = Person.objects.filter(email=address.lower(), is_active=True).first()
    held = Membership.objects.filter(person=person, ended_at=None) if person is not None else Membership.objects.none()
    roles = list(held.values_list("organisation", "role"))
    if person is not None and roles:
        return Sender(
            address,
            person.name,
            person,
            frozenset(each for each, role in roles if role in CUSTOMER),
            frozenset(each for each, role in roles if role == Role.AFFILIATE),
            any(role in STAFF for _each, role in roles),
        )
    contacts = list(Contact.objects.filter(email__iexact=address, organisation__is_house=False))
    found = {each.organisation_id for each in contacts} or _of_domain(address)
    affiliates = _only_affiliates(found)
    shown = contacts[0].name if contacts else name
    return Sender(address, shown or address, None, frozenset(found) - affiliates, affiliates)


def case_of(*, read: Read) -> Case | None:
    """Return the case that a mail is about: that of the mail it answers, else the one that its subject names."""
    for each in read.references:
        ours = answered(number=each)
        known = Q(number=each) if ours is None else Q(mail=ours) | Q(number=each)
        message = Message.objects.filter(known).select_related("case").order_by("-pk").first()
        if message is not None:
            return message.case
    return Case.objects.filter(pk=read.case).first() if read.case is not None else None


def belongs(*, sender: Sender, case: Case) -> bool:
    """Tell whether somebody has to do with a case: they reported it, or are of its customer, or of its affiliate."""
    if not case.provider.is_house:
        return case.provider_id in sender.affiliates
    return case.customer_id in sender.customers or sender.address == case.requester_email.lower()


def _of_domain(address: str) -> set[int]:
    """Return the organisations that have contacts or people at the domain of an address."""
    domain = address.rpartition("@")[2].lower()
    if domain in _OF_EVERYBODY:
        return set()
    contacts = Contact.objects.filter(email__iendswith=f"@{domain}", organisation__is_house=False)
    people = Membership.objects.filter(
        person__email__endswith=f"@{domain}", ended_at=None, role__in=[*CUSTOMER, Role.AFFILIATE]
    )
    return {*contacts.values_list("organisation", flat=True), *people.values_list("organisation", flat=True)}


def _only_affiliates(found: set[int]) -> frozenset[int]:
    """Return which organisations provide something to us and buy nothing."""
    provide = Contract.objects.filter(provider__in=found, customer__is_house=True).values_list("provider", flat=True)
    buy = Contract.objects.filter(customer__in=found).values_list("customer", flat=True)
    return frozenset(set(provide) - set(buy))
