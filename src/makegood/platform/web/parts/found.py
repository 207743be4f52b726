"""What an address names, if it exists for whoever asks."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.web.doors import Request


def contract_of(request: Request, slug: str) -> Contract:
    """Return an agreement; for who may not see it there is none.

    :raises Http404: if there is no such agreement
    """
    return get_object_or_404(contracts(viewer=request.viewer), slug=slug)
