"""The first person: the owner of the installation, and the organisation that is its house."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from makegood.platform.running.database import demand_current
from makegood.platform.running.house import UnableToRun
from makegood.platform.tenancy.access.models import Person, Role
from makegood.platform.tenancy.access.operations import enrol_person
from makegood.platform.tenancy.access.queries import person_of
from makegood.platform.tenancy.branding.models import Brand
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Site, Viewer

_REMEDY = "Say it in another way; nothing was made."


@transaction.atomic
def create_owner(*, email: str, name: str, password: str, slug: str, organisation: str, now: datetime) -> Person:
    """Make an owner. The first one comes with the house; later ones are for when nobody can sign in any more.

    :raises UnableToRun: if something cannot be what it is given as; nothing was made
    """
    demand_current()
    if person_of(email=email.strip()) is not None:
        raise UnableToRun(f"{email.strip().lower()} is somebody's address already.", _REMEDY)
    house = Organisation.objects.filter(is_house=True).first() or _house(slug, organisation, now)
    shell = Viewer(name="makegood admin", house=house.pk, roles={house.pk: frozenset({Role.OWNER})}, site=Site.CONSOLE)
    try:
        return enrol_person(
            organisation=house, email=email, name=name, password=password, role=Role.OWNER, by=shell, now=now
        )
    except Unable as error:
        raise UnableToRun(str(error), _REMEDY) from error


def _house(slug: str, name: str, now: datetime) -> Organisation:
    house = Organisation(slug=slug, name=name.strip(), is_house=True, created_at=now)
    try:
        house.full_clean()
    except ValidationError as error:
        said = " ".join(f"{field}: {' '.join(found)}" for field, found in sorted(error.message_dict.items()))
        raise UnableToRun(said, _REMEDY) from error
    house.save()
    Brand.objects.create(organisation=house, name=house.name)
    return house
