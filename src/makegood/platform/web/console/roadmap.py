"""Planning a customer's technology, and keeping its reference architecture."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.platform import clock
from makegood.platform.review.governance import operations
from makegood.platform.review.governance.models import RoadmapEntry
from makegood.platform.review.governance.queries import components, roadmap
from makegood.platform.tenancy.viewer import Site
from makegood.platform.web.console import relationship_forms
from makegood.platform.web.console.relationship import KEEPERS, asked, customer_of, posted
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.answers import back_to, told

_MONTHS_OF_A_QUARTER = 3


def addresses() -> list[URLPattern]:
    """Return the addresses of these pages."""
    keeps = door(Site.CONSOLE, *KEEPERS)
    here = "organisations/<slug:slug>/roadmap/"
    return [
        path(f"{here}new/", keeps(new_entry), name="new-entry"),
        path(f"{here}<int:entry>/", keeps(one_entry), name="entry"),
        path(f"{here}components/new/", keeps(new_component), name="new-component"),
        path(f"{here}components/<int:component>/end/", keeps(component_ended), name="end-component"),
    ]


@require_http_methods(["GET", "POST"])
def new_entry(request: Request, slug: str) -> HttpResponse:
    """Plan something."""
    customer, today = customer_of(request, slug), clock.now().date()
    initial = {"year": today.year, "quarter": (today.month - 1) // _MONTHS_OF_A_QUARTER + 1}
    form = relationship_forms.PlanEntry(posted(request), initial={**initial, "state": RoadmapEntry.State.PLANNED})
    return asked(request, customer, _("What is planned"), form, operations.plan_entry, "roadmap")


@require_http_methods(["GET", "POST"])
def one_entry(request: Request, slug: str, entry: int) -> HttpResponse:
    """Change when something comes, how far it is, and why."""
    customer = customer_of(request, slug)
    kept = get_object_or_404(roadmap(viewer=request.viewer, customer=customer), pk=entry)
    initial = {"year": kept.year, "quarter": kept.quarter, "state": kept.state, "why": kept.why}
    form = relationship_forms.ChangeEntry(posted(request), initial=initial)
    return asked(request, customer, kept.title, form, operations.change_entry, "roadmap", entry=kept)


@require_http_methods(["GET", "POST"])
def new_component(request: Request, slug: str) -> HttpResponse:
    """Write a component down."""
    customer, form = customer_of(request, slug), relationship_forms.KeepComponent(posted(request))
    return asked(request, customer, _("A component"), form, operations.keep_component, "roadmap")


@require_POST
def component_ended(request: Request, slug: str, component: int) -> HttpResponse:
    """Take a component off the reference architecture."""
    customer = customer_of(request, slug)
    kept = get_object_or_404(components(viewer=request.viewer, customer=customer), pk=component)
    told(
        request,
        lambda: operations.end_component(component=kept, by=request.viewer, now=clock.now()),
        _("It was taken off."),
    )
    return back_to(request, "roadmap", slug)
