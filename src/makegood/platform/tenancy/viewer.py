"""Who looks, and what follows from that; every read that people reach takes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody is in an organisation: of the provider, of a customer, or of an affiliate."""

    OWNER = "OWNER", _("owner")
    SERVICE_MANAGER = "SERVICE_MANAGER", _("service manager")
    ENGINEER = "ENGINEER", _("engineer")
    BILLING = "BILLING", _("billing")
    AUDITOR = "AUDITOR", _("auditor")
    SPONSOR = "SPONSOR", _("sponsor")
    MANAGER = "MANAGER", _("manager")
    USER = "USER", _("user")
    AFFILIATE = "AFFILIATE", _("affiliate")


STAFF = frozenset({Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER, Role.BILLING, Role.AUDITOR})
CUSTOMER = frozenset({Role.SPONSOR, Role.MANAGER, Role.USER})


class Site(StrEnum):
    """The hat that somebody wears."""

    CONSOLE = "console"
    PORTAL = "portal"
    PARTNER = "partner"


ROLES_OF = {Site.CONSOLE: STAFF, Site.PORTAL: CUSTOMER, Site.PARTNER: frozenset({Role.AFFILIATE})}
"""The roles that lead to a site."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person, or a program of an organisation, at a site.

    ``roles`` are held by organisation. Staff that is ``limited`` sees these customers only. A program has ``scopes``;
    one that acts, and does not only read, does so for the ``maker`` of its key.
    """

    name: str
    house: int
    person: int | None = None
    roles: Mapping[int, frozenset[Role]] = field(default_factory=dict)
    limited: frozenset[int] | None = None
    site: Site | None = None
    scopes: frozenset[str] | None = None
    address: str | None = None
    client: int | None = None
    maker: int | None = None

    @property
    def author(self) -> int | None:
        """The person who answers for what is done: whoever does it, or whoever made the key of a program."""
        return self.person if self.person is not None else self.maker

    def within(self, scope: str) -> bool:
        """Tell whether a scope allows something; a person needs none."""
        return self.scopes is None or scope in self.scopes

    @property
    def sites(self) -> tuple[Site, ...]:
        """The sites that this viewer may use."""
        return tuple(site for site in Site if self.organisations(site))

    def at(self, site: Site) -> Viewer:
        """Return the same viewer at a site."""
        return replace(self, site=site)

    def organisations(self, site: Site) -> frozenset[int]:
        """Return the organisations for which the viewer is at a site."""
        return frozenset(
            each
            for each, roles in self.roles.items()
            if roles & ROLES_OF[site] and (each == self.house) == (site is Site.CONSOLE)
        )

    def has(self, *roles: Role, organisation: int | None = None) -> bool:
        """Tell whether the viewer has one of some roles at this site, in any organisation or in one."""
        if self.site is None:
            return False
        wanted = frozenset(roles) & ROLES_OF[self.site]
        among = self.organisations(self.site) if organisation is None else {organisation}
        return any(self.roles.get(each, frozenset()) & wanted for each in among)


NOBODY = Viewer(name="nobody", house=0)
