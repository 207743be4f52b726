"""Who has which role in an organisation, who is invited, and which keys there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from makegood.platform import clock
from makegood.platform.tenancy.access import operations, queries
from makegood.platform.tenancy.access.models import Client, Invitation, Membership, Role, Scope
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import organisations
from makegood.platform.tenancy.viewer import Viewer
from makegood.platform.web.api.asked import Number, listed, one, organisation_of, viewer_with
from makegood.platform.web.api.shapes import TROUBLES, In, Line, Listed, Paging, Word

router = Router(tags=["people"])


class MembershipOut(Schema):
    """A role that somebody holds; ``customers`` are those that it is limited to, none means all."""

    number: int = Field(alias="pk")
    name: str = Field(alias="person.name")
    email: str = Field(alias="person.email")
    role: str
    since: datetime
    customers: list[str]

    @staticmethod
    def resolve_customers(kept: Membership) -> list[str]:
        return sorted(each.slug for each in kept.customers.all())


class InvitationIn(In):
    """Whom to offer which role; staff may be limited to some customers."""

    email: Annotated[str, Field(max_length=254)]
    role: Role
    customers: list[Word] = Field(default_factory=list, max_length=1000)


class InvitationOut(Schema):
    """A role that was offered; its link is in the mail alone."""

    number: int = Field(alias="pk")
    email: str
    role: str
    invited_at: datetime
    expires_at: datetime


class LimitIn(In):
    """The customers that somebody of the staff sees; none means all."""

    customers: list[Word] = Field(max_length=1000)


class KeyOut(Schema):
    """A key of a program, without its secret."""

    number: int = Field(alias="pk")
    name: str
    site: str
    scopes: list[str]
    made_by: Line = Field(alias="created_by.name")
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None


@router.get("/{identifier}/people", response={200: Listed[MembershipOut], **TROUBLES}, summary="Who has which role")
def people(request: HttpRequest, identifier: str, paging: Query[Paging]) -> dict[str, Any]:
    """List who has which role now."""
    viewer = viewer_with(request, Scope.READ_PEOPLE)
    return listed(queries.memberships(viewer=viewer, organisation=organisation_of(viewer, identifier)), paging)


@router.delete("/{identifier}/people/{number}", response={204: None, **TROUBLES}, summary="Take a role away")
def end_role(request: HttpRequest, identifier: str, number: Number) -> Status[None]:
    """Take a role away, at once."""
    by = viewer_with(request, Scope.WRITE_PEOPLE)
    operations.end_membership(membership=_membership(by, identifier, number), by=by, now=clock.now())
    return Status(204, None)


@router.put("/{identifier}/people/{number}/limit", response={200: MembershipOut, **TROUBLES}, summary="Limit a role")
def limit(request: HttpRequest, identifier: str, number: Number, asked: LimitIn) -> Membership:
    """Let somebody of the staff see some customers only."""
    by = viewer_with(request, Scope.WRITE_PEOPLE)
    held = _membership(by, identifier, number)
    chosen = _customers(by, asked.customers)
    operations.limit_membership(membership=held, customers=chosen, by=by, now=clock.now())
    return _membership(by, identifier, number)


@router.get("/{identifier}/roles", response={200: list[str], **TROUBLES}, summary="Roles to give")
def roles(request: HttpRequest, identifier: str) -> list[str]:
    """List the roles in an organisation that are this key's to give and to take away."""
    viewer = viewer_with(request, Scope.READ_PEOPLE)
    given = queries.roles_to_give(viewer=viewer, organisation=organisation_of(viewer, identifier))
    return [each.value for each in given]


@router.get("/{identifier}/invitations", response={200: Listed[InvitationOut], **TROUBLES}, summary="Open invitations")
def invitations(request: HttpRequest, identifier: str, paging: Query[Paging]) -> dict[str, Any]:
    """List the invitations that are neither accepted nor withdrawn, if the roles are this key's to give."""
    viewer = viewer_with(request, Scope.READ_PEOPLE)
    return listed(queries.invitations(viewer=viewer, organisation=organisation_of(viewer, identifier)), paging)


@router.post("/{identifier}/invitations", response={201: InvitationOut, **TROUBLES}, summary="Invite somebody")
def invite(request: HttpRequest, identifier: str, asked: InvitationIn) -> Status[Invitation]:
    """Offer a role by mail."""
    by = viewer_with(request, Scope.WRITE_PEOPLE)
    return Status(
        201,
        operations.invite_person(
            organisation=organisation_of(by, identifier),
            email=asked.email,
            role=asked.role,
            customers=_customers(by, asked.customers),
            by=by,
            now=clock.now(),
        ),
    )


@router.post(
    "/{identifier}/invitations/{number}/resend", response={200: InvitationOut, **TROUBLES}, summary="Invite again"
)
def resend(request: HttpRequest, identifier: str, number: Number) -> Invitation:
    """Send an invitation again, with a new link; the old one opens nothing any more."""
    by = viewer_with(request, Scope.WRITE_PEOPLE)
    return operations.resend_invitation(invitation=_invitation(by, identifier, number), by=by, now=clock.now())


@router.delete("/{identifier}/invitations/{number}", response={204: None, **TROUBLES}, summary="Withdraw an invitation")
def withdraw(request: HttpRequest, identifier: str, number: Number) -> Status[None]:
    """Take an invitation back."""
    by = viewer_with(request, Scope.WRITE_PEOPLE)
    operations.withdraw_invitation(invitation=_invitation(by, identifier, number), by=by, now=clock.now())
    return Status(204, None)


@router.get("/{identifier}/keys", response={200: Listed[KeyOut], **TROUBLES}, summary="Keys")
def keys(request: HttpRequest, identifier: str, paging: Query[Paging]) -> dict[str, Any]:
    """List the keys of an organisation, ended ones too; what they are is known to nobody."""
    viewer = viewer_with(request, Scope.READ_PEOPLE)
    return listed(queries.clients(viewer=viewer, organisation=organisation_of(viewer, identifier)), paging)


@router.delete("/{identifier}/keys/{number}", response={204: None, **TROUBLES}, summary="End a key")
def end_key(request: HttpRequest, identifier: str, number: Number) -> Status[None]:
    """End a key, at once; a program may end its own."""
    by = viewer_with(request, Scope.WRITE_PEOPLE)
    found = queries.clients(viewer=by, organisation=organisation_of(by, identifier))
    ended: Client = one(found, "key", pk=number)
    operations.end_key(client=ended, by=by, now=clock.now())
    return Status(204, None)


def _membership(viewer: Viewer, identifier: str, number: int) -> Membership:
    found = queries.memberships(viewer=viewer, organisation=organisation_of(viewer, identifier))
    return one(found, "role", pk=number)


def _invitation(viewer: Viewer, identifier: str, number: int) -> Invitation:
    found = queries.invitations(viewer=viewer, organisation=organisation_of(viewer, identifier))
    return one(found, "invitation", pk=number)


def _customers(viewer: Viewer, identifiers: Sequence[str]) -> list[Organisation]:
    """Return the customers that are named."""
    return [one(organisations(viewer=viewer), "organisation", slug=each) for each in dict.fromkeys(identifiers)]
