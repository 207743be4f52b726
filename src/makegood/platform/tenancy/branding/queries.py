"""The brand that a viewer sees."""

from __future__ import annotations

from makegood.platform.tenancy.access.viewer import Site, Viewer
from makegood.platform.tenancy.branding.models import Brand


def brand_of(*, viewer: Viewer) -> Brand:
    """Return how pages look: as the house does, or as the one customer that has a brand of its own in the portal."""
    if viewer.site is Site.PORTAL:
        own = Brand.objects.filter(organisation__in=viewer.organisations(Site.PORTAL))[:2]
        if len(own) == 1:
            return own[0]
    return Brand.objects.filter(organisation__is_house=True).first() or Brand(name="Makegood")
