"""People, keys and the brand of an organisation; each site opens its own doors to these pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from makegood.platform import clock
from makegood.platform.review.governance.queries import READERS
from makegood.platform.tenancy.access import operations, queries
from makegood.platform.tenancy.access.models import Role
from makegood.platform.tenancy.branding.operations import MOST_BYTES, set_brand
from makegood.platform.tenancy.branding.queries import may_brand, own_brand
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import organisations
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import STAFF, Site
from makegood.platform.web.doors import Request
from makegood.platform.web.parts import organisation_forms as forms


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the pages of an organisation."""

    text: str
    address: str
    here: bool


def found(request: Request, slug: str) -> Organisation:
    """Return an organisation that exists for whoever asks."""
    return get_object_or_404(organisations(viewer=request.viewer), slug=slug)


def shown(request: Request, page: str, organisation: Organisation, status: int = 200, **more: Any) -> HttpResponse:
    """Show a page of an organisation, below its tabs."""
    context = {"organisation": organisation, "site": request.viewer.site, "tabs": tabs(request, organisation), **more}
    return render(request, page, context, status=status)


def tabs(request: Request, organisation: Organisation) -> list[Tab]:
    """Return the pages of an organisation that a viewer may open."""
    viewer, site = request.viewer, request.viewer.site
    texts = {
        "organisation": _("Overview") if site is Site.CONSOLE else "",
        "relationship": _("Relationship") if not organisation.is_house and _sees_relationship(request) else "",
        "roadmap": _("Roadmap") if not organisation.is_house and _sees_roadmap(request) else "",
        "people": _("People") if _sees(request, organisation) else "",
        "keys": _("Keys") if _keys_seen(request, organisation) else "",
        "hooks": _("Web hooks") if _keys_seen(request, organisation) else "",
        "brand": _("Brand") if may_brand(viewer=viewer, organisation=organisation) else "",
    }
    made = []
    for name, text in texts.items():
        if text:
            address = reverse(f"{site}:{name}", args=[organisation.slug])
            below = name in {"hooks", "relationship", "roadmap"} and request.path.startswith(address)
            made.append(Tab(text, address, below or request.path == address))
    return made


def _sees_relationship(request: Request) -> bool:
    return request.viewer.site is Site.CONSOLE and request.viewer.has(*READERS)


def _sees_roadmap(request: Request) -> bool:
    return request.viewer.site is Site.CONSOLE or request.viewer.has(Role.SPONSOR, Role.MANAGER)


def own(request: Request) -> HttpResponseBase:
    """Lead to the one organisation of a viewer, or list them."""
    mine = list(organisations(viewer=request.viewer))
    if len(mine) == 1:
        return redirect(f"{request.viewer.site}:people", mine[0].slug)
    return render(request, "parts/organisations.html", {"organisations": mine, "site": request.viewer.site})


# --- people ----------------------------------------------------------------------------------------------------------


def people(request: Request, slug: str) -> HttpResponseBase:
    """Show who has which role, and who is invited."""
    return _people(request, found(request, slug))


@require_POST
def invite(request: Request, slug: str) -> HttpResponseBase:
    """Invite somebody."""
    organisation = found(request, slug)
    form = _invite(request, organisation, request.POST)
    if form.is_valid():
        try:
            operations.invite_person(organisation=organisation, by=request.viewer, now=clock.now(), **form.cleaned_data)
        except Unable as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("A mail is on its way to %s.") % form.cleaned_data["email"])
            return _to(request, "people", organisation)
    return _people(request, organisation, form)


@require_POST
def resend(request: Request, slug: str, pk: int) -> HttpResponseBase:
    """Send an invitation again, with a new link."""
    organisation = found(request, slug)
    asked = get_object_or_404(queries.invitations(viewer=request.viewer, organisation=organisation), pk=pk)
    try:
        operations.resend_invitation(invitation=asked, by=request.viewer, now=clock.now())
    except Unable as refusal:
        return _people(request, organisation, refusal=str(refusal))
    messages.success(request, _("A mail is on its way to %s.") % asked.email)
    return _to(request, "people", organisation)


@require_POST
def withdraw(request: Request, slug: str, pk: int) -> HttpResponseBase:
    """Take an invitation back."""
    organisation = found(request, slug)
    asked = get_object_or_404(queries.invitations(viewer=request.viewer, organisation=organisation), pk=pk)
    try:
        operations.withdraw_invitation(invitation=asked, by=request.viewer, now=clock.now())
    except Unable as refusal:
        return _people(request, organisation, refusal=str(refusal))
    return _to(request, "people", organisation)


@require_POST
def end_role(request: Request, slug: str, pk: int) -> HttpResponseBase:
    """Take a role away."""
    organisation = found(request, slug)
    asked = get_object_or_404(queries.memberships(viewer=request.viewer, organisation=organisation), pk=pk)
    try:
        operations.end_membership(membership=asked, by=request.viewer, now=clock.now())
    except Unable as refusal:
        return _people(request, organisation, refusal=str(refusal))
    return _to(request, "people", organisation)


def limit(request: Request, slug: str, pk: int) -> HttpResponseBase:
    """Choose which customers somebody of the staff sees."""
    organisation = found(request, slug)
    asked = get_object_or_404(queries.memberships(viewer=request.viewer, organisation=organisation), pk=pk)
    form = forms.Limit(
        request.POST if request.method == "POST" else None,
        customers=_customers(request),
        initial={"customers": asked.customers.all()},
    )
    if form.is_valid():
        try:
            operations.limit_membership(membership=asked, by=request.viewer, now=clock.now(), **form.cleaned_data)
        except Unable as refusal:
            form.add_error(None, str(refusal))
        else:
            return _to(request, "people", organisation)
    status = 422 if form.errors else 200
    return shown(request, "parts/limit.html", organisation, status, form=form, membership=asked)


def _people(
    request: Request, organisation: Organisation, form: forms.Invite | None = None, refusal: str = ""
) -> HttpResponse:
    if not _sees(request, organisation):
        raise Http404
    viewer = request.viewer
    given = queries.roles_to_give(viewer=viewer, organisation=organisation)
    seen = {
        "memberships": queries.memberships(viewer=viewer, organisation=organisation),
        "invitations": queries.invitations(viewer=viewer, organisation=organisation),
        "given": given,
        "limitable": [role for role in given if role in STAFF and role != Role.OWNER],
        "form": (form or _invite(request, organisation)) if given else None,
        "refusal": refusal,
        "now": clock.now(),
    }
    status = 422 if refusal or (form is not None and form.errors) else 200
    return shown(request, "parts/people.html", organisation, status, **seen)


def _invite(request: Request, organisation: Organisation, posted: Any = None) -> forms.Invite:
    given = queries.roles_to_give(viewer=request.viewer, organisation=organisation)
    return forms.Invite(posted, roles=given, customers=_customers(request))


def _customers(request: Request) -> QuerySet[Organisation]:
    return organisations(viewer=request.viewer).filter(is_house=False)


def _sees(request: Request, organisation: Organisation) -> bool:
    viewer = request.viewer
    return viewer.site is not None and viewer.has(
        *queries.SEE_PEOPLE[viewer.site], organisation=None if viewer.site is Site.CONSOLE else organisation.pk
    )


# --- keys ------------------------------------------------------------------------------------------------------------


def keys(request: Request, slug: str) -> HttpResponseBase:
    """Show the programs of an organisation."""
    return _keys(request, found(request, slug))


@require_POST
@never_cache
def make_key(request: Request, slug: str) -> HttpResponseBase:
    """Make a key, and show it this once."""
    organisation = found(request, slug)
    form = forms.MakeKey(request.POST)
    if form.is_valid():
        now, asked = clock.now(), form.cleaned_data
        try:
            _client, key = operations.make_key(
                organisation=organisation,
                name=asked["name"],
                scopes=asked["scopes"],
                expires_at=now + timedelta(days=asked["days"]),
                by=request.viewer,
                now=now,
            )
        except Unable as refusal:
            form.add_error(None, str(refusal))
        else:
            return _keys(request, organisation, made=key)
    return _keys(request, organisation, form)


@require_POST
def end_key(request: Request, slug: str, pk: int) -> HttpResponseBase:
    """End a key."""
    organisation = found(request, slug)
    asked = get_object_or_404(queries.clients(viewer=request.viewer, organisation=organisation), pk=pk)
    try:
        operations.end_key(client=asked, by=request.viewer, now=clock.now())
    except Unable as refusal:
        return _keys(request, organisation, refusal=str(refusal))
    return _to(request, "keys", organisation)


def _keys(
    request: Request,
    organisation: Organisation,
    form: forms.MakeKey | None = None,
    made: str = "",
    refusal: str = "",
) -> HttpResponse:
    if not _keys_seen(request, organisation):
        raise Http404
    viewer = request.viewer
    mine = queries.may_make_keys(viewer=viewer, organisation=organisation)
    seen = {
        "clients": queries.clients(viewer=viewer, organisation=organisation),
        "form": (form or forms.MakeKey()) if mine else None,
        "ends": mine or viewer.has(Role.OWNER),
        "made": made,
        "refusal": refusal,
        "now": clock.now(),
    }
    status = 422 if refusal or (form is not None and form.errors) else 200
    return shown(request, "parts/keys.html", organisation, status, **seen)


def _keys_seen(request: Request, organisation: Organisation) -> bool:
    viewer = request.viewer
    if viewer.site is Site.CONSOLE:
        return viewer.has(Role.OWNER, Role.AUDITOR)
    return queries.may_make_keys(viewer=viewer, organisation=organisation)


# --- brand -----------------------------------------------------------------------------------------------------------


def brand(request: Request, slug: str) -> HttpResponseBase:
    """Show and set how an organisation looks."""
    organisation = found(request, slug)
    if not may_brand(viewer=request.viewer, organisation=organisation):
        raise Http404
    present = own_brand(viewer=request.viewer, organisation=organisation)
    kind = forms.SetOwnersBrand if request.viewer.site is Site.CONSOLE else forms.SetBrand
    fields = ("name", "colour", "sender", "portal_host")
    initial = {each: getattr(present, each) for each in fields} if present else {"name": organisation.name}
    initial.setdefault("colour", "#0b5cad")
    if request.method != "POST":
        return shown(request, "parts/brand.html", organisation, form=kind(initial=initial), present=present)
    form = kind(request.POST, request.FILES, initial=initial)
    if form.is_valid():
        try:
            _set_brand(request, organisation, dict(form.cleaned_data))
        except Unable as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It looks like this from now on."))
            return _to(request, "brand", organisation)
    return shown(request, "parts/brand.html", organisation, 422, form=form, present=present)


def _set_brand(request: Request, organisation: Organisation, asked: dict[str, Any]) -> None:
    image = asked.pop("logo")
    logo = None if image is None else image.read(MOST_BYTES + 1)
    set_brand(organisation=organisation, logo=logo, by=request.viewer, now=clock.now(), **asked)


# --- parts -----------------------------------------------------------------------------------------------------------


def _to(request: Request, name: str, organisation: Organisation) -> HttpResponseBase:
    return redirect(f"{request.viewer.site}:{name}", organisation.slug)
