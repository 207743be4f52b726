"""What every page knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.platform import clock
from makegood.platform.tenancy.access.models import Role
from makegood.platform.tenancy.branding.queries import brand_of
from makegood.platform.tenancy.viewer import NOBODY, Site, Viewer
from makegood.platform.web.navigation import ITEMS

_SITES = {
    Site.CONSOLE: gettext_lazy("Console"),
    Site.PORTAL: gettext_lazy("Portal"),
    Site.PARTNER: gettext_lazy("Affiliate"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of the navigation."""

    text: str
    address: str
    icon: str
    here: bool


def page(request: HttpRequest) -> dict[str, Any]:
    """Return viewer, brand and navigation for a page."""
    viewer: Viewer = getattr(request, "viewer", NOBODY)
    return {
        "viewer": viewer,
        "brand": SimpleLazyObject(lambda: brand_of(viewer=viewer, host=request.get_host())),
        "account_pages": SimpleLazyObject(lambda: _account_pages(request.path, viewer)),
        "navigation": _items(viewer, request.path),
        "other_sites": [(site, _SITES[site]) for site in viewer.sites if site is not viewer.site],
        "today": clock.now(),
        "shifted": settings.DAYS_SHIFTED,
        "languages": settings.LANGUAGES,
    }


def _items(viewer: Viewer, path: str) -> list[Item]:
    if viewer.site is None:
        return []
    found = []
    for text, name, icon, roles in ITEMS[viewer.site]:
        if viewer.has(*(roles or Role)):
            address = reverse(name)
            is_home = name.endswith(":home")
            found.append(Item(_(text), address, icon, path == address if is_home else path.startswith(address)))
    return found


def _account_pages(path: str, viewer: Viewer) -> list[Item]:
    pages = [
        (_("Two factors and passkeys"), "mfa_index", "shield-check"),
        (_("Password"), "account_change_password", "lock"),
        (_("E-mail"), "account_email", "mail"),
        (_("Sessions"), "usersessions_list", "world"),
    ]
    if settings.OIDC:
        pages.append((_("Sign-in elsewhere"), "socialaccount_connections", "key"))
    if viewer.sites:
        pages.append((_("Mails to you"), f"{viewer.sites[0]}:my_mails", "mail"))
    return [Item(text, reverse(name), icon, path.startswith(reverse(name))) for text, name, icon in pages]


__all__ = ["Site", "page"]
