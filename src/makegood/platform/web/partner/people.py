"""People and keys of an affiliate, in its own hands."""

from __future__ import annotations

from makegood.platform.tenancy.viewer import Site
from makegood.platform.web.doors import door
from makegood.platform.web.parts import organisation

own = door(Site.PARTNER)(organisation.own)
people = door(Site.PARTNER)(organisation.people)
invite = door(Site.PARTNER)(organisation.invite)
resend = door(Site.PARTNER)(organisation.resend)
withdraw = door(Site.PARTNER)(organisation.withdraw)
end_role = door(Site.PARTNER)(organisation.end_role)
keys = door(Site.PARTNER)(organisation.keys)
make_key = door(Site.PARTNER)(organisation.make_key)
end_key = door(Site.PARTNER)(organisation.end_key)
