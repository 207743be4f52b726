"""People, keys and the brand of a customer, in its own hands."""

from __future__ import annotations

from makegood.platform.tenancy.access.models import Role
from makegood.platform.tenancy.viewer import Site
from makegood.platform.web.doors import door
from makegood.platform.web.parts import organisation

own = door(Site.PORTAL, Role.SPONSOR, Role.MANAGER)(organisation.own)
people = door(Site.PORTAL, Role.SPONSOR, Role.MANAGER)(organisation.people)
invite = door(Site.PORTAL, Role.SPONSOR)(organisation.invite)
resend = door(Site.PORTAL, Role.SPONSOR)(organisation.resend)
withdraw = door(Site.PORTAL, Role.SPONSOR)(organisation.withdraw)
end_role = door(Site.PORTAL, Role.SPONSOR)(organisation.end_role)
keys = door(Site.PORTAL, Role.SPONSOR)(organisation.keys)
make_key = door(Site.PORTAL, Role.SPONSOR)(organisation.make_key)
end_key = door(Site.PORTAL, Role.SPONSOR)(organisation.end_key)
brand = door(Site.PORTAL, Role.SPONSOR)(organisation.brand)
