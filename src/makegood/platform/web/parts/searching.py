"""Search: agreements, organisations and disputes, as far as they exist for whoever asks. All sites have it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.evidence.intake.queries import disputes
from makegood.platform.tenancy.parties.queries import organisations
from makegood.platform.tenancy.viewer import Site, Viewer
from makegood.platform.web.doors import Request, door

MOST = 50
_MOST_WORDS = 8


def addresses(site: Site) -> list[URLPattern]:
    """Return the address of the search at a site."""
    return [path("search/", door(site)(search), name="search")]


def search(request: Request) -> HttpResponse:
    """Show what has the words that were asked for."""
    words = request.GET.get("q", "").split()[:_MOST_WORDS]
    found = found_by(viewer=request.viewer, words=" ".join(words))
    shown = {"words": " ".join(words), "contracts": found["agreements"], **found}
    return render(request, "parts/search.html", shown)


def found_by(*, viewer: Viewer, words: str) -> dict[str, Any]:
    """Return agreements, disputes and, for the provider, organisations that have all words; of each the first fifty."""
    asked = Q()
    told = Q()
    named = Q()
    for word in words.split()[:_MOST_WORDS]:
        asked &= Q(title__icontains=word) | Q(slug__icontains=word)
        told &= Q(outcome__icontains=word) | Q(reason__icontains=word) | Q(record__icontains=word)
        named &= Q(name__icontains=word) | Q(slug__icontains=word)
    if not asked:
        return {"agreements": [], "disputes": [], "organisations": []}
    at_home = viewer.site is Site.CONSOLE
    return {
        "agreements": list(contracts(viewer=viewer).filter(asked)[:MOST]),
        "disputes": list(disputes(viewer=viewer).filter(told)[:MOST]),
        "organisations": list(organisations(viewer=viewer).filter(named)[:MOST]) if at_home else [],
    }
