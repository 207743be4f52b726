"""What the work of the desk comes to, what is in its queue and with whom, and what those who had cases think of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final

from django.conf import settings
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from makegood.platform import clock
from makegood.platform.evidence.on_call.queries import presence_of
from makegood.platform.evidence.service_desk import operations, queries
from makegood.platform.evidence.service_desk.models import Opinion
from makegood.platform.evidence.service_desk.queries.work.reports import MONTHS
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.tenancy.access.queries import people_with
from makegood.platform.tenancy.parties.queries import house
from makegood.platform.tenancy.viewer import Viewer
from makegood.platform.web.api.asked import Number, listed, of_the_house, one, organisation_of, viewer_with
from makegood.platform.web.api.shapes import TROUBLES, In, Listed, Paging, Prose
from makegood.platform.web.parts.desk_asked import STAFF

router = Router(tags=["cases"])
of_cases = Router(tags=["cases"])
_MONTH: Final = "^2[01][0-9]{2}-(0[1-9]|1[0-2])$"
_MOST_MONTHS: Final = 36


class WhichFigures(Schema):
    """Of which month as in ``2026-03``, or of this one, and how many months up to it; of all cases or of some."""

    month: Annotated[str, Field(pattern=_MONTH)] | None = None
    months: int = Field(MONTHS, ge=1, le=_MOST_MONTHS)
    customer: str = Field("", max_length=60)
    service: str = Field("", max_length=100)


class TimesOut(Schema):
    """How long something took in open time, in seconds: of so many cases the median and the 90th percentile."""

    number: int
    median: int | None
    most: int | None


class ShareOut(Schema):
    """So many of so many."""

    part: int
    of: int


class MonthOut(Schema):
    """The cases of a month: opened, resolved and closed in it, and open at its end."""

    month: str = Field(alias="label")
    opened: int
    resolved: int
    closed: int
    backlog: int


class FiguresOut(Schema):
    """What the work of a month came to, and the months up to it.

    Times, first contact and re-opening are of the cases that were resolved in the month. Customers go by their names;
    minutes worked by what pays for them; opinions by their points, from 1 to 5.
    """

    month: str
    opened: int
    by_kind: dict[str, int]
    by_service: dict[str, int]
    by_customer: dict[str, int]
    response: TimesOut
    resolution: TimesOut
    first_contact: ShareOut
    reopened: ShareOut
    minutes: dict[str, int]
    points: dict[str, int]
    trend: list[MonthOut]


class SizesOut(Schema):
    """How many cases are in the queue: open, over their limits, due within the hour, and of the maker of the key."""

    open: int
    over: int
    soon: int
    mine: int


class LoadOut(Schema):
    """What somebody has to do: open cases, those over their limits, due within the hour and waiting for customers.

    Whether they are ``available`` is what they said last, for a key that reads who is on call.
    """

    name: str
    email: str
    open: int
    over: int
    soon: int
    waiting: int
    available: bool | None


class OpinionIn(In):
    """How the work was, from 1 to 5, and in words; they are quoted only if that is allowed."""

    score: Annotated[int, Field(ge=1, le=5)]
    words: Prose = ""
    may_quote: bool = False


class OpinionOut(Schema):
    """That whoever had a case was asked how the work on it was, and what they answered, in words if they allowed it."""

    case: int = Field(alias="case_id")
    customer: str = Field(alias="case.customer.slug")
    service: str = Field(alias="case.service")
    asked_at: datetime
    answered_at: datetime | None
    score: int | None
    words: str = Field(alias="shown")


class WhichOpinions(Schema):
    """Whether only those that were answered, or only those that were not, and of which customer."""

    answered: bool | None = None
    customer: str = Field("", max_length=60)


@router.get("/desk/figures", response={200: FiguresOut, **TROUBLES}, summary="Figures of the desk")
def figures(request: HttpRequest, wanted: Query[WhichFigures]) -> dict[str, Any]:
    """Return what the work of a month came to, and how many cases each month had, for the provider."""
    viewer = of_the_house(viewer_with(request, Scope.READ_CASES))
    customer = organisation_of(viewer, wanted.customer).pk if wanted.customer else None
    found = queries.counted_cases(viewer=viewer, customer=customer, service=wanted.service)
    day = date.fromisoformat(f"{wanted.month}-01") if wanted.month is not None else clock.now().date()
    since, until = queries.month_of(day=day, zone=settings.TIME_ZONE)
    work = queries.work_between(found=found, since=since, until=until)
    return {
        **{name: getattr(work, name) for name in ("opened", "by_kind", "by_service", "by_customer", "minutes")},
        **{name: getattr(work, name) for name in ("response", "resolution", "first_contact", "reopened")},
        "month": f"{day:%Y-%m}",
        "points": {str(points): number for points, number in work.points.items()},
        "trend": queries.trend(found=found, upto=day, zone=settings.TIME_ZONE, months=wanted.months),
    }


@router.get("/desk/sizes", response={200: SizesOut, **TROUBLES}, summary="How long the queue is")
def sizes(request: HttpRequest) -> dict[str, int]:
    """Count what is in the queue of the provider, or of an affiliate; of each at most 5,000."""
    return queries.sizes(viewer=viewer_with(request, Scope.READ_CASES), now=clock.now())


@router.get("/desk/loads", response={200: list[LoadOut], **TROUBLES}, summary="Who has how much to do")
def loads(request: HttpRequest) -> list[dict[str, Any]]:
    """List who works at the desk by name, and what each has to do, for the provider."""
    viewer, now = of_the_house(viewer_with(request, Scope.READ_CASES)), clock.now()
    people = people_with(organisation=house(), roles=STAFF)
    found = queries.loads(viewer=viewer, now=now)
    said = presence_of(people=[each.pk for each in people], now=now) if viewer.within(Scope.READ_ON_CALL) else {}
    nothing = {"open": 0, "over": 0, "soon": 0, "waiting": 0}
    return [
        {
            "name": each.name,
            "email": each.email,
            "available": said[each.pk].available if each.pk in said else None,
            **found.get(each.pk, nothing),
        }
        for each in people
    ]


@router.get("/opinions", response={200: Listed[OpinionOut], **TROUBLES}, summary="What those who had cases think")
def opinions(request: HttpRequest, wanted: Query[WhichOpinions], paging: Query[Paging]) -> dict[str, Any]:
    """List the opinions on cases, those asked for last first; not answered yet, they have no score."""
    viewer = viewer_with(request, Scope.READ_CASES)
    found = queries.opinions(viewer=viewer)
    if wanted.answered is not None:
        found = found.filter(answered_at__isnull=not wanted.answered)
    if wanted.customer:
        found = found.filter(case__customer=organisation_of(viewer, wanted.customer))
    part = listed(found, paging)
    return {**part, "items": [_shown(viewer, each) for each in part["items"]]}


@of_cases.post("/{number}/opinion", response={200: OpinionOut, **TROUBLES}, summary="Say how it was")
def give_opinion(request: HttpRequest, number: Number, asked: OpinionIn) -> Opinion:
    """Say how the work on a case was, once, for whoever reported it: their own key is needed."""
    by = viewer_with(request, Scope.WRITE_CASES)
    case = one(queries.cases(viewer=by), "case", pk=number)
    given = operations.give_opinion(case=case, **asked.model_dump(), by=by, now=clock.now())
    return _shown(by, given)


def _shown(viewer: Viewer, opinion: Opinion) -> Opinion:
    """Return an opinion with the words that a viewer may read."""
    opinion.shown = queries.words_for(viewer=viewer, opinion=opinion)  # type: ignore[attr-defined]
    return opinion
