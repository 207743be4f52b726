"""Writing to the trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from makegood.platform.tenancy.access.viewer import Viewer
from makegood.platform.tenancy.trail.models import Entry


def record(
    *,
    by: Viewer,
    did: str,
    about: str,
    now: datetime,
    organisation: int | None = None,
    refused: str = "",
    **details: Any,
) -> None:
    """Keep who did what; ``did`` is a verb and an object such as ``sign version``.

    ``organisation`` is the one that it is about; its details must be ready for JSON.
    """
    Entry.objects.create(
        at=now,
        who=by.name,
        person_id=by.person,
        organisation_id=organisation,
        did=did,
        about=about,
        details=details,
        address=by.address,
        refused=refused,
    )
