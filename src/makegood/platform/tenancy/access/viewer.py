"""Who looks, and what follows from that; every read that people reach takes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from makegood.platform.tenancy.access.models import CUSTOMER, STAFF, Role


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

    ``roles`` are held by organisation. Staff that is ``limited`` sees these customers only. A program has ``scopes``.
    """

    name: str
    house: int
    person: int | None = None
    roles: Mapping[int, frozenset[Role]] = field(default_factory=dict)
    limited: frozenset[int] | None = None
    site: Site | None = None
    scopes: frozenset[str] | None = None
    address: str | None = None

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
