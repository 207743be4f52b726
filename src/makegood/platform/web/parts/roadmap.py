"""The roadmap of a customer's technology, its reference architecture and how it is supported; customers read it."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import Final

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path

from makegood.platform.review.governance.queries import components, roadmap, support_plans
from makegood.platform.tenancy.viewer import Role, Site
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.organisation import found, shown

_READERS: Final = {Site.CONSOLE: (), Site.PORTAL: (Role.SPONSOR, Role.MANAGER)}
_KEEPERS: Final = (Role.OWNER, Role.SERVICE_MANAGER)
_WHERE: Final = {Site.CONSOLE: "organisations", Site.PORTAL: "organisation"}


def addresses(site: Site) -> list[URLPattern]:
    """Return the address of the page at a site."""
    opened = partial(door, site)
    return [path(f"{_WHERE[site]}/<slug:slug>/roadmap/", opened(*_READERS[site])(one_roadmap), name="roadmap")]


def one_roadmap(request: Request, slug: str) -> HttpResponse:
    """Show what is planned, what the technology is built by, and how each agreement is supported."""
    customer, viewer = found(request, slug), request.viewer
    if customer.is_house:
        raise Http404
    planned = roadmap(viewer=viewer, customer=customer)
    return shown(
        request,
        "parts/roadmap.html",
        customer,
        quarters=[(*when, list(each)) for when, each in groupby(planned, key=lambda one: (one.year, one.quarter))],
        components=components(viewer=viewer, customer=customer),
        plans=support_plans(viewer=viewer, customer=customer),
        keeps=viewer.has(*_KEEPERS),
    )
