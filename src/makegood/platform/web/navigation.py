"""The entries of each site's navigation, and who sees them."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop as _

from makegood.platform.tenancy.access.models import Role
from makegood.platform.tenancy.access.viewer import Site

ITEMS: Final[dict[Site, list[tuple[str, str, str, tuple[Role, ...]]]]] = {
    Site.CONSOLE: [(_("Overview"), "console:home", "home", ())],
    Site.PORTAL: [(_("Outcomes"), "portal:home", "home", ())],
    Site.PARTNER: [(_("Overview"), "partner:home", "home", ())],
}
"""Text, address, icon and roles; none means all of the site."""
