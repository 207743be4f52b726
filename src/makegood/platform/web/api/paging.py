"""Paging people: by which policies, what became of it, and who can do what."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from makegood.platform import clock
from makegood.platform.evidence.on_call import operations, queries
from makegood.platform.evidence.on_call.models import Page, Policy, Skill
from makegood.platform.evidence.on_call.operations import StepAsked
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.tenancy.parties.models import Organisation
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.viewer import Viewer
from makegood.platform.web.api.asked import Number, listed, one, organisation_of, viewer_with
from makegood.platform.web.api.on_call import colleague, rota_of
from makegood.platform.web.api.shapes import TROUBLES, Day, In, Line, Listed, Paging, Prose, Word

router = Router(tags=["on call"])


class PagingStep(In):
    """A step: after so many minutes a rota, a person by their mail address, a contact's role or a skill."""

    after: Annotated[int, Field(ge=0, le=1440)] = 0
    rota: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    person: Line = ""
    contact: Word = ""
    skill: Word = ""
    channels: Annotated[list[Word], Field(max_length=4)] = Field(default_factory=list)


class PagingPolicyChange(In):
    """Whom a page reaches, and for how long it goes on."""

    name: Word
    steps: Annotated[list[PagingStep], Field(max_length=50)]
    rounds: Annotated[int, Field(ge=1, le=100)] = 1
    round_minutes: Annotated[int, Field(ge=1, le=10_000)] = 30
    resolve_minutes: Annotated[int, Field(ge=1, le=100_000)] | None = None


class PagingPolicyIn(PagingPolicyChange):
    """A new policy of an organisation; without one it is the provider's."""

    organisation: Word = ""


class PagingPolicyOut(Schema):
    """Whom a page reaches."""

    number: int = Field(alias="pk")
    organisation: str = Field(alias="organisation.slug")
    name: str
    steps: list[dict[str, Any]]
    rounds: int
    round_minutes: int
    resolve_minutes: int | None
    ended_at: datetime | None

    @staticmethod
    def resolve_steps(kept: Policy) -> list[dict[str, Any]]:
        return [
            {
                "after": each.after,
                "rota": each.rota_id,
                "person": each.person.email if each.person is not None else "",
                "contact": each.contact,
                "skill": each.skill,
                "channels": each.channels,
            }
            for each in kept.steps.all()
        ]


class PageIn(In):
    """What people are paged for; asked again by the same key it is the same page."""

    key: Line
    subject: Line
    text: Prose = ""
    url: Annotated[str, Field(max_length=2000)] = ""
    policy: Annotated[int, Field(ge=1, lt=2**63)]
    organisation: Word = ""


class PageListed(Schema):
    """A page."""

    number: int = Field(alias="pk")
    key: str
    subject: str
    state: str
    policy: int = Field(alias="policy_id")
    opened_at: datetime
    next_at: datetime | None
    resolved_at: datetime | None


class PageOut(PageListed):
    """A page with what was sent, and who looked after it."""

    text: str
    url: str
    notifications: list[dict[str, Any]]
    acknowledgements: list[dict[str, Any]]

    @staticmethod
    def resolve_notifications(kept: Page) -> list[dict[str, Any]]:
        return [
            {
                "round": each.round,
                "step": each.step,
                "name": each.name,
                "kind": each.kind,
                "made_at": each.made_at,
                "sent_at": each.message.sent_at if each.message is not None else each.sent_at,
                "trouble": each.message.trouble if each.message is not None else each.trouble,
            }
            for each in kept.notifications.select_related("message")
        ]

    @staticmethod
    def resolve_acknowledgements(kept: Page) -> list[dict[str, Any]]:
        return [{"name": each.name, "at": each.at, "ended_at": each.ended_at} for each in kept.acknowledgements.all()]


class SkillIn(In):
    """What somebody can do, from level 1 to 3."""

    person: Line
    name: Word
    level: Annotated[int, Field(ge=1, le=3)] = 1
    certificate: Line = ""
    expires_on: Day | None = None


class SkillOut(Schema):
    """What somebody can do."""

    number: int = Field(alias="pk")
    person: str = Field(alias="person.email")
    name: str
    level: int
    certificate: str
    expires_on: date | None


@router.get("/paging_policies", response={200: Listed[PagingPolicyOut], **TROUBLES}, summary="Policies of paging")
def policies(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """List the policies by which people are paged, ended ones too."""
    return listed(queries.policies(viewer=viewer_with(request, Scope.READ_ON_CALL)), paging)


@router.post("/paging_policies", response={201: PagingPolicyOut, **TROUBLES}, summary="Make a policy of paging")
def make_policy(request: HttpRequest, asked: PagingPolicyIn) -> Status[Policy]:
    """Make a policy."""
    by = viewer_with(request, Scope.WRITE_ON_CALL)
    about = organisation_of(by, asked.organisation) if asked.organisation else house()
    made = operations.keep_policy(organisation=about, **_said(by, asked, about), by=by, now=clock.now())
    return Status(201, made)


@router.put(
    "/paging_policies/{number}", response={200: PagingPolicyOut, **TROUBLES}, summary="Change a policy of paging"
)
def change_policy(request: HttpRequest, number: Number, asked: PagingPolicyChange) -> Policy:
    """Change a policy; pages that are open go on as they began."""
    by = viewer_with(request, Scope.WRITE_ON_CALL)
    found = one(queries.policies(viewer=by), "policy", pk=number)
    said = _said(by, asked, found.organisation)
    operations.keep_policy(organisation=found.organisation, policy=found, **said, by=by, now=clock.now())
    return one(queries.policies(viewer=by), "policy", pk=number)


@router.delete("/paging_policies/{number}", response={204: None, **TROUBLES}, summary="End a policy of paging")
def end_policy(request: HttpRequest, number: Number) -> Status[None]:
    """Let nobody be paged by a policy any more."""
    by = viewer_with(request, Scope.WRITE_ON_CALL)
    operations.end_policy(policy=one(queries.policies(viewer=by), "policy", pk=number), by=by, now=clock.now())
    return Status(204, None)


@router.get("/pages", response={200: Listed[PageListed], **TROUBLES}, summary="What was paged")
def pages(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """List what was paged, the latest first."""
    return listed(queries.pages(viewer=viewer_with(request, Scope.READ_ON_CALL)), paging)


@router.post("/pages", response={201: PageOut, **TROUBLES}, summary="Page people")
def ask(request: HttpRequest, asked: PageIn) -> Status[Page]:
    """Page people by a policy, once for each key."""
    by = viewer_with(request, Scope.WRITE_ON_CALL)
    said = asked.model_dump()
    name = said.pop("organisation")
    about = organisation_of(by, name) if name else None
    policy = one(queries.policies(viewer=by), "policy", pk=said.pop("policy"))
    return Status(201, operations.page(policy=policy, about=about, **said, by=by, now=clock.now()))


@router.get("/pages/{number}", response={200: PageOut, **TROUBLES}, summary="A page")
def page(request: HttpRequest, number: Number) -> Page:
    """Return what was sent for a page, and who looked after it."""
    return one(queries.pages(viewer=viewer_with(request, Scope.READ_ON_CALL)), "page", pk=number)


@router.post("/pages/{number}/acknowledge", response={200: PageOut, **TROUBLES}, summary="Acknowledge a page")
def acknowledge(request: HttpRequest, number: Number) -> Page:
    """Say that the maker of the key looks after a page."""
    by = viewer_with(request, Scope.WRITE_ON_CALL)
    return operations.acknowledge(page=one(queries.pages(viewer=by), "page", pk=number), by=by, now=clock.now())


@router.post("/pages/{number}/resolve", response={200: PageOut, **TROUBLES}, summary="Resolve a page")
def resolve(request: HttpRequest, number: Number) -> Page:
    """Say that nobody is needed any more."""
    by = viewer_with(request, Scope.WRITE_ON_CALL)
    return operations.resolve_page(page=one(queries.pages(viewer=by), "page", pk=number), by=by, now=clock.now())


@router.get("/skills", response={200: Listed[SkillOut], **TROUBLES}, summary="Who can do what")
def skills(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """List who can do what."""
    return listed(queries.skills(viewer=viewer_with(request, Scope.READ_ON_CALL)), paging)


@router.post("/skills", response={201: SkillOut, **TROUBLES}, summary="Write a skill down")
def keep_skill(request: HttpRequest, asked: SkillIn) -> Status[Skill]:
    """Keep what somebody can do."""
    by = viewer_with(request, Scope.WRITE_ON_CALL)
    said = asked.model_dump()
    person = colleague(house(), said.pop("person"))
    return Status(201, operations.keep_skill(person=person, **said, by=by, now=clock.now()))


@router.delete("/skills/{number}", response={204: None, **TROUBLES}, summary="Take a skill away")
def drop_skill(request: HttpRequest, number: Number) -> Status[None]:
    """Take a skill away."""
    by = viewer_with(request, Scope.WRITE_ON_CALL)
    operations.drop_skill(skill=one(queries.skills(viewer=by), "skill", pk=number), by=by, now=clock.now())
    return Status(204, None)


def _said(by: Viewer, asked: PagingPolicyChange, organisation: Organisation) -> dict[str, Any]:
    """Return what a policy is to be, with the objects that its steps name."""
    steps = [
        StepAsked(
            after=each.after,
            rota=rota_of(by, each.rota) if each.rota is not None else None,
            person=colleague(organisation, each.person) if each.person else None,
            contact=each.contact,
            skill=each.skill,
            channels=tuple(each.channels),
        )
        for each in asked.steps
    ]
    return {**asked.model_dump(exclude={"steps", "organisation"}), "steps": steps}
