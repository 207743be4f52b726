"""Who looks, as other apps know it."""

from __future__ import annotations

from makegood.platform.tenancy.viewer import NOBODY, ROLES_OF, Site, Viewer

__all__ = ["NOBODY", "ROLES_OF", "Site", "Viewer"]
