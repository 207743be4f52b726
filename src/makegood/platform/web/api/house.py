"""Search, the trail, and the mails that were sent."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from django.db.models import Q
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from makegood.platform import clock
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.tenancy.messages.models import Message
from makegood.platform.tenancy.messages.operations import send_again
from makegood.platform.tenancy.messages.queries import messages
from makegood.platform.tenancy.trail.models import Entry
from makegood.platform.tenancy.trail.queries import entries
from makegood.platform.web.api.agreements import AgreementOut
from makegood.platform.web.api.asked import Number, listed, one, viewer_with
from makegood.platform.web.api.organisations import OrganisationOut
from makegood.platform.web.api.overview import OpenDispute
from makegood.platform.web.api.shapes import TROUBLES, Day, Line, Listed, Paging
from makegood.platform.web.parts.searching import found_by

router = Router(tags=["house"])
_SCOPES: Final = {
    "organisations": Scope.READ_ORGANISATIONS,
    "cases": Scope.READ_CASES,
    "changes": Scope.READ_CHANGES,
    "articles": Scope.READ_CASES,
}
"""What a key has to be allowed besides agreements, for each sort of things found."""


class Titled(Schema):
    """Something that has a page, with its number and title."""

    number: int = Field(alias="pk")
    title: str


class FoundOut(Schema):
    """What has all the words that were asked for; of each sort the first fifty."""

    agreements: list[AgreementOut]
    organisations: list[OrganisationOut]
    cases: list[Titled]
    changes: list[Titled]
    articles: list[Titled]
    disputes: list[OpenDispute]


class TrailOut(Schema):
    """Who did what when; ``refused`` says why it was not done."""

    number: int = Field(alias="pk")
    at: datetime
    who: str
    did: str
    about: str
    organisation: str | None
    details: dict[str, Any]
    address: str | None
    refused: str

    @staticmethod
    def resolve_organisation(kept: Entry) -> str | None:
        return kept.organisation.slug if kept.organisation else None


class TrailAsked(Schema):
    """Which part of the trail is wanted."""

    did: Line = ""
    organisation: Line = ""
    words: Line = ""
    since: Day | None = None
    until: Day | None = None
    refused: bool = False

    def chosen(self) -> Q:
        """Return the condition for entries that are wanted."""
        chosen = Q(who__icontains=self.words) | Q(about__icontains=self.words)
        for name, value in _conditions(self.did, self.organisation, self.since, self.until):
            chosen &= Q(**{name: value}) if value else Q()
        return chosen & ~Q(refused="") if self.refused else chosen


class MailOut(Schema):
    """A mail that was written, without what it says."""

    number: int = Field(alias="pk")
    kind: str
    to: str
    subject: str
    state: str
    tries: int
    written_at: datetime
    sent_at: datetime | None
    trouble: str


@router.get("/search", response={200: FoundOut, **TROUBLES}, summary="Search")
def search(request: HttpRequest, q: Line = "") -> dict[str, Any]:
    """Find agreements, organisations, cases, changes, articles and disputes, as far as they exist for this key."""
    viewer = viewer_with(request, Scope.READ_AGREEMENTS)
    found = found_by(viewer=viewer, words=q)
    return {
        name: each if viewer.within(_SCOPES.get(name, Scope.READ_AGREEMENTS)) else [] for name, each in found.items()
    }


@router.get("/trail", response={200: Listed[TrailOut], **TROUBLES}, summary="The trail")
def trail(request: HttpRequest, paging: Query[Paging], asked: Query[TrailAsked]) -> dict[str, Any]:
    """List who did what when, and what was refused, the newest first; for the provider."""
    return listed(entries(viewer=viewer_with(request, Scope.READ_TRAIL)).filter(asked.chosen()), paging)


@router.get("/mails", response={200: Listed[MailOut], **TROUBLES}, summary="Mails")
def mails(request: HttpRequest, paging: Query[Paging], state: Line = "") -> dict[str, Any]:
    """List the mails that were written, the newest first; for the owner."""
    found = messages(viewer=viewer_with(request, Scope.READ_MAILS))
    return listed(found.filter(state=state) if state else found, paging)


@router.post("/mails/{number}/resend", response={200: MailOut, **TROUBLES}, summary="Send a mail again")
def resend(request: HttpRequest, number: Number) -> Message:
    """Try a mail again that was given up."""
    by = viewer_with(request, Scope.WRITE_MAILS)
    asked = one(messages(viewer=by), "mail", pk=number)
    send_again(message=asked, by=by, now=clock.now())
    return one(messages(viewer=by), "mail", pk=number)


def _conditions(did: str, organisation: str, since: date | None, until: date | None) -> list[tuple[str, Any]]:
    return [
        ("did", did),
        ("organisation__slug", organisation),
        ("at__date__gte", since),
        ("at__date__lte", until),
    ]
