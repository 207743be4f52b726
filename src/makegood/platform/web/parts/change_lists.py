"""Changes, releases and problems as files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from makegood.platform.evidence.changes.queries import changes, problems, releases
from makegood.platform.tenancy.viewer import Viewer
from makegood.platform.web.parts.files import Listed, listed


def _changes(viewer: Viewer) -> Listed:
    names = ("pk", "title", "kind", "origin", "service", "impact", "priority", "state")
    times = ("requested_at", "authorised_at", "starts_at", "ends_at", "released_at")
    return listed(changes(viewer=viewer), *names, "cost", "currency", *times, customer="customer.slug")


def _releases(viewer: Viewer) -> Listed:
    names = ("pk", "title", "state", "starts_at", "ends_at", "service", "down_from", "down_until", "released_at")
    return listed(releases(viewer=viewer), *names, customer="customer.slug", manager="manager.name")


def _problems(viewer: Viewer) -> Listed:
    names = ("pk", "title", "service", "state", "root_cause", "workaround", "opened_at", "resolved_at")
    return listed(problems(viewer=viewer), *names, owner="owner.name")


OF_CHANGES: Final[dict[str, Callable[[Viewer], Listed | None]]] = {
    "requests-for-change": _changes,
    "releases": _releases,
    "problems": _problems,
}
