"""The trail, for those who may read it."""

from __future__ import annotations

from django.db.models import QuerySet

from makegood.platform.tenancy.trail.models import Entry
from makegood.platform.tenancy.viewer import Role, Site, Viewer

READERS = (Role.OWNER, Role.AUDITOR)


def entries(*, viewer: Viewer) -> QuerySet[Entry]:
    """Return the trail, newest first: all of it for the owner and auditors, or what is about their customers."""
    every = Entry.objects.select_related("organisation")
    if not viewer.within("trail:read") or viewer.site is not Site.CONSOLE or not viewer.has(*READERS):
        return every.none()
    return every if viewer.limited is None else every.filter(organisation__in=viewer.limited)


def deeds(*, viewer: Viewer) -> list[str]:
    """Return what was done so far, as verbs with their objects, in the order of the alphabet."""
    return list(entries(viewer=viewer).order_by("did").values_list("did", flat=True).distinct())


def entry_of(*, pk: int) -> Entry | None:
    """Return an entry of what was done, for work that nobody looks at."""
    return Entry.objects.select_related("organisation").filter(pk=pk, refused="").first()
