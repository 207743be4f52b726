"""Search: what has all the words that were asked for, as far as it exists for whoever asks. All sites have it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from makegood.platform.agreement.contracts.queries import contracts
from makegood.platform.evidence.changes.queries import searched
from makegood.platform.evidence.intake.queries import disputes
from makegood.platform.evidence.service_desk.queries import Wanted, articles_about, looked_for
from makegood.platform.tenancy.parties.queries import organisations
from makegood.platform.tenancy.viewer import Site, Viewer
from makegood.platform.web.doors import Request, door

MOST = 50
SORTS = ("agreements", "organisations", "cases", "changes", "articles", "disputes")
_MOST_WORDS = 8


def addresses(site: Site) -> list[URLPattern]:
    """Return the address of the search at a site."""
    return [path("search/", door(site)(search), name="search")]


def search(request: Request) -> HttpResponse:
    """Show what has the words that were asked for."""
    words = " ".join(request.GET.get("q", "").split()[:_MOST_WORDS])
    found = found_by(viewer=request.viewer, words=words)
    return render(request, "parts/search.html", {"words": words, "is_empty": not any(found.values()), **found})


def found_by(*, viewer: Viewer, words: str) -> dict[str, list[Any]]:
    """Return what has all words, of each of ``SORTS`` the first fifty; organisations are found by the provider."""
    asked, told, named = Q(), Q(), Q()
    for word in words.split()[:_MOST_WORDS]:
        asked &= Q(title__icontains=word) | Q(slug__icontains=word)
        told &= Q(outcome__icontains=word) | Q(reason__icontains=word) | Q(record__icontains=word)
        named &= Q(name__icontains=word) | Q(slug__icontains=word)
    if not asked:
        return {each: [] for each in SORTS}
    seen = {
        "agreements": contracts(viewer=viewer).filter(asked),
        "organisations": organisations(viewer=viewer).filter(named),
        "cases": looked_for(viewer=viewer, wanted=Wanted(words=words)),
        "changes": searched(viewer=viewer, words=words),
        "articles": articles_about(viewer=viewer, words=words, all_of_them=True),
        "disputes": disputes(viewer=viewer).filter(told),
    }
    if viewer.site is not Site.CONSOLE:
        seen["organisations"] = seen["organisations"].none()
    if viewer.site is Site.PARTNER:  # has no page for them
        seen["articles"] = seen["articles"].none()
    return {name: list(each[:MOST]) for name, each in seen.items()}
