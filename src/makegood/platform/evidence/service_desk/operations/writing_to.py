"""Mails about work on cases, each to people who may see the case, in their language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from makegood.platform.evidence.service_desk.models import Case
from makegood.platform.evidence.service_desk.operations.mailing import sender_for
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.access.queries import people_with
from makegood.platform.tenancy.branding.queries import brand_towards, home_of
from makegood.platform.tenancy.messages.operations import write_from_template
from makegood.platform.tenancy.viewer import Role


def payers_of(case: Case) -> list[Person]:
    """Return who decides for the customer of a case what is paid for."""
    roles = [Role.OWNER, Role.SERVICE_MANAGER] if case.customer.is_house else [Role.SPONSOR, Role.MANAGER]
    return people_with(organisation=case.customer, roles=roles)


def write_to_customer(kind: str, people: Iterable[Person], case: Case, *, now: datetime, **words: Any) -> None:
    """Write a mail to people of the customer of a case, in the name under which it knows us."""
    brand = brand_towards(organisation=case.customer)
    site = "console" if case.customer.is_house else "portal"
    link = home_of(brand=brand) + reverse(f"{site}:case", args=[case.pk])
    for each in people:
        write_from_template(
            kind=kind,
            to=each.email,
            language=each.language,
            now=now,
            brand=brand,
            sender=sender_for(case, brand),
            case=case,
            name=each.name,
            link=link,
            **words,
        )


def write_to_staff(kind: str, people: Iterable[Person], case: Case, *, now: datetime, **words: Any) -> None:
    """Write a mail to people who work on a case."""
    site = "console" if case.provider.is_house else "partner"
    for each in people:
        if each.is_active:
            write_from_template(
                kind=kind,
                to=each.email,
                language=each.language,
                now=now,
                case=case,
                name=each.name,
                link=settings.BASE_URL + reverse(f"{site}:case", args=[case.pk]),
                **words,
            )
