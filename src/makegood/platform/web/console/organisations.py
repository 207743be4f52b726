"""Organisations, their sites and contacts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.platform import clock
from makegood.platform.tenancy.access.models import Role
from makegood.platform.tenancy.parties import operations, queries
from makegood.platform.tenancy.parties.models import Contact, Organisation
from makegood.platform.tenancy.parties.models import Site as Place
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Site
from makegood.platform.web.console import organisation_forms
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.organisation import found, shown

KEEPERS = (Role.OWNER, Role.SERVICE_MANAGER)


@door(Site.CONSOLE)
def organisations(request: Request) -> HttpResponse:
    """List the organisations that the house deals with."""
    listed = queries.organisations(viewer=request.viewer)
    makes = request.viewer.has(*KEEPERS) and request.viewer.limited is None
    return render(request, "console/organisations.html", {"organisations": listed, "makes": makes})


@door(Site.CONSOLE)
def organisation(request: Request, slug: str) -> HttpResponse:
    """Show an organisation with its sites and contacts."""
    return _shown(request, found(request, slug))


@door(Site.CONSOLE, *KEEPERS)
def new_organisation(request: Request) -> HttpResponseBase:
    """Make an organisation."""
    form = organisation_forms.NewOrganisation(request.POST or None)
    back = reverse("console:organisations")
    return _asked(request, _("New organisation"), form, back, operations.make_organisation)


@door(Site.CONSOLE, *KEEPERS)
def change_organisation(request: Request, slug: str) -> HttpResponseBase:
    """Change what an organisation is called."""
    asked = _mine(request, slug)
    fields = ("name", "country", "shows_affiliates")
    initial = {each: getattr(asked, each) for each in fields}
    form = organisation_forms.ChangeOrganisation(request.POST or None, initial=initial)
    return _asked(request, asked.name, form, _page(asked), operations.change_organisation, organisation=asked)


@door(Site.CONSOLE, *KEEPERS)
def keep_site(request: Request, slug: str, pk: int | None = None) -> HttpResponseBase:
    """Add a site, or change one."""
    asked = _mine(request, slug)
    place = None if pk is None else get_object_or_404(queries.sites(viewer=request.viewer, organisation=asked), pk=pk)
    form = organisation_forms.KeepSite(request.POST or None, initial=_values(place, "name", "address", "timezone"))
    title = place.name if place else _("New site of %s") % asked
    remove = reverse("console:remove_site", args=[slug, place.pk]) if place else ""
    return _asked(
        request, title, form, _page(asked), operations.keep_site, remove=remove, organisation=asked, site=place
    )


@door(Site.CONSOLE, *KEEPERS)
@require_POST
def remove_site(request: Request, slug: str, pk: int) -> HttpResponseBase:
    """Remove a site that nothing refers to."""
    asked = _mine(request, slug)
    place = get_object_or_404(queries.sites(viewer=request.viewer, organisation=asked), pk=pk)
    try:
        operations.remove_site(site=place, by=request.viewer, now=clock.now())
    except Unable as refusal:
        return _shown(request, asked, refusal=str(refusal))
    return redirect(_page(asked))


@door(Site.CONSOLE, *KEEPERS)
def keep_contact(request: Request, slug: str, pk: int | None = None) -> HttpResponseBase:
    """Add somebody to reach, or change one of them."""
    asked = _mine(request, slug)
    kept = None
    if pk is not None:
        kept = get_object_or_404(queries.contacts(viewer=request.viewer, organisation=asked), pk=pk)
    initial = _values(kept, "name", "email", "phone", "role", "escalation")
    form = organisation_forms.KeepContact(request.POST or None, initial=initial)
    title = kept.name if kept else _("New contact of %s") % asked
    remove = reverse("console:remove_contact", args=[slug, kept.pk]) if kept else ""
    return _asked(
        request, title, form, _page(asked), operations.keep_contact, remove=remove, organisation=asked, contact=kept
    )


@door(Site.CONSOLE, *KEEPERS)
@require_POST
def remove_contact(request: Request, slug: str, pk: int) -> HttpResponseBase:
    """Remove somebody who is no longer to be reached."""
    asked = _mine(request, slug)
    kept = get_object_or_404(queries.contacts(viewer=request.viewer, organisation=asked), pk=pk)
    operations.remove_contact(contact=kept, by=request.viewer, now=clock.now())
    return redirect(_page(asked))


def _shown(request: Request, asked: Organisation, refusal: str = "") -> HttpResponse:
    viewer = request.viewer
    return shown(
        request,
        "console/organisation.html",
        asked,
        422 if refusal else 200,
        places=queries.sites(viewer=viewer, organisation=asked),
        contacts=queries.contacts(viewer=viewer, organisation=asked),
        keeps=queries.may_change(viewer=viewer, organisation=asked),
        refusal=refusal,
    )


def _asked(
    request: Request,
    title: str,
    form: forms.Form,
    back: str,
    operation: Callable[..., Any],
    remove: str = "",
    **about: Any,
) -> HttpResponseBase:
    """Ask for something on a page of its own, do it, and go back."""
    if form.is_valid():
        try:
            operation(by=request.viewer, now=clock.now(), **about, **form.cleaned_data)
        except Unable as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(back)
    seen = {"title": title, "form": form, "back": back, "remove": remove}
    return render(request, "parts/ask.html", seen, status=422 if form.errors else 200)


def _mine(request: Request, slug: str) -> Organisation:
    asked = found(request, slug)
    if not queries.may_change(viewer=request.viewer, organisation=asked):
        raise Http404
    return asked


def _page(organisation: Organisation) -> str:
    return reverse("console:organisation", args=[organisation.slug])


def _values(kept: Place | Contact | None, *names: str) -> dict[str, Any]:
    return {} if kept is None else {name: getattr(kept, name) for name in names}
