"""Cases that were referred to an affiliate."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from makegood.platform import clock
from makegood.platform.evidence.service_desk.queries import Wanted, queue
from makegood.platform.tenancy.viewer import Site
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.desk_lists import rows_of

A_PAGE: Final = 50
_LAST_PAGE: Final = 1_000


def addresses() -> list[URLPattern]:
    """Return the address of this page."""
    return [path("cases/", door(Site.PARTNER)(all_cases), name="cases")]


def all_cases(request: Request) -> HttpResponse:
    """Show what was referred, what is most at stake first."""
    viewer, now = request.viewer, clock.now()
    asked, closed = request.GET.get("page", ""), request.GET.get("closed") == "on"
    number = min(int(asked), _LAST_PAGE) if asked.isascii() and asked.isdecimal() and 0 < len(asked) < 10 else 1
    start = (max(number, 1) - 1) * A_PAGE
    found = list(queue(viewer=viewer, wanted=Wanted(closed=closed), now=now)[start : start + A_PAGE + 1])
    seen = {
        "rows": rows_of(viewer=viewer, cases=found[:A_PAGE], now=now),
        "closed": closed,
        "number": max(number, 1),
        "more": len(found) > A_PAGE,
    }
    return render(request, "partner/cases.html", seen)
