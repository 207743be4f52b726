"""The brand that a viewer sees."""

from __future__ import annotations

from django.conf import settings

from makegood.platform.tenancy.branding.models import Brand
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import organisations
from makegood.platform.tenancy.viewer import Role, Site, Viewer


def brand_of(*, viewer: Viewer, host: str = "") -> Brand:
    """Return how pages look: as the house does, or as the one customer that has a brand of its own in the portal.

    Whoever is at no site yet sees the brand of the ``host`` that was asked for.
    """
    if viewer.site is Site.PORTAL:
        own = Brand.objects.filter(organisation__in=viewer.organisations(Site.PORTAL))[:2]
        if len(own) == 1:
            return own[0]
    if host and viewer.site in {None, Site.PORTAL}:
        shown = Brand.objects.filter(portal_host=host.partition(":")[0].lower()).first()
        if shown is not None:
            return shown
    return house_brand()


def house_brand() -> Brand:
    """Return how the house looks."""
    found = Brand.objects.filter(organisation__is_house=True).first()
    if found is None:
        owner = Organisation.objects.filter(is_house=True).first()
        return Brand(name=owner.name if owner else "Makegood")
    return found


def brand_towards(*, organisation: Organisation) -> Brand:
    """Return the brand under which an organisation is written to: its own, or that of the house."""
    return Brand.objects.filter(organisation=organisation).first() or house_brand()


def own_brand(*, viewer: Viewer, organisation: Organisation) -> Brand | None:
    """Return the brand of an organisation that exists for a viewer, if it has one."""
    return Brand.objects.filter(organisation=organisation, organisation__in=organisations(viewer=viewer)).first()


def may_brand(*, viewer: Viewer, organisation: Organisation) -> bool:
    """Tell whether a viewer sets the brand of an organisation: the owner of any, a sponsor that of its own."""
    if not viewer.within("organisations:write") or not organisations(viewer=viewer).filter(pk=organisation.pk).exists():
        return False
    if viewer.site is Site.PORTAL:
        return viewer.has(Role.SPONSOR, organisation=organisation.pk)
    return viewer.site is Site.CONSOLE and viewer.has(Role.OWNER)


def logo(*, sha256: str) -> tuple[bytes, str] | None:
    """Return a logo and its type by the digest of its bytes, which only those know who saw a page with it."""
    found = Brand.objects.filter(logo_sha256=sha256).first() if sha256 else None
    return (bytes(found.logo), found.logo_type) if found is not None and found.logo is not None else None


def home_of(*, brand: Brand) -> str:
    """Return where the pages of a brand are, for links in mails: ``https://portal.acme.example``."""
    if not brand.portal_host:
        return settings.BASE_URL
    scheme, _, address = settings.BASE_URL.partition("://")
    port = address.partition(":")[2]
    return f"{scheme}://{brand.portal_host}" + (f":{port}" if port else "")
