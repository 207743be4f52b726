"""Making and changing organisations, their sites and contacts."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db.models import Model, ProtectedError
from django.utils.translation import gettext as _

from makegood.platform.tenancy.parties.models import Contact, Organisation
from makegood.platform.tenancy.parties.models import Site as Place
from makegood.platform.tenancy.parties.queries import may_change
from makegood.platform.tenancy.trail.operations import Unable, operation, record
from makegood.platform.tenancy.viewer import Role, Site, Viewer

_Kept = TypeVar("_Kept", Place, Contact)


class UnableToChange(Unable):
    """The organisation, or what belongs to it, cannot be made or changed so."""

    def __init__(self, sentence: str, *, organisation: int | None = None) -> None:
        super().__init__(sentence)
        self.organisation = organisation


@operation("make organisation", about="slug")
def make_organisation(
    *, slug: str, name: str, country: str = "", shows_affiliates: bool = False, by: Viewer, now: datetime
) -> Organisation:
    """Make a customer or an affiliate; what it is follows from its agreements.

    :raises UnableToChange: if ``by`` may not, or the identifier is taken or cannot be one
    """
    if by.site is not Site.CONSOLE or by.limited is not None or not by.has(Role.OWNER, Role.SERVICE_MANAGER):
        raise UnableToChange(_("Only the owner, or a service manager of all customers, makes organisations."))
    made = Organisation(
        slug=slug, name=name, country=country.upper(), shows_affiliates=shows_affiliates, created_at=now
    )
    _save(made)
    record(by=by, did="make organisation", about=slug, now=now, organisation=made.pk, name=name)
    return made


@operation("change organisation", about="organisation")
def change_organisation(
    *, organisation: Organisation, name: str, country: str, shows_affiliates: bool, by: Viewer, now: datetime
) -> Organisation:
    """Change what an organisation is called; its identifier stays, for agreements name it.

    :raises UnableToChange: if ``by`` may not, or a value cannot be one
    """
    _check(organisation, by)
    organisation.name, organisation.country = name, country.upper()
    organisation.shows_affiliates = shows_affiliates and not organisation.is_house
    _save(organisation)
    record(
        by=by,
        did="change organisation",
        about=organisation.slug,
        now=now,
        organisation=organisation.pk,
        name=name,
        country=organisation.country,
        shows_affiliates=organisation.shows_affiliates,
    )
    return organisation


@operation("keep site", about="name")
def keep_site(
    *,
    organisation: Organisation,
    name: str,
    address: str,
    timezone: str,
    by: Viewer,
    now: datetime,
    site: Place | None = None,
) -> Place:
    """Add a site to an organisation, or change one of its own.

    :raises UnableToChange: if ``by`` may not, the name is taken, or there is no such time zone
    """
    _check(organisation, by)
    if timezone not in available_timezones():
        raise UnableToChange(_("There is no time zone “%s”.") % timezone, organisation=organisation.pk)
    kept = _own(site, organisation) or Place(organisation=organisation)
    kept.name, kept.address, kept.timezone = name, address, timezone
    _save(kept)
    record(by=by, did="keep site", about=name, now=now, organisation=organisation.pk, timezone=timezone)
    return kept


@operation("keep contact", about="role")
def keep_contact(
    *,
    organisation: Organisation,
    name: str,
    email: str,
    phone: str,
    role: str,
    escalation: int,
    by: Viewer,
    now: datetime,
    contact: Contact | None = None,
) -> Contact:
    """Add somebody to reach in an organisation, or change one of them.

    :raises UnableToChange: if ``by`` may not, or a value cannot be one
    """
    _check(organisation, by)
    kept = _own(contact, organisation) or Contact(organisation=organisation)
    kept.name, kept.email, kept.phone, kept.role, kept.escalation = name, email.lower(), phone, role, escalation
    _save(kept)
    about = f"{kept.get_role_display()} {kept.pk}"
    record(by=by, did="keep contact", about=about, now=now, organisation=organisation.pk, escalation=escalation)
    return kept


@operation("remove site", about="site")
def remove_site(*, site: Place, by: Viewer, now: datetime) -> None:
    """Remove a site that nothing refers to.

    :raises UnableToChange: if ``by`` may not, or something refers to it
    """
    _check(site.organisation, by)
    about = site.name
    try:
        site.delete()
    except ProtectedError as refusal:
        raise UnableToChange(
            _("Something still belongs to this site; it stays."), organisation=site.organisation_id
        ) from refusal
    record(by=by, did="remove site", about=about, now=now, organisation=site.organisation_id)


@operation("remove contact", about="contact")
def remove_contact(*, contact: Contact, by: Viewer, now: datetime) -> None:
    """Remove somebody who is no longer to be reached.

    :raises UnableToChange: if ``by`` may not
    """
    _check(contact.organisation, by)
    about = f"{contact.get_role_display()} {contact.pk}"
    contact.delete()
    record(by=by, did="remove contact", about=about, now=now, organisation=contact.organisation_id)


def _check(organisation: Organisation, by: Viewer) -> None:
    if not may_change(viewer=by, organisation=organisation):
        raise UnableToChange(
            _("Only the owner changes the house, and only owner and service managers change other organisations."),
            organisation=organisation.pk,
        )


def _own(kept: _Kept | None, organisation: Organisation) -> _Kept | None:
    if kept is not None and kept.organisation_id != organisation.pk:
        raise UnableToChange(_("This belongs to another organisation."), organisation=organisation.pk)
    return kept


def _save(kept: Model) -> None:
    """Keep a row whose values its fields and constraints allow."""
    try:
        kept.full_clean()
    except ValidationError as refusal:
        raise UnableToChange(" ".join(refusal.messages)) from refusal
    kept.save()
