"""The API: who comes, what goes wrong, and where everything is."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.security import HttpBearer
from ninja.throttling import AuthRateThrottle
from psycopg.errors import UniqueViolation

from makegood.platform import clock
from makegood.platform.agreement.contracts.queries import NotInForce
from makegood.platform.tenancy.access.queries import viewer_of_key
from makegood.platform.tenancy.trail.operations import Unable
from makegood.platform.tenancy.viewer import Viewer
from makegood.platform.web.api import (
    agreements,
    alarms,
    case_templates,
    case_work,
    cases,
    changes,
    claims,
    desk_figures,
    disputes,
    evidence,
    governance,
    house,
    judged,
    knowledge,
    meetings,
    money,
    on_call,
    organisations,
    overview,
    paging,
    people,
    problems,
    registers,
    relationship,
    releases,
    reports,
    roadmap,
    texts,
    versions,
)
from makegood.platform.web.doors import address_of

_MOST_REQUESTS = "600/m"


class Key(HttpBearer):
    """A key that a program shows: ``Authorization: Bearer mg_…``."""

    def authenticate(self, request: HttpRequest, token: str) -> Viewer | None:
        viewer = viewer_of_key(key=token, now=clock.now(), address=address_of(request))
        if viewer is not None:
            request.viewer = viewer  # type: ignore[attr-defined]
        return viewer


class Rate(AuthRateThrottle):
    """So many requests of one program at most."""

    def get_cache_key(self, request: HttpRequest) -> str:
        viewer: Viewer = request.auth  # type: ignore[attr-defined]  # ninja has put there what the key gave
        return f"api-rate-{viewer.client}"


api = NinjaAPI(
    title="Makegood",
    version="1",
    description="Promises, proof and money. Amounts are integers of minor units; instants are ISO 8601 in UTC.",
    auth=Key(),
    throttle=[Rate(_MOST_REQUESTS)],
    docs_url=None,
    urls_namespace="api",
)
for _room in (agreements, versions, evidence, disputes, judged, money, reports, governance, meetings, registers):
    api.add_router("/agreements", _room.router)
for _room in (organisations, people, relationship, roadmap):
    api.add_router("/organisations", _room.router)
for _room in (on_call, paging):
    api.add_router("/on-call", _room.router)
api.add_router("/organisations", cases.customers)
api.add_router("/cases", cases.router)
api.add_router("/cases", case_work.router)
for _room in (case_templates, knowledge, alarms, desk_figures):
    api.add_router("/cases", _room.of_cases)
api.add_router("/case-templates", case_templates.router)
api.add_router("/articles", knowledge.router)
api.add_router("/alarms", alarms.router)
api.add_router("", desk_figures.router)
api.add_router("", cases.house)
api.add_router("/rfcs", changes.router)
api.add_router("/releases", releases.router)
api.add_router("/organisations", releases.rules)
api.add_router("", releases.house)
api.add_router("/problems", problems.router)
api.add_router("/suggestions", problems.trends)
api.add_router("/claims", claims.router)
api.add_router("/overview", overview.router)
api.add_router("/texts", texts.router)
api.add_router("", house.router)
api.add_router("", registers.house)


@api.exception_handler(Unable)
def _unable(request: HttpRequest, refusal: Exception) -> HttpResponse:
    """Answer what cannot be done with its sentence, and with the places where something is wrong."""
    findings: list[Any] = [str(each) for each in getattr(refusal, "findings", ())]
    return api.create_response(request, {"detail": str(refusal), "findings": findings}, status=422)


@api.exception_handler(NotInForce)
def _not_in_force(request: HttpRequest, refusal: Exception) -> HttpResponse:
    return api.create_response(request, {"detail": str(refusal), "findings": []}, status=409)


@api.exception_handler(IntegrityError)
def _at_the_same_time(request: HttpRequest, error: Exception) -> HttpResponse:
    """Say that two asked for what there is once; whatever else a database refuses is not expected."""
    if not isinstance(error.__cause__, UniqueViolation):
        raise error
    sentence = "something else was done at the same time; look, and ask again"
    return api.create_response(request, {"detail": sentence, "findings": []}, status=409)


@api.exception_handler(HttpError)
def _wrong(request: HttpRequest, error: HttpError) -> HttpResponse:
    return api.create_response(request, {"detail": str(error), "findings": []}, status=error.status_code)


@api.exception_handler(RawPostDataException)
def _no_json(request: HttpRequest, error: Exception) -> HttpResponse:
    """Say to whoever sends a form where a body of JSON is wanted that it is not read."""
    del error
    return api.create_response(request, {"detail": "send application/json", "findings": []}, status=415)


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, error: Exception) -> HttpResponse:
    del error
    sentence = f"a body of JSON has {settings.DATA_UPLOAD_MAX_MEMORY_SIZE:,} bytes at most"
    return api.create_response(request, {"detail": sentence, "findings": []}, status=413)
