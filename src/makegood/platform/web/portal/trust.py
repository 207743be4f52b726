"""The trust page: what the provider shows of its own security, and who may reach what."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from makegood.platform import clock
from makegood.platform.review.governance.models import Assurance
from makegood.platform.review.governance.queries import assurances, grants
from makegood.platform.tenancy.viewer import Role, Site
from makegood.platform.web.doors import Request, door


@door(Site.PORTAL)
def trust(request: Request) -> HttpResponse:
    """Show certifications, controls, tests and incidents; sponsors and managers also see who may reach what."""
    found = list(assurances(viewer=request.viewer))
    sections = [(kind, [each for each in found if each.kind == kind]) for kind in Assurance.Kind]
    sees_access = request.viewer.has(Role.SPONSOR, Role.MANAGER)
    seen = {
        "sections": sections,
        "sees_access": sees_access,
        "grants": grants(viewer=request.viewer) if sees_access else [],
        "today": clock.now().date(),
    }
    return render(request, "portal/trust.html", seen)
