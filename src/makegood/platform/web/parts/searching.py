"""Search: agreements, organisations and disputes, as far as they exist for whoever asks. All sites have it."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.evidence.intake.queries import disputes
from makegood.platform.tenancy.parties.queries import organisations
from makegood.platform.tenancy.viewer import Site
from makegood.platform.web.doors import Request, door

MOST = 50


def addresses(site: Site) -> list[URLPattern]:
    """Return the address of the search at a site."""
    return [path("search/", door(site)(search), name="search")]


def search(request: Request) -> HttpResponse:
    """Show what has the words that were asked for."""
    words = request.GET.get("q", "").split()[:8]
    asked = Q()
    told = Q()
    named = Q()
    for word in words:
        asked &= Q(title__icontains=word) | Q(slug__icontains=word)
        told &= Q(outcome__icontains=word) | Q(reason__icontains=word) | Q(record__icontains=word)
        named &= Q(name__icontains=word) | Q(slug__icontains=word)
    found = {
        "words": " ".join(words),
        "contracts": contracts(viewer=request.viewer).filter(asked)[:MOST] if words else [],
        "disputes": disputes(viewer=request.viewer).filter(told)[:MOST] if words else [],
        "organisations": organisations(viewer=request.viewer).filter(named)[:MOST]
        if words and request.viewer.site is Site.CONSOLE
        else [],
    }
    return render(request, "parts/search.html", found)
