"""Mails about changes: who is to vote, who is to approve, and when a service is down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.urls import reverse

from makegood.platform.evidence.changes.models import Change, Release, Rule
from makegood.platform.evidence.changes.queries import rule_of
from makegood.platform.tenancy.access.models import Person
from makegood.platform.tenancy.access.queries import people_with
from makegood.platform.tenancy.branding.queries import brand_towards, home_of
from makegood.platform.tenancy.messages.operations import write_from_template
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.viewer import STAFF, Role

_FORM: Final = "%Y-%m-%d %H:%M"


def tell_committee(*, change: Change, people: Iterable[Person], now: datetime) -> None:
    """Write to the members of a committee that they have something to vote on."""
    ours = {each.pk for each in people_with(organisation=house(), roles=STAFF)}
    for person in people:
        site = "console" if person.pk in ours else "portal"
        _write(
            "change_to_vote",
            change.customer,
            person,
            now,
            f"{site}:rfc",
            change.pk,
            title=str(change),
            customer=change.customer.name,
        )


def tell_customer(*, change: Change, now: datetime) -> None:
    """Write to those who approve changes for a customer that one waits for them."""
    sponsors = rule_of(customer=change.customer_id).approver == Rule.Approver.SPONSOR
    roles = [Role.SPONSOR] if sponsors else [Role.SPONSOR, Role.MANAGER]
    for person in people_with(organisation=change.customer, roles=roles):
        _write("change_to_decide", change.customer, person, now, "portal:rfc", change.pk, title=str(change))


def tell_of_downtime(*, release: Release, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Write to sponsors and managers of a customer when a service of theirs is down."""
    zone = rule_of(customer=release.customer_id).timezone
    said = {
        "starts": f"{starts_at.astimezone(ZoneInfo(zone)):{_FORM}}",
        "ends": f"{ends_at.astimezone(ZoneInfo(zone)):{_FORM}}",
        "zone": zone,
        "service": release.service,
        "proposed": release.exclusion is not None,
    }
    for person in people_with(organisation=release.customer, roles=[Role.SPONSOR, Role.MANAGER]):
        _write(
            "downtime_announced",
            release.customer,
            person,
            now,
            "portal:release",
            release.pk,
            title=release.title,
            **said,
        )


def _write(
    kind: str, towards: Organisation, person: Person, now: datetime, page: str, number: int, /, **words: Any
) -> None:
    brand = brand_towards(organisation=towards)
    link = home_of(brand=brand) + reverse(page, args=[number])
    write_from_template(
        kind=kind,
        to=person.email,
        language=person.language,
        now=now,
        brand=brand,
        name=person.name,
        link=link,
        **words,
    )
