"""Inviting people, taking roles away, and making keys."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from makegood.platform.tenancy.access.models import Client, Invitation, Membership, Once, Person, Role, Scope
from makegood.platform.tenancy.access.queries import (
    clients,
    invitation_of,
    invitations,
    keeps_keys,
    may_make_keys,
    person_of,
    roles_to_give,
    viewer_of,
)
from makegood.platform.tenancy.branding.queries import brand_towards, home_of
from makegood.platform.tenancy.messages.operations import write_from_template
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.trail.operations import Unable, operation, record
from makegood.platform.tenancy.viewer import STAFF, Site, Viewer

DAYS_TO_ACCEPT: Final = 7
MOST_DAYS_OF_A_KEY: Final = 366
DAYS_TO_ASK_AGAIN: Final = 30


class _AboutOne(Unable):
    """A refusal that is about one organisation."""

    def __init__(self, sentence: str, *, organisation: int | None = None) -> None:
        super().__init__(sentence)
        self.organisation = organisation


class UnableToInvite(_AboutOne):
    """The role cannot be offered, or the offer cannot be changed."""


class UnableToAccept(_AboutOne):
    """The invitation cannot be accepted so."""


class UnableToEnd(_AboutOne):
    """The role or the key cannot be taken away."""


class UnableToLimit(_AboutOne):
    """The role cannot be limited to these customers."""


class UnableToMakeKey(_AboutOne):
    """The key cannot be made."""


class AskedOtherwise(Unable):
    """A program used the same ``Idempotency-Key`` for something else."""


# --- invitations -----------------------------------------------------------------------------------------------------


@operation("invite person", about="organisation")
def invite_person(
    *,
    organisation: Organisation,
    email: str,
    role: Role,
    by: Viewer,
    now: datetime,
    customers: Collection[Organisation] = (),
) -> Invitation:
    """Offer a role by mail; the link in it can be used for seven days. Staff may be limited to some customers.

    :raises UnableToInvite: if the role is not ``by``'s to give, is held already, or was offered already
    """
    about = organisation.pk
    if by.author is None or role not in roles_to_give(viewer=by, organisation=organisation):
        raise UnableToInvite(_("This role is not yours to give."), organisation=about)
    address = _address(email, about)
    if Membership.objects.filter(organisation=organisation, person__email=address, role=role, ended_at=None).exists():
        raise UnableToInvite(_("%s has this role already.") % address, organisation=about)
    if invitations(viewer=by, organisation=organisation).filter(email=address, role=role).exists():
        raise UnableToInvite(_("%s is invited already; send the invitation again.") % address, organisation=about)
    _check_limit(role, customers, about)
    secret = token_urlsafe(32)
    made = Invitation.objects.create(
        organisation=organisation,
        email=address,
        role=role,
        secret=sha256(secret.encode()).digest(),
        invited_by_id=by.author,
        invited_at=now,
        expires_at=now + timedelta(days=DAYS_TO_ACCEPT),
    )
    made.customers.set(customers)
    _write(made, secret, by, now)
    limit = sorted(each.slug for each in customers)
    record(by=by, did="invite person", about=address, now=now, organisation=about, role=role, customers=limit)
    return made


@operation("send invitation again", about="invitation")
def resend_invitation(*, invitation: Invitation, by: Viewer, now: datetime) -> Invitation:
    """Send a new link; the old one opens nothing any more.

    :raises UnableToInvite: if it is not ``by``'s to send, or is no longer open
    """
    _check_open(invitation, by)
    secret = token_urlsafe(32)
    invitation.secret = sha256(secret.encode()).digest()
    invitation.invited_at, invitation.expires_at = now, now + timedelta(days=DAYS_TO_ACCEPT)
    invitation.save(update_fields=["secret", "invited_at", "expires_at"])
    _write(invitation, secret, by, now)
    about = invitation.organisation_id
    record(by=by, did="send invitation again", about=invitation.email, now=now, organisation=about)
    return invitation


@operation("withdraw invitation", about="invitation")
def withdraw_invitation(*, invitation: Invitation, by: Viewer, now: datetime) -> None:
    """Take an invitation back; its link opens nothing any more.

    :raises UnableToInvite: if it is not ``by``'s to take back, or is no longer open
    """
    _check_open(invitation, by)
    invitation.withdrawn_at = now
    invitation.save(update_fields=["withdrawn_at"])
    about = invitation.organisation_id
    record(by=by, did="withdraw invitation", about=invitation.email, now=now, organisation=about)


@operation("accept invitation", about="name")
def accept_invitation(*, secret: str, name: str, password: str, by: Viewer, now: datetime) -> Person:
    """Take an offered role: somebody new with name and password, somebody known after having signed in.

    :raises UnableToAccept: if the link is not valid, the password is weak, or somebody else is signed in
    """
    found = invitation_of(secret=secret, now=now)
    if found is None:
        raise UnableToAccept(_("This invitation is no longer valid. Ask whoever invited you for a new one."))
    invitation = Invitation.objects.select_for_update().get(pk=found.pk)
    if invitation.accepted_at is not None or invitation.withdrawn_at is not None:
        raise UnableToAccept(_("This invitation is no longer valid. Ask whoever invited you for a new one."))
    person = person_of(email=invitation.email)
    if person is None:
        person = _enrolled(invitation.email, name, password, now)
    elif by.person != person.pk:
        raise UnableToAccept(_("Sign in as %s to accept.") % invitation.email, organisation=invitation.organisation_id)
    membership = _joined(person, invitation.organisation, Role(invitation.role), now)
    membership.customers.set(invitation.customers.all())
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    record(
        by=replace(viewer_of(person=person), address=by.address),
        did="accept invitation",
        about=invitation.email,
        now=now,
        organisation=invitation.organisation_id,
        role=invitation.role,
    )
    return person


@operation("enrol person", about="email")
def enrol_person(
    *, organisation: Organisation, email: str, name: str, password: str, role: Role, by: Viewer, now: datetime
) -> Person:
    """Give somebody a role and a password at once, without a mail; for whoever sets an installation up.

    :raises UnableToInvite: if the role is not ``by``'s to give
    """
    if role not in roles_to_give(viewer=by, organisation=organisation):
        raise UnableToInvite(_("This role is not yours to give."), organisation=organisation.pk)
    address = _address(email, organisation.pk)
    person = person_of(email=address) or _enrolled(address, name, password, now)
    _joined(person, organisation, role, now)
    record(by=by, did="enrol person", about=address, now=now, organisation=organisation.pk, role=role)
    return person


# --- roles -----------------------------------------------------------------------------------------------------------


@operation("end role", about="membership")
def end_membership(*, membership: Membership, by: Viewer, now: datetime) -> None:
    """Take a role away, at once, and with it what its holder has offered to others.

    :raises UnableToEnd: if it is not ``by``'s to take, is one of ``by``'s own, or the last owner's
    """
    about = membership.organisation_id
    if membership.role not in roles_to_give(viewer=by, organisation=membership.organisation):
        raise UnableToEnd(_("This role is not yours to take away."), organisation=about)
    if membership.person_id == by.author:
        raise UnableToEnd(_("Nobody takes a role from themselves; ask somebody else to."), organisation=about)
    same = Membership.objects.select_for_update().filter(organisation=about, role=membership.role, ended_at=None)
    held = {each.pk for each in same}
    if membership.pk not in held:
        raise UnableToEnd(_("This role has ended already."), organisation=about)
    if membership.role == Role.OWNER and len(held) == 1:
        raise UnableToEnd(_("The house needs an owner."), organisation=about)
    membership.ended_at = max(now, membership.since)
    membership.save(update_fields=["ended_at"])
    offered = Invitation.objects.filter(invited_by=membership.person, accepted_at=None, withdrawn_at=None)
    if not membership.organisation.is_house:
        offered = offered.filter(organisation=about)
    offered.update(withdrawn_at=now)
    who = membership.person.email
    record(by=by, did="end role", about=who, now=now, organisation=about, role=membership.role)


@operation("limit role", about="membership")
def limit_membership(*, membership: Membership, customers: Collection[Organisation], by: Viewer, now: datetime) -> None:
    """Let somebody of the staff see some customers only; none named means all.

    :raises UnableToLimit: if ``by`` is not the owner, or it is an owner's role or none of the house
    """
    about = membership.organisation_id
    if membership.role not in roles_to_give(viewer=by, organisation=membership.organisation):
        raise UnableToLimit(_("This role is not yours to limit."), organisation=about)
    _check_limit(Role(membership.role), customers, about)
    membership.customers.set(customers)
    who, limit = membership.person.email, sorted(each.slug for each in customers)
    record(by=by, did="limit role", about=who, now=now, organisation=about, role=membership.role, customers=limit)


# --- keys ------------------------------------------------------------------------------------------------------------


@operation("make key", about="name")
def make_key(
    *,
    organisation: Organisation,
    name: str,
    scopes: Collection[Scope],
    expires_at: datetime,
    by: Viewer,
    now: datetime,
) -> tuple[Client, str]:
    """Make a key for a program and return it with its text ``mg_<number>_<secret>``, which is not kept.

    :raises UnableToMakeKey: if ``by`` may not, it has no scope, or it lives longer than a year
    """
    about = organisation.pk
    if by.person is None or by.site is None or not may_make_keys(viewer=by, organisation=organisation):
        raise UnableToMakeKey(_("Keys of this organisation are not yours to make."), organisation=about)
    if not name.strip():
        raise UnableToMakeKey(_("Give the key the name of the program that will use it."), organisation=about)
    if not scopes:
        raise UnableToMakeKey(_("Choose what the program may do."), organisation=about)
    if not now < expires_at <= now + timedelta(days=MOST_DAYS_OF_A_KEY):
        raise UnableToMakeKey(_("A key lives from a day to a year."), organisation=about)
    secret = token_urlsafe(32)
    made = Client.objects.create(
        organisation=organisation,
        site=by.site,
        name=name.strip(),
        key=sha256(secret.encode()).digest(),
        scopes=sorted(scopes),
        created_by_id=by.person,
        created_at=now,
        expires_at=expires_at,
    )
    record(by=by, did="make key", about=name, now=now, organisation=about, number=made.pk, scopes=made.scopes)
    return made, f"mg_{made.pk}_{secret}"


@operation("end key", about="client")
def end_key(*, client: Client, by: Viewer, now: datetime) -> None:
    """End a key, at once.

    :raises UnableToEnd: if it is not ``by``'s to end, or has ended
    """
    about = client.organisation_id
    owner = by.site is Site.CONSOLE and by.has(Role.OWNER)
    mine = by.within(Scope.WRITE_PEOPLE) and (owner or keeps_keys(viewer=by, organisation=client.organisation))
    if not mine or not clients(viewer=by, organisation=client.organisation).filter(pk=client.pk).exists():
        raise UnableToEnd(_("This key is not yours to end."), organisation=about)
    if Client.objects.filter(pk=client.pk, ended_at=None).update(ended_at=now) == 0:
        raise UnableToEnd(_("This key has ended already."), organisation=about)
    record(by=by, did="end key", about=client.name, now=now, organisation=about, number=client.pk)


def once(*, by: Viewer, key: str, digest: str, now: datetime, make: Callable[[], int]) -> int:
    """Make something and return its number; under the same ``key`` of a program it is made once within thirty days.

    ``digest`` is the SHA-256 of what is asked for. ``make`` is one operation, whose refusal makes nothing.

    :raises AskedOtherwise: if the key was used for something else
    """
    if not key or by.client is None:
        return make()
    refusal: Unable | None = None
    with transaction.atomic():
        Once.objects.filter(client=by.client, at__lt=now - timedelta(days=DAYS_TO_ASK_AGAIN)).delete()
        kept, new = Once.objects.get_or_create(client_id=by.client, key=key, defaults={"digest": digest, "at": now})
        if kept.digest != digest:
            raise AskedOtherwise(_("The Idempotency-Key %s was used for something else.") % key)
        try:
            kept.made = make() if new or kept.made is None else kept.made
            kept.save(update_fields=["made"])
        except Unable as found:
            refusal = found
            kept.delete()
    if refusal is not None:
        raise refusal  # what it left in the trail is kept by now
    return kept.made or 0


# --- parts -----------------------------------------------------------------------------------------------------------


def _address(email: str, organisation: int) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as refusal:
        raise UnableToInvite(_("“%s” is no mail address.") % address, organisation=organisation) from refusal
    return address


def _check_limit(role: Role, customers: Collection[Organisation], organisation: int) -> None:
    if customers and (role not in STAFF or role == Role.OWNER):
        raise UnableToLimit(
            _("Only staff other than the owner is limited to some customers."), organisation=organisation
        )
    if any(each.is_house for each in customers):
        raise UnableToLimit(_("The house is no customer of its own."), organisation=organisation)


def _check_open(invitation: Invitation, by: Viewer) -> None:
    mine = invitations(viewer=by, organisation=invitation.organisation)
    if not mine.filter(pk=invitation.pk).exists():
        raise UnableToInvite(
            _("This invitation is no longer open, or not yours."), organisation=invitation.organisation_id
        )


def _enrolled(email: str, name: str, password: str, now: datetime) -> Person:
    """Return somebody new, whose address is known to be theirs."""
    person = Person(email=email, name=name.strip(), language=(get_language() or "en")[:2], created_at=now)
    if not person.name:
        raise UnableToAccept(_("Write your name."))
    try:
        validate_password(password, person)
    except ValidationError as refusal:
        raise UnableToAccept(" ".join(refusal.messages)) from refusal
    person.set_password(password)
    try:
        with transaction.atomic():
            person.save()
            EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    except IntegrityError as error:
        raise UnableToAccept(_("%s can sign in since a moment ago; sign in to accept.") % email) from error
    return person


def _joined(person: Person, organisation: Organisation, role: Role, now: datetime) -> Membership:
    kept, _new = Membership.objects.get_or_create(
        person=person, organisation=organisation, role=role, ended_at=None, defaults={"since": now}
    )
    return kept


def _write(invitation: Invitation, secret: str, by: Viewer, now: datetime) -> None:
    brand = brand_towards(organisation=invitation.organisation)
    known = person_of(email=invitation.email)
    write_from_template(
        kind="invitation",
        to=invitation.email,
        language=known.language if known is not None else (get_language() or "en"),
        brand=brand,
        secret=True,
        now=now,
        inviter=by.name,
        organisation=invitation.organisation.name,
        role=Role(invitation.role).label,
        link=home_of(brand=brand) + reverse("invitation", args=[secret]),
        until=f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC",
    )
