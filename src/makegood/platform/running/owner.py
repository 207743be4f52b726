"""The first person: the owner of the installation, and the organisation that is its house."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from makegood.platform.running.database import demand_current
from makegood.platform.running.house import UnableToRun
from makegood.platform.tenancy.access.models import Membership, Person, Role
from makegood.platform.tenancy.branding.models import Brand
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.trail.operations import record
from makegood.platform.tenancy.viewer import Viewer


@transaction.atomic
def create_owner(*, email: str, name: str, password: str, slug: str, organisation: str, now: datetime) -> Person:
    """Make an owner. The first one comes with the house; later ones are for when nobody can sign in any more.

    :raises UnableToRun: if something cannot be what it is given as; nothing was made
    """
    demand_current()
    house = Organisation.objects.filter(is_house=True).first()
    person = Person(email=email.strip().lower(), name=name.strip(), created_at=now)
    try:
        if house is None:
            house = Organisation(slug=slug, name=organisation.strip(), is_house=True, created_at=now)
            house.full_clean()
            house.save()
            Brand.objects.create(organisation=house, name=house.name)
        validate_password(password, user=person)
        person.set_password(password)
        person.full_clean()
    except ValidationError as error:
        raise UnableToRun(_said(error), "Say it in another way; nothing was made.") from error
    person.save()
    Membership.objects.create(person=person, organisation=house, role=Role.OWNER, since=now)
    shell = Viewer(name="makegood admin", house=house.pk)
    record(by=shell, did="create owner", about=person.name, now=now, organisation=house.pk)
    return person


def _said(error: ValidationError) -> str:
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    return " ".join(f"{field}: {' '.join(said)}" for field, said in sorted(error.message_dict.items()))
