"""The entries of each site's navigation, and who sees them."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop as _

from makegood.platform.tenancy.access.models import Role
from makegood.platform.tenancy.viewer import Site

ITEMS: Final[dict[Site, list[tuple[str, str, str, tuple[Role, ...]]]]] = {
    Site.CONSOLE: [
        (_("Overview"), "console:home", "home", ()),
        (_("Search"), "console:search", "search", ()),
        (_("Agreements"), "console:agreements", "certificate", ()),
        (_("Service desk"), "console:desk", "list-check", ()),
        (_("Changes"), "console:rfcs", "settings", ()),
        (_("On call"), "console:on-call", "bell", ()),
        (_("Claims"), "console:claims", "coin", (Role.OWNER, Role.SERVICE_MANAGER, Role.BILLING, Role.AUDITOR)),
        (_("Organisations"), "console:organisations", "building", ()),
        (_("Assurance"), "console:assurance", "shield-check", (Role.OWNER, Role.SERVICE_MANAGER, Role.AUDITOR)),
        (_("Mails"), "console:mails", "mail", (Role.OWNER,)),
        (_("Trail"), "console:trail", "history", (Role.OWNER, Role.AUDITOR)),
    ],
    Site.PORTAL: [
        (_("Outcomes"), "portal:home", "home", ()),
        (_("Search"), "portal:search", "search", ()),
        (_("Requests"), "portal:requests", "message-circle", ()),
        (_("Knowledge"), "portal:knowledge", "search", ()),
        (_("Changes"), "portal:rfcs", "settings", (Role.SPONSOR, Role.MANAGER)),
        (_("Trust"), "portal:trust", "shield-check", ()),
        (_("Your organisation"), "portal:own", "building", (Role.SPONSOR, Role.MANAGER)),
    ],
    Site.PARTNER: [
        (_("Overview"), "partner:home", "home", ()),
        (_("Search"), "partner:search", "search", ()),
        (_("Cases"), "partner:cases", "list-check", ()),
        (_("Claims"), "partner:claims", "coin", ()),
        (_("Your organisation"), "partner:own", "building", ()),
    ],
}
"""Text, address, icon and roles; none means all of the site."""
