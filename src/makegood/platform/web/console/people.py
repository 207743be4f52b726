"""People, keys and brands of every organisation."""

from __future__ import annotations

from makegood.platform.tenancy.access.models import Role
from makegood.platform.tenancy.viewer import Site
from makegood.platform.web.doors import door
from makegood.platform.web.parts import organisation

people = door(Site.CONSOLE, Role.OWNER, Role.SERVICE_MANAGER, Role.AUDITOR)(organisation.people)
invite = door(Site.CONSOLE, Role.OWNER)(organisation.invite)
resend = door(Site.CONSOLE, Role.OWNER)(organisation.resend)
withdraw = door(Site.CONSOLE, Role.OWNER)(organisation.withdraw)
end_role = door(Site.CONSOLE, Role.OWNER)(organisation.end_role)
limit = door(Site.CONSOLE, Role.OWNER)(organisation.limit)
keys = door(Site.CONSOLE, Role.OWNER, Role.AUDITOR)(organisation.keys)
make_key = door(Site.CONSOLE, Role.OWNER)(organisation.make_key)
end_key = door(Site.CONSOLE, Role.OWNER)(organisation.end_key)
brand = door(Site.CONSOLE, Role.OWNER)(organisation.brand)
