"""What every answer begins with: the right scope, and an agreement that exists for whoever asks."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from ninja.errors import HttpError

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.tenancy.viewer import Viewer


def viewer_with(request: HttpRequest, scope: Scope) -> Viewer:
    """Return who asks, if the key is good for this."""
    viewer = cast("Viewer", request.viewer)  # type: ignore[attr-defined]
    if scope not in (viewer.scopes or ()):
        raise HttpError(403, f"this key has no scope {scope.value}")
    return viewer


def contract_of(viewer: Viewer, identifier: str) -> Contract:
    """Return an agreement that exists for somebody."""
    found = contracts(viewer=viewer).filter(slug=identifier).first()
    if found is None:
        raise HttpError(404, "there is no such agreement")
    return found
