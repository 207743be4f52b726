"""Doors: every page says who may open it; for all others it does not exist."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import translation

from makegood.platform.tenancy.access.models import Role
from makegood.platform.tenancy.access.queries import viewer_of
from makegood.platform.tenancy.viewer import NOBODY, ROLES_OF, Site, Viewer

_P = ParamSpec("_P")
_AROUND_A_FILE = 1024 * 1024
_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


class Request(HttpRequest):
    """A request of somebody who was let in."""

    viewer: Viewer
    htmx: Any


View = Callable[Concatenate[Request, _P], HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Door:
    """Which ``roles`` may open a page of a ``site``; none of either means everybody, signed in or not."""

    site: Site | None
    roles: frozenset[Role]


OPEN = Door(None, frozenset())


def door(site: Site, *roles: Role) -> Callable[[View[_P]], View[_P]]:
    """Let some roles of a site in, by default all of them; everybody else finds nothing here."""
    made = Door(site, frozenset(roles) or ROLES_OF[site])

    def guarded(view: View[_P]) -> View[_P]:
        @wraps(view)
        def entered(request: Request, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            request.viewer = request.viewer.at(site)
            if not request.viewer.has(*made.roles):
                raise Http404
            return view(request, *args, **kwargs)

        cast("Any", entered).door = made
        return cast("View[_P]", entered)

    return guarded


def open_door(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let everybody in."""
    cast("Any", view).door = OPEN
    return view


class SizeMiddleware:
    """Refuses a body that is longer than the longest file, before any of it is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isascii() and length.isdigit() and int(length[:20]) > settings.MOST_BYTES_UPLOADED + _AROUND_A_FILE:
            sentence = f"At most {settings.MOST_BYTES_UPLOADED:,} bytes are taken at once."
            return _refused(request, sentence, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return self.get_response(request)


class NoNulMiddleware:
    """Refuses what no database keeps: the character NUL, in an address or in a field of a form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        texts = [request.path_info, *(each for listed in request.GET.lists() for each in (listed[0], *listed[1]))]
        if request.content_type in _FORMS:
            texts += (each for listed in request.POST.lists() for each in (listed[0], *map(str, listed[1])))
        if any("\x00" in each for each in texts):
            sentence = "The character NUL has no place in an address or a form."
            return _refused(request, sentence, HTTPStatus.BAD_REQUEST)
        return self.get_response(request)


class ViewerMiddleware:
    """Gives each request its viewer, and speaks the viewer's language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        seen = cast("Request", request)
        seen.viewer = NOBODY
        if not request.user.is_authenticated:
            return self.get_response(request)
        seen.viewer = viewer_of(person=request.user, address=address_of(request))
        with translation.override(request.user.language):
            request.LANGUAGE_CODE = translation.get_language()
            return self.get_response(request)


def _refused(request: HttpRequest, sentence: str, status: HTTPStatus) -> HttpResponse:
    """Refuse a request with a sentence, in the form in which the API refuses if it is one of a program."""
    if request.path_info.startswith("/api/"):
        return JsonResponse({"detail": sentence, "findings": []}, status=status)
    return HttpResponse(sentence, "text/plain", status)


def address_of(request: HttpRequest) -> str | None:
    """Return where a request came from, as the server in front of us or the socket says."""
    return request.META.get("REMOTE_ADDR") or None
