"""Claims on affiliates; customers see none."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError

from makegood.platform import clock
from makegood.platform.money.claims.models import Claim
from makegood.platform.money.claims.operations import answer_claim, make_claim
from makegood.platform.money.claims.queries import claims
from makegood.platform.tenancy.access.models import Scope
from makegood.platform.tenancy.viewer import Site, Viewer
from makegood.platform.web.api.asked import Number, listed, viewer_with
from makegood.platform.web.api.shapes import TROUBLES, In, Listed, Paging, Prose

router = Router(tags=["claims"])


class ClaimOut(Schema):
    """What is claimed from an affiliate, in minor units; ``agreement`` is the one that answers.

    ``sold`` and ``period`` are of the agreement for which a credit was given; an affiliate does not see them.
    """

    number: int = Field(alias="pk")
    agreement: str
    outcome: str
    sold: str | None = None
    period: str | None = None
    amount: int
    over: int
    currency: str
    state: str
    claim_by: datetime | None
    made_at: datetime | None
    answered_at: datetime | None
    answer: str

    @staticmethod
    def resolve_agreement(kept: Claim) -> str:
        return kept.recovery.underpinning.slug

    @staticmethod
    def resolve_outcome(kept: Claim) -> str:
        return kept.recovery.outcome

    @staticmethod
    def resolve_sold(kept: Claim, context: dict[str, Any]) -> str | None:
        return kept.recovery.period.contract.slug if _at_home(context) else None

    @staticmethod
    def resolve_period(kept: Claim, context: dict[str, Any]) -> str | None:
        return kept.recovery.period.label if _at_home(context) else None


class AnswerIn(In):
    """Whether an affiliate accepts a claim, and if not, why."""

    accept: bool
    answer: Prose = ""


@router.get("", response={200: Listed[ClaimOut], **TROUBLES}, summary="All claims")
def all_claims(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """List what can be claimed, what was, and what became of it, the latest first."""
    return listed(claims(viewer=viewer_with(request, Scope.READ_MONEY)), paging)


@router.post("/{number}/make", response={200: ClaimOut, **TROUBLES}, summary="Claim it")
def make(request: HttpRequest, number: Number) -> Claim:
    """Claim from an affiliate what it owes."""
    by = viewer_with(request, Scope.WRITE_MONEY)
    return make_claim(claim=_claim(by, number), by=by, now=clock.now())


@router.post("/{number}/answer", response={200: ClaimOut, **TROUBLES}, summary="Answer it")
def answer(request: HttpRequest, number: Number, asked: AnswerIn) -> Claim:
    """Accept a claim, or refuse it with a sentence, for the affiliate."""
    by = viewer_with(request, Scope.WRITE_MONEY)
    answer_claim(claim=_claim(by, number), **asked.model_dump(), by=by, now=clock.now())
    return _claim(by, number)


def _claim(viewer: Viewer, number: int) -> Claim:
    found = next((each for each in claims(viewer=viewer) if each.pk == number), None)
    if found is None:
        raise HttpError(404, "there is no such claim")
    return found


def _at_home(context: dict[str, Any]) -> bool:
    """Tell whether it is the provider who asks."""
    viewer: Viewer = context["request"].viewer
    return viewer.site is Site.CONSOLE
