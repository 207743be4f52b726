"""Organisations, their sites, contacts and brands."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status
from pydantic import Base64Bytes

from makegood.platform import clock
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.tenancy.branding.models import Brand
from makegood.platform.tenancy.branding.operations import MOST_BYTES, set_brand
from makegood.platform.tenancy.branding.queries import own_brand
from makegood.platform.tenancy.parties import operations, queries
from makegood.platform.tenancy.parties.models import Contact, ContactRole, Organisation
from makegood.platform.tenancy.parties.models import Site as Place
from makegood.platform.web.api.asked import Number, listed, one, organisation_of, viewer_with
from makegood.platform.web.api.shapes import TROUBLES, In, Line, Listed, Paging, Prose

router = Router(tags=["organisations"])


class OrganisationOut(Schema):
    """The provider, a customer or an affiliate."""

    identifier: str = Field(alias="slug")
    name: str
    country: str
    is_house: bool
    shows_affiliates: bool


class OrganisationChange(In):
    """What can be changed about an organisation."""

    name: Line
    country: Annotated[str, Field(max_length=2)] = ""
    shows_affiliates: bool = False


class OrganisationIn(OrganisationChange):
    """A new customer or affiliate; its identifier never changes."""

    identifier: Annotated[str, Field(max_length=100)]


class SiteIn(In):
    """A place of an organisation."""

    name: Line
    address: Prose = ""
    timezone: Annotated[str, Field(max_length=60)] = "UTC"


class SiteOut(Schema):
    """A place of an organisation."""

    number: int = Field(alias="pk")
    name: str
    address: str
    timezone: str


class ContactIn(In):
    """Somebody to reach; whoever has the lower ``escalation`` is asked first."""

    name: Line
    email: Annotated[str, Field(max_length=254)]
    phone: Annotated[str, Field(max_length=40)] = ""
    role: ContactRole
    escalation: Annotated[int, Field(ge=1, le=100)] = 1


class ContactOut(Schema):
    """Somebody to reach."""

    number: int = Field(alias="pk")
    name: str
    email: str
    phone: str
    role: str
    escalation: int


class BrandIn(In):
    """How an organisation looks; the logo is a PNG, JPEG or WebP image in Base64, and stays if none is given."""

    name: Line
    colour: Annotated[str, Field(max_length=7)]
    sender: Line | None = None
    portal_host: Line | None = None
    logo: Annotated[Base64Bytes, Field(max_length=2 * MOST_BYTES)] | None = None
    without_logo: bool = False


class BrandOut(Schema):
    """How an organisation looks; ``logo_sha256`` is where its logo is: ``/logo/<sha256>``."""

    name: str
    colour: str
    sender: str
    portal_host: str
    logo_sha256: str


@router.get("", response={200: Listed[OrganisationOut], **TROUBLES}, summary="All organisations")
def all_organisations(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """List the organisations that exist for this key."""
    return listed(queries.organisations(viewer=viewer_with(request, Scope.READ_ORGANISATIONS)), paging)


@router.post("", response={201: OrganisationOut, **TROUBLES}, summary="Make an organisation")
def make(request: HttpRequest, asked: OrganisationIn) -> Status[Organisation]:
    """Make a customer or an affiliate."""
    by = viewer_with(request, Scope.WRITE_ORGANISATIONS)
    said = asked.model_dump()
    return Status(201, operations.make_organisation(slug=said.pop("identifier"), **said, by=by, now=clock.now()))


@router.get("/{identifier}", response={200: OrganisationOut, **TROUBLES}, summary="One organisation")
def organisation(request: HttpRequest, identifier: str) -> Organisation:
    """Return one organisation."""
    return organisation_of(viewer_with(request, Scope.READ_ORGANISATIONS), identifier)


@router.put("/{identifier}", response={200: OrganisationOut, **TROUBLES}, summary="Change an organisation")
def change(request: HttpRequest, identifier: str, asked: OrganisationChange) -> Organisation:
    """Change what an organisation is called."""
    by = viewer_with(request, Scope.WRITE_ORGANISATIONS)
    about = organisation_of(by, identifier)
    return operations.change_organisation(organisation=about, **asked.model_dump(), by=by, now=clock.now())


@router.get("/{identifier}/sites", response={200: Listed[SiteOut], **TROUBLES}, summary="Its sites")
def sites(request: HttpRequest, identifier: str, paging: Query[Paging]) -> dict[str, Any]:
    """List the places of an organisation."""
    viewer = viewer_with(request, Scope.READ_ORGANISATIONS)
    return listed(queries.sites(viewer=viewer, organisation=organisation_of(viewer, identifier)), paging)


@router.post("/{identifier}/sites", response={201: SiteOut, **TROUBLES}, summary="Add a site")
def add_site(request: HttpRequest, identifier: str, asked: SiteIn) -> Status[Place]:
    """Add a place to an organisation."""
    by = viewer_with(request, Scope.WRITE_ORGANISATIONS)
    about = organisation_of(by, identifier)
    return Status(201, operations.keep_site(organisation=about, **asked.model_dump(), by=by, now=clock.now()))


@router.put("/{identifier}/sites/{number}", response={200: SiteOut, **TROUBLES}, summary="Change a site")
def change_site(request: HttpRequest, identifier: str, number: Number, asked: SiteIn) -> Place:
    """Change a place of an organisation."""
    by = viewer_with(request, Scope.WRITE_ORGANISATIONS)
    about = organisation_of(by, identifier)
    place = one(queries.sites(viewer=by, organisation=about), "site", pk=number)
    return operations.keep_site(organisation=about, site=place, **asked.model_dump(), by=by, now=clock.now())


@router.delete("/{identifier}/sites/{number}", response={204: None, **TROUBLES}, summary="Remove a site")
def remove_site(request: HttpRequest, identifier: str, number: Number) -> Status[None]:
    """Remove a place that nothing refers to."""
    by = viewer_with(request, Scope.WRITE_ORGANISATIONS)
    place = one(queries.sites(viewer=by, organisation=organisation_of(by, identifier)), "site", pk=number)
    operations.remove_site(site=place, by=by, now=clock.now())
    return Status(204, None)


@router.get("/{identifier}/contacts", response={200: Listed[ContactOut], **TROUBLES}, summary="Its contacts")
def contacts(request: HttpRequest, identifier: str, paging: Query[Paging]) -> dict[str, Any]:
    """List whom to reach in an organisation, in the order in which they are asked."""
    viewer = viewer_with(request, Scope.READ_ORGANISATIONS)
    return listed(queries.contacts(viewer=viewer, organisation=organisation_of(viewer, identifier)), paging)


@router.post("/{identifier}/contacts", response={201: ContactOut, **TROUBLES}, summary="Add a contact")
def add_contact(request: HttpRequest, identifier: str, asked: ContactIn) -> Status[Contact]:
    """Add somebody to reach."""
    by = viewer_with(request, Scope.WRITE_ORGANISATIONS)
    about = organisation_of(by, identifier)
    return Status(201, operations.keep_contact(organisation=about, **asked.model_dump(), by=by, now=clock.now()))


@router.put("/{identifier}/contacts/{number}", response={200: ContactOut, **TROUBLES}, summary="Change a contact")
def change_contact(request: HttpRequest, identifier: str, number: Number, asked: ContactIn) -> Contact:
    """Change somebody to reach."""
    by = viewer_with(request, Scope.WRITE_ORGANISATIONS)
    about = organisation_of(by, identifier)
    kept = one(queries.contacts(viewer=by, organisation=about), "contact", pk=number)
    return operations.keep_contact(organisation=about, contact=kept, **asked.model_dump(), by=by, now=clock.now())


@router.delete("/{identifier}/contacts/{number}", response={204: None, **TROUBLES}, summary="Remove a contact")
def remove_contact(request: HttpRequest, identifier: str, number: Number) -> Status[None]:
    """Remove somebody who is no longer to be reached."""
    by = viewer_with(request, Scope.WRITE_ORGANISATIONS)
    kept = one(queries.contacts(viewer=by, organisation=organisation_of(by, identifier)), "contact", pk=number)
    operations.remove_contact(contact=kept, by=by, now=clock.now())
    return Status(204, None)


@router.get("/{identifier}/brand", response={200: BrandOut, **TROUBLES}, summary="How it looks")
def brand(request: HttpRequest, identifier: str) -> Brand:
    """Return the brand of an organisation; one that was never set has the name of the organisation."""
    viewer = viewer_with(request, Scope.READ_ORGANISATIONS)
    about = organisation_of(viewer, identifier)
    return own_brand(viewer=viewer, organisation=about) or Brand(name=about.name)


@router.put("/{identifier}/brand", response={200: BrandOut, **TROUBLES}, summary="Set how it looks")
def change_brand(request: HttpRequest, identifier: str, asked: BrandIn) -> Brand:
    """Set name, colour and logo of an organisation."""
    by = viewer_with(request, Scope.WRITE_ORGANISATIONS)
    return set_brand(organisation=organisation_of(by, identifier), **asked.model_dump(), by=by, now=clock.now())
