"""Pages of this site."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from makegood.platform.agreement.contracts.queries import contracts, versions
from makegood.platform.tenancy.access.viewer import Site
from makegood.platform.web.doors import Request, door


@door(Site.CONSOLE)
def home(request: Request) -> HttpResponse:
    """Show the agreements."""
    return render(request, "console/home.html", {"contracts": contracts(viewer=request.viewer)})


@door(Site.CONSOLE)
def agreement(request: Request, slug: str) -> HttpResponse:
    """Show an agreement."""
    found = get_object_or_404(contracts(viewer=request.viewer), slug=slug)
    texts = versions(viewer=request.viewer, contract=found)
    return render(request, "console/agreement.html", {"contract": found, "versions": texts})
